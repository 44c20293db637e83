import {
  assess,
  assessAndExplain,
  attribute,
  summarise,
  type Calibration,
  type WindowScorer,
} from '@bellwether/models';
import type { Calibrate } from './calibration-cache.js';
import type { LoadScorer } from './load-scorer.js';
import type { EngineReply, EngineRequest } from './messages.js';

/** A watch that is judged here. */
interface Known {
  readonly calibration: Calibration;
  readonly scorer: WindowScorer | undefined;
}

/**
 * Answers engine requests from calibrations kept by watch; runs inside a worker, or in-process in tests. One request is answered before
 * the next is begun, so that a watch is never released before it was calibrated.
 */
export function createCalibrations(
  calibrate: Calibrate,
  loadScorer: LoadScorer,
): (request: EngineRequest) => Promise<EngineReply | undefined> {
  const known = new Map<string, Known>();

  const answer = async (request: Exclude<EngineRequest, { kind: 'release' }>): Promise<EngineReply> => {
    if (request.kind === 'calibrate') {
      const { learned } = request.snapshot;
      const scorer = learned === undefined ? undefined : await loadScorer(learned);
      const calibration = calibrate(request.snapshot, scorer);
      known.set(request.watchId, { calibration, scorer });
      return { kind: 'calibrated', id: request.id, summary: summarise(calibration) };
    }
    if (request.kind === 'attribute')
      return { kind: 'attributed', id: request.id, attribution: attribute(request.input) };
    const watch = known.get(request.watchId);
    if (watch === undefined) throw new Error(`watch ${request.watchId} is not calibrated in this engine`);
    const judge = request.detail === 'explained' ? assessAndExplain : assess;
    return {
      kind: 'assessed',
      id: request.id,
      assessment: judge(watch.calibration, request.live, request.look, request.carried, watch.scorer),
    };
  };

  const handle = async (request: EngineRequest): Promise<EngineReply | undefined> => {
    if (request.kind === 'release') {
      known.delete(request.watchId);
      return undefined;
    }
    try {
      return await answer(request);
    } catch (error) {
      return {
        kind: 'failed',
        id: request.id,
        message: error instanceof Error ? error.message : String(error),
      };
    }
  };

  let last: Promise<unknown> = Promise.resolve();
  return (request) => {
    const reply = last.then(() => handle(request));
    last = reply;
    return reply;
  };
}
