import { expect, test } from 'vitest';
import { lastDeployment, lastRestart } from './last-deployment.js';

const grid = { fromMs: 0, stepMs: 60_000 };
function version(name: string, fromMinute: number, toMinute: number) {
  const minutes = Array.from({ length: toMinute - fromMinute + 1 }, (_, i) => fromMinute + i);
  return { metric: { version: name }, values: minutes.map((minute) => [minute * 60, '3'] as const) };
}

test('the newest version that came up counts, with what ran before it', () => {
  const series = [
    version('1.1', 300, 1_440),
    version('1.0', 0, 302),
    version('1.2', 800, 1_440),
    version('', 900, 999),
  ];
  expect(lastDeployment(series, grid)).toEqual({
    version: '1.2',
    previousVersion: '1.1',
    atMs: 799 * 60_000,
  });
  expect(lastDeployment(series.slice(0, 2), grid)).toMatchObject({ version: '1.1', previousVersion: '1.0' });
});

test('a version that was there all the time was deployed at an unknown time', () => {
  expect(lastDeployment([version('1.0', 0, 1_440)], grid)).toBeUndefined();
  expect(lastDeployment([], grid)).toBeUndefined();
  expect(lastDeployment([{ metric: { version: '1' }, values: [] }], grid)).toBeUndefined();
});

test('a service that begins has no version before', () => {
  expect(lastDeployment([version('1.0', 700, 1_440)], grid)).toEqual({ version: '1.0', atMs: 699 * 60_000 });
});

test('a restart counts within the range only', () => {
  const started = (seconds: string) => [{ metric: {}, values: [[100, seconds] as const] }];
  expect(lastRestart(started('50'), 40_000)).toMatchObject({ atMs: 50_000 });
  expect(lastRestart(started('30'), 40_000)).toBeUndefined();
  expect(lastRestart(started('NaN'), 40_000)).toBeUndefined();
  expect(lastRestart([], 40_000)).toBeUndefined();
});
