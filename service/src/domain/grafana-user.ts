import type { Place } from './deployment.js';

export const GRAFANA_ROLES = ['Viewer', 'Editor', 'Admin'] as const;
export type GrafanaRole = (typeof GRAFANA_ROLES)[number];

/** How it is known who asks: a token that Grafana signed, or a header that whoever holds the app's token can write. */
export type GrafanaProof = 'grafana-id' | 'grafana-context' | 'grafana-user';

/** The person for whom a Grafana app asks. */
export interface GrafanaUser {
  /** The login, or the subject where Grafana says no login. A login can be renamed by its owner; a subject cannot. */
  readonly login: string;
  /** `user:<uid>` or `service-account:<uid>`; only from a signed token. */
  readonly subject?: string;
  /** In Grafana's organisation; absent where nobody says it. */
  readonly role?: GrafanaRole;
  readonly proof: GrafanaProof;
}

/** Who may do more than read, and where; `*` in a field of the place stands for everything. */
export interface GrafanaRule extends Place {
  /** Logins, or subjects such as `user:bf1q2`. */
  readonly users: readonly string[];
  readonly grafanaRoles: readonly GrafanaRole[];
}

/** What a verified token says. */
export interface GrafanaClaims {
  readonly subject: string;
  readonly login?: string;
  readonly role?: GrafanaRole;
}

/** What became of the check of a token: `unavailable` when the keys to check it with cannot be had. */
export type IdCheck =
  | { readonly kind: 'verified'; readonly claims: GrafanaClaims }
  | { readonly kind: 'refused'; readonly reason: string; readonly remedy: string }
  | { readonly kind: 'unavailable'; readonly reason: string };

/** Checks a token that Grafana forwarded: signature, issuer, audience and age. */
export type VerifyGrafanaId = (token: string) => Promise<IdCheck>;

const SUBJECT = /^(?:user|service-account):/;

/** The role of that name; undefined for none, and for what a newer Grafana may add. */
export function grafanaRole(text: unknown): GrafanaRole | undefined {
  return GRAFANA_ROLES.find((role) => role === text);
}

/** Whether an entry of a rule speaks of a subject and not of a login. */
export function isSubject(text: string): boolean {
  return SUBJECT.test(text);
}

/**
 * Where a person may do more than read: the places of all rules that name them.
 * @returns empty for somebody whom no rule names
 */
export function placesFor(user: GrafanaUser, rules: readonly GrafanaRule[]): readonly Place[] {
  return rules
    .filter((rule) => names(rule, user))
    .map(({ project, service, environment }) => ({ project, service, environment }));
}

/** An entry that looks like a subject never matches a login, or anybody could take the place of another by renaming themselves. */
function names({ users, grafanaRoles }: GrafanaRule, { login, subject, role }: GrafanaUser): boolean {
  const isNamed = users.some((entry) =>
    isSubject(entry) ? entry === subject : entry === login && !isSubject(login),
  );
  return isNamed || (role !== undefined && grafanaRoles.includes(role));
}
