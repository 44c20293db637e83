import { describe, expect, it } from 'vitest';
import { shownStatus, statusBadge } from './metric-card.js';

describe('how the card of a metric shows that it moved', () => {
  it('calls a surprise that nobody knows the direction of a change, not harm', () => {
    const surprise = { direction: 'both', criticality: 'advisory' } as const;
    expect(shownStatus({ status: 'harmed' }, surprise)).toBe('changed');
    expect(String(statusBadge('changed'))).toContain('Changed');
  });

  it.each([
    [{ direction: 'up', criticality: 'advisory' }],
    [{ direction: 'both', criticality: 'normal' }],
    [undefined],
  ] as const)('calls it harm where the policy says so: %o', (spec) => {
    expect(shownStatus({ status: 'harmed' }, spec)).toBe('harmed');
  });

  it('leaves what is not harm as it is', () => {
    const surprise = { direction: 'both', criticality: 'advisory' } as const;
    expect(shownStatus({ status: 'moved' }, surprise)).toBe('moved');
  });
});
