export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'dim' | 'bold';

const CODES: Readonly<Record<Colour, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** Colours a piece of text; lengths are measured before. */
export type Paint = (colour: Colour, text: string) => string;

/** Whether colours are wanted: `NO_COLOR` with any content turns them off (no-color.org). */
export function createPaint(environment: Readonly<Record<string, string | undefined>>): Paint {
  const isPlain = (environment['NO_COLOR'] ?? '') !== '';
  return (colour, text) => {
    const [on, off] = CODES[colour];
    return isPlain || text === '' ? text : `\u001b[${on}m${text}\u001b[${off}m`;
  };
}
