import { SHIPPED_MODEL } from '@bellwether/models';
import { decodeWindow } from '../../src/app/rehearse/decode-window.js';
import { prepareWindow, type PreparedWindow } from '../../src/app/rehearse/prepare-window.js';
import type { RecordedWindow } from '../../src/app/rehearse/recorded-window.js';
import { rehearseWindow } from '../../src/app/rehearse/rehearse-window.js';
import { unjudgedLine, verdictLine, type VerdictLine } from '../../src/app/rehearse/verdict-line.js';
import type { EngineLanes } from '../../src/cli/rehearse/engine-lanes.js';
import type { LabelledCase } from './labelled-case.js';
import { OURS, OURS_LEARNED, type CaseOutcome, type MethodOutcome } from './outcome.js';
import { ownMoment } from './own-moment.js';
import type { PeerLanes } from './peer-lanes.js';
import { peerWindow } from './peer-window.js';
import { visibleDeviation } from './visible-deviation.js';

/** Who judges. */
export interface Judges {
  readonly engines: EngineLanes;
  readonly peers: PeerLanes;
  /** Whether Bellwether also judges with the learned scorer. */
  readonly isLearnedAsked: boolean;
}

/** Lets Bellwether, by the path of `bellwether rehearse` at its defaults, and every peer judge one case, each blind to its label. */
export async function judgeCase({ truth, blind }: LabelledCase, judges: Judges): Promise<CaseOutcome> {
  const { engines, peers, isLearnedAsked } = judges;
  const window = decodeWindow(blind, () => undefined);
  const prepared = prepareWindow(window, {});
  if ('reason' in prepared) {
    const unjudged = ourOutcome(unjudgedLine(window.id, prepared));
    return { truth, methods: { [OURS]: unjudged, ...(isLearnedAsked ? { [OURS_LEARNED]: unjudged } : {}) } };
  }
  const visibleAtSeconds = truth.isBad ? visibleDeviation(prepared, truth) : undefined;
  const asked = { ...prepared, snapshot: { ...prepared.snapshot, learned: SHIPPED_MODEL } };
  const [ours, learned, theirs] = await Promise.all([
    judgeOurs(window, prepared, engines),
    isLearnedAsked ? judgeOurs(window, asked, engines) : undefined,
    judgeByPeers(prepared, peers),
  ]);
  const error = ours.error ?? learned?.error;
  return {
    truth,
    ...(visibleAtSeconds === undefined ? {} : { visibleAtSeconds }),
    ...(truth.isBad ? {} : { ownMoment: ownMoment(prepared) }),
    methods: {
      [OURS]: ours.outcome,
      ...(learned === undefined ? {} : { [OURS_LEARNED]: learned.outcome }),
      ...theirs,
    },
    ...(error === undefined ? {} : { error }),
  };
}

async function judgeOurs(
  window: RecordedWindow,
  prepared: PreparedWindow,
  engines: EngineLanes,
): Promise<{ readonly outcome: MethodOutcome; readonly error?: string }> {
  try {
    const rehearsal = await engines.lend((engine) => rehearseWindow(engine, String(window.id), prepared));
    return { outcome: ourOutcome(verdictLine(window.id, rehearsal, prepared.snapshot)) };
  } catch (error) {
    const { prior } = prepared.snapshot;
    return {
      outcome: { verdict: 'inconclusive', decidedAtSeconds: null, score: prior, probability: prior, p: 1 },
      error: error instanceof Error ? error.message : String(error),
    };
  }
}

function ourOutcome({ verdict, decided_at, harmProbability, p }: VerdictLine): MethodOutcome {
  return { verdict, decidedAtSeconds: decided_at, score: harmProbability, probability: harmProbability, p };
}

async function judgeByPeers(
  prepared: PreparedWindow,
  peers: PeerLanes,
): Promise<Readonly<Record<string, MethodOutcome>>> {
  const reply = await peers.ask({ kind: 'judge', window: peerWindow(prepared) });
  if (reply.kind !== 'judged') throw new Error(`peers answered "${reply.kind}" instead of verdicts`);
  const { changeAtMs, intervalMs } = prepared.snapshot;
  return Object.fromEntries(
    Object.entries(reply.verdicts).map(([name, { verdict, look, score }]) => [
      name,
      { verdict, score, decidedAtSeconds: (changeAtMs + look * intervalMs) / 1000 },
    ]),
  );
}
