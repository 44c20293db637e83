import { describe, expect, it } from 'vitest';
import { externalLink, linkOrText, safeHref } from './safe-link.js';

describe('safeHref', () => {
  it.each([
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.example',
    '/relative',
    'https://user:secret@ci.example.com/',
    'java\nscript:alert(1)',
    '',
  ])('refuses %j', (url) => {
    expect(safeHref(url)).toBeUndefined();
    expect(externalLink('title', url).toString()).not.toContain('<a ');
  });

  it('follows the web, quoted and without handing over the opener', () => {
    expect(externalLink('Run "5"', 'https://ci.example.com/?a=1&b="2"').toString()).toBe(
      '<a href="https://ci.example.com/?a=1&amp;b=%222%22" rel="noopener noreferrer"><bdi>Run &quot;5&quot;</bdi></a>',
    );
  });

  it('links a ticket only when it is an address', () => {
    expect(linkOrText('SHOP-1').toString()).toBe('<bdi>SHOP-1</bdi>');
    expect(linkOrText('https://tickets.example.com/1').toString()).toContain(
      'href="https://tickets.example.com/1"',
    );
  });
});
