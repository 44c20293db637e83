import type { z } from 'zod';
import type { signal } from './signal.js';

type Ratio = Extract<z.output<typeof signal>, { type: 'ratio' }>;
type Labels = Readonly<Record<string, string>>;

/** Labels that tell the arms of a canary apart. */
interface Arms {
  readonly treatment: Labels;
  readonly control: Labels;
}

/**
 * What is wrong with a ratio of which one part is read by arm and the other for the whole service: a canary with a tenth of the
 * requests would seem to have a tenth of the errors, or ten times as many.
 *
 * @returns the part to be mended, by its path in the metric, and the message; undefined when both parts do the same
 */
export function unevenArms(
  { events, total }: Ratio,
  arms: Arms,
): { readonly path: readonly string[]; readonly message: string } | undefined {
  const isEventsByArm = isByArm(events, arms);
  if (isEventsByArm === isByArm(total, arms)) return undefined;
  const [part, other] = isEventsByArm ? (['total', 'events'] as const) : (['events', 'total'] as const);
  const mended = isEventsByArm ? total : events;
  const remedy =
    'query' in mended
      ? 'match version=~"{{version}}" in this query too, or give it a "control" query'
      : 'give "arms" different labels';
  return {
    path: ['signal', part, 'query' in mended ? 'query' : 'metric'],
    message: `reads the same for both arms of a canary, and "${other}" does not, so their ratio means nothing; ${remedy}`,
  };
}

function isByArm(feed: Ratio['events'], { treatment, control }: Arms): boolean {
  if ('query' in feed) {
    const other = feed.control?.query ?? feed.query;
    return other.trim() !== feed.query.trim() || /\{\{\s*version\s*\}\}/.test(feed.query);
  }
  const names = Object.keys({ ...treatment, ...control });
  const read = (overlay: Labels, name: string): string | undefined => overlay[name] ?? feed.labels[name];
  return names.some((name) => read(treatment, name) !== read(control, name));
}
