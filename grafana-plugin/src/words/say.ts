import { english } from './english.js';

export type Message = keyof typeof english;

/** Other languages, by the code that Grafana gives; what one lacks is said in English. */
const catalogues: Readonly<Record<string, Readonly<Partial<Record<Message, string>>>>> = {};

/**
 * A text of the plugin in the language of the user, with `{name}` filled in.
 * @example say('deployment.change', { from: 'v1', to: 'v2' })
 */
export function say(message: Message, values: Readonly<Record<string, string | number>> = {}): string {
  const catalogue = catalogues[document.documentElement.lang] ?? english;
  const text = catalogue[message] ?? english[message];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}
