import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/index.js';
import { allPeers } from './all-peers.js';
import type { Peer, PeerWindow } from './peer.js';
import { runPeer } from './run-peer.js';

fc.configureGlobal({ seed: 20261123 });

const MINUTE_MS = 60_000;

interface Shape {
  readonly seed: number;
  readonly looks?: number;
  readonly days?: number;
  /** Autoregression at lag 1. */
  readonly phi?: number;
  /** Amplitude of the daily wave, in standard deviations. */
  readonly season?: number;
  /** Added to the values since the change, in standard deviations. */
  readonly shift?: number;
  readonly metrics?: number;
  readonly intervalMs?: number;
}

/** Metrics at about 100 with a standard deviation of 5. */
function drawWindow(shape: Shape): PeerWindow {
  const {
    looks = 30,
    days = 3,
    phi = 0,
    season = 0,
    shift = 0,
    metrics = 1,
    intervalMs = 5 * MINUTE_MS,
  } = shape;
  const random = createRandom(shape.seed);
  const day = 86_400_000 / intervalMs;
  const before = Math.round(days * day);
  return {
    intervalMs,
    looks,
    metrics: Array.from({ length: metrics }, (_, metric) => {
      let state = random.normal();
      const values = Float64Array.from({ length: before + looks }, (_value, k) => {
        state = phi * state + Math.sqrt(1 - phi * phi) * random.normal();
        const wave = season * Math.sin((2 * Math.PI * k) / day);
        return 100 + 5 * (state + wave + (metric === 0 && k >= before ? shift : 0));
      });
      return {
        kind: 'latency',
        direction: 'up',
        past: values.slice(0, before),
        treatment: values.slice(before),
      };
    }),
  };
}

function peerNamed(name: string): Peer {
  const found = allPeers.find((peer) => peer.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

function alarmShare(name: string, rounds: number, shape: Omit<Shape, 'seed'>): number {
  const peer = peerNamed(name);
  let alarms = 0;
  for (let round = 1; round <= rounds; round += 1)
    if (runPeer(peer, drawWindow({ ...shape, seed: round })).verdict === 'rollback') alarms += 1;
  return alarms / rounds;
}

describe('peers', () => {
  it('have names and sources of their own', () => {
    expect(new Set(allPeers.map(({ name }) => name)).size).toBe(allPeers.length);
    for (const { source } of allPeers) expect(source).not.toBe('');
  });

  it.each(allPeers.map((peer) => [peer.name, peer] as const))(
    '%s finds a large shift and scores it higher',
    (_, peer) => {
      const found = runPeer(peer, drawWindow({ seed: 4, shift: 12 }));
      expect(found.verdict).toBe('rollback');
      expect(found.look).toBeLessThanOrEqual(peer.cadence === 'once' ? 30 : 6);
      expect(found.score).toBeGreaterThan(runPeer(peer, drawWindow({ seed: 4 })).score);
    },
  );

  it.each(allPeers.map((peer) => [peer.name, peer] as const))(
    '%s sees nothing behind the look that decides',
    (_, peer) => {
      for (let seed = 1; seed <= 6; seed += 1) {
        const window = drawWindow({ seed, shift: 2, phi: 0.5 });
        const { verdict, look } = runPeer(peer, window);
        const [metric] = window.metrics;
        if (metric === undefined) throw new Error('a window without metrics');
        const treatment = metric.treatment.map((value, k) => (k >= look ? -1e6 * k : value));
        const changed = runPeer(peer, { ...window, metrics: [{ ...metric, treatment }] });
        if (verdict === 'rollback') expect(changed).toMatchObject({ verdict, look });
      }
    },
  );

  it.each(allPeers.map((peer) => [peer.name, peer] as const))('%s has an answer for bad input', (_, peer) => {
    const values = fc.array(
      fc.oneof(
        fc.constantFrom(NaN, 0, 1, Infinity, -Infinity, -5, 1e300),
        fc.double({ min: -10, max: 10, noNaN: true }),
      ),
      { maxLength: 120 },
    );
    fc.assert(
      fc.property(
        values,
        fc.array(fc.constantFrom(NaN, 0, 1, 7, -3), { minLength: 12, maxLength: 12 }),
        fc.boolean(),
        (past, live, hasControl) => {
          const treatment = Float64Array.from(live);
          const verdict = runPeer(peer, {
            intervalMs: 3_600_000,
            looks: 12,
            metrics: [
              {
                kind: 'error',
                direction: 'both',
                past: Float64Array.from(past),
                treatment,
                ...(hasControl ? { control: treatment.toReversed() } : {}),
              },
            ],
          });
          expect(verdict.score).toBeGreaterThanOrEqual(0);
          expect(Number.isFinite(verdict.score)).toBe(true);
          expect(verdict.look).toBeGreaterThanOrEqual(1);
          expect(verdict.look).toBeLessThanOrEqual(12);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('say so where there is no metric', () => {
    const empty = { intervalMs: MINUTE_MS, looks: 5, metrics: [] };
    for (const peer of allPeers.filter(({ name }) => !name.startsWith('kayenta')))
      expect(runPeer(peer, empty).verdict).toBe('inconclusive');
  });
});

describe('false alarms, as they are known', () => {
  // 3.5 standard errors of 2 % over 300 rounds, one direction of two, are 2 %.
  it.each(['mann-whitney-once', 'welch-once', 'kolmogorov-smirnov-once'])(
    '%s keeps its level on independent values of one metric',
    (name) => {
      expect(alarmShare(name, 300, { days: 0.5 })).toBeLessThan(0.04);
    },
  );

  it('rise with every look, with autocorrelation and with the number of metrics', () => {
    const once = alarmShare('mann-whitney-once', 150, { days: 0.5 });
    expect(alarmShare('mann-whitney', 150, { days: 0.5 })).toBeGreaterThan(once + 0.02);
    expect(alarmShare('mann-whitney-once', 150, { days: 0.5, phi: 0.8 })).toBeGreaterThan(once + 0.15);
    expect(alarmShare('welch-once', 60, { days: 0.5, metrics: 20 })).toBeGreaterThan(0.1);
  });

  it('of the seasonal residual do not rise with a season, those of Kayenta do', () => {
    const wave = { season: 4, days: 3.1 };
    expect(alarmShare('seasonal-residual-once', 60, wave)).toBeLessThan(0.05);
    expect(alarmShare('kayenta-once', 60, { season: 4, days: 3 })).toBeGreaterThan(0.5);
  });

  it('of 3 σ are about 1 − 0.9987ⁿ', () => {
    const share = alarmShare('three-sigma', 400, { days: 0.5, looks: 60 });
    // With the spread estimated from 60 values more: 0.08 for 60 independent looks at the known one.
    expect(share).toBeGreaterThan(0.04);
    expect(share).toBeLessThan(0.25);
  });
});
