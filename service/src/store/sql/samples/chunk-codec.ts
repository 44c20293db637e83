import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { ByteReader } from './byte-reader.js';
import { ByteWriter } from './byte-writer.js';
import { doublesFromPlanes, toPlanes } from './double-planes.js';
import type { Points } from './points.js';

/**
 * How the values of a chunk are written. Measured on 1,024 points (bytes per point, times included): integers
 * and decimals as differences of scaled integers, then deflate: 0.8 (whole percent), 0.9 (milliseconds), 1.2 (request
 * counter); Gorilla's XOR needs 1.2, 6.9 and 2.5 there. Full-precision noise as transposed bytes, then deflate: 6.9,
 * the same as Gorilla, and several times quicker to write in JavaScript than single bits.
 */
const format = { scaledIntegers: 1, doubles: 2 } as const;

/** Metrics are seldom reported with more than six decimals; beyond that the search costs more than it finds. */
const maxDecimals = 6;
/** Differences of two such integers, doubled for the sign, still fit a double exactly. */
const maxInteger = 2 ** 51;

/** Times must be integers (ms); values any finite double, which comes back bit by bit. */
export function encodeChunk(points: Points): Uint8Array {
  const writer = new ByteWriter();
  const decimals = decimalsOf(points.values);
  writer.byte(decimals === undefined ? format.doubles : format.scaledIntegers);
  writer.varint(points.timesMs.length);
  writeTimes(writer, points.timesMs);
  if (decimals === undefined) writer.bytes(toPlanes(points.values));
  else writeIntegers(writer, points.values, decimals);
  const level = decimals === undefined ? constants.Z_DEFAULT_COMPRESSION : constants.Z_BEST_SPEED;
  return deflateRawSync(writer.done(), { level });
}

/** @throws Error when the bytes are not a chunk of this or an earlier release */
export function decodeChunk(bytes: Uint8Array): Points {
  const reader = new ByteReader(inflateRawSync(bytes));
  const written = reader.byte();
  const count = reader.varint();
  const timesMs = readTimes(reader, count);
  if (written === format.scaledIntegers) return { timesMs, values: readIntegers(reader, count) };
  if (written === format.doubles) return { timesMs, values: doublesFromPlanes(reader.bytes(count * 8)) };
  throw new Error(`unknown format ${written} of stored points`);
}

/** Differences of differences: a regular series is a row of zeros. */
function writeTimes(writer: ByteWriter, timesMs: Float64Array): void {
  let previous = 0;
  let step = 0;
  for (const timeMs of timesMs) {
    const delta = timeMs - previous;
    writer.signed(delta - step);
    step = delta;
    previous = timeMs;
  }
}

function readTimes(reader: ByteReader, count: number): Float64Array {
  const timesMs = new Float64Array(count);
  let previous = 0;
  let step = 0;
  for (let index = 0; index < count; index += 1) {
    step += reader.signed();
    previous += step;
    timesMs[index] = previous;
  }
  return timesMs;
}

/** Smallest number of decimals that writes every value exactly; undefined when there is none. */
function decimalsOf(values: Float64Array): number | undefined {
  let decimals = 0;
  for (const value of values) {
    while (!isExact(value, decimals)) {
      decimals += 1;
      if (decimals > maxDecimals) return undefined;
    }
  }
  // More decimals may not suit a value that came earlier: large ones overflow.
  return values.every((value) => isExact(value, decimals)) ? decimals : undefined;
}

function isExact(value: number, decimals: number): boolean {
  const scale = 10 ** decimals;
  const integer = Math.round(value * scale);
  // Minus zero has no integer.
  return Math.abs(integer) < maxInteger && integer / scale === value && !Object.is(value, -0);
}

function writeIntegers(writer: ByteWriter, values: Float64Array, decimals: number): void {
  const scale = 10 ** decimals;
  writer.byte(decimals);
  let previous = 0;
  for (const value of values) {
    const integer = Math.round(value * scale);
    writer.signed(integer - previous);
    previous = integer;
  }
}

function readIntegers(reader: ByteReader, count: number): Float64Array {
  const scale = 10 ** reader.byte();
  const values = new Float64Array(count);
  let previous = 0;
  for (let index = 0; index < count; index += 1) {
    previous += reader.signed();
    values[index] = previous / scale;
  }
  return values;
}
