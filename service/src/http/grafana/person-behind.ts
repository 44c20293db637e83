import type { GrafanaClaims, GrafanaRule, GrafanaUser, VerifyGrafanaId } from '../../domain/grafana-user.js';
import { AppError } from '../../app/use-cases.js';
import { readContext } from './read-context.js';
import { unknownPerson } from './unknown-person.js';
import { utf8 } from './utf8.js';

/** What a token marked as that of a Grafana app stands for. */
export interface GrafanaApp {
  /** Number of the organisation in Grafana. */
  readonly org: number;
  /** Checks `X-Grafana-Id`; absent where the configuration names no Grafana. */
  readonly verifyId?: VerifyGrafanaId;
  /** Whether `X-Grafana-Context` and `X-Grafana-User` are believed of whoever holds the token. */
  readonly trustHeaders: boolean;
  readonly allow: readonly GrafanaRule[];
}

/** Value of a request header by its lower-case name, as Node gives it. */
export type Header = (name: string) => string | undefined;

/**
 * The person for whom a Grafana app asks: by the token that Grafana signed for them, else, where that is configured, by what the app's
 * token vouches for. A signed token that does not hold is refused, whatever the other headers say.
 * @throws RequestError `unknown-person`; AppError `unavailable` when Grafana's keys cannot be had
 */
export async function personBehind(app: GrafanaApp, header: Header): Promise<GrafanaUser> {
  const id = header('x-grafana-id');
  if (id !== undefined && app.verifyId !== undefined) return signed(app, app.verifyId, id, header);
  if (!app.trustHeaders)
    throw unknownPerson(
      'x-grafana-id',
      id === undefined ? 'is missing' : 'cannot be checked: no Grafana is configured to check it against',
      'let Grafana send it (feature toggle idForwarding), or believe its other headers with tokens[].grafana.trustHeaders',
    );
  return stated(app, header);
}

async function signed(
  app: GrafanaApp,
  verifyId: VerifyGrafanaId,
  id: string,
  header: Header,
): Promise<GrafanaUser> {
  const check = await verifyId(id);
  if (check.kind === 'unavailable')
    throw new AppError('unavailable', `who asks cannot be checked: ${check.reason}`, {
      remedy:
        'try again in a moment; otherwise check tokens[].grafana.keysUrl and egress.allow of the service',
      retryAfterSeconds: 5,
    });
  if (check.kind === 'refused')
    throw unknownPerson('x-grafana-id', `is not accepted: ${check.reason}`, check.remedy);
  const { claims } = check;
  const login = plain('x-grafana-id', claims.login ?? claims.subject);
  const role = claims.role ?? roleFromContext(app, claims, header);
  return { login, subject: claims.subject, ...(role === undefined ? {} : { role }), proof: 'grafana-id' };
}

/** Older versions of Grafana sign no role. The context is of the same request, so it must name the same person. */
function roleFromContext(app: GrafanaApp, claims: GrafanaClaims, header: Header): GrafanaUser['role'] {
  const text = header('x-grafana-context');
  if (!app.trustHeaders || text === undefined) return undefined;
  const { login, role } = readContext(text, app.org);
  if (login === claims.login) return role;
  throw unknownPerson(
    'x-grafana-context',
    'names another person than X-Grafana-Id',
    'something between Grafana and this service writes headers of its own; take it out',
  );
}

function stated(app: GrafanaApp, header: Header): GrafanaUser {
  const context = header('x-grafana-context');
  if (context !== undefined) {
    const { login, role } = readContext(context, app.org);
    return {
      login: plain('x-grafana-context', login),
      ...(role === undefined ? {} : { role }),
      proof: 'grafana-context',
    };
  }
  const user = header('x-grafana-user');
  if (user === undefined)
    throw unknownPerson(
      'x-grafana-context',
      'is missing',
      'ask through the app in Grafana: its proxy says who is signed in',
    );
  return { login: plain('x-grafana-user', utf8(user)), proof: 'grafana-user' };
}

/** Names that look like others, or cannot be written down, would make the record worthless. */
function plain(header: string, login: string): string {
  if (/^[^\p{C}\p{Z}](?:[^\p{C}]{0,198}[^\p{C}\p{Z}])?$/u.test(login)) return login;
  throw unknownPerson(
    header,
    'names nobody, or a name with invisible characters or of more than 200',
    'rename the user in Grafana',
  );
}
