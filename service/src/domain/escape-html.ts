const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** C0 and C1 controls that HTML forbids; tab, line feed and carriage return stay. */
const forbidden = /[^\P{Cc}\t\n\r]/gu;
/** Most texts hold nothing to replace: one look tells. */
const suspicious = /[&<>"']|[^\P{Cc}\t\n\r]/u;

/**
 * Makes any text safe as HTML or SVG text and inside a quoted attribute; forbidden control characters become U+FFFD.
 * @example escapeHtml('<b>') // '&lt;b&gt;'
 */
export function escapeHtml(text: string): string {
  if (!suspicious.test(text)) return text;
  return text.replace(forbidden, '\ufffd').replace(/[&<>"']/g, (sign) => entities[sign] ?? '');
}
