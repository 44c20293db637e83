import { html, trusted, type Markup } from './markup.js';

/** Colour family of a message; always shown together with an icon and a word. */
export type Tone = 'bad' | 'good' | 'unsure' | 'wait' | 'ended';
export type IconName =
  'back' | 'check' | 'clock' | 'question' | 'replaced' | 'stop' | 'alert' | 'dot' | 'moved';

const paths: Readonly<Record<IconName, string>> = {
  back: 'M8 4.5 3.5 9 8 13.5M4 9h10.5a5.5 5.5 0 0 1 0 11H8',
  check: 'm4.5 12.8 5 5L19.5 7',
  clock: 'M12 3.5a8.5 8.5 0 1 0 .01 0zM12 7.5V12l3 2',
  question: 'M8.5 8.8a3.5 3.5 0 1 1 5 3.2c-1 .5-1.5 1.2-1.5 2.6M12 18.6v.01',
  replaced: 'm5 6 6 6-6 6M13 6l6 6-6 6',
  stop: 'm6 6 12 12M18 6 6 18',
  alert: 'M12 4 2.8 20h18.4zM12 10.5v4M12 17.2v.01',
  dot: 'M12 9a3 3 0 1 0 .01 0z',
  moved: 'M3 12h4l3-6 4 12 3-6h4',
};

/** A decorative icon of the text's size and colour; the word beside it carries the meaning. */
export function icon(name: IconName): Markup {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d="${trusted(paths[name])}" />
  </svg>`;
}

/** A word with its icon in its colour. */
export function badge(tone: Tone, name: IconName, word: string): Markup {
  return html`<span class="badge ${tone}">${icon(name)} ${word}</span>`;
}
