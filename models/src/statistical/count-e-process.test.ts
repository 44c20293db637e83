import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logCountEValue, mixtureLogCountEValue, type ArmCounts } from './count-e-process.js';
import { createRandom } from './random.js';

fc.configureGlobal({ seed: 20240917 });

const directions = ['up', 'down', 'both'] as const;
type Case = ArmCounts & Readonly<Record<(typeof directions)[number], number>>;
const reference = JSON.parse(
  readFileSync(new URL('../../../fixtures/reference/count-e-process.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] };

const shares = fc.integer({ min: 1, max: 99 }).map((percent) => percent / 100);
const counts = fc.oneof(fc.nat(5), fc.nat(500), fc.nat(1_000_000), fc.nat(500_000_000));
const direction = fc.constantFrom(...directions);

describe('logCountEValue', () => {
  it.each(reference.cases)(
    'matches numerical integration of its definition at $eventsTreatment/$eventsControl, share $treatmentShare',
    (one) => {
      for (const side of directions) {
        // A thousandth of a millionth of the 1e9 cancelled units is all that 1e9 events leave room for.
        expect(Math.abs(logCountEValue({ ...one, direction: side }) - one[side]), side).toBeLessThan(1e-6);
      }
    },
  );

  it('is a martingale under equal rates: its mean after the next event is its value before', () => {
    fc.assert(
      fc.property(
        counts,
        counts,
        shares,
        direction,
        (eventsTreatment, eventsControl, treatmentShare, side) => {
          const at = (k1: number, k0: number): number =>
            logCountEValue({ eventsTreatment: k1, eventsControl: k0, treatmentShare, direction: side });
          const now = at(eventsTreatment, eventsControl);
          const next =
            treatmentShare * Math.exp(at(eventsTreatment + 1, eventsControl) - now) +
            (1 - treatmentShare) * Math.exp(at(eventsTreatment, eventsControl + 1) - now);
          expect(Math.abs(next - 1)).toBeLessThan(1e-5);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('has mean 1 over all outcomes of 400 events', () => {
    for (const share of [0.05, 0.5, 0.9]) {
      let mean = 0;
      let logProbability = 400 * Math.log(1 - share);
      for (let k = 0; k <= 400; k += 1) {
        const counted = { eventsTreatment: k, eventsControl: 400 - k, treatmentShare: share };
        mean += Math.exp(logProbability + logCountEValue({ ...counted, direction: 'up' }));
        logProbability += Math.log(((400 - k) / (k + 1)) * (share / (1 - share)));
      }
      expect(mean).toBeCloseTo(1, 8);
    }
  });

  it.each(
    [0.1, 0.5, 0.9].flatMap((share) => [5, 100, 10_000].map((eventsPerLook) => ({ share, eventsPerLook }))),
  )(
    'keeps α = 5 % over 60 looks at share $share, $eventsPerLook events a look',
    ({ share, eventsPerLook }) => {
      const random = createRandom(31);
      const rounds = 400;
      let alarms = 0;
      for (let round = 0; round < rounds; round += 1) {
        let peak = 0;
        let [eventsTreatment, eventsControl] = [0, 0];
        for (let look = 0; look < 60; look += 1) {
          eventsTreatment += random.poisson(eventsPerLook * share);
          eventsControl += random.poisson(eventsPerLook * (1 - share));
          const input = { eventsTreatment, eventsControl, treatmentShare: share, direction: 'up' } as const;
          peak = Math.max(peak, logCountEValue(input));
        }
        if (peak >= Math.log(20)) alarms += 1;
      }
      expect(alarms / rounds).toBeLessThan(0.05);
    },
  );

  it('finds a fivefold rate within a few dozen events', () => {
    const random = createRandom(32);
    const needed: number[] = [];
    for (let round = 0; round < 200; round += 1) {
      let [eventsTreatment, eventsControl, evidence] = [0, 0, 0];
      while (evidence < Math.log(20) && eventsTreatment + eventsControl < 2000) {
        if (random.uniform() < 0.5 / 1.4) eventsTreatment += 1;
        else eventsControl += 1;
        evidence = logCountEValue({ eventsTreatment, eventsControl, treatmentShare: 0.1, direction: 'up' });
      }
      needed.push(eventsTreatment + eventsControl);
    }
    expect(needed.sort((p, q) => p - q)[100]).toBeLessThan(30);
    expect(needed.at(-1)).toBeLessThan(200);
  });

  it('is exact at zero events, and grows with each event against none', () => {
    for (const share of [1e-6, 0.02, 0.5, 0.999]) {
      for (const side of directions) {
        const none = { eventsTreatment: 0, eventsControl: 0, treatmentShare: share, direction: side };
        expect(logCountEValue(none)).toBe(0);
      }
    }
    const real = (eventsTreatment: number): number =>
      logCountEValue({ eventsTreatment, eventsControl: 0, treatmentShare: 0.5, direction: 'up' });
    expect(real(4)).toBeLessThan(Math.log(20));
    expect(real(8)).toBeGreaterThan(Math.log(20));
  });

  it('never falls when a harmful event is added, mirrors under swap, and has no side without traffic', () => {
    fc.assert(
      fc.property(counts, counts, shares, (k1, k0, treatmentShare) => {
        const input = { eventsTreatment: k1, eventsControl: k0, treatmentShare };
        const up = logCountEValue({ ...input, direction: 'up' });
        const swapped = { eventsTreatment: k0, eventsControl: k1, treatmentShare: 1 - treatmentShare };
        const room = 1e-6;
        expect(logCountEValue({ ...input, eventsTreatment: k1 + 1, direction: 'up' })).toBeGreaterThan(
          up - room,
        );
        expect(logCountEValue({ ...input, eventsControl: k0 + 1, direction: 'up' })).toBeLessThan(up + room);
        expect(Math.abs(logCountEValue({ ...swapped, direction: 'down' }) - up)).toBeLessThan(
          room * (1 + Math.abs(up)),
        );
        expect(logCountEValue({ ...input, treatmentShare: 0, direction: 'up' })).toBe(0);
        expect(logCountEValue({ ...input, treatmentShare: 1, direction: 'up' })).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('weakens with dispersion', () => {
    const input = { eventsTreatment: 60, eventsControl: 20, treatmentShare: 0.5, direction: 'up' } as const;
    expect(logCountEValue({ ...input, dispersion: 4 })).toBeCloseTo(
      logCountEValue({ ...input, eventsTreatment: 15, eventsControl: 5 }),
      12,
    );
    expect(logCountEValue({ ...input, dispersion: 4 })).toBeLessThan(logCountEValue(input));
  });

  it('names what is out of range', () => {
    const input = { eventsTreatment: 1, eventsControl: 1, treatmentShare: 0.5, direction: 'up' } as const;
    expect(() => logCountEValue({ ...input, eventsTreatment: -1 })).toThrow(
      'events must be finite and at least 0',
    );
    expect(() => logCountEValue({ ...input, eventsControl: NaN })).toThrow(
      'events must be finite and at least 0',
    );
    expect(() => logCountEValue({ ...input, treatmentShare: 1.2 })).toThrow(
      'treatmentShare must lie in [0, 1]',
    );
    expect(() => logCountEValue({ ...input, dispersion: 0.5 })).toThrow(
      'dispersion must be finite and at least 1',
    );
  });
});

describe('mixtureLogCountEValue', () => {
  const increment = fc.record({
    eventsTreatment: fc.nat(50),
    eventsControl: fc.nat(50),
    treatmentShare: shares,
  });

  it('is a martingale from interval to interval, whatever the share', () => {
    fc.assert(
      fc.property(fc.array(increment, { maxLength: 8 }), shares, direction, (past, treatmentShare, side) => {
        const now = mixtureLogCountEValue(past, side);
        const after = (eventsTreatment: number): number =>
          Math.exp(
            mixtureLogCountEValue(
              [...past, { eventsTreatment, eventsControl: 1 - eventsTreatment, treatmentShare }],
              side,
            ) - now,
          );
        expect(treatmentShare * after(1) + (1 - treatmentShare) * after(0)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('depends on nothing but the sums while the share is fixed, and not on order', () => {
    fc.assert(
      fc.property(fc.array(increment, { maxLength: 8 }), direction, (increments, side) => {
        expect(mixtureLogCountEValue([...increments].reverse(), side)).toBeCloseTo(
          mixtureLogCountEValue(increments, side),
          8,
        );
        const fixed = increments.map((one) => ({ ...one, treatmentShare: 0.25 }));
        const total = (key: 'eventsTreatment' | 'eventsControl'): number =>
          fixed.reduce((sum, one) => sum + one[key], 0);
        const summed = {
          eventsTreatment: total('eventsTreatment'),
          eventsControl: total('eventsControl'),
          treatmentShare: 0.25,
        };
        expect(mixtureLogCountEValue([summed], side)).toBeCloseTo(mixtureLogCountEValue(fixed, side), 8);
      }),
    );
  });

  it.each([5, 100, 10_000])(
    'keeps α = 5 % while share and rate wander, %d events a look',
    (eventsPerLook) => {
      const random = createRandom(33);
      const rounds = 120;
      let alarms = 0;
      for (let round = 0; round < rounds; round += 1) {
        const increments: ArmCounts[] = [];
        let peak = 0;
        for (let look = 0; look < 60; look += 1) {
          const treatmentShare = 0.05 + 0.9 * random.uniform();
          const rate = eventsPerLook * (0.2 + random.uniform());
          increments.push({
            eventsTreatment: random.poisson(rate * treatmentShare),
            eventsControl: random.poisson(rate * (1 - treatmentShare)),
            treatmentShare,
          });
          peak = Math.max(peak, mixtureLogCountEValue(increments, 'up'));
        }
        if (peak >= Math.log(20)) alarms += 1;
      }
      expect(alarms / rounds).toBeLessThan(0.05);
    },
  );

  it('sees what a fixed-share comparison of the sums would blame on the share', () => {
    // Equal rates; the treated arm had most of the traffic only while the rate was high.
    const calm = { eventsTreatment: 1, eventsControl: 9, treatmentShare: 0.1 };
    const busy = { eventsTreatment: 900, eventsControl: 100, treatmentShare: 0.9 };
    const increments = Array.from({ length: 40 }, (_, i) => (i < 20 ? calm : busy));
    expect(mixtureLogCountEValue(increments, 'up')).toBeLessThan(0);
    const sums = { eventsTreatment: 20 * 901, eventsControl: 20 * 109, treatmentShare: 0.5 };
    expect(logCountEValue({ ...sums, direction: 'up' })).toBeGreaterThan(1000);
  });

  it('is 0 for nothing, and passes over intervals with a single arm', () => {
    expect(mixtureLogCountEValue([], 'both')).toBe(0);
    expect(mixtureLogCountEValue([{ eventsTreatment: 5, eventsControl: 0, treatmentShare: 1 }], 'up')).toBe(
      0,
    );
    expect(() =>
      mixtureLogCountEValue([{ eventsTreatment: 5, eventsControl: 0, treatmentShare: NaN }], 'up'),
    ).toThrow('treatmentShare');
  });
});
