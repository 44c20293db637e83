import { Router } from 'express';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import type { UseCases } from '../../app/use-cases.js';
import type { HttpLimits } from '../limits.js';
import { mountInflux } from './mount-influx.js';
import { mountOtlp } from './mount-otlp.js';
import { mountRemoteWrite } from './mount-remote-write.js';
import { createTakeIn, type IngestDeps } from './take-in.js';

const WRITES = ['/api/v1/write', '/write', '/api/v2/write', '/v1/metrics'];

export interface IngestRouterDeps {
  readonly ingest: IngestDeps;
  readonly useCases: UseCases;
  readonly limits: HttpLimits;
  readonly log: Logger;
  readonly clock: () => number;
  /** What lets in good tokens alone. */
  readonly gates: readonly RequestHandler[];
}

/**
 * The ways in that agents know already. They stand behind a token as everything does, but outside its limit of requests a minute: an agent
 * cannot send less, and what it loses is history.
 */
export function createIngestRouter(deps: IngestRouterDeps): Router {
  const { limits, log } = deps;
  const takeIn = createTakeIn(deps);
  const router = Router();
  router.use(WRITES, ...deps.gates);
  mountRemoteWrite(router, { takeIn, limits, log });
  mountInflux(router, { takeIn, limits, log, clock: deps.clock });
  mountOtlp(router, { takeIn, limits, log });
  return router;
}
