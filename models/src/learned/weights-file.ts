import { INPUT_SIZE } from './window-shape.js';
import { sizeOf, WEIGHT_SHAPES, type Weights } from './network.js';

/** What a stored model is, beside its numbers. */
export interface LearnedModel {
  /** `<name>/<version>`, named in verdicts. */
  readonly name: string;
  readonly weights: Weights;
  /** Logits that the training backend gave for `selfTestBatch`: every backend must give them again. */
  readonly selfTest: readonly number[];
}

interface Header {
  readonly format: string;
  readonly name: string;
  readonly inputSize: number;
  readonly arrays: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly selfTest: readonly number[];
}

/** Changes whenever lines, features or the network change their meaning. */
const FORMAT = 'bellwether-learned-1';
const LENGTH_BYTES = 4;
const FLOAT_BYTES = 4;

function arraysOf(): Header['arrays'] {
  return WEIGHT_SHAPES.map(({ name, shape }) => ({ name, shape }));
}

/** A model as bytes: length of the header (uint32), header (JSON), then all weights as float32, everything little-endian. */
export function encodeModel(model: LearnedModel): Uint8Array {
  const header: Header = {
    format: FORMAT,
    name: model.name,
    inputSize: INPUT_SIZE,
    arrays: arraysOf(),
    selfTest: model.selfTest,
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const count = WEIGHT_SHAPES.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  const bytes = new Uint8Array(LENGTH_BYTES + text.length + FLOAT_BYTES * count);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, text.length, true);
  bytes.set(text, LENGTH_BYTES);
  let offset = LENGTH_BYTES + text.length;
  for (const { name } of WEIGHT_SHAPES) {
    for (const value of model.weights.get(name) ?? []) {
      view.setFloat32(offset, value, true);
      offset += FLOAT_BYTES;
    }
  }
  return bytes;
}

function decodeHeader(bytes: Uint8Array): { readonly header: Partial<Header>; readonly end: number } {
  if (bytes.length < LENGTH_BYTES) throw new Error('learned model: the file is empty or cut off');
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
  const end = LENGTH_BYTES + length;
  if (end > bytes.length) throw new Error('learned model: the header is cut off, or this is no model file');
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(LENGTH_BYTES, end));
    return { header: JSON.parse(text) as Partial<Header>, end };
  } catch (cause) {
    throw new Error('learned model: the header is not JSON; give the weights file of an artefact', { cause });
  }
}

function checkHeader(header: Partial<Header>): asserts header is Header {
  if (header.format !== FORMAT) {
    throw new Error(
      `learned model: format is ${String(header.format)}, this build reads ${FORMAT}; use the artefact that came with this build or train it again`,
    );
  }
  const same = JSON.stringify(header.arrays) === JSON.stringify(arraysOf());
  if (!same || header.inputSize !== INPUT_SIZE) {
    throw new Error('learned model: arrays differ from what this build computes; train it again');
  }
  if (typeof header.name !== 'string' || !Array.isArray(header.selfTest) || header.selfTest.length === 0) {
    throw new Error('learned model: name or selfTest is missing; train it again');
  }
}

/**
 * Reads what `encodeModel` wrote.
 *
 * @throws Error that names the field when the bytes are cut off, of another format, or hold a number that is not finite
 */
export function decodeModel(bytes: Uint8Array): LearnedModel {
  const { header, end } = decodeHeader(bytes);
  checkHeader(header);
  const view = new DataView(bytes.buffer, bytes.byteOffset + end);
  const weights = new Map<string, Float32Array>();
  let offset = 0;
  for (const { name, shape } of WEIGHT_SHAPES) {
    const values = new Float32Array(sizeOf(shape));
    if (end + offset + FLOAT_BYTES * values.length > bytes.length)
      throw new Error(`learned model: ${name} is cut off`);
    for (let index = 0; index < values.length; index++, offset += FLOAT_BYTES) {
      values[index] = view.getFloat32(offset, true);
    }
    if (!values.every(Number.isFinite))
      throw new Error(`learned model: ${name} holds a number that is not finite`);
    weights.set(name, values);
  }
  if (end + offset !== bytes.length) throw new Error('learned model: there are bytes after the last array');
  return { name: header.name, weights, selfTest: header.selfTest };
}
