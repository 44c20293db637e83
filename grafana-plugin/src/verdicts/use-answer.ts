import { useCallback, useEffect, useRef, useState } from 'react';
import { type ServiceTrouble, troubleOf } from './service-trouble.js';

/** What the service answered last. After a failure the answer before it stays, beside what went wrong. */
export interface Answer<T> {
  readonly answer: T | undefined;
  readonly trouble: ServiceTrouble | undefined;
  readonly isLoading: boolean;
  readonly retry: () => void;
}

/**
 * Asks the service, again whenever `question` changes; an answer to an older question is dropped.
 * @param question stands for everything that `ask` depends on; undefined asks nothing
 */
export function useAnswer<T>(question: string | undefined, ask: () => Promise<T>): Answer<T> {
  const [found, setFound] = useState<{ readonly answer: T | undefined; readonly trouble?: ServiceTrouble }>();
  const [attempt, setAttempt] = useState(0);
  const newest = useRef(ask);
  newest.current = ask;
  useEffect(() => {
    if (question === undefined) return undefined;
    let isCurrent = true;
    // What is known already is painted first; and of questions that follow each other at once, the last alone is asked.
    const asking = setTimeout(() => {
      newest.current().then(
        (answer) => {
          if (isCurrent) setFound({ answer });
        },
        (error: unknown) => {
          if (isCurrent) setFound((before) => ({ answer: before?.answer, trouble: troubleOf(error) }));
        },
      );
    });
    return () => {
      isCurrent = false;
      clearTimeout(asking);
    };
  }, [question, attempt]);
  const retry = useCallback(() => setAttempt((before) => before + 1), []);
  return { answer: found?.answer, trouble: found?.trouble, isLoading: found === undefined, retry };
}
