import { calibrate } from '@bellwether/models';
import { createCalibrations } from './calibrations.js';
import { createScorerLoader } from './load-scorer.js';
import type { EngineReply, EngineRequest } from './messages.js';
import type { Engine } from './port.js';

/** The engine on the caller's own thread: for tests and one-off commands, not for serving. */
export function createInlineEngine(): Engine {
  const handle = createCalibrations(calibrate, createScorerLoader(undefined));
  const calibrated = new Set<string>();
  const ask = async (request: EngineRequest): Promise<EngineReply> => {
    const reply = await handle(request);
    if (reply === undefined || reply.kind === 'failed')
      throw new Error(reply?.message ?? 'the engine gave no answer');
    return reply;
  };
  return {
    calibrate: async (watchId, snapshot) => {
      const reply = await ask({ kind: 'calibrate', id: 0, watchId, snapshot });
      if (reply.kind !== 'calibrated') throw new Error(`unexpected reply ${reply.kind}`);
      calibrated.add(watchId);
      return reply.summary;
    },
    assess: async (watchId, live, look, carried, detail = 'bare') => {
      const reply = await ask({ kind: 'assess', id: 0, watchId, live, look, carried, detail });
      if (reply.kind !== 'assessed') throw new Error(`unexpected reply ${reply.kind}`);
      return reply.assessment;
    },
    attribute: async (input) => {
      const reply = await ask({ kind: 'attribute', id: 0, input });
      if (reply.kind !== 'attributed') throw new Error(`unexpected reply ${reply.kind}`);
      return reply.attribution;
    },
    isCalibrated: (watchId) => calibrated.has(watchId),
    release: (watchId) => {
      void handle({ kind: 'release', watchId });
      calibrated.delete(watchId);
    },
    close: () => Promise.resolve(),
  };
}
