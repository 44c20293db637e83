import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { createCalibrationMetrics } from './calibration-metrics.js';
import { scraped } from './test-scrape.js';

const place = { project: 'default', service: 'cart', environment: 'prod' };
const labels = '{project="default",service="cart",environment="prod"}';

it('shows the realised rate of each service beside α, and counts checks from the start', async () => {
  const registry = new Registry();
  const metrics = createCalibrationMetrics(registry);
  expect(await scraped(registry, 'bellwether_calibration_checks_total{outcome="rolled-back"}')).toBe(0);
  metrics.checked('rolled-back');
  const standing = { alpha: 0.05, judged: 40, rolledBack: 2, level: 0.95, notJudged: 1, isOff: false };
  metrics.stands(place, { ...standing, rate: 0.05, low: 0.003, high: 0.2 });
  const values = [
    'judged',
    'false_rollback_rate',
    'false_rollback_rate_low',
    'false_rollback_rate_high',
    'alpha',
  ];
  const read = await Promise.all(
    values.map((name) => scraped(registry, `bellwether_calibration_${name}${labels}`)),
  );
  expect(read).toEqual([40, 0.05, 0.003, 0.2, 0.05]);
  metrics.gone(place);
  expect(await registry.metrics()).not.toContain('service="cart"');
  expect(await scraped(registry, 'bellwether_calibration_checks_total{outcome="rolled-back"}')).toBe(1);
});

it('shows the rate of a service of which nothing could be judged as not a number', async () => {
  const registry = new Registry();
  const none = {
    alpha: 0.05,
    judged: 0,
    rolledBack: 0,
    low: 0,
    high: 1,
    level: 0.95,
    notJudged: 3,
    isOff: false,
  };
  createCalibrationMetrics(registry).stands(place, none);
  expect(await scraped(registry, `bellwether_calibration_false_rollback_rate${labels}`)).toBeNaN();
});
