/** The package brings no types. */
declare module 'snappyjs' {
  /** @throws Error for anything that is no block of snappy, or is longer than `maxLength` */
  export function uncompress(compressed: Uint8Array, maxLength?: number): Uint8Array;
  export function compress(uncompressed: Uint8Array): Uint8Array;
}
