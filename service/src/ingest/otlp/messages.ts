import protobuf from 'protobufjs/light.js';

const one = (type: string, id: number) => ({ type, id });
const many = (type: string, id: number) => ({ rule: 'repeated' as const, type, id });

/** What every data point has of time. */
const times = { startTimeUnixNano: one('fixed64', 2), timeUnixNano: one('fixed64', 3) };

/**
 * `opentelemetry.proto.collector.metrics.v1` as published, without the fields that are not read (descriptions, exemplars, extremes, dropped
 * counts): a reader passes over what it does not know.
 *
 * @param attribute how attributes of data points are read: as `KeyValue`, or as the `bytes` of one. They are most of a request and always the same.
 */
const rootWith = (attribute: 'KeyValue' | 'bytes'): protobuf.Root =>
  protobuf.Root.fromJSON({
    nested: {
      ExportMetricsServiceRequest: { fields: { resourceMetrics: many('ResourceMetrics', 1) } },
      ExportMetricsServiceResponse: { fields: { partialSuccess: one('PartialSuccess', 1) } },
      PartialSuccess: { fields: { rejectedDataPoints: one('int64', 1), errorMessage: one('string', 2) } },
      Status: { fields: { code: one('int32', 1), message: one('string', 2) } },
      ResourceMetrics: { fields: { resource: one('Resource', 1), scopeMetrics: many('ScopeMetrics', 2) } },
      Resource: { fields: { attributes: many('KeyValue', 1) } },
      ScopeMetrics: { fields: { metrics: many('Metric', 2) } },
      Metric: {
        fields: {
          name: one('string', 1),
          unit: one('string', 3),
          gauge: one('Gauge', 5),
          sum: one('Sum', 7),
          histogram: one('Histogram', 9),
          exponentialHistogram: one('ExponentialHistogram', 10),
          summary: one('Summary', 11),
        },
      },
      AggregationTemporality: {
        values: {
          AGGREGATION_TEMPORALITY_UNSPECIFIED: 0,
          AGGREGATION_TEMPORALITY_DELTA: 1,
          AGGREGATION_TEMPORALITY_CUMULATIVE: 2,
        },
      },
      Gauge: { fields: { dataPoints: many('NumberDataPoint', 1) } },
      Sum: {
        fields: {
          dataPoints: many('NumberDataPoint', 1),
          aggregationTemporality: one('AggregationTemporality', 2),
          isMonotonic: one('bool', 3),
        },
      },
      Histogram: {
        fields: {
          dataPoints: many('HistogramDataPoint', 1),
          aggregationTemporality: one('AggregationTemporality', 2),
        },
      },
      ExponentialHistogram: {
        fields: {
          dataPoints: many('ExponentialHistogramDataPoint', 1),
          aggregationTemporality: one('AggregationTemporality', 2),
        },
      },
      Summary: { fields: { dataPoints: many('SummaryDataPoint', 1) } },
      NumberDataPoint: {
        oneofs: { value: { oneof: ['asDouble', 'asInt'] } },
        fields: {
          ...times,
          asDouble: one('double', 4),
          asInt: one('sfixed64', 6),
          attributes: many(attribute, 7),
          flags: one('uint32', 8),
        },
      },
      HistogramDataPoint: {
        fields: {
          ...times,
          count: one('fixed64', 4),
          sum: one('double', 5),
          bucketCounts: many('fixed64', 6),
          explicitBounds: many('double', 7),
          attributes: many(attribute, 9),
          flags: one('uint32', 10),
        },
      },
      ExponentialHistogramDataPoint: {
        fields: {
          ...times,
          attributes: many(attribute, 1),
          count: one('fixed64', 4),
          sum: one('double', 5),
          scale: one('sint32', 6),
          zeroCount: one('fixed64', 7),
          positive: one('Buckets', 8),
          negative: one('Buckets', 9),
          flags: one('uint32', 10),
          zeroThreshold: one('double', 14),
        },
      },
      Buckets: { fields: { offset: one('sint32', 1), bucketCounts: many('uint64', 2) } },
      SummaryDataPoint: {
        fields: {
          ...times,
          count: one('fixed64', 4),
          sum: one('double', 5),
          quantileValues: many('ValueAtQuantile', 6),
          attributes: many(attribute, 7),
          flags: one('uint32', 8),
        },
      },
      ValueAtQuantile: { fields: { quantile: one('double', 1), value: one('double', 2) } },
      KeyValue: { fields: { key: one('string', 1), value: one('AnyValue', 2) } },
      AnyValue: {
        oneofs: { value: { oneof: ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'arrayValue'] } },
        fields: {
          stringValue: one('string', 1),
          boolValue: one('bool', 2),
          intValue: one('int64', 3),
          doubleValue: one('double', 4),
          arrayValue: one('ArrayValue', 5),
        },
      },
      ArrayValue: { fields: { values: many('AnyValue', 1) } },
    },
  });

const root = rootWith('KeyValue');

export const metricsRequest = root.lookupType('ExportMetricsServiceRequest');
/** The same, the attributes of data points left as bytes. */
export const rawMetricsRequest = rootWith('bytes').lookupType('ExportMetricsServiceRequest');
export const attributeMessage = root.lookupType('KeyValue');
export const metricsResponse = root.lookupType('ExportMetricsServiceResponse');
export const statusMessage = root.lookupType('Status');
