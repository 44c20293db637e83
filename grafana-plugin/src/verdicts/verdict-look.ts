import { dataName, type Message, say } from '../words/say.js';
import type { VerdictValue } from './wire.js';

/** How a verdict is shown: colour, sign and word say the same, so that none of them is needed to tell two verdicts apart. */
export interface VerdictLook {
  readonly color: 'green' | 'red' | 'orange' | 'blue' | 'purple';
  /** The state of Grafana's annotations, which has three colours only. */
  readonly annotationState: 'ok' | 'alerting' | 'pending';
  readonly sign: string;
  readonly word: string;
}

interface Drawn extends Omit<VerdictLook, 'word'> {
  readonly word: Message;
}

const looks: Readonly<Record<VerdictValue, Drawn>> = {
  continue: { color: 'green', annotationState: 'ok', sign: '✔', word: 'verdict.continue' },
  rollback: { color: 'red', annotationState: 'alerting', sign: '✖', word: 'verdict.rollback' },
  pending: { color: 'orange', annotationState: 'pending', sign: '◔', word: 'verdict.pending' },
  inconclusive: { color: 'orange', annotationState: 'pending', sign: '?', word: 'verdict.inconclusive' },
  superseded: { color: 'blue', annotationState: 'pending', sign: '»', word: 'verdict.superseded' },
  cancelled: { color: 'blue', annotationState: 'pending', sign: '–', word: 'verdict.cancelled' },
};

const unknownLook = { color: 'purple', annotationState: 'pending', sign: '◇' } as const;

/** Colour and sign of a verdict, without the word: what is drawn by the hundred. */
export function verdictMark(value: string): Pick<VerdictLook, 'color' | 'sign'> {
  return Object.hasOwn(looks, value) ? looks[value as VerdictValue] : unknownLook;
}

/** The look of a verdict. A value of a newer service is shown by its own name, and never as a `continue`. */
export function verdictLook(value: string): VerdictLook {
  if (!Object.hasOwn(looks, value)) return { ...unknownLook, word: value };
  const look = looks[value as VerdictValue];
  return { ...look, word: say(look.word) };
}

/** The name of a verdict in data, where it is the same for everybody. */
export function verdictDataName(value: string): string {
  return Object.hasOwn(looks, value) ? dataName(looks[value as VerdictValue].word) : value;
}

const severity = ['cancelled', 'superseded', 'continue', 'pending', 'inconclusive', 'rollback'];

/** The verdict that several deployments together are shown by: the one that most needs somebody to look. */
export function worstVerdict(values: readonly string[]): string {
  return values.reduce(
    (worst, value) => (severity.indexOf(value) > severity.indexOf(worst) ? value : worst),
    values[0] ?? 'pending',
  );
}
