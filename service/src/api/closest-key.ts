/**
 * The known key nearest to a mistyped one by edit distance (insertions, deletions, substitutions, swapped neighbours), or
 * undefined when none is near: at most a third of the longer word may differ. Case and `_`/`-` are ignored.
 *
 * Source: optimal string alignment distance (Damerau 1964, restricted form).
 * @example closestKey('alhpa', ['alpha', 'prior']) // 'alpha'
 */
export function closestKey(word: string, known: readonly string[]): string | undefined {
  const folded = fold(word).slice(0, LONGEST_COMPARED);
  let best: { readonly key: string; readonly distance: number } | undefined;
  for (const key of known) {
    const distance = editDistance(folded, fold(key));
    const allowed = Math.max(1, Math.floor(Math.max(folded.length, key.length) / 3));
    if (distance <= allowed && (best === undefined || distance < best.distance)) best = { key, distance };
  }
  return best?.key;
}

/** Longer words are cut before comparing, so that a hostile key costs nothing. */
const LONGEST_COMPARED = 64;

function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[_\-\s]/g, '');
}

function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (beforeLast[j - 2] ?? 0) + 1 : Infinity;
      row.push(Math.min(change, swap, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
