import type { Region } from '../verdicts/region.js';
import { appReader } from '../verdicts/service-client.js';
import { useAnswer } from '../verdicts/use-answer.js';
import type { DeploymentReport } from '../verdicts/wire.js';

/**
 * The report of the deployment in focus, read again when its verdict moves; undefined until there is one. The panel stands without it: what
 * is wrong with the service is said where deployments are asked for.
 */
export function useReport(region: Region | undefined, isWanted: boolean): DeploymentReport | undefined {
  const id = isWanted ? region?.id : undefined;
  const verdict = region?.deployment.latestVerdict;
  const question = id === undefined ? undefined : `${id} ${verdict?.sequence ?? 0} ${verdict?.look ?? 0}`;
  const { answer } = useAnswer(question, async () => ({ id, report: await appReader().report(id ?? '') }));
  return answer !== undefined && answer.id === id ? answer.report : undefined;
}
