import type { Conclusion } from './conclude.js';
import type { WatchEnd } from './watch-state.js';

/** What is said at the end of every watch for people: what it means, where to read on, what comes next. */
export function summaryLines(
  end: WatchEnd,
  conclusion: Conclusion,
  id: string,
  baseUrl: string,
): readonly string[] {
  const state = 'state' in end ? end.state : undefined;
  const report = state === undefined ? [] : [`Report: ${baseUrl}${state.verdict.links.report}`];
  return [
    ...conclusion.text.split(/\n\s*/),
    ...report,
    ...nextLines(end, id),
    `Exit code ${conclusion.exitCode}.`,
  ];
}

function nextLines(end: WatchEnd, id: string): readonly string[] {
  if (end.kind !== 'final') return [`Take it up again: bellwether watch ${id}`];
  const { deployment, verdict } = end.state;
  const acted = deployment.rollbacks.at(-1);
  if (acted !== undefined) return [`Rollback: ${acted.state}${acted.automatic ? ', automatic' : ''}.`];
  if (verdict.verdict === 'rollback') return [`Next: bellwether rollback ${id} --reason "…"`];
  if (verdict.verdict !== 'continue' || deployment.state !== 'running') return [];
  return [`Next: bellwether deploy ${verdict.step.last ? 'finish' : 'step'} ${id}`];
}
