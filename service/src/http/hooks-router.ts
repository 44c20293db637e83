import { Router } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import type { Logger } from 'pino';
import type { Caller, UseCases } from '../app/use-cases.js';
import { HookError, type HookDialect, type HookMessage } from '../compat/change-event.js';
import { dialects } from '../compat/dialects.js';
import { receiveMessage, type GateAnswer, type Reception } from '../compat/receive-message.js';
import { SIGNED_KINDS, type Hook } from '../domain/hook.js';
import type { HookMetrics, HookOutcome } from '../telemetry/hook-metrics.js';
import { answer, sendAnswer } from './answer.js';
import { callerOf, rememberCaller } from './authentication-gate.js';
import { createRawBody } from './body.js';
import type { Idempotent } from './idempotency.js';
import type { HttpLimits } from './limits.js';
import { RequestError } from './request-error.js';
import { invalid } from './validate.js';

const MINUTE_MS = 60_000;
/** Delivery ids are made by the sender; the rest of what HTTP allows in a header is no id. */
const DELIVERY = /^[\x21-\x7e]{1,180}$/;

export interface HookDeps {
  readonly hooks: readonly Hook[];
  readonly useCases: UseCases;
  readonly idempotent: Idempotent;
  readonly limits: HttpLimits;
  readonly clock: () => number;
  readonly log: Pick<Logger, 'warn'>;
  readonly metrics: HookMetrics;
  /** Lets in requests with a token, also as password of HTTP Basic: Flagger can send no header. */
  readonly tokenGate: readonly RequestHandler[];
}

/** `POST /hooks/{name}` and `/hooks/{name}/{topic}`: deployments as other tools report them. */
export function createHooksRouter(deps: HookDeps): Router {
  const { hooks, limits, tokenGate, metrics } = deps;
  const router = Router();
  for (const hook of hooks) {
    metrics.known(hook.name);
    const dialect = dialects[hook.kind];
    const body = createRawBody(limits);
    const entrance = SIGNED_KINDS.includes(hook.kind)
      ? [createAddressLimit(limits), body, createSignatureCheck(deps, hook, dialect)]
      : [...tokenGate, body];
    router.post([`/${hook.name}`, `/${hook.name}/:topic`], ...entrance, receive(deps, hook, dialect));
  }
  router.use(unknownHook(hooks));
  return router;
}

/** Before the body is read: whoever has no secret costs little. */
function createAddressLimit({ requestsPerMinute }: HttpLimits): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: requestsPerMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: ({ ip }) => (ip === undefined ? 'unknown' : ipKeyGenerator(ip)),
    handler: () => {
      throw new RequestError('too-many', `One address may send ${requestsPerMinute} messages a minute.`, {
        retryAfterSeconds: 60,
      });
    },
  });
}

/** Who signs right may report deployments wherever the rules lead. Wrong signatures are logged once until a right one comes. */
function createSignatureCheck(
  { log, metrics, clock }: HookDeps,
  hook: Hook,
  dialect: HookDialect,
): RequestHandler {
  const caller: Caller = {
    name: `hook:${hook.name}`,
    role: 'pipeline',
    ...{ project: '*', service: '*', environment: '*' },
    authentication: `hook:${hook.name}`,
  };
  let isToldOf = false;
  return (request, _response, next) => {
    const genuine = dialect.isGenuine?.(messageOf(request, clock()), hook.secret ?? '') ?? false;
    if (!genuine) {
      metrics.received(hook.name, 'forged');
      if (!isToldOf)
        log.warn(
          { hook: hook.name, address: request.ip },
          'a message with a wrong signature was refused; compare the secret of the hook with the one that its sender has',
        );
      isToldOf = true;
      throw new RequestError(
        'forged',
        `The message is not signed with the secret of the hook "${hook.name}"; give ${hook.kind} the same one.`,
      );
    }
    isToldOf = false;
    rememberCaller(request, caller);
    next();
  };
}

function receive(deps: HookDeps, hook: Hook, dialect: HookDialect): RequestHandler {
  const { useCases, clock, idempotent, metrics } = deps;
  const tellOnce = createTellOnce(deps, hook);
  return async (request, response) => {
    const caller = callerOf(request);
    const message = messageOf(request, clock());
    const delivery = dialect.deliveryOf?.(message);
    const key =
      delivery !== undefined && DELIVERY.test(delivery) ? `hook/${hook.name}/${delivery}` : undefined;
    let gate: GateAnswer | undefined;
    const { answer: given, replayed } = await counted(metrics, hook, () =>
      idempotent(
        request,
        caller,
        async () => {
          const reception = await understood(() =>
            receiveMessage({ useCases, caller, clock }, hook, dialect, message),
          );
          for (const { outcome } of reception.results) metrics.received(hook.name, outcome);
          tellOnce(reception);
          ({ gate } = reception);
          return answer(
            reception.results.some(({ outcome }) => outcome === 'began') ? 201 : 200,
            shown(reception),
          );
        },
        { key },
      ),
    );
    if (replayed) metrics.received(hook.name, 'repeated');
    if (gate !== undefined) sendGate(response, gate);
    else sendAnswer(response, given);
  };
}

/** A closed gate is an answer and no error; Flagger takes anything above 202 as "no" and shows the text to people. */
function sendGate(response: Response, { open, text }: GateAnswer): void {
  response
    .status(open ? 200 : 409)
    .type('text/plain')
    .send(text);
}

function shown({ results }: Reception): Readonly<Record<string, unknown>> {
  return {
    events: results.map(({ outcome, reason, deployment }) => ({
      outcome,
      ...(deployment === undefined ? {} : { deploymentId: deployment.id, state: deployment.state }),
      ...(reason === undefined ? {} : { reason }),
    })),
  };
}

function messageOf(request: Request, nowMs: number): HookMessage {
  const body: unknown = request.body;
  const { topic } = request.params;
  return {
    header: (name) => request.get(name),
    topic: typeof topic === 'string' ? topic : '',
    body: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
    nowMs,
  };
}

async function understood<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof HookError)) throw error;
    throw invalid([
      { detail: error.message, ...(error.pointer === undefined ? {} : { pointer: error.pointer }) },
    ]);
  }
}

async function counted<T>(metrics: HookMetrics, { name }: Hook, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    metrics.received(name, 'refused' satisfies HookOutcome);
    throw error;
  }
}

/** What no rule fits is logged once a reason: an organisation's hook brings every repository's deployments. */
function createTellOnce({ log }: HookDeps, hook: Hook): (reception: Reception) => void {
  const told = new Set<string>();
  const MOST_TOLD = 1_000;
  return ({ results }) => {
    for (const { outcome, reason = '' } of results) {
      if (outcome !== 'unmapped' || told.has(reason) || told.size >= MOST_TOLD) continue;
      told.add(reason);
      log.warn({ hook: hook.name }, `a reported deployment belongs nowhere: ${reason}`);
    }
  };
}

function unknownHook(hooks: readonly Hook[]): RequestHandler {
  return (request) => {
    const name = request.path.split('/')[1] ?? '';
    if (!hooks.some((hook) => hook.name === name))
      throw new RequestError(
        'not-found',
        `There is no hook "${name.slice(0, 63)}"; the operator names it under "hooks" in the configuration.`,
      );
    throw new RequestError('method-not-allowed', 'A hook takes POST.', { headers: { allow: 'POST' } });
  };
}
