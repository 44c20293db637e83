import { monitorEventLoopDelay, type IntervalHistogram } from 'node:perf_hooks';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import { BUILD_LABELS } from './build.js';

/** How finely the event loop is watched. */
const RESOLUTION_MS = 10;
/** Gauges that bear the suffix of counters and repeat what their namesakes without it say per type. */
const MISNAMED = [
  'nodejs_active_handles_total',
  'nodejs_active_requests_total',
  'nodejs_active_resources_total',
];

/** Registers the process's own metrics: prom-client's, build information, and how long the event loop was held up. */
export function createProcessMetrics(registry: Registry): { readonly stop: () => void } {
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const registers = [registry];
  new Gauge({
    name: 'bellwether_build_info',
    help: 'Always 1; the labels say what runs.',
    labelNames: Object.keys(BUILD_LABELS),
    registers,
  }).set(BUILD_LABELS, 1);
  const delay = createDelayWindow();
  new Gauge({
    name: 'bellwether_event_loop_delay_seconds',
    help: 'How long the event loop was held up since the scrape before the last: median, 99th percentile and longest.',
    labelNames: ['statistic'] as const,
    registers,
    collect() {
      for (const [statistic, seconds] of Object.entries(delay.read())) this.set({ statistic }, seconds);
    },
  });
  return { stop: delay.stop };
}

interface DelayWindow {
  /** Delays in seconds since the read before the last; begins a new window. */
  read(): { readonly p50: number; readonly p99: number; readonly max: number };
  readonly stop: () => void;
}

/** Two windows that overlap: one that was just begun sees nothing before its first tick, so that a stall right after a read would be lost. */
function createDelayWindow(): DelayWindow {
  let [older, newer] = [begin(), begin()];
  return {
    read() {
      const { count, max } = older;
      const delays = {
        p50: seconds(count === 0 ? 0 : older.percentile(50)),
        p99: seconds(count === 0 ? 0 : older.percentile(99)),
        max: seconds(count === 0 ? 0 : max),
      };
      older.disable();
      [older, newer] = [newer, begin()];
      return delays;
    },
    stop() {
      older.disable();
      newer.disable();
    },
  };
}

function begin(): IntervalHistogram {
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  return histogram;
}

/** What is measured is the time between two ticks of a timer, so that an idle loop shows the timer's period. */
function seconds(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e9 - RESOLUTION_MS / 1e3);
}
