import type { Caller } from '../app/use-cases.js';
import type { HttpLimits } from './limits.js';
import { RequestError } from './request-error.js';

/** Counts connections that stay open. */
export interface StreamSlots {
  /** Takes a place; call the result once to give it back. @throws RequestError `too-many` */
  readonly take: (caller: Pick<Caller, 'authentication'>) => () => void;
}

/** Bounds open streams and long polls, of one token and of all together. */
export function createStreamSlots(limits: Pick<HttpLimits, 'streams' | 'streamsPerToken'>): StreamSlots {
  const openByToken = new Map<string, number>();
  let open = 0;
  return {
    take: ({ authentication }) => {
      const mine = openByToken.get(authentication) ?? 0;
      if (open >= limits.streams || mine >= limits.streamsPerToken) {
        throw new RequestError(
          'too-many',
          'Too many streams and long polls are open; close some, or poll without wait.',
          {
            retryAfterSeconds: 5,
          },
        );
      }
      open += 1;
      openByToken.set(authentication, mine + 1);
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        open -= 1;
        const left = (openByToken.get(authentication) ?? 1) - 1;
        if (left === 0) openByToken.delete(authentication);
        else openByToken.set(authentication, left);
      };
    },
  };
}
