import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeHtml, html, trusted } from './markup.js';

describe('html', () => {
  it('escapes text, prints markup as it is, and nothing for what is absent', () => {
    expect(
      html`<p title="${'"x"'}">${'<b>'}${trusted('<i>')}${undefined}${false}${[1, '&']}</p>`.toString(),
    ).toBe('<p title="&quot;x&quot;">&lt;b&gt;<i>1&amp;</p>');
  });

  it('keeps new lines and replaces control characters', () => {
    expect(escapeHtml('a\n\tb\u0000\u0007\u009fc')).toBe('a\n\tb\ufffd\ufffd\ufffdc');
  });

  it('leaves nothing that could open a tag, close a quote or begin an entity of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeHtml(text).replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toMatch(/[<>"'&]/);
      }),
    );
  });
});
