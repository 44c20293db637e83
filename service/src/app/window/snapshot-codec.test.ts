import { describe, expect, it } from 'vitest';
import { sampleSnapshot } from '../../engine/sample-snapshot.test-support.js';
import { decodeSnapshot, encodeSnapshot } from './snapshot-codec.js';

const snapshot = sampleSnapshot(
  {
    treatment: {
      shape: 'ratio',
      events: Float64Array.from([0, NaN, 2]),
      totals: Float64Array.from([10, NaN, 1e9 + 0.5]),
    },
    control: { shape: 'gauge', values: Float64Array.from([0.1, -0, 3]) },
  },
  { excluded: [[0, 1]] },
);

describe('snapshot codec', () => {
  it('gives back the same snapshot, missing samples included', () => {
    expect(decodeSnapshot(encodeSnapshot(snapshot))).toEqual(snapshot);
  });
  it('gives the same bytes for the same content', () => {
    expect(encodeSnapshot(structuredClone(snapshot))).toEqual(encodeSnapshot(snapshot));
  });
  it('keeps why a history could not be read', () => {
    const [metric] = snapshot.metrics;
    if (metric === undefined) throw new Error('the snapshot has no metric');
    const problem = { code: 'too-many-series', metric: 'errors', text: '2 match' };
    const troubled = { ...snapshot, metrics: [{ ...metric, problem }] };
    expect(decodeSnapshot(encodeSnapshot(troubled))).toEqual(troubled);
  });
  it('reads arrays wherever in memory they lie, and keeps none of that memory', () => {
    const bytes = encodeSnapshot(snapshot);
    for (let shift = 0; shift < 8; shift++) {
      const room = new Uint8Array(bytes.length + shift);
      room.set(bytes, shift);
      const decoded = decodeSnapshot(room.subarray(shift));
      room.fill(0);
      expect(decoded).toEqual(snapshot);
    }
  });
  it('refuses bytes that are cut short', () => {
    expect(() => decodeSnapshot(encodeSnapshot(snapshot).subarray(0, -1))).toThrow(/cut short/);
  });
  it('refuses bytes of another version', () => {
    const text = Buffer.from(JSON.stringify({ version: 9 }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    expect(() => decodeSnapshot(Buffer.concat([length, text]))).toThrow(/version 9/);
  });
});
