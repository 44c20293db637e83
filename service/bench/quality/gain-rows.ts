import { decimal } from './figure-row.js';
import type { Flipped, LearnedComparison } from './learned-gain.js';

/** Headings of a table of gains, in the order of `gainRows`. */
export const GAIN_HEADINGS = ['cases', 'figure', 'without', 'with', 'gain [95 %]'] as const;

function signed(value: number): string {
  return `${value > 0 ? '+' : ''}${decimal(value)}`;
}

/** One row a figure. */
export function gainRows({ title, gains }: LearnedComparison): readonly (readonly string[])[] {
  return gains.map(({ figure, without, with: on, low, high }) => {
    const gain = without === null || on === null ? '–' : signed(on - without);
    const interval = low === null || high === null ? '' : ` [${signed(low)} to ${signed(high)}]`;
    return [title, figure, decimal(without), decimal(on), `${gain}${interval}`];
  });
}

function flippedText(kind: string, { onlyWith, onlyWithout }: Flipped): string {
  return `${kind} rolled back only with it ${onlyWith}, only without it ${onlyWithout}`;
}

/** How many verdicts it changed, both ways. */
export function flippedLine({ title, bad, good }: LearnedComparison): string {
  return `${title}: ${flippedText('bad cases', bad)}; ${flippedText('harmless ones', good)}.`;
}
