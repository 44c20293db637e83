import { useEffect, useState } from 'react';

/** Whether the first picture is out: what nobody can use before is made after it. */
export function useIsPainted(): boolean {
  const [isPainted, setPainted] = useState(false);
  useEffect(() => {
    const painted = setTimeout(() => setPainted(true));
    return () => clearTimeout(painted);
  }, []);
  return isPainted;
}
