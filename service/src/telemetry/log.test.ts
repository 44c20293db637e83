import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { createLog } from './log.js';

function logged(write: (log: ReturnType<typeof createLog>) => void): string {
  let text = '';
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  write(createLog('debug', stream));
  return text;
}

const TOKEN = `bw_ci_${'x'.repeat(43)}`;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

it.each([
  ['a field of its own', { token: 'hunter2' }],
  ['a nested field', { source: { password: 'hunter2' } }],
  ['a field two levels down', { config: { source: { bearerToken: 'hunter2' } } }],
  ['the headers of a request', { req: { headers: { authorization: 'hunter2' } } }],
  ['a token in the text of an error', { err: new Error(`401 for ${TOKEN}`) }],
  ['a signing secret in a text', { detail: `cannot sign with ${SECRET}` }],
  ['an authorization header in a text', { detail: 'sent authorization: Token hunter2' }],
  ['a bearer token in a text', { detail: 'sent Bearer abcdefghij.hunter2' }],
  ['a password in an address', { url: 'https://ada:hunter2@prometheus.example.com/api' }],
])('blots a secret out: %s', (_where, fields) => {
  const line = logged((log) => log.info(fields, 'something happened'));
  for (const secret of ['hunter2', 'x'.repeat(43), SECRET]) expect(line).not.toContain(secret);
  expect(line).toContain('[redacted]');
  expect(JSON.parse(line)).toMatchObject({ msg: 'something happened', level: 30, name: 'bellwether' });
});

it('leaves ordinary lines as they are', () => {
  const fields = { deploymentId: 'd-1', url: 'https://prometheus.example.com:9090/a@b', look: 3 };
  expect(
    JSON.parse(
      logged((log) =>
        log.warn(fields, 'the token configured there was refused; Basic information: bearer tokens'),
      ),
    ),
  ).toMatchObject({
    ...fields,
    msg: 'the token configured there was refused; Basic information: bearer tokens',
  });
});
