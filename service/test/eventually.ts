import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again until there is an answer; fails with `what` after the limit. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  limitMs = 20_000,
): Promise<T> {
  const giveUpAtMs = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > giveUpAtMs) throw new Error(`gave up waiting for: ${what}`);
    await sleep(50);
  }
}
