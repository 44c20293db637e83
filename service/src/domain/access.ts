/** What a token may do: viewer reads; pipeline starts and steps and pushes; operator rolls back and overrides; admin also manages brakes and tokens. */
export type Role = 'viewer' | 'pipeline' | 'operator' | 'admin';

/** A bearer token as stored; only its hash is kept. `*` in a scope field matches everything. */
export interface AccessToken {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly project: string;
  readonly service: string;
  readonly environment: string;
  readonly hash: string;
  readonly createdAtMs: number;
  readonly expiresAtMs?: number;
  readonly revokedAtMs?: number;
}
