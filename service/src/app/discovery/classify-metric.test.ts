import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyMetric, type Classification, type MetricFacts } from './classify-metric.js';

const NOTHING = new Set<string>();
function classified(metric: string, labels = '', facts: Partial<MetricFacts> = {}, siblings = NOTHING) {
  const labelNames = new Set(labels.split(' ').filter((name) => name !== ''));
  return classifyMetric({ metric, labelNames, ...facts }, siblings);
}
const words = (one: Classification): string =>
  one.use === 'skip'
    ? 'skip'
    : [one.reading, one.kind, one.direction, one.unit].filter((word) => word !== '').join(' ');

describe('classifyMetric', () => {
  // Names as the exporters of these programs write them.
  it.each([
    // prom-client, Micrometer, OpenTelemetry
    ['http_requests_total', 'method status', 'counter traffic both req/s'],
    ['http_request_duration_seconds_bucket', 'le method', 'histogram latency up s'],
    ['http_request_duration_seconds_count', 'method', 'counter traffic both req/s'],
    ['http_server_requests_seconds_max', 'uri', 'gauge latency up s'],
    ['http_server_active_requests', '', 'gauge saturation up'],
    ['http.server.request.duration', '', 'gauge latency up'],
    ['nodejs_eventloop_lag_p99_seconds', '', 'gauge latency up s'],
    ['nodejs_heap_size_used_bytes', '', 'gauge saturation up B'],
    ['nodejs_active_handles', '', 'gauge saturation up'],
    ['nodejs_version_info', 'version', 'skip'],
    ['process_cpu_seconds_total', '', 'counter saturation up s/s'],
    ['process_resident_memory_bytes', '', 'gauge saturation up B'],
    ['process_start_time_seconds', '', 'skip'],
    ['process_uptime_seconds', '', 'skip'],
    ['process_max_fds', '', 'skip'],
    ['process_open_fds', '', 'gauge saturation up'],
    ['jvm_gc_pause_seconds_count', 'cause', 'counter saturation up 1/s'],
    ['jvm_memory_used_bytes', 'area', 'gauge saturation up B'],
    ['jvm_threads_live_threads', '', 'gauge saturation up'],
    ['hikaricp_connections_pending', 'pool', 'gauge saturation up'],
    ['logback_events_total', 'level', 'counter traffic both 1/s'],
    // Go
    ['go_gc_duration_seconds', 'quantile', 'summary latency up s'],
    ['go_goroutines', '', 'gauge saturation up'],
    ['go_info', 'version', 'skip'],
    ['go_memstats_last_gc_time_seconds', '', 'skip'],
    ['grpc_server_handled_total', 'grpc_code', 'counter traffic both req/s'],
    ['grpc_server_handling_seconds_bucket', 'le', 'histogram latency up s'],
    ['promhttp_metric_handler_errors_total', 'cause', 'counter error up 1/s'],
    // Infrastructure
    ['nginx_ingress_controller_requests', 'status', 'gauge traffic both'],
    ['haproxy_backend_response_errors_total', 'proxy', 'counter error up 1/s'],
    ['redis_connected_clients', '', 'gauge business both'],
    ['redis_keyspace_misses_total', '', 'counter business both 1/s'],
    ['redis_evicted_keys_total', '', 'counter business both 1/s'],
    ['pg_stat_database_deadlocks', 'datname', 'gauge error up'],
    ['pg_stat_activity_count', 'state', 'counter business both 1/s'],
    ['kafka_consumergroup_lag', 'topic', 'gauge saturation up'],
    ['rabbitmq_queue_messages_ready', 'queue', 'gauge saturation up'],
    ['container_cpu_cfs_throttled_seconds_total', 'pod', 'counter saturation up s/s'],
    ['container_spec_memory_limit_bytes', 'pod', 'skip'],
    ['kube_pod_container_status_restarts_total', 'pod', 'counter error up 1/s'],
    ['node_filesystem_free_bytes', 'device', 'gauge saturation down B'],
    ['node_network_receive_bytes_total', 'device', 'counter traffic both B/s'],
    ['probe_ssl_earliest_cert_expiry', '', 'skip'],
    ['node_time_seconds', '', 'skip'],
    ['up', 'job', 'gauge error down'],
    // Of the monitoring itself, and of no use
    ['scrape_duration_seconds', '', 'skip'],
    ['ALERTS', 'alertname', 'skip'],
    ['orders_created', '', 'skip'],
    ['cache_bucket', 'name', 'skip'],
    // Nobody foresaw these
    ['basket_value_euros', '', 'gauge business both'],
    ['orders_placed_total', '', 'counter business both 1/s'],
    ['job:orders:rate5m', '', 'gauge business both'],
    ['paymentTimeouts', '', 'gauge error up'],
  ] as const)('takes %s{%s} as %s', (metric, labels, expected) => {
    expect(words(classified(metric, labels))).toBe(expected);
  });

  it('goes by what the exporter declares before the name', () => {
    expect(words(classified('pg_stat_activity_count', '', { type: 'gauge' }))).toBe('gauge business both');
    expect(words(classified('sql_time', '', { unit: 'milliseconds' }))).toBe('gauge latency up ms');
    expect(words(classified('last_batch', '', { help: 'Unix time of the last batch.' }))).toBe('skip');
  });

  it('leaves the sum of a distribution out, and keeps a sum that stands alone', () => {
    const siblings = new Set(['request_seconds_count']);
    expect(words(classified('request_seconds_sum', '', {}, siblings))).toBe('skip');
    expect(words(classified('basket_sum', '', {}, siblings))).toBe('counter business both 1/s');
  });

  it('has an answer for any name, labels and help', () => {
    const name = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-z_:.]{0,200}$/));
    fc.assert(
      fc.property(name, fc.array(name), name, name, (metric, labels, help, unit) => {
        const one = classifyMetric({ metric, help, unit, labelNames: new Set(labels) }, new Set(labels));
        expect(one.use === 'skip' ? one.reason.length > 0 : one.kind.length > 0).toBe(true);
      }),
      { seed: 20_261_123, numRuns: 500 },
    );
  });
});
