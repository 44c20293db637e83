/** What the script below finds: the text that is hardest to read, and its contrast, 1–21. */
export interface Contrast {
  readonly ratio: number;
  readonly where: string;
}

/**
 * A script for a browser page: WCAG 2 contrast of every visible text against what lies behind it; yields the worst as `Contrast`.
 * Gradients count with each of their colours, half-transparent colours as they mix. It is text because it runs in the page, not here.
 */
export const worstContrastScript = `(() => {
  const parse = (text) => {
    const [r = 0, g = 0, b = 0, a = 1] = (text.match(/[\\d.]+/g) ?? []).map(Number);
    return [r, g, b, a];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const linear = (channel) => (channel <= 10 ? channel / 3294.6 : ((channel / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (element) => {
    if (element === null) return [parse(matchMedia('(prefers-color-scheme: dark)').matches ? 'rgb(0,0,0)' : 'rgb(255,255,255)')];
    const style = getComputedStyle(element);
    const gradient = style.backgroundImage.match(/rgba?\\([^)]*\\)/g);
    if (gradient !== null) return gradient.map(parse);
    const own = parse(style.backgroundColor);
    return own[3] === 1 ? [own] : behind(element.parentElement).map((below) => over(own, below));
  };
  let worst = { ratio: 21, where: 'no text' };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent.trim();
    if (text === '' || !element.checkVisibility() || ['title', 'desc'].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    for (const below of behind(element)) {
      const ink = over(parse(element instanceof SVGElement ? style.fill : style.color), below);
      const [light, dark] = [luminance(ink), luminance(below)].sort((a, b) => b - a);
      const ratio = (light + 0.05) / (dark + 0.05);
      if (ratio < worst.ratio) worst = { ratio, where: element.tagName + '.' + element.getAttribute('class') + ' “' + text.slice(0, 40) + '”' };
    }
  }
  return worst;
})()`;
