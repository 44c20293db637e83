/** A sentence ready for translation: what it says, what it says it of, and how that reads in English. */
export interface Message {
  /** Stable; one code has the same parameters always. */
  readonly code: string;
  /** Numbers in the unit that the name of the parameter says, else in the metric's unit or without one. */
  readonly parameters: Readonly<Record<string, string | number>>;
  readonly text: string;
}

/** Leaves out parameters that are not known. */
export function message(
  code: string,
  parameters: Readonly<Record<string, string | number | undefined>>,
  text: string,
): Message {
  const known = Object.entries(parameters).filter(
    (entry): entry is [string, string | number] => entry[1] !== undefined,
  );
  return { code, parameters: Object.fromEntries(known), text };
}
