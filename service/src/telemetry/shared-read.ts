/** The gauges of one scrape share what was read; two scrapers or probes at once share it too. */
const SHARED_FOR_MS = 500;

/** Asks at most once in half a second, a failure included: nobody can make it ask more often by asking more often. */
export function shared<T>(read: () => Promise<T>): () => Promise<T> {
  let last: { readonly answer: Promise<T>; readonly at: number } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at > SHARED_FOR_MS) last = { answer: read(), at: now };
    return last.answer;
  };
}
