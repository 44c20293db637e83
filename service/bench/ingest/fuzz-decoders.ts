import fc from 'fast-check';
import { seriesFault } from '../../src/ingest/check-series.js';
import { parseExposition } from '../../src/ingest/exposition/parse-exposition.js';
import { decodeLines } from '../../src/ingest/line-protocol/decode-lines.js';
import { decodeMetrics } from '../../src/ingest/otlp/decode-metrics.js';
import { metricsRequest } from '../../src/ingest/otlp/messages.js';
import { PayloadError } from '../../src/ingest/payload-error.js';
import { decodeWriteRequest2 } from '../../src/ingest/remote-write/decode-write-request-2.js';
import { decodeWriteRequest } from '../../src/ingest/remote-write/decode-write-request.js';
import { unpackSnappy } from '../../src/ingest/remote-write/unpack-snappy.js';
import type { SampleSink } from '../../src/ingest/sample-sink.js';
import { SeriesBooks } from '../../src/ingest/series-books.js';
import { packed, request1, request2 } from '../../test/remote-write-messages.js';

const NOW_MS = 1_769_860_800_000;
const MAX_UNPACKED = 1_000_000;
/** No input of a few hundred bytes may take longer. */
const MAX_MS = 2_000;

export interface Decoder {
  /** A body that is right, of which broken ones are made. */
  readonly whole: Uint8Array;
  /** Samples in it. */
  readonly samples: number;
  readonly decode: (bytes: Uint8Array, sink: SampleSink) => void;
}

const text = (written: string): Uint8Array => new TextEncoder().encode(written);
const read = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const written = [
  {
    ...{ labels: { __name__: 'm', job: 'cart' }, type: 1, unit: 's' },
    samples: [
      [NOW_MS, 1],
      [NOW_MS + 1, 2.5],
    ] as const,
    histograms: [
      {
        ...{ countInt: 5, schema: 2, zeroCountInt: 1, zeroThreshold: 0.1, sum: 3, timestamp: NOW_MS },
        ...{ positiveSpans: [{ offset: 2, length: 2 }], positiveDeltas: [4, -3] },
      },
    ],
  },
];

const otlpRequest = {
  resourceMetrics: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'cart' } }] },
      scopeMetrics: [
        {
          metrics: [
            {
              name: 'g',
              unit: 's',
              gauge: { dataPoints: [{ timeUnixNano: `${NOW_MS}000000`, asDouble: 1.5 }] },
            },
            {
              name: 's',
              sum: {
                isMonotonic: true,
                aggregationTemporality: 1,
                dataPoints: [
                  {
                    startTimeUnixNano: '1',
                    timeUnixNano: `${NOW_MS}000000`,
                    asInt: '5',
                    attributes: [{ key: 'a', value: { arrayValue: { values: [{ intValue: '1' }] } } }],
                  },
                ],
              },
            },
            {
              name: 'h',
              histogram: {
                aggregationTemporality: 2,
                dataPoints: [
                  {
                    timeUnixNano: `${NOW_MS}000000`,
                    count: '3',
                    sum: 2,
                    bucketCounts: ['1', '2'],
                    explicitBounds: [0.5],
                  },
                ],
              },
            },
            {
              name: 'e',
              exponentialHistogram: {
                aggregationTemporality: 1,
                dataPoints: [
                  {
                    timeUnixNano: `${NOW_MS}000000`,
                    count: '3',
                    scale: 4,
                    zeroCount: '1',
                    positive: { offset: -3, bucketCounts: ['1', '1'] },
                  },
                ],
              },
            },
            {
              name: 'y',
              summary: {
                dataPoints: [
                  {
                    timeUnixNano: `${NOW_MS}000000`,
                    count: '3',
                    sum: 2,
                    quantileValues: [{ quantile: 0.5, value: 1 }],
                  },
                ],
              },
            },
          ],
        },
      ],
    },
  ],
};

/** Everything that reads what somebody else wrote. */
export const decoders: Readonly<Record<string, Decoder>> = {
  snappy: {
    whole: packed(text('a text that repeats, a text that repeats, a text that repeats')),
    samples: 0,
    decode: (bytes) => void unpackSnappy(bytes, MAX_UNPACKED),
  },
  'remote-write 1.0': { whole: request1(written), samples: 10, decode: decodeWriteRequest },
  'remote-write 2.0': {
    whole: request2(written),
    samples: 10,
    decode: decodeWriteRequest2,
  },
  'OTLP protobuf': {
    whole: metricsRequest.encode(metricsRequest.fromObject(otlpRequest)).finish(),
    samples: 15,
    decode: (bytes, sink) => decodeMetrics(bytes, 'protobuf', sink),
  },
  'OTLP JSON': {
    whole: text(JSON.stringify(otlpRequest)),
    samples: 15,
    decode: (bytes, sink) => decodeMetrics(bytes, 'json', sink),
  },
  'line protocol': {
    whole: text(
      `cpu,host=a\\ b,c=d idle=12.5,n=3i,ok=t,note="a, \\"b\\" c" ${NOW_MS}000000\n# no\nm value=1u\n`,
    ),
    samples: 4,
    decode: (bytes, sink) => decodeLines(read(bytes), 'ns', NOW_MS, sink),
  },
  exposition: {
    whole: text(
      `# TYPE a counter\na_total{x="1\\"2",y="z"} 5 ${NOW_MS / 1_000} # {t="1"} 1\nb -1e5\nc NaN\n# EOF\n`,
    ),
    samples: 2,
    decode: (bytes, sink) =>
      parseExposition(read(bytes), { format: 'openmetrics', nowMs: NOW_MS, labels: { job: 'j' } }, sink),
  },
};

/** Bytes at random, or a right body with some of them changed, taken out, doubled or cut off. */
function broken(whole: Uint8Array): fc.Arbitrary<Uint8Array> {
  const change = fc.record({
    at: fc.nat(whole.length - 1),
    kind: fc.constantFrom('set', 'remove', 'double', 'cut'),
    byte: fc.nat(255),
    length: fc.integer({ min: 1, max: 20 }),
  });
  const changed = fc.array(change, { minLength: 1, maxLength: 6 }).map((changes) => {
    let bytes = [...whole];
    for (const { at, kind, byte, length } of changes) {
      if (kind === 'set') bytes[Math.min(at, bytes.length - 1)] = byte;
      else if (kind === 'remove') bytes.splice(at, length);
      else if (kind === 'double') bytes.splice(at, 0, ...bytes.slice(at, at + length));
      else bytes = bytes.slice(0, at);
    }
    return Uint8Array.from(bytes);
  });
  return fc.oneof(
    { weight: 4, arbitrary: changed },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  );
}

/**
 * Gives a decoder broken inputs: each is taken in or refused with a `PayloadError`, within its time, and what is taken could be stored.
 * @throws Error with the input and the seed otherwise
 */
export function fuzz({ whole, samples, decode }: Decoder, runs: number, seed: number): void {
  const books = new SeriesBooks({
    rules: [],
    maxSeriesPerToken: 1_000,
    maxFutureMs: 600_000,
    maxAgeMs: 3e9,
    clock: () => NOW_MS,
  });
  const right = books.sink({ id: 'fuzz', project: 'default' });
  decode(whole, right);
  if (right.gather().samples !== samples) throw new Error('the right body is not read whole');
  fc.assert(
    fc.property(broken(whole), (bytes) => {
      const sink = books.sink({ id: 'fuzz', project: 'default' });
      const startedAt = performance.now();
      try {
        decode(bytes, sink);
      } catch (error) {
        if (!(error instanceof PayloadError)) throw error;
      }
      if (performance.now() - startedAt > MAX_MS) throw new Error('it took too long');
      for (const { timesMs, values, ...series } of sink.gather().batches) {
        const fault = seriesFault(series);
        if (fault !== undefined) throw new Error(fault);
        if (
          !timesMs.every((time, index) => Number.isInteger(time) && time > (timesMs[index - 1] ?? -Infinity))
        )
          throw new Error('times do not ascend');
        if (!values.every(Number.isFinite)) throw new Error('a value is not finite');
      }
      sink.stored();
    }),
    { numRuns: runs, seed },
  );
}
