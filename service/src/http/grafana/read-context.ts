import { grafanaRole, type GrafanaRole } from '../../domain/grafana-user.js';
import { unknownPerson } from './unknown-person.js';
import { utf8 } from './utf8.js';

const HEADER = 'x-grafana-context';

/** What Grafana's proxy says of the signed-in user. */
export interface GrafanaContext {
  readonly login: string;
  readonly role?: GrafanaRole;
}

/**
 * Reads `X-Grafana-Context`: the signed-in user as JSON, with the field names of Grafana's own structure (`Login`, `OrgID`, `OrgRole`, …).
 * @param org the organisation that it must be of
 * @throws RequestError `unknown-person` for anything else, for nobody, and for another organisation
 */
export function readContext(header: string, org: number): GrafanaContext {
  const fields = parse(utf8(header));
  const { Login: login, OrgID: saidOrg, OrgRole: orgRole, IsAnonymous: isAnonymous } = fields;
  if (isAnonymous === true || typeof login !== 'string' || login === '')
    throw unknownPerson(HEADER, 'names nobody', 'sign in to Grafana');
  if (saidOrg !== org)
    throw unknownPerson(
      HEADER,
      `is not of the organisation ${org}`,
      'set tokens[].grafana.org to the organisation that people work in',
    );
  const role = grafanaRole(orgRole);
  return { login, ...(role === undefined ? {} : { role }) };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Told below, as for JSON that is no object.
  }
  throw unknownPerson(HEADER, 'is not what Grafana sends', 'ask through the app in Grafana');
}
