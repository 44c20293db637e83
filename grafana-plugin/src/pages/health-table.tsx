import { percent } from '../verdicts/describe-region.js';
import type { Region } from '../verdicts/region.js';
import { appReader } from '../verdicts/service-client.js';
import { useAnswer } from '../verdicts/use-answer.js';
import type { DeploymentHealth } from '../verdicts/wire.js';
import { say } from '../words/say.js';
import { DataTable } from './data-table.js';
import { medianOf, tallyVerdicts, type VerdictTally } from './tally-verdicts.js';

const DAY_MS = 86_400_000;
type HealthItem = DeploymentHealth['items'][number];

/** How deployments went, by service: as the service counts it, or, where it is too old to be asked, counted from the deployments listed. */
export function HealthTable({
  days,
  regions,
}: {
  readonly days: number;
  readonly regions: readonly Region[];
}) {
  // What is wrong with the service is said where deployments are asked for.
  const { answer: health } = useAnswer(String(days), () => appReader().health(Date.now() - days * DAY_MS));
  const verdicts = ['continue', 'rollback', 'inconclusive', 'pending'] as const;
  const columns = [
    say('column.service'),
    say('page.deployments'),
    ...verdicts.map((verdict) => say(`verdict.${verdict}`)),
    say('page.time-to-verdict'),
    ...(health === undefined ? [] : [say('page.change-failures')]),
  ];
  const rows =
    health === undefined
      ? tallyVerdicts(regions).map((tally) => ({ key: tally.service, cells: tallyCells(tally) }))
      : health.map((item) => ({ key: `${item.service} ${item.environment}`, cells: healthCells(item) }));
  return <DataTable caption={say('page.health')} columns={columns} rows={rows} />;
}

function tallyCells({ service, counts, total, secondsToVerdict }: VerdictTally) {
  return [service, total, ...countCells(counts, total), minutes(medianOf(secondsToVerdict))];
}

function healthCells({ service, environment, total }: HealthItem) {
  const { deployments, verdicts, changeFailures, secondsToVerdict } = total;
  const { rate, low, high, of } = changeFailures;
  return [
    say('page.place', { service, environment }),
    deployments,
    ...countCells(verdicts, deployments),
    minutes(secondsToVerdict?.median),
    rate === undefined
      ? '–'
      : say('page.rate', { rate: percent(rate), low: percent(low), high: percent(high), judged: of }),
  ];
}

function countCells(counts: Readonly<Record<string, number>>, total: number): readonly string[] {
  return ['continue', 'rollback', 'inconclusive', 'pending'].map((verdict) => {
    const count = counts[verdict] ?? 0;
    return count === 0 ? '0' : `${count} (${percent(count / total)})`;
  });
}

function minutes(seconds: number | undefined): string {
  return seconds === undefined ? '–' : say('page.minutes', { minutes: (seconds / 60).toFixed(1) });
}
