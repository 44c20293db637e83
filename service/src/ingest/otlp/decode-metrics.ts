import { decoding } from '../protobuf-fields.js';
import { PayloadError } from '../payload-error.js';
import type { SampleSink } from '../sample-sink.js';
import { addMetric } from './add-metric.js';
import { resourceLabels } from './attribute-labels.js';
import { metricsRequest, rawMetricsRequest } from './messages.js';
import type { MetricsRequest } from './request.js';

/** How a body is written: as protobuf, or as the JSON that is its equal. */
export type OtlpEncoding = 'protobuf' | 'json';

/**
 * Decodes an `ExportMetricsServiceRequest` into a sink.
 * @throws PayloadError `malformed`
 */
export function decodeMetrics(bytes: Uint8Array, encoding: OtlpEncoding, sink: SampleSink): void {
  const request = decoding(`OTLP metrics request (${encoding})`, () => {
    const encoded = encoding === 'protobuf' ? bytes : encodedJson(bytes);
    // A Buffer, for texts of it are made in one go.
    const message: unknown = rawMetricsRequest.decode(
      Buffer.from(encoded.buffer, encoded.byteOffset, encoded.length),
    );
    return message as MetricsRequest;
  });
  for (const { resource, scopeMetrics } of request.resourceMetrics) {
    const labels = resourceLabels(resource?.attributes ?? []);
    const resourceKey = JSON.stringify(labels);
    for (const { metrics } of scopeMetrics)
      for (const metric of metrics)
        addMetric(
          { sink, resource: labels, resourceKey, metric: metricName(metric.name), unit: unitOf(metric.unit) },
          metric,
        );
  }
}

/** What is written as JSON is read by the mapping of protobuf, and goes the same way from there. */
function encodedJson(bytes: Uint8Array): Uint8Array {
  return metricsRequest.encode(metricsRequest.fromObject(parse(bytes))).finish();
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new PayloadError('malformed', 'the body is no JSON object');
}

/** OpenTelemetry allows `-` and `/`, which a policy cannot write; dots stay. */
function metricName(name = ''): string {
  return name.replaceAll(/[-/]/g, '_');
}

/** Annotations in braces and the unit 1 are no units. */
function unitOf(unit = ''): string | undefined {
  return /^[A-Za-z%][A-Za-z0-9%/.]{0,39}$/.test(unit) ? unit : undefined;
}
