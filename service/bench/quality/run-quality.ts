import { mkdirSync } from 'node:fs';
import type { CommandIo } from '../../src/cli/command-io.js';
import { createEngineLanes } from '../../src/cli/rehearse/engine-lanes.js';
import type { Engine } from '../../src/engine/port.js';
import { findCaseSets, trainingSets } from './case-sets.js';
import { OURS, type CaseOutcome } from './outcome.js';
import type { QualityOptions } from './options.js';
import type { PeerLanes } from './peer-lanes.js';
import { qualityReport, trainedOutcomes, type QualityReport } from './quality-report.js';
import { runCases } from './run-cases.js';
import { terminalReport } from './terminal-report.js';
import { writeReport } from './write-report.js';

/** What judges. */
export interface QualityMethods {
  /** Makes an engine of one thread. */
  readonly createEngine: () => Engine;
  readonly peers: PeerLanes;
  /** Names the code of both. */
  readonly mark: string;
}

/**
 * Judges the cases, writes the report and prints its tables.
 * @returns undefined when stopped before the end; what was judged is kept
 */
export async function runQuality(
  options: QualityOptions,
  methods: QualityMethods,
  io: CommandIo,
): Promise<QualityReport | undefined> {
  const sets = findCaseSets(options);
  mkdirSync(options.out, { recursive: true });
  const engines = createEngineLanes(options.workers, methods.createEngine);
  try {
    const { peers } = methods;
    const { out, isLearnedAsked } = options;
    const mark = isLearnedAsked ? `${methods.mark} learned` : methods.mark;
    const outcomes = await runCases({ sets, out, mark, engines, peers, isLearnedAsked }, io);
    if (io.stop.aborted) return undefined;
    const trained = trainingSets(options.dir);
    const report = qualityReport({
      part: options.part,
      peers: await describe(peers),
      outcomes,
      isLearnedAsked,
      trained,
      refitted: await refit(peers, trainedOutcomes(outcomes, trained)),
    });
    writeReport(options.out, report, outcomes);
    io.out(terminalReport(report));
    return report;
  } finally {
    await Promise.all([engines.close(), methods.peers.close()]);
  }
}

async function describe(peers: PeerLanes) {
  const reply = await peers.ask({ kind: 'describe' });
  return reply.kind === 'described' ? reply.peers : [];
}

async function refit(peers: PeerLanes, outcomes: readonly CaseOutcome[]): Promise<readonly number[]> {
  const cases = outcomes.map(({ truth, methods }) => ({
    group: `${truth.set}/${truth.group}`,
    p: methods[OURS]?.p ?? 1,
    isBad: truth.isBad,
  }));
  const reply = await peers.ask({ kind: 'cross-validate', cases });
  return reply.kind === 'cross-validated' ? reply.probabilities : [];
}
