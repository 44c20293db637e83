import { composeSources } from '../../compose-sources.js';
import type { Config } from '../../config/config-schema.js';
import { PUSH_SOURCE } from '../../domain/signal-feeds.js';
import type { UrlGuard } from '../../delivery/url-guard.js';
import type { MetricSource } from '../../sources/port.js';
import { createLog } from '../../telemetry/log.js';
import type { CommandIo } from '../command-io.js';
import { fail, failure, ok, type Finding } from './finding.js';

/** No series has this name; an empty answer is an answer. */
const PROBE = 'bellwether_doctor_probe';
const PROBED_MS = 60_000;

/** Asks each configured source for a series that it does not have. */
export async function checkSources(
  config: Config,
  environment: CommandIo['environment'],
  guard: UrlGuard,
): Promise<readonly Finding[]> {
  if (config.sources.length === 0) return [ok('sources', 'none is configured; metrics are pushed')];
  const nothing = { read: () => Promise.resolve([]), list: () => Promise.resolve([]) };
  try {
    const composed = composeSources(config, environment, {
      guard,
      store: { samples: nothing },
      log: createLog('error'),
      instrument: (source) => source,
    });
    const asked = [...composed.sources.values()].filter(({ source }) => source.name !== PUSH_SOURCE);
    const findings = await Promise.all(asked.map(({ source, project }) => probe(source, project)));
    composed.close();
    return findings;
  } catch (error) {
    return [failure('sources', error)];
  }
}

async function probe(source: MetricSource, project: string): Promise<Finding> {
  const check = `source "${source.name}"`;
  const nowMs = Date.now();
  try {
    await source.fetch({
      project: project === '*' ? 'default' : project,
      metric: PROBE,
      labels: {},
      fromMs: nowMs - PROBED_MS,
      toMs: nowMs,
    });
    return ok(check, `answers, in ${Date.now() - nowMs} ms`);
  } catch (error) {
    return unanswered(check, error);
  }
}

function unanswered(check: string, error: unknown): Finding {
  const message = error instanceof Error ? error.message : String(error);
  // The check is named already, and nobody asked for the probe's selector.
  const detail = message.replace(`${check}: `, '').replace(/ Selector: .*$/s, '');
  return fail(check, detail, 'check its address and credentials, that it runs, and egress.allow');
}
