import { endianness } from 'node:os';
import { armLines, type Arm, type MetricHistory, type Snapshot } from '@bellwether/models';

// Arrays are copied as they lie in memory, and their bytes must be the same everywhere: every platform of Node 20 but s390x and AIX.
if (endianness() !== 'LE') throw new Error('Bellwether needs a little-endian processor');

/** A histogram is written with its bounds, which say how many arrays it has. JSON knows no infinity: null is the bucket without an end. */
type Shape = 'gauge' | 'ratio' | { readonly upperBounds: readonly (number | null)[] };
interface Header {
  readonly version: 1;
  readonly snapshot: Omit<Snapshot, 'metrics'>;
  readonly metrics: readonly {
    readonly rule: MetricHistory['rule'];
    readonly problem?: MetricHistory['problem'];
    readonly treatment: Shape;
    readonly control?: Shape;
  }[];
}

/**
 * A snapshot as bytes: 4-byte little-endian header length, JSON header, then every array as little-endian float64 in order
 * (treatment before control; events before totals; buckets as they ascend). Equal snapshots give equal bytes, so their hash is their address.
 */
export function encodeSnapshot(snapshot: Snapshot): Uint8Array {
  const { metrics, ...rest } = snapshot;
  const header: Header = {
    version: 1,
    snapshot: rest,
    metrics: metrics.map((m) => ({
      rule: m.rule,
      treatment: shapeOf(m.treatment),
      ...(m.control ? { control: shapeOf(m.control) } : {}),
      ...(m.problem ? { problem: m.problem } : {}),
    })),
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  const arrays = metrics.flatMap((m) => [
    ...armLines(m.treatment),
    ...(m.control ? armLines(m.control) : []),
  ]);
  return Buffer.concat([
    length,
    text,
    ...arrays.map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength)),
  ]);
}

/** Inverse of {@link encodeSnapshot}. @throws Error when the bytes are of another version */
export function decodeSnapshot(bytes: Uint8Array): Snapshot {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = buffer.readUInt32LE(0);
  const header = JSON.parse(buffer.toString('utf8', 4, 4 + headerLength)) as Header;
  if ((header.version as number) !== 1)
    throw new Error(`snapshot version ${header.version} is not known to this build`);
  const size = header.snapshot.changeIndex;
  let offset = 4 + headerLength;
  const take = (): Float64Array => {
    const from = offset;
    offset += size * Float64Array.BYTES_PER_ELEMENT;
    if (offset > bytes.byteLength) throw new Error('snapshot is cut short');
    // A copy, because the header leaves the arrays at addresses that no Float64Array may start at.
    return new Float64Array(copyOf(bytes, from, offset));
  };
  const arm = (shape: Shape): Arm => {
    if (shape === 'gauge') return { shape, values: take() };
    if (shape === 'ratio') return { shape, events: take(), totals: take() };
    const upperBounds = Float64Array.from(shape.upperBounds, (bound) => bound ?? Infinity);
    return { shape: 'histogram', upperBounds, counts: Array.from(upperBounds, take) };
  };
  return {
    ...header.snapshot,
    metrics: header.metrics.map((m) => ({
      rule: m.rule,
      treatment: arm(m.treatment),
      ...(m.control ? { control: arm(m.control) } : {}),
      ...(m.problem ? { problem: m.problem } : {}),
    })),
  };
}

function copyOf(bytes: Uint8Array, from: number, to: number): ArrayBuffer {
  const copy = new ArrayBuffer(to - from);
  new Uint8Array(copy).set(bytes.subarray(from, to));
  return copy;
}

function shapeOf(arm: Arm): Shape {
  if (arm.shape !== 'histogram') return arm.shape;
  return { upperBounds: Array.from(arm.upperBounds, (bound) => (Number.isFinite(bound) ? bound : null)) };
}
