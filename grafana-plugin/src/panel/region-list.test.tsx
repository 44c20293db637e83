import { fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { region, wireVerdict } from '../verdicts/region.test-support.js';
import { RegionList } from './region-list.js';

const props = {
  chosenId: undefined,
  isLoading: false,
  isUnknown: false,
  service: 'checkout',
  height: 36,
  timeZone: 'utc',
  onChoose: vi.fn(),
};

describe('the list of deployments', () => {
  it('names each one and its verdict in words', () => {
    const regions = [region(), region({ id: 'd-2', latestVerdict: wireVerdict({ verdict: 'continue' }) }, 5)];
    render(<RegionList {...props} regions={regions} />);
    expect(screen.getAllByRole('button').map((chip) => chip.getAttribute('aria-label'))).toEqual([
      'checkout in production, v1 → v2: Continue, harm 97 %',
      'checkout in production, v1 → v2: Roll back, harm 97 %',
    ]);
  });

  it('goes from one to the next with the arrow keys, and no further than the last', () => {
    render(<RegionList {...props} regions={[region(), region({ id: 'd-2' }, 5)]} />);
    const [first, second] = screen.getAllByRole('button');
    first?.focus();
    for (const expected of [second, second]) {
      fireEvent.keyDown(document.activeElement ?? document.body, { key: 'ArrowRight' });
      expect(document.activeElement).toBe(expected);
    }
    expect(props.onChoose).toHaveBeenLastCalledWith('d-1');
  });

  it.each([
    [{}, 'No deployment of checkout in this range.'],
    [{ isLoading: true }, 'Asking for deployments …'],
    [{ isUnknown: true }, 'Deployments are not known while the service does not answer.'],
    [{ service: '' }, 'No deployment in this range.'],
  ])('says why it is empty: %j', (change, text) => {
    render(<RegionList {...props} {...change} regions={[]} />);
    expect(screen.getByText(text)).toBeTruthy();
  });

  it('is no list of hundreds', () => {
    const regions = Array.from({ length: 200 }, (_, index) => region({ id: `d-${index}` }, index));
    render(<RegionList {...props} regions={regions} />);
    expect(screen.getAllByRole('button')).toHaveLength(12);
    expect(screen.getByText('and 188 more')).toBeTruthy();
  });
});
