import type { ReportPage } from './report-page.js';

/** Texts that try to leave where they stand. */
export const hostileTexts = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title></desc></svg><svg onload=alert(1)>',
  '</style><script>alert(1)</script>',
  'javascript:alert(1)',
  '&lt;script&gt; &#60;b&#62; &',
  '${1+1} `x` {{x}}',
  ']]> --> <!--',
  '\u202egnp.exe \u0000\u0007',
] as const;

/** The same report with `hostile` in place of every text that people or their tools can choose. */
export function poison(page: ReportPage, hostile: string): ReportPage {
  const free = new Set([
    'service',
    'environment',
    'version',
    'previousVersion',
    'name',
    'unit',
    'text',
    'reason',
    'detail',
    'comment',
    'summary',
    'ticket',
    'commit',
    'description',
    'title',
    'url',
    'metric',
    'actor',
    'executor',
    'scorer',
    'baseline',
    'code',
    'engineVersion',
    'project',
    'action',
    'authentication',
    'evidenceHash',
    'snapshotHash',
    'id',
    'rule',
    'guarantee',
    'value',
    'link',
    'person',
    'personRole',
    'releasedBy',
    'failing',
    'step',
    'standing',
  ]);
  const walk = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return free.has(key) ? hostile : value;
    if (Array.isArray(value)) return value.map((entry) => walk(entry, key));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, entry]) => [
        key === 'labels' || key === 'people' ? hostile : name,
        walk(entry, key === 'labels' || key === 'people' ? 'text' : name),
      ]),
    );
  };
  return walk(page, '') as ReportPage;
}

const elements = new Set(
  'html head meta title link body a header span nav bdi main section article h1 h2 h3 p strong dl div dt dd ul ol li q s code pre br time svg defs pattern path g line rect text desc circle figure figcaption details summary table caption thead tbody tr th td progress label form input select option button footer'.split(
    ' ',
  ),
);
const attributes = new Set(
  'lang charset name content http-equiv rel href id class viewbox aria-hidden aria-label aria-labelledby focusable d x y x1 x2 y1 y2 dx width height rx role text-anchor preserveaspectratio patternunits stroke-width datetime max value for tabindex scope reversed method action type autocomplete spellcheck selected'.split(
    ' ',
  ),
);

/**
 * Whatever in an HTML text is not of the tags and quoted attributes that the pages are made of; empty when all is well. Addresses must be
 * relative, a fragment, http, https or the tab's icon.
 */
export function strangeMarkup(document: string): readonly string[] {
  const strange: string[] = [];
  const rest = document
    .replace(/^<!doctype html>/, '')
    .replace(/<style nonce="[^"]*">[^<]*<\/style>/, '')
    .replace(
      /<\/?([a-z][a-z0-9]*)((?:\s+[a-z0-9-]+(?:="[^"<>]*")?)*)\s*\/?>/gi,
      (tag, name: string, list: string) => {
        const wrong = [...list.matchAll(/([a-z0-9-]+)(?:="([^"]*)")?/gi)].some(
          ([, attribute = '', value = '']) => {
            const isAddress = attribute === 'href' || attribute === 'action';
            return (
              !attributes.has(attribute.toLowerCase()) ||
              (isAddress &&
                !/^(#|\?|\.\.\/|[a-z./-]+$|deployments|https?:\/\/|data:image\/svg\+xml,)/.test(value))
            );
          },
        );
        if (wrong || !elements.has(name.toLowerCase())) strange.push(tag);
        return '';
      },
    );
  if (/[<>]/.test(rest)) strange.push(/.{0,40}[<>].{0,40}/s.exec(rest)?.[0] ?? rest);
  return strange;
}
