import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { artifactFolder } from './artifact-folder.js';
import { SHIPPED_PLAN } from './train-model.js';

const place = (change: object, out?: string) =>
  artifactFolder({ ...SHIPPED_PLAN, ...change }, 'm/1', 'artifacts', out);

describe('artifactFolder', () => {
  it('is that of the shipped artefacts for the shipped plan', () => {
    expect(place({})).toBe(join(resolve('artifacts'), 'm/1'));
    expect(place({}, 'mine')).toBe(join(resolve('mine'), 'm/1'));
  });

  it.each([{ steps: 50 }, { seed: 2 }, { blind: 'lines' }])('is never it for another plan (%o)', (change) => {
    expect(() => place(change)).toThrow('--out must name another folder');
    expect(() => place(change, './artifacts/')).toThrow('--out must name another folder');
    expect(place(change, 'mine')).toBe(join(resolve('mine'), 'm/1'));
  });
});
