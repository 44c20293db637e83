import type { RandomSource } from '../src/statistical/random.js';
import {
  drawHarm,
  drawHarmless,
  drawSize,
  type Harm,
  type Harmless,
  inject,
} from '../src/learned/injection.js';
import { siteNoise } from '../src/learned/site-noise.js';
import type { WindowRequest } from '../src/learned/window-lines.js';
import { median } from '../src/statistical/quantile.js';
import type { Family, Unit } from './families.js';
import { quietDays, STRETCH } from './quiet-days.js';

/** A window whose truth is known. */
export interface SyntheticWindow {
  readonly request: WindowRequest;
  readonly harmful: boolean;
  readonly kind: Harm | Harmless | 'quiet' | 'began-before' | 'not-yet';
}

const HALF = STRETCH / 2;
const MOST_REFERENCES = 4;

/** Steps of the watch that have happened: often all, otherwise a declared look or any moment. */
export function drawLook(random: RandomSource): number {
  const kind = random.uniform();
  if (kind < 0.3) return HALF;
  if (kind < 0.6) return (HALF / 4) * (1 + random.integer(3));
  return 3 + random.integer(HALF - 2);
}

function drawReferences(random: RandomSource): number {
  return random.uniform() < 0.15 ? 0 : 1 + random.integer(MOST_REFERENCES);
}

interface Scene {
  readonly values: Float64Array;
  readonly today: number;
  readonly sign: 1 | -1;
  readonly unit: Unit;
  readonly noise: number;
  readonly random: RandomSource;
}

/** Lays a change over `[from, end of the day)`, where `day` begins at an index of the values. */
function lay(scene: Scene, kind: Harm | Harmless, day: number, from: number, size: number): void {
  const { values, unit, sign, noise, random } = scene;
  const level = median(values.subarray(day, day + HALF)) || 0;
  const quiet = values.slice(day + from, day + STRETCH);
  const changed = inject(kind, { quiet, level, noise, sign }, size, random);
  values.set(
    changed.map((value) => (Number.isNaN(value) ? NaN : unit.possible(value))),
    day + from,
  );
}

function onset(look: number, random: RandomSource): number {
  return random.uniform() < 0.55
    ? random.integer(Math.min(3, look))
    : random.integer(Math.max(1, Math.floor(0.8 * look)));
}

type Laid = SyntheticWindow['kind'];

function layHarm(scene: Scene, look: number): Laid {
  const kind = drawHarm(scene.random);
  lay(scene, kind, scene.today, HALF + onset(look, scene.random), drawSize(scene.random));
  return kind;
}

function layNothingHarmful(scene: Scene, look: number): Laid {
  const { random, today } = scene;
  const draw = random.uniform();
  if (draw < 0.55) return 'quiet';
  if (draw < 0.62) {
    lay(scene, 'level-shift', today, HALF - 5 - random.integer(45), drawSize(random));
    return 'began-before';
  }
  if (draw < 0.67) {
    if (look < HALF) lay(scene, drawHarm(random), today, HALF + look, drawSize(random));
    return 'not-yet';
  }
  const kind = drawHarmless(random);
  lay(scene, kind, today, HALF + (kind === 'warm-up' ? 0 : onset(look, random)), drawSize(random));
  return kind;
}

function layGaps(values: Float64Array, random: RandomSource): void {
  if (random.uniform() < 0.75) return;
  const share = 0.3 * random.uniform() ** 2;
  for (let index = 0; index < values.length; index++) if (random.uniform() < share) values[index] = NaN;
}

/**
 * A window of one family: half of them harmful, the others quiet, moved harmlessly, moved before the change, or moved on a day
 * of reference.
 *
 * @param random decides everything
 * @param look steps seen (default: drawn)
 */
export function syntheticWindow(
  family: Family,
  random: RandomSource,
  look = drawLook(random),
): SyntheticWindow {
  const references = drawReferences(random);
  const unit = family.unit(random);
  const days = quietDays(references + 1, family.noise, random);
  const values = new Float64Array(days.length * STRETCH);
  days.forEach((day, index) =>
    values.set(
      day.map((course) => unit.value(course)),
      index * STRETCH,
    ),
  );
  const today = references * STRETCH;
  const sign = random.uniform() < 0.5 ? 1 : -1;
  const noise = siteNoise(values.subarray(today, today + HALF), random);
  const scene: Scene = { values, today, sign, unit, noise, random };
  if (references > 0 && random.uniform() < 0.08) {
    lay(
      scene,
      drawHarm(random),
      STRETCH * random.integer(references),
      random.integer(STRETCH - 5),
      drawSize(random),
    );
  }
  const harmful = random.uniform() < 0.5;
  const kind = harmful ? layHarm(scene, look) : layNothingHarmful(scene, look);
  layGaps(values, random);
  return {
    harmful,
    kind,
    request: {
      values,
      at: today + HALF,
      look,
      plannedLooks: HALF,
      lags: Array.from({ length: references }, (_, index) => STRETCH * (index + 1)),
      direction: sign === 1 ? 'up' : 'down',
    },
  };
}
