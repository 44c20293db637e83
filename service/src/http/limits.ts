/** What one client may ask of the server. */
export interface HttpLimits {
  readonly jsonBytes: number;
  readonly sampleBytes: number;
  /** Reading a JUnit report of this size (11,000 tests) takes a few hundred milliseconds, for which nobody else is served. */
  readonly junitBytes: number;
  /** Decoding and storing this many takes some 40 ms, for which nobody else is served. */
  readonly samplesPerPush: number;
  /** A write in another tool's dialect, as it comes and unpacked. */
  readonly writeBytes: number;
  readonly unpackedBytes: number;
  /** Requests of one token a minute; pushes count, writes of other dialects do not. */
  readonly requestsPerMinute: number;
  /** Refused tokens from one address a minute, before further ones get 429. Good tokens always pass. */
  readonly failedLoginsPerMinute: number;
  /** Sample pushes in work at the same time; the next one gets 429. As many writes of other dialects; the next one gets 503. */
  readonly concurrentPushes: number;
  /** Event streams and long polls of all clients together, and of one token. */
  readonly streams: number;
  readonly streamsPerToken: number;
  readonly heartbeatMs: number;
  /** A stream ends after this long, so that a client comes again with a token that is still good. */
  readonly streamLifetimeMs: number;
  /** How far in the future an event time may lie: clocks differ a little. */
  readonly maxFutureMs: number;
  /** How far in the past a deployment may claim to have begun. */
  readonly maxDeploymentAgeMs: number;
}

/** The limits of a server that nobody configured. */
export const defaultLimits: HttpLimits = {
  jsonBytes: 1_048_576,
  sampleBytes: 1_048_576,
  junitBytes: 1_048_576,
  samplesPerPush: 10_000,
  writeBytes: 4_194_304,
  unpackedBytes: 16_777_216,
  requestsPerMinute: 6_000,
  failedLoginsPerMinute: 20,
  concurrentPushes: 16,
  streams: 500,
  streamsPerToken: 100,
  heartbeatMs: 15_000,
  streamLifetimeMs: 3_600_000,
  maxFutureMs: 600_000,
  maxDeploymentAgeMs: 366 * 86_400_000,
};
