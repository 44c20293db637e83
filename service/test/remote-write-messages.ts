import protobuf from 'protobufjs';
import { compress } from 'snappyjs';

/** The messages of remote-write, written down from its specifications; those of 1.0 have the same samples and histograms. */
const { root } = protobuf.parse(`
  syntax = "proto3";
  package io.prometheus.write.v2;
  message Request { reserved 1 to 3; repeated string symbols = 4; repeated TimeSeries timeseries = 5; }
  message TimeSeries {
    repeated uint32 labels_refs = 1; repeated Sample samples = 2; repeated Histogram histograms = 3;
    repeated Exemplar exemplars = 4; Metadata metadata = 5; int64 created_timestamp = 6;
  }
  message Exemplar { repeated uint32 labels_refs = 1; double value = 2; int64 timestamp = 3; }
  message Sample { double value = 1; int64 timestamp = 2; }
  message Metadata { uint32 type = 1; uint32 help_ref = 3; uint32 unit_ref = 4; }
  message BucketSpan { sint32 offset = 1; uint32 length = 2; }
  message Histogram {
    uint64 count_int = 1; double count_float = 2; double sum = 3; sint32 schema = 4; double zero_threshold = 5;
    uint64 zero_count_int = 6; double zero_count_float = 7;
    repeated BucketSpan negative_spans = 8; repeated sint64 negative_deltas = 9; repeated double negative_counts = 10;
    repeated BucketSpan positive_spans = 11; repeated sint64 positive_deltas = 12; repeated double positive_counts = 13;
    uint32 reset_hint = 14; int64 timestamp = 15; repeated double custom_values = 16;
  }
  message Request1 { repeated TimeSeries1 timeseries = 1; }
  message TimeSeries1 { repeated Label labels = 1; repeated Sample samples = 2; repeated Histogram histograms = 4; }
  message Label { string name = 1; string value = 2; }
`);
const request1Message = root.lookupType('io.prometheus.write.v2.Request1');
const request = root.lookupType('io.prometheus.write.v2.Request');

export const HEADERS_2 = {
  'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
  'content-encoding': 'snappy',
  'x-prometheus-remote-write-version': '2.0.0',
};

interface WrittenSeries {
  readonly labels: Readonly<Record<string, string>>;
  readonly samples?: readonly (readonly [timeMs: number, value: number])[];
  readonly histograms?: readonly Readonly<Record<string, unknown>>[];
  /** 1 counter, 2 gauge, 3 histogram. */
  readonly type?: number;
  readonly unit?: string;
}

/** A request of remote-write 2.0, unpacked. */
export function request2(series: readonly WrittenSeries[]): Uint8Array {
  const symbols = [''];
  const refer = (text: string): number => {
    const known = symbols.indexOf(text);
    return known === -1 ? symbols.push(text) - 1 : known;
  };
  const timeseries = series.map(({ labels, samples = [], histograms = [], type = 0, unit = '' }) => ({
    labelsRefs: Object.entries(labels).flatMap(([name, value]) => [refer(name), refer(value)]),
    samples: samples.map(([timestamp, value]) => ({ timestamp, value })),
    exemplars: [{ labelsRefs: [refer('trace_id'), refer('abc')], value: 1, timestamp: 1 }],
    histograms,
    metadata: { type, unitRef: refer(unit), helpRef: refer('what it is') },
  }));
  return request.encode(request.fromObject({ symbols, timeseries })).finish();
}

/** A request of remote-write 1.0, unpacked. */
export function request1(series: readonly WrittenSeries[]): Uint8Array {
  const timeseries = series.map(({ labels, samples = [], histograms = [] }) => ({
    labels: Object.entries(labels).map(([name, value]) => ({ name, value })),
    samples: samples.map(([timestamp, value]) => ({ timestamp, value })),
    histograms,
  }));
  return request1Message.encode(request1Message.fromObject({ timeseries })).finish();
}

export const packed = (message: Uint8Array): Uint8Array => compress(message);
