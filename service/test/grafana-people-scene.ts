import { expect } from 'vitest';
import { composeGrafanaApps } from '../src/compose-grafana-apps.js';
import type { GrafanaAppSettings } from '../src/config/grafana-apps.js';
import type { AccessToken } from '../src/domain/access.js';
import { createAuthenticate, hashToken } from '../src/http/authenticate.js';
import { NOW_MS, startTestServer, tokenOf, type TestServer } from '../src/http/test-server.js';
import { startGrafanaSigner, type GrafanaSigner } from './grafana-signer.js';
import { createWorld, type World } from './world.js';

const APP: AccessToken = {
  ...{ id: 'app', name: 'grafana app', role: 'operator', hash: hashToken(tokenOf('app')), createdAtMs: 0 },
  ...{ project: '*', service: '*', environment: '*' },
};
export const ADA = { users: ['ada'], grafanaRoles: [], project: '*', service: 'cart', environment: '*' };

/** A service with a deployment that a Grafana app can roll back. */
export interface Scene {
  readonly world: World;
  readonly server: TestServer;
  readonly signer: GrafanaSigner;
  readonly id: string;
  /** Asks for a rollback through the app, with these headers. */
  rollBack(
    headers: Readonly<Record<string, string>>,
    body?: object,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  readonly context: (change?: object) => string;
}

const open: (() => Promise<void>)[] = [];
/** Ends every scene of a test. */
export async function closeScenes(): Promise<void> {
  for (const close of open.splice(0).reverse()) await close();
}

/** The service's HTTP face over a real store, with one token marked as that of a Grafana app. */
export async function scene(app: Partial<GrafanaAppSettings> = {}, egress = ['127.0.0.0/8']): Promise<Scene> {
  const signer = await startGrafanaSigner(NOW_MS);
  const world = await createWorld({ policy: { mode: 'recommend' } });
  const settings: GrafanaAppSettings = {
    ...{ tokenId: 'app', field: '/tokens/0/grafana', org: 1, trustHeaders: false, allow: [ADA] },
    signed: { issuer: signer.url, keysUrl: `${signer.url}/api/signing-keys/keys` },
    ...app,
  };
  const server = await startTestServer({
    useCases: world.useCases,
    authenticate: createAuthenticate({
      tokenByHash: (hash) => Promise.resolve(hash === APP.hash ? APP : undefined),
      clock: () => NOW_MS,
      grafanaApps: composeGrafanaApps([settings], egress, () => NOW_MS),
    }),
  });
  open.push(
    () => world.store.close(),
    () => server.close(),
    () => signer.close(),
  );
  const { id } = await world.start();
  return {
    ...{ world, server, signer, id },
    async rollBack(headers, body = { reason: 'errors went up' }) {
      const authorization = `Bearer ${tokenOf('app')}`;
      const response = await server.send('POST', `/api/v1/deployments/${id}/rollback`, {
        role: undefined,
        headers: { authorization, ...headers },
        body,
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    context: (change = {}) =>
      JSON.stringify({ UserID: 7, OrgID: 1, OrgRole: 'Editor', Login: 'ada', Name: 'Ada', ...change }),
  };
}

export const auditOf = async ({ world, id }: Scene) =>
  (await world.store.audit({ deploymentId: id, limit: 99 })).filter(
    ({ action }) => action === 'rollback.request',
  );
export const refused = (header: string, says: string) => ({
  status: 403,
  body: {
    type: 'urn:bellwether:problem:unknown-person',
    errors: [
      {
        header,
        detail: expect.stringContaining(says) as string,
        remedy: expect.stringMatching(/\S/) as string,
      },
    ],
  },
});
