import { html, type Markup } from './markup.js';

/**
 * The address as a browser will read it, when it is `http:` or `https:` and carries no credentials; otherwise undefined.
 * @example safeHref('javascript:alert(1)') // undefined
 */
export function safeHref(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  const web = parsed.protocol === 'http:' || parsed.protocol === 'https:';
  return web && parsed.username === '' && parsed.password === '' ? parsed.href : undefined;
}

/** A link to another site, or plain text with the reason when the address must not be followed. */
export function externalLink(title: string, url: string): Markup {
  const href = safeHref(url);
  if (href === undefined)
    return html`<bdi>${title}</bdi>
      <span class="soft">(not linked: only http and https addresses without credentials are)</span>`;
  return html`<a href="${href}" rel="noopener noreferrer"><bdi>${title}</bdi></a>`;
}

/** Text that may happen to be an address (a ticket often is): linked when safe. */
export function linkOrText(text: string): Markup {
  return safeHref(text) === undefined ? html`<bdi>${text}</bdi>` : externalLink(text, text);
}
