/** Bytes of a double. */
const width = 8;

/**
 * Writes doubles byte plane by byte plane (all first bytes, then all second bytes, …; least significant first): signs
 * and exponents, which hardly change, come to lie together for the compressor.
 */
export function toPlanes(values: Float64Array): Uint8Array {
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  const planes = new Uint8Array(values.byteLength);
  for (let plane = 0; plane < width; plane += 1) {
    for (let index = 0; index < values.length; index += 1) {
      // Byte order is the machine's: every machine that this is built for is little-endian.
      planes[plane * values.length + index] = view.getUint8(index * width + plane);
    }
  }
  return planes;
}

/** Inverse of `toPlanes`. */
export function doublesFromPlanes(planes: Uint8Array): Float64Array {
  const values = new Float64Array(planes.length / width);
  const bytes = new Uint8Array(values.buffer);
  for (let plane = 0; plane < width; plane += 1) {
    for (let index = 0; index < values.length; index += 1) {
      bytes[index * width + plane] = planes[plane * values.length + index] ?? 0;
    }
  }
  return values;
}
