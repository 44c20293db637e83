/** Far more than one service's metrics; a policy whose versions change fills this in months. */
const MOST_LONERS = 500;

/** Questions that are asked alone, the newest of them: each may be kilobytes of text, and they differ by version. */
export interface Loners {
  has(question: string): boolean;
  add(question: string): void;
}

export function createLoners(most = MOST_LONERS): Loners {
  const kept = new Set<string>();
  return {
    has: (question) => kept.has(question),
    add(question) {
      kept.delete(question);
      kept.add(question);
      for (const oldest of kept) {
        if (kept.size <= most) return;
        kept.delete(oldest);
      }
    },
  };
}
