/** Reads what a ByteWriter wrote. @throws RangeError behind the end */
export class ByteReader {
  #at = 0;

  constructor(private readonly source: Uint8Array) {}

  byte(): number {
    const value = this.source[this.#at++];
    if (value === undefined) throw new RangeError('the stored points end too early');
    return value;
  }

  varint(): number {
    let value = 0;
    let factor = 1;
    for (;;) {
      const part = this.byte();
      if (part < 128) return value + part * factor;
      value += (part - 128) * factor;
      factor *= 128;
    }
  }

  signed(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  bytes(count: number): Uint8Array {
    if (this.#at + count > this.source.length) throw new RangeError('the stored points end too early');
    this.#at += count;
    return this.source.subarray(this.#at - count, this.#at);
  }
}
