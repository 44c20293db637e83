/** A 64-bit number as the protobuf library reads it. */
export type Wide = number | { readonly low: number; readonly high: number; readonly unsigned: boolean };

/** As a double: exact up to 2^53, which is far beyond any count; nanoseconds lose what lies below a microsecond. */
export function wide(value: Wide = 0): number {
  if (typeof value === 'number') return value;
  return (value.unsigned ? value.high >>> 0 : value.high) * 2 ** 32 + (value.low >>> 0);
}

/**
 * An `ExportMetricsServiceRequest` as the protobuf library reads it: lists and numbers that were not sent are empty and zero, messages are null,
 * and `value` names the one of several that was sent. Times are nanoseconds since 1970.
 */
export interface MetricsRequest {
  readonly resourceMetrics: readonly {
    readonly resource?: null | { readonly attributes: readonly Attribute[] };
    readonly scopeMetrics: readonly { readonly metrics: readonly OtlpMetric[] }[];
  }[];
}

export interface OtlpMetric {
  readonly name?: string;
  readonly unit?: string;
  readonly gauge?: null | { readonly dataPoints: readonly NumberPoint[] };
  readonly sum?: null | (Tempered<NumberPoint> & { readonly isMonotonic?: boolean });
  readonly histogram?: null | Tempered<ExplicitPoint>;
  readonly exponentialHistogram?: null | Tempered<ExponentialPoint>;
  readonly summary?: null | { readonly dataPoints: readonly SummaryPoint[] };
}

interface Tempered<Point> {
  readonly dataPoints: readonly Point[];
  /** 1 is delta, 2 cumulative. */
  readonly aggregationTemporality?: number;
}

export interface DataPoint {
  readonly startTimeUnixNano?: Wide;
  readonly timeUnixNano?: Wide;
  /** Each a `KeyValue`, not decoded. */
  readonly attributes: readonly Uint8Array[];
  /** Its lowest bit: there is no value. */
  readonly flags?: number;
}

export interface NumberPoint extends DataPoint {
  readonly value?: 'asDouble' | 'asInt';
  readonly asDouble?: number;
  readonly asInt?: Wide;
}

export interface ExplicitPoint extends DataPoint {
  readonly count?: Wide;
  readonly sum?: number;
  readonly bucketCounts: readonly Wide[];
  readonly explicitBounds: readonly number[];
}

interface Buckets {
  readonly offset?: number;
  readonly bucketCounts: readonly Wide[];
}

export interface ExponentialPoint extends DataPoint {
  readonly count?: Wide;
  readonly sum?: number;
  readonly scale?: number;
  readonly zeroCount?: Wide;
  readonly zeroThreshold?: number;
  readonly positive?: null | Buckets;
  readonly negative?: null | Buckets;
}

export interface SummaryPoint extends DataPoint {
  readonly count?: Wide;
  readonly sum?: number;
  readonly quantileValues: readonly { readonly quantile?: number; readonly value?: number }[];
}

export interface Attribute {
  readonly key?: string;
  readonly value?: null | AnyValue;
}

export interface AnyValue {
  readonly value?: 'stringValue' | 'boolValue' | 'intValue' | 'doubleValue' | 'arrayValue';
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: Wide;
  readonly doubleValue?: number;
  readonly arrayValue?: null | { readonly values: readonly AnyValue[] };
}
