import { afterEach, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../src/http/test-server.js';
import { createWorld } from './world.js';

let server: TestServer;
afterEach(() => server.close());

describe('If-Match', () => {
  it('lets one of many that saw the same revision through, however close they come', async () => {
    const world = await createWorld();
    const { id, revision } = await world.start();
    server = await startTestServer({ useCases: world.useCases });
    const hold = (reason: string) =>
      server.send('POST', `/api/v1/deployments/${id}/hold`, {
        body: { reason },
        headers: { 'if-match': `"${revision}"` },
      });
    const answers = await Promise.all(['one', 'two', 'three', 'four'].map(hold));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412]);
    const stale = await answers.find(({ status }) => status === 412)?.json();
    expect(stale).toMatchObject({
      detail: 'The deployment is at revision 2 now; read it again and decide anew.',
      errors: [{ header: 'if-match', remedy: 'read the deployment again' }],
    });
    expect(await world.store.hold(id)).toBeDefined();
    expect((await world.store.deployment(id))?.revision).toBe(2);
  });

  it('holds a dry run to it, and tells nobody a revision who may not read the deployment', async () => {
    const world = await createWorld();
    const { id } = await world.start({ project: 'secret' });
    server = await startTestServer({ useCases: world.useCases });
    const headers = { 'if-match': '"7"' };
    const body = { reason: 'what if', dryRun: true };
    const rollBack = (role: 'admin' | 'scoped') =>
      server.send('POST', `/api/v1/deployments/${id}/rollback`, { role, headers, body });
    expect((await rollBack('admin')).status).toBe(412);
    expect((await rollBack('scoped')).status).toBe(404);
    const held = await server.send('POST', `/api/v1/deployments/${id}/hold`, {
      role: 'scoped',
      headers,
      body: { reason: 'mine' },
    });
    expect(held.status).toBe(404);
  });
});
