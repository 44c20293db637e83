import { metricsRequest } from '../../src/ingest/otlp/messages.js';
import { packed, request1 } from '../../test/remote-write-messages.js';

/** What an agent of a fleet writes: every series once a scrape, in requests of some size. */
export interface Load {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Bodies of one scrape of all series. */
  readonly scrape: (timeMs: number, turn: number) => readonly Uint8Array[];
}

const PODS = 50;

/** Ten labels, as series of a Kubernetes cluster have them. */
function labelsOf(series: number): Readonly<Record<string, string>> {
  const pod = series % PODS;
  return {
    __name__: `http_server_requests_${Math.floor(series / PODS) % 40}_total`,
    code: '200',
    container: 'app',
    endpoint: 'metrics',
    instance: `10.0.${pod}.7:8080`,
    job: `shop/service-${pod % 10}`,
    method: 'GET',
    namespace: 'shop-production',
    path: `/api/v1/resource-${Math.floor(series / PODS / 40)}`,
    pod: `service-${pod % 10}-7d9f8b6c5d-${pod}`,
    version: `2.14.${pod % 2}`,
  };
}

function pieces(series: number, atOnce: number): readonly (readonly number[])[] {
  const all = Array.from({ length: series }, (_, index) => index);
  return Array.from({ length: Math.ceil(series / atOnce) }, (_, piece) =>
    all.slice(piece * atOnce, (piece + 1) * atOnce),
  );
}

/** A counter that grows by whole numbers. */
const valueAt = (series: number, turn: number): number => series + turn * (1 + (series % 7));

/** The same samples in each dialect. */
export function loads(series: number, atOnce: number): Readonly<Record<string, Load>> {
  const parts = pieces(series, atOnce);
  return {
    'remote-write': {
      path: '/api/v1/write',
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
      },
      scrape: (timeMs, turn) =>
        parts.map((part) =>
          packed(
            request1(
              part.map((each) => ({ labels: labelsOf(each), samples: [[timeMs, valueAt(each, turn)]] })),
            ),
          ),
        ),
    },
    'line protocol': {
      path: '/write?db=bench&precision=ms',
      headers: {},
      scrape: (timeMs, turn) =>
        parts.map((part) => {
          const lines = part.map((each) => {
            const { __name__: name, ...tags } = labelsOf(each);
            const written = Object.entries(tags).map(([tag, value]) => `${tag}=${value}`);
            return `${name ?? ''},${written.join(',')} value=${valueAt(each, turn)} ${timeMs}`;
          });
          return new TextEncoder().encode(lines.join('\n'));
        }),
    },
    'OTLP protobuf': {
      path: '/v1/metrics',
      headers: { 'content-type': 'application/x-protobuf' },
      scrape: (timeMs, turn) =>
        parts.map((part) => {
          const metrics = part.map((each) => {
            const { __name__: name = '', ...labels } = labelsOf(each);
            const attributes = Object.entries(labels).map(([key, stringValue]) => ({
              key,
              value: { stringValue },
            }));
            const point = {
              timeUnixNano: `${timeMs}000000`,
              startTimeUnixNano: '1',
              asDouble: valueAt(each, turn),
              attributes,
            };
            return { name, sum: { isMonotonic: true, aggregationTemporality: 2, dataPoints: [point] } };
          });
          return metricsRequest
            .encode(metricsRequest.fromObject({ resourceMetrics: [{ scopeMetrics: [{ metrics }] }] }))
            .finish();
        }),
    },
  };
}
