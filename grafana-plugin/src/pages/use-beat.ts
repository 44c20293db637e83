import { useEffect, useState } from 'react';

/** A number that rises every so many milliseconds, for what is followed live. */
export function useBeat(everyMs: number): number {
  const [beat, setBeat] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setBeat((before) => before + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return beat;
}
