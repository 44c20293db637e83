import { addHistogram } from '../histograms/add-histogram.js';
import type { ReceivedSeries } from '../received-series.js';
import type { SampleSink } from '../sample-sink.js';
import type { NativePoint } from './native-histogram.js';

/** Takes in a native histogram, or counts why not. */
export function addNativePoint(
  sink: SampleSink,
  key: string,
  decode: () => ReceivedSeries,
  native: NativePoint,
): void {
  if (native.kind === 'point') addHistogram(sink, key, decode, native.point);
  else if (native.kind === 'stale') sink.refuse('no-value', 1, () => `${decode().metric} is stale`);
  else
    sink.refuse(
      'unsupported',
      1,
      () => `${decode().metric} is ${native.why}, which is not taken; send classic buckets`,
    );
}
