import { english } from './english.js';
import { german } from './german.js';

export type Message = keyof typeof english;

/** Other languages by their code without a region; what one lacks is said in English. */
const catalogues: Readonly<Record<string, Readonly<Partial<Record<Message, string>>>>> = { de: german };

/**
 * A text of the plugin in the language of the user, with `{name}` filled in.
 * @example say('deployment.change', { from: 'v1', to: 'v2' })
 */
export function say(message: Message, values: Readonly<Record<string, string | number>> = {}): string {
  // Grafana writes the user's language on its page, such as `de-DE`.
  const [language = ''] = document.documentElement.lang.split('-');
  const text = catalogues[language]?.[message] ?? english[message];
  return text.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

/** Name of a field in data: English for everybody, because overrides and transformations of a dashboard go by it. */
export function dataName(message: Message): string {
  return english[message];
}
