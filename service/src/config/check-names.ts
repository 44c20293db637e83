import type { z } from 'zod';
import { PUSH_SOURCE } from '../domain/signal-feeds.js';
import { unknownValue } from './known-value.js';
import { readableSources } from './readable-sources.js';

interface Names {
  readonly tokens: readonly { readonly name: string }[];
  readonly webhooks: readonly { readonly name: string }[];
  readonly hooks: readonly { readonly name: string }[];
  readonly kubernetes: readonly { readonly name: string }[];
  readonly executors: readonly { readonly name: string }[];
  readonly annotations: readonly { readonly name: string }[];
  readonly sources: readonly {
    readonly name: string;
    readonly kind: string;
    readonly url: string;
    readonly database?: string;
  }[];
  readonly samples: { readonly store: 'embedded' } | { readonly store: 'influx'; readonly source: string };
  readonly policies: Readonly<
    Record<
      string,
      {
        readonly mode: string;
        readonly executor?: string;
        readonly metrics: readonly { readonly signal: { readonly source?: string } }[];
        readonly discover?: { readonly source?: string };
      }
    >
  >;
}

type Refuse = (path: (string | number)[], message: string) => void;

/** What one entry cannot see: names that are used twice, and policies without an executor to act with. */
export function checkNames(config: Names, context: z.core.$RefinementCtx): void {
  const refuse: Refuse = (path, message) => context.addIssue({ code: 'custom', path, message });
  checkUnique(config, refuse);
  checkExecutors(config, refuse);
  checkSources(config, refuse);
  checkSamples(config, refuse);
}

function checkUnique(config: Names, refuse: Refuse): void {
  for (const list of [
    'tokens',
    'webhooks',
    'hooks',
    'kubernetes',
    'executors',
    'annotations',
    'sources',
  ] as const) {
    const seen = new Set<string>();
    for (const [index, { name }] of config[list].entries()) {
      if (seen.has(name))
        refuse([list, index, 'name'], `"${name}" is used twice; give each a name of its own`);
      seen.add(name);
    }
  }
}

function checkExecutors(config: Names, refuse: Refuse): void {
  const executors = config.executors.map((executor) => executor.name);
  for (const [name, { mode, executor }] of Object.entries(config.policies)) {
    const path = ['policies', name, 'executor'];
    if (executor === undefined && mode === 'act')
      refuse(path, 'is missing; a policy that acts names one of "executors", or its mode is "recommend"');
    if (executor !== undefined && !executors.includes(executor))
      refuse(path, unknownValue(executor, 'executor', executors));
  }
}

function checkSources(config: Names, refuse: Refuse): void {
  const sources = [PUSH_SOURCE, ...readableSources(config)];
  for (const [index, { name }] of config.sources.entries())
    if (name === PUSH_SOURCE)
      refuse(['sources', index, 'name'], `"${name}" is what was pushed; give another name`);
  for (const [policy, { metrics, discover }] of Object.entries(config.policies)) {
    const named = [
      ...metrics.map(({ signal }, index) => ({
        path: ['metrics', index, 'signal', 'source'],
        source: signal.source,
      })),
      { path: ['discover', 'source'], source: discover?.source },
    ];
    for (const { path, source } of named)
      if (source !== undefined && !sources.includes(source))
        refuse(['policies', policy, ...path], unreadable(source, sources, config));
  }
}

function unreadable(source: string, sources: readonly string[], { samples }: Names): string {
  return samples.store === 'influx' && samples.source === source
    ? `"${source}" keeps the pushed samples of every project, and is no source; leave "source" out to read what was pushed`
    : unknownValue(source, 'source', sources);
}

function checkSamples({ samples, sources }: Names, refuse: Refuse): void {
  if (samples.store !== 'influx') return;
  const fitting = sources.filter(({ kind }) => kind === 'influxdb1').map(({ name }) => name);
  if (!fitting.includes(samples.source))
    refuse(['samples', 'source'], unknownValue(samples.source, 'source of the kind "influxdb1"', fitting));
  const kept = sources.find(({ name }) => name === samples.source);
  for (const [index, { name, url, database }] of sources.entries())
    if (name !== samples.source && database === kept?.database && isSameServer(url, kept?.url))
      refuse(
        ['sources', index, 'database'],
        `is where "samples" keeps what every project pushed, and no source may read that; give the samples a database of their own`,
      );
}

function isSameServer(url: string, other: string | undefined): boolean {
  return other !== undefined && new URL(url).host === new URL(other).host;
}
