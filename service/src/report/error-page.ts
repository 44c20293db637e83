import type { AppError } from '../app/use-cases.js';
import { html } from './markup.js';
import { renderPage } from './page.js';
import { sentence } from './summary.js';

const titles: Readonly<Record<AppError['code'], string>> = {
  invalid: 'This address asks for something that does not exist',
  'not-found': 'There is no such deployment',
  forbidden: 'You may not see this',
  conflict: 'This cannot be done now',
  stale: 'This changed in the meantime',
  'too-many': 'Too many requests',
  unavailable: 'Bellwether cannot answer right now',
};

const remedies: Partial<Readonly<Record<AppError['code'], string>>> = {
  'not-found': 'Check the address: the id may be mistyped, or its data may have passed its retention.',
  forbidden: 'Ask for a token whose project, service and environment cover this deployment.',
  unavailable: 'Try again in a moment.',
};

/**
 * An expected refusal as a page for people.
 * @param indexHref where the list of deployments is, relative to the page that was asked for
 */
export function renderError(error: AppError, indexHref: string, nonce: string): string {
  const remedy = error.info.remedy ?? remedies[error.code];
  const title = titles[error.code];
  return renderPage({
    title: `${title}: Bellwether`,
    nonce,
    tone: 'ended',
    body: html`<section class="card empty">
      <h1>${title}</h1>
      <p><bdi>${sentence(error.message)}</bdi></p>
      ${remedy !== undefined && html`<p><bdi>${sentence(remedy)}</bdi></p>`}
      <p><a href="${indexHref}">All deployments</a></p>
    </section>`,
  });
}
