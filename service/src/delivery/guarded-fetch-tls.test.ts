import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fetchErrorOf } from './fakes/fetch-scene.js';
import { createGuardedFetch } from './guarded-fetch.js';
import { createUrlGuard } from './url-guard.js';

const folder = mkdtempSync(join(tmpdir(), 'bellwether-tls-'));

/** A certificate that signs itself, and its key. */
function makeCertificate(name: string): { readonly cert: string; readonly key: string } {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  const subject = ['-subj', `/CN=${name}`, '-addext', `subjectAltName=DNS:${name}`];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  execFileSync('openssl', ['req', ...kind, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

describe('TLS as it is set for one client', () => {
  const inside = makeCertificate('inside.test');
  const client = makeCertificate('client.test');
  const server = createServer(
    { ...inside, ca: client.cert, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const { subject } = (
        request.socket as unknown as Pick<TLSSocket, 'getPeerCertificate'>
      ).getPeerCertificate();
      // Without a client certificate there is no subject, whatever the types say.
      response.end(`hello ${(subject as { CN?: string } | undefined)?.CN ?? 'stranger'}`);
    },
  );
  let host = '';
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const ask = async (tls: object): Promise<string> => {
    const options = { timeoutMs: 5_000, maxResponseBytes: 1_000, tls };
    const guardedFetch = createGuardedFetch(createUrlGuard({ allow: [host] }), options);
    try {
      const request = { url: `https://${host}/`, method: 'GET', headers: {}, read: 'whole' } as const;
      return (await guardedFetch(request)).body;
    } finally {
      await guardedFetch.close();
    }
  };

  it('trusts the authority that is named, under the name that is named', async () => {
    expect(await ask({ ca: inside.cert, serverName: 'inside.test' })).toBe('hello stranger');
  });

  it('shows the certificate of the client', async () => {
    expect(await ask({ ca: inside.cert, serverName: 'inside.test', ...client })).toBe('hello client.test');
  });

  it.each([
    ['another authority', { ca: client.cert, serverName: 'inside.test' }],
    ['another name', { ca: inside.cert, serverName: 'outside.test' }],
    ['no authority of its own', { serverName: 'inside.test' }],
  ])('refuses a server under %s', async (_what, tls) => {
    expect(await fetchErrorOf(ask(tls))).toMatchObject({ code: 'tls' });
  });
});
