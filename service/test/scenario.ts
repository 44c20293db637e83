import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { armLines, type Arm } from '@bellwether/models';
import type { PolicyInput } from '../src/api/policy.js';
import { createWatchRunner } from '../src/app/evaluate/watch-runner.js';
import { openLiveWindow } from '../src/app/window/live-window.js';
import { takeSnapshot } from '../src/app/window/take-snapshot.js';
import type { SampleBatch } from '../src/domain/sample.js';
import type { Verdict } from '../src/domain/verdict.js';
import { createInlineEngine } from '../src/engine/inline-engine.js';
import { ADMIN, createWorld, type World } from './world.js';

const FOLDER = new URL('../../fixtures/scenarios/', import.meta.url).pathname;
/** The windows of all recordings in the form that `rehearse` takes. */
export const WINDOWS_FILE = join(FOLDER, 'windows.jsonl.gz');
/** The policies that they are judged by. */
export const POLICIES_FOLDER = join(FOLDER, 'policies');

/** A recorded release of the demo shop; `fixtures/scenarios/README.md` describes the files. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  readonly expected: Verdict['value'];
  /** Metrics of which at least one must be what a rollback rests on. */
  readonly harmed?: readonly string[];
  readonly policy: string;
  readonly service: string;
  readonly environment: string;
  readonly version: string;
  readonly previousVersion: string;
  readonly strategy: 'canary' | 'all-at-once';
  readonly trafficShare: number;
  readonly changeAtMs: number;
  readonly samples: readonly SampleBatch[];
}

interface RecordedSeries extends Omit<SampleBatch, 'project' | 'timesMs' | 'values'> {
  readonly t: readonly number[];
  readonly v: readonly number[];
}

/** Every recording, by name. */
export function loadScenarios(): readonly Scenario[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter(({ name }) => existsSync(join(FOLDER, name, 'scenario.json')))
    .map(({ name }) => {
      const folder = join(FOLDER, name);
      const about = JSON.parse(readFileSync(join(folder, 'scenario.json'), 'utf8')) as Omit<
        Scenario,
        'samples'
      >;
      const series = jsonLines(readFileSync(join(folder, 'samples.jsonl.gz'))) as readonly RecordedSeries[];
      return {
        ...about,
        samples: series.map(({ t, v, ...rest }) => ({ ...rest, project: 'default', timesMs: t, values: v })),
      };
    });
}

/** Values of a compressed file with one JSON value a line. */
export function jsonLines(compressed: Buffer): readonly unknown[] {
  const lines = gunzipSync(compressed).toString('utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as unknown);
}

/** The release as it was live: samples arrive when they were taken, and each look is taken when it is due. @returns the verdict */
export async function replayLive(scenario: Scenario): Promise<Verdict | undefined> {
  const { world, arrive } = await stage(scenario);
  await arrive(scenario.changeAtMs);
  const { deployment, step, watch } = await start(world, scenario);
  const runner = createWatchRunner(world.ctx, deployment, step, watch);
  for (let taken = 0; taken <= watch.plannedLooks; taken++) {
    await arrive(runner.dueAtMs());
    const result = await runner.advance();
    if (result === 'gone' || result === 'waiting') break;
    if (result !== 'prepared' && result.watch.state !== 'watching') break;
  }
  const verdict = await world.store.latestVerdict(deployment.id);
  await world.store.close();
  return verdict;
}

/** The release as a line for `rehearse`: what the service read of each metric, interval by interval. */
export async function windowOf(scenario: Scenario) {
  const { world, arrive } = await stage(scenario);
  await arrive(Infinity);
  const { deployment, step, watch } = await start(world, scenario);
  const { sources } = world.ctx;
  const { changeAtMs, intervalMs, plannedLooks } = watch;
  const snapshot = await takeSnapshot({
    sources,
    deployment,
    step,
    watch,
    baselineEndMs: changeAtMs,
    excludedMs: [],
  });
  const live = await openLiveWindow(sources, deployment, step, watch).upTo(plannedLooks);
  await world.store.close();
  const [changeAt, intervalSeconds] = [changeAtMs / 1000, intervalMs / 1000];
  const series = (history: Arm | undefined, since: Arm | undefined) => {
    const past = pointsOf(history).map(([k, ...value]) => [k - snapshot.changeIndex, ...value] as const);
    const points = [...past, ...pointsOf(since)];
    const isRatio = (history ?? since)?.shape === 'ratio';
    return {
      // Middles of intervals, so that no rounding moves a sample to the one beside it.
      t: points.map(([k]) => Number((changeAt + (k + 0.5) * intervalSeconds).toFixed(3))),
      v: points.map(([, value]) => value),
      ...(isRatio ? { total: points.map(([, , total]) => total) } : {}),
    };
  };
  const metrics = snapshot.metrics.flatMap(({ rule, treatment, control }, index) => {
    const { name, kind } = rule;
    const arm = { name, kind, role: 'treatment', ...series(treatment, live[index]?.treatment) };
    if (control === undefined) return [arm];
    return [arm, { name, kind, role: 'control', ...series(control, live[index]?.control) }];
  });
  return {
    id: scenario.name,
    change_at: changeAt,
    interval_s: intervalSeconds,
    service: scenario.service,
    traffic_share: scenario.trafficShare,
    policy: scenario.policy,
    expect: scenario.expected,
    metrics,
  };
}

/** A world at the beginning of the recording, in which samples arrive as its clock goes on. */
async function stage(scenario: Scenario) {
  const text = readFileSync(join(POLICIES_FOLDER, `${scenario.policy}.json`), 'utf8');
  const policy = JSON.parse(text) as PolicyInput;
  const world = await createWorld({ policy: { ...policy, name: 'default' }, engine: createInlineEngine() });
  let arrivedMs = -Infinity;
  const arrive = async (untilMs: number): Promise<void> => {
    const batches = scenario.samples.flatMap((batch) => {
      const [from, to] = [firstAfter(batch.timesMs, arrivedMs), firstAfter(batch.timesMs, untilMs)];
      if (from === to) return [];
      return [{ ...batch, timesMs: batch.timesMs.slice(from, to), values: batch.values.slice(from, to) }];
    });
    arrivedMs = untilMs;
    const nowMs = Number.isFinite(untilMs) ? untilMs : scenario.changeAtMs;
    world.wait(Math.max(0, nowMs - world.nowMs()));
    if (batches.length > 0) await world.useCases.pushSamples(ADMIN, batches);
  };
  return { world, arrive };
}

function firstAfter(timesMs: readonly number[], ms: number): number {
  const at = timesMs.findIndex((time) => time > ms);
  return at < 0 ? timesMs.length : at;
}

async function start(world: World, scenario: Scenario) {
  const { service, environment, version, previousVersion, strategy, trafficShare, changeAtMs } = scenario;
  const deployment = await world.start({
    service,
    environment,
    version,
    previousVersion,
    strategy,
    plannedSteps: [{ name: 'recorded', trafficShare }],
    startedAtMs: changeAtMs,
  });
  const [watch] = await world.store.watches({ deploymentId: deployment.id, state: 'watching' });
  const [step] = await world.store.steps(deployment.id);
  if (watch === undefined || step === undefined) throw new Error(`${scenario.name} is not watched`);
  return { deployment, step, watch };
}

/** Digits of a value that are kept in a window. */
const DIGITS = 7;

/** Intervals with data: index, value or events, total. */
function pointsOf(arm: Arm | undefined): readonly (readonly [number, number, number])[] {
  if (arm === undefined) return [];
  // A recording holds gauges and ratios.
  const [values = new Float64Array(0), totals = values] = armLines(arm);
  return Array.from(values, (value, k) => [k, rounded(value), rounded(totals[k] ?? NaN)] as const).filter(
    ([, value, total]) => !Number.isNaN(value) && !Number.isNaN(total),
  );
}

function rounded(value: number): number {
  return Number(value.toPrecision(DIGITS));
}
