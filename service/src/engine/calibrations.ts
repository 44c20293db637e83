import { assess, assessAndExplain, attribute, summarise, type Calibration } from '@bellwether/models';
import type { Calibrate } from './calibration-cache.js';
import type { EngineReply, EngineRequest } from './messages.js';

/** Answers engine requests from calibrations kept by watch; runs inside a worker, or in-process in tests. */
export function createCalibrations(
  calibrate: Calibrate,
): (request: EngineRequest) => EngineReply | undefined {
  const known = new Map<string, Calibration>();

  const answer = (request: Exclude<EngineRequest, { kind: 'release' }>): EngineReply => {
    if (request.kind === 'calibrate') {
      const calibration = calibrate(request.snapshot);
      known.set(request.watchId, calibration);
      return { kind: 'calibrated', id: request.id, summary: summarise(calibration) };
    }
    if (request.kind === 'attribute')
      return { kind: 'attributed', id: request.id, attribution: attribute(request.input) };
    const calibration = known.get(request.watchId);
    if (calibration === undefined)
      throw new Error(`watch ${request.watchId} is not calibrated in this engine`);
    const judge = request.detail === 'explained' ? assessAndExplain : assess;
    return {
      kind: 'assessed',
      id: request.id,
      assessment: judge(calibration, request.live, request.look, request.carried),
    };
  };

  return (request) => {
    if (request.kind === 'release') {
      known.delete(request.watchId);
      return undefined;
    }
    try {
      return answer(request);
    } catch (error) {
      return {
        kind: 'failed',
        id: request.id,
        message: error instanceof Error ? error.message : String(error),
      };
    }
  };
}
