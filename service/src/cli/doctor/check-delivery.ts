import { constants, accessSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { delimiter, join, resolve } from 'node:path';
import type { Delivery } from '../../compose-delivery.js';
import type { Config } from '../../config/config-schema.js';
import { attemptDelivery } from '../../delivery/attempt.js';
import { systemResolver } from '../../delivery/guarded-connect.js';
import type { WebhookEndpoint } from '../../delivery/port.js';
import type { CommandIo } from '../command-io.js';
import { fail, ok, type Finding } from './finding.js';

const TIMEOUT_MS = 15_000;

/** Whether webhooks, executors and Grafanas could be reached: names, addresses, programs. Nothing is sent unless `sendTest`. */
export async function checkDelivery(
  config: Config,
  delivery: Delivery,
  environment: CommandIo['environment'],
  sendTest: boolean,
): Promise<readonly Finding[]> {
  const webhooks = delivery.endpoints.map(async (endpoint) => {
    const check = `webhook "${endpoint.name}"`;
    const found = await checkHost(check, endpoint.url, delivery);
    return found.status === 'ok' && sendTest ? sendTestMessage(check, endpoint, delivery) : found;
  });
  const annotations = delivery.annotations.map(({ endpoint, target }) =>
    checkHost(`annotations "${endpoint}"`, target.url, delivery),
  );
  const keys = config.tokens.flatMap(({ name, grafana }) =>
    grafana?.url === undefined
      ? []
      : [checkHost(`Grafana's keys for the token "${name}"`, grafana.keysUrl ?? grafana.url, delivery)],
  );
  const executors = config.executors.map(async (executor) => {
    const check = `executor "${executor.name}"`;
    if (executor.kind === 'http') return checkHost(check, executor.url, delivery);
    return checkProgram(check, executor.argv[0] ?? '', executor.cwd, environment['PATH'] ?? '');
  });
  const findings = await Promise.all([...webhooks, ...annotations, ...keys, ...executors]);
  return findings.length === 0 ? [ok('delivery', 'no webhook and no executor is configured')] : findings;
}

/** The name resolves, and the guard lets every address of it through. */
async function checkHost(check: string, text: string, { guard }: Delivery): Promise<Finding> {
  const url = new URL(text);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = Number(url.port || (url.protocol === 'http:' ? 80 : 443));
  try {
    const addresses = await systemResolver(host);
    for (const { address } of addresses) {
      const refusal = guard.checkAddress({ host, port, address });
      if (refusal !== undefined) return fail(check, `${host}: ${refusal.detail}`, refusal.remedy);
    }
    return ok(check, `${host} resolves, and its addresses are allowed`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return fail(check, `${host} does not resolve (${code})`, 'check the name and the DNS of this machine');
  }
}

async function sendTestMessage(
  check: string,
  endpoint: WebhookEndpoint,
  delivery: Delivery,
): Promise<Finding> {
  const timestamp = new Date().toISOString();
  const attempt = await attemptDelivery(
    {
      id: `msg_${randomUUID()}`,
      endpoint: endpoint.name,
      type: 'bellwether.test',
      body: JSON.stringify({
        type: 'bellwether.test',
        timestamp,
        data: { text: 'A test of "bellwether doctor".' },
      }),
      state: 'waiting',
      attempts: 0,
      nextAttemptAtMs: 0,
      createdAtMs: 0,
    },
    endpoint,
    delivery.guardedFetch,
    Date.now,
    { timeoutMs: TIMEOUT_MS, signal: AbortSignal.timeout(TIMEOUT_MS) },
  );
  if (attempt.kind === 'aborted') return fail(check, 'no answer in time', 'check the receiver');
  if (attempt.kind !== 'answered') return fail(check, attempt.detail, 'check the address and the receiver');
  const took = attempt.status >= 200 && attempt.status < 300;
  if (took) return ok(check, `took a test message (${attempt.detail})`);
  return fail(check, `refused a test message (${attempt.detail})`, 'check its secret and its log');
}

function checkProgram(check: string, program: string, cwd: string | undefined, path: string): Finding {
  const places = program.includes('/')
    ? [resolve(cwd ?? '.', program)]
    : path.split(delimiter).map((folder) => join(folder, program));
  const found = places.find(isExecutable);
  if (found !== undefined) return ok(check, `${found} can be run`);
  return fail(
    check,
    `${program} is no program that this user can run`,
    'give its full path in argv, and its mode x',
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
