import { Router } from 'express';
import type { z } from 'zod';
import type { health } from '../api/health.js';
import { healthQuery } from '../api/query.js';
import { decodePlace, presentHealth } from '../app/health/present-health.js';
import { callerOf } from './authentication-gate.js';
import { defaultProject, type RouterDeps } from './router-deps.js';
import { invalid, validate } from './validate.js';

const DEFAULT_RANGE_MS = 30 * 86_400_000;

/** `/api/v1/health`: how deployments went over time. */
export function createHealthRouter({ useCases, clock }: RouterDeps): Router {
  const router = Router();

  router.get('/health', async (request, response) => {
    const caller = callerOf(request);
    const { project, from, to, every, cursor, ...filters } = validate(
      healthQuery,
      request.query,
      'parameters',
    );
    const toMs = to ?? clock();
    const query = {
      ...filters,
      project: project ?? defaultProject(caller),
      fromMs: from ?? toMs - DEFAULT_RANGE_MS,
      toMs,
      everyMs: every,
      ...(cursor === undefined ? {} : { after: placeOf(cursor) }),
    };
    const body: z.input<typeof health> = presentHealth(query, await useCases.viewHealth(caller, query));
    response.json(body);
  });

  return router;
}

function placeOf(cursor: string): NonNullable<ReturnType<typeof decodePlace>> {
  const place = decodePlace(cursor);
  if (place !== undefined) return place;
  throw invalid([
    {
      parameter: 'cursor',
      detail: 'is not one that this service gave',
      remedy: 'take `nextCursor` of the page before, or leave it out',
    },
  ]);
}
