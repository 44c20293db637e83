import { join } from 'node:path';
import { mkdirSync } from 'node:fs';
import { pino } from 'pino';
import { policyInput } from '../../api/policy.js';
import { presentFound } from '../../app/discovery/present-found.js';
import { sentenceOf } from '../../app/present-explanation.js';
import type { Caller, UseCases } from '../../app/use-cases.js';
import { composeService } from '../../compose.js';
import type { Config } from '../../config/config-schema.js';
import type { Verdict } from '../../domain/verdict.js';
import { openSqliteStore } from '../../store/sqlite/open-sqlite-store.js';
import { DATABASE_FILE } from '../store-commands.js';
import type { SeenDeployment } from './last-deployment.js';

const SOURCE = 'prometheus';

/** The person at the terminal, who owns the data folder. */
const OWNER: Caller = {
  name: 'bellwether init',
  role: 'admin',
  ...{ project: '*', service: '*', environment: '*' },
  authentication: 'cli',
};

/** Where a service is, and the label that its series carry. */
export interface Subject {
  readonly service: string;
  readonly environment: string;
  readonly label: string;
}

/** Runs the service itself, without its port, for as long as the work takes. */
export async function withService<T>(
  config: Config,
  environment: NodeJS.ProcessEnv,
  work: (useCases: UseCases) => Promise<T>,
): Promise<T> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  const store = await openSqliteStore({ file: join(config.dataDir, DATABASE_FILE), clock: Date.now });
  try {
    const service = composeService({
      ...{ config, environment, store, clock: Date.now },
      log: pino({ level: 'silent' }),
      publicUrl: () => config.publicUrl ?? `http://${config.listen.host}:${config.listen.port}`,
    });
    await service.start();
    try {
      return await work(service.useCases);
    } finally {
      await service.stop();
    }
  } finally {
    await store.close();
  }
}

/** What there is to watch of the service, and a policy made of it. */
export async function discoverService(useCases: UseCases, { service, label }: Subject) {
  const query = { project: 'default', service, source: SOURCE, match: { [label]: service } };
  return presentFound(await useCases.discover(OWNER, query));
}

export interface FirstVerdict {
  readonly deploymentId: string;
  readonly verdict: Verdict['value'];
  readonly sentence: string;
}

/**
 * Judges a deployment of the past as if it had been reported then: its looks are all due and taken at once.
 * @param limitMs how long is waited for the verdict; a watch whose end has not come yet stays `pending`
 */
export async function firstVerdict(
  useCases: UseCases,
  { service, environment }: Subject,
  { version, previousVersion, atMs }: SeenDeployment,
  options: { readonly policy: object; readonly limitMs: number; readonly stop: AbortSignal },
): Promise<FirstVerdict> {
  const deployment = await useCases.startDeployment(OWNER, {
    ...{ project: 'default', service, environment, version, startedAtMs: atMs },
    ...(previousVersion === undefined ? {} : { previousVersion }),
    strategy: 'rolling',
    change: { kind: 'code', summary: 'found by bellwether init' },
    ...{ dependsOn: [], labels: {}, links: [], plannedSteps: [] },
    policy: policyInput.parse(options.policy),
  });
  const giveUpAtMs = Date.now() + options.limitMs;
  let verdict = await useCases.currentVerdict(OWNER, deployment.id);
  while (verdict.value === 'pending' && Date.now() < giveUpAtMs && !options.stop.aborted)
    verdict = await useCases.waitForVerdict(
      OWNER,
      deployment.id,
      verdict.sequence,
      Math.max(1, giveUpAtMs - Date.now()),
      options.stop,
    );
  const { text } = sentenceOf(verdict, deployment);
  return { deploymentId: deployment.id, verdict: verdict.value, sentence: text };
}
