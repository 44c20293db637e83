import { RadioButtonGroup } from '@grafana/ui';
import { type ReactNode, useState } from 'react';
import { say } from '../words/say.js';

const periods = [1, 7, 30, 90].map((value) => ({ value, label: say('page.days', { days: value }) }));

/** How many days back a page looks, and the field that sets it. */
export function usePeriod(): { readonly days: number; readonly field: ReactNode } {
  const [days, setDays] = useState(7);
  return { days, field: <RadioButtonGroup options={periods} value={days} onChange={setDays} /> };
}
