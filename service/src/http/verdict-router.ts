import { Router } from 'express';
import type { Response } from 'express';
import { noQuery, verdictQuery } from '../api/query.js';
import { presentVerdict } from '../app/present.js';
import type { Caller, UseCases } from '../app/use-cases.js';
import type { Verdict } from '../domain/verdict.js';
import { callerOf } from './authentication-gate.js';
import { idOf } from './command.js';
import { entityTag, knownSequence } from './entity-tag.js';
import { presentProgress } from './present.js';
import type { RouterDeps } from './router-deps.js';
import { createStreamSlots } from './stream-slots.js';
import type { StreamSlots } from './stream-slots.js';
import { validate } from './validate.js';
import { streamVerdicts } from './verdict-stream.js';

/** `GET …/{id}/verdict` with its long poll, and `GET …/{id}/events`. */
export function createVerdictRouter(deps: RouterDeps): Router {
  const { useCases, limits, stopping } = deps;
  const router = Router();
  const slots = createStreamSlots(limits);

  router.get('/:id/verdict', async (request, response) => {
    const caller = callerOf(request);
    const id = idOf(request);
    const { wait = 0, after } = validate(verdictQuery, request.query, 'parameters');
    const { deployment } = await useCases.viewDeployment(caller, id);
    const held = knownSequence(request.get('if-none-match'));
    const ask: Ask = { caller, id, known: after ?? held, waitMs: wait };
    const current = await poll(useCases, slots, ask, whileOpen(response, stopping));
    response.set('etag', entityTag(current.sequence));
    if (held === current.sequence) response.status(304).end();
    else response.json(presentVerdict(current, deployment));
  });

  router.get('/:id/progress', async (request, response) => {
    validate(noQuery, request.query, 'parameters');
    response.json(presentProgress(await useCases.viewProgress(callerOf(request), idOf(request))));
  });

  router.get('/:id/events', async (request, response) => {
    const caller = callerOf(request);
    validate(noQuery, request.query, 'parameters');
    await streamVerdicts(deps, slots, { caller, id: idOf(request) }, request, response);
  });

  return router;
}

interface Ask {
  readonly caller: Caller;
  readonly id: string;
  /** Sequence that the client has; undefined when it has none. */
  readonly known: number | undefined;
  readonly waitMs: number;
}

/** Without a known sequence only a pending verdict is worth waiting on. */
async function poll(useCases: UseCases, slots: StreamSlots, ask: Ask, signal: AbortSignal): Promise<Verdict> {
  const current = await useCases.currentVerdict(ask.caller, ask.id);
  const isNews = ask.known === undefined ? current.value !== 'pending' : current.sequence !== ask.known;
  if (isNews || ask.waitMs === 0 || signal.aborted) return current;
  const release = slots.take(ask.caller);
  try {
    return await useCases.waitForVerdict(ask.caller, ask.id, current.sequence, ask.waitMs, signal);
  } finally {
    release();
  }
}

/** Aborts when the client goes away or the server stops. */
function whileOpen(response: Response, stopping: AbortSignal): AbortSignal {
  // Not AbortSignal.any: it keeps every signal it made alive as long as the server's own.
  const ended = new AbortController();
  const end = (): void => ended.abort();
  stopping.addEventListener('abort', end, { once: true });
  response.on('close', () => {
    stopping.removeEventListener('abort', end);
    end();
  });
  if (stopping.aborted) end();
  return ended.signal;
}
