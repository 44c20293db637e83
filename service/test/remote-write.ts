/** A series as it goes into a server over the remote-write protocol. */
export interface WrittenSeries {
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly (readonly [timeMs: number, value: number])[];
  readonly histograms?: readonly NativeHistogram[];
}

/** A native histogram of schema 0: bucket i holds what is above 2^(i−1) and at most 2^i. */
interface NativeHistogram {
  readonly timeMs: number;
  /** Position of the first bucket. */
  readonly first: number;
  readonly counts: readonly number[];
  /** Observations of exactly zero. */
  readonly zeros: number;
}

/** Writes series into a real server (protocol 1.0: protobuf in a snappy block), as an agent would. */
export async function remoteWrite(url: string, series: readonly WrittenSeries[]): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-protobuf',
      'content-encoding': 'snappy',
      'x-prometheus-remote-write-version': '0.1.0',
    },
    body: snappy(Buffer.concat(series.map((one) => field(1, timeSeries(one))))),
  });
  if (!response.ok) throw new Error(`remote write: ${response.status} ${await response.text()}`);
}

function timeSeries({ metric, labels, points, histograms = [] }: WrittenSeries): Buffer {
  const sorted = Object.entries({ ...labels, __name__: metric }).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.concat([
    ...sorted.map(([name, value]) => field(1, Buffer.concat([text(1, name), text(2, value)]))),
    ...points.map(([timeMs, value]) => field(2, sample(timeMs, value))),
    ...histograms.map((histogram) => field(4, nativeHistogram(histogram))),
  ]);
}

/** Counts as integers: the first, then differences, each with its sign in the lowest bit. */
function nativeHistogram({ timeMs, first, counts, zeros }: NativeHistogram): Buffer {
  const signed = (value: number): Buffer => varint(value < 0 ? -2 * value - 1 : 2 * value);
  const total = counts.reduce((sum, count) => sum + count, zeros);
  const deltas = counts.map((count, i) => signed(count - (counts[i - 1] ?? 0)));
  return Buffer.concat([
    Buffer.from([1 << 3]),
    varint(total),
    Buffer.from([6 << 3]),
    varint(zeros),
    field(
      11,
      Buffer.concat([Buffer.from([1 << 3]), signed(first), Buffer.from([2 << 3]), varint(counts.length)]),
    ),
    field(12, Buffer.concat(deltas)),
    Buffer.from([15 << 3]),
    varint(timeMs),
  ]);
}

function sample(timeMs: number, value: number): Buffer {
  const double = Buffer.alloc(9);
  double[0] = (1 << 3) | 1;
  double.writeDoubleLE(value, 1);
  return Buffer.concat([double, Buffer.from([2 << 3]), varint(timeMs)]);
}

function text(number: number, value: string): Buffer {
  return field(number, Buffer.from(value));
}

/** A length-delimited field. */
function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}

/** A valid snappy block that compresses nothing: literals of at most 64 KiB. */
function snappy(content: Buffer): Buffer<ArrayBuffer> {
  const parts: Buffer[] = [varint(content.length)];
  for (let from = 0; from < content.length; from += 65_536) {
    const literal = content.subarray(from, from + 65_536);
    const head = Buffer.from([61 << 2, 0, 0]);
    head.writeUInt16LE(literal.length - 1, 1);
    parts.push(head, literal);
  }
  return Buffer.concat(parts);
}
