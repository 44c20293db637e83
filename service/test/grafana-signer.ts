import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose';

/** What differs of one token from a good one. */
export interface TokenChange {
  readonly claims?: JWTPayload & { readonly [claim: string]: unknown };
  readonly issuer?: string;
  readonly audience?: string;
  /** Seconds from now until it ends. */
  readonly endsIn?: number;
  readonly kid?: string;
  /** Signed with a key that was never published. */
  readonly isForged?: boolean;
}

/** Signs as Grafana does and publishes its keys on loopback, as Grafana does. */
export async function startGrafanaSigner(nowMs: number) {
  const own = await generateKeyPair('ES256', { extractable: true });
  const forger = await generateKeyPair('ES256');
  const published = { ...(await exportJWK(own.publicKey)), kid: 'id_1', alg: 'ES256', use: 'sig' };
  let status = 200;
  let asked = 0;
  const server = createServer((request, response) => {
    asked += 1;
    const isKeys = request.url === '/api/signing-keys/keys';
    response
      .writeHead(isKeys ? status : 404, { 'content-type': 'application/json' })
      .end(JSON.stringify({ keys: [published] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const nowSeconds = Math.floor(nowMs / 1_000);
  return {
    url,
    publicJwk: published,
    timesAsked: () => asked,
    /** What the address of the keys answers from now on. */
    answerWith: (code: number) => void (status = code),
    sign: (login: string, change: TokenChange = {}): Promise<string> =>
      new SignJWT({ username: login, role: 'Editor', type: 'user', ...change.claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'jwt', kid: change.kid ?? 'id_1' })
        .setIssuer(change.issuer ?? `${url}/`)
        .setAudience(change.audience ?? 'org:1')
        .setSubject(change.claims?.sub ?? `user:uid-of-${login}`)
        .setIssuedAt(change.claims?.iat ?? nowSeconds)
        .setExpirationTime(nowSeconds + (change.endsIn ?? 600))
        .sign(change.isForged === true ? forger.privateKey : own.privateKey),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type GrafanaSigner = Awaited<ReturnType<typeof startGrafanaSigner>>;
