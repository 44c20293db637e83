/** Who may import whom; the table is in ARCHITECTURE.md. */
const room = (name, from, to, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from, pathNot: '\\.test\\.ts$' },
  to,
});
const anyOf = (...paths) => `^(${paths.join('|')})`;
const own = (...allowed) => ({ path: '^(models|service|fixtures)/', pathNot: anyOf(...allowed) });

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    room('models-stand-alone', '^models/src', own('models/src'), 'the science knows nothing of the service'),
    room(
      'models-do-no-io',
      '^models/src',
      { dependencyTypes: ['core'] },
      'no files, no network, no clock in the science',
    ),
    room('domain-is-pure', '^service/src/domain', own('service/src/domain', 'models/src')),
    room('domain-imports-types-of-models', '^service/src/domain', {
      path: '^models/',
      dependencyTypesNot: ['type-only'],
    }),
    room('api-is-schemas', '^service/src/api', own('service/src/api')),
    room('api-runs-in-browsers', '^service/src/api', { dependencyTypes: ['core'] }),
    room(
      'sources-stand-alone',
      '^service/src/sources',
      own('service/src/sources', 'service/src/domain', 'models/src'),
    ),
    room(
      'store-stands-alone',
      '^service/src/store',
      own('service/src/store', 'service/src/domain', 'models/src'),
    ),
    room(
      'delivery-stands-alone',
      '^service/src/delivery',
      own('service/src/delivery', 'service/src/domain', 'models/src'),
    ),
    room('ingest-stands-alone', '^service/src/ingest', own('service/src/(ingest|domain)')),
    room('engine-stands-alone', '^service/src/engine', own('service/src/engine', 'models/src')),
    room(
      'policies-are-data',
      '^service/src/policies',
      own('service/src/(policies|api|domain)'),
      'what a policy file says is checked without the service around it',
    ),
    room(
      'app-knows-ports',
      '^service/src/app',
      own('service/src/app', 'service/src/domain', 'models/src', 'service/src/[a-z]+/port\\.ts'),
      'use cases work on ports, never on what stands behind them',
    ),
    room(
      'edge-calls-app',
      '^service/src/(http|report)',
      own(
        'service/src/(http|report|compat|app|api|domain|telemetry|ingest)',
        'service/src/[a-z]+/port\\.ts',
        'models/src',
      ),
    ),
    room(
      'compat-speaks-by-use-cases',
      '^service/src/compat',
      own('service/src/(compat|app|api|domain)'),
      "other tools' dialects; what they report is carried out by the use cases",
    ),
    {
      name: 'express-at-the-edge',
      severity: 'error',
      from: { path: '^service/src', pathNot: '^service/src/(http|report|compat|serve)|\\.test\\.ts$' },
      to: { path: 'node_modules/express' },
    },
    {
      name: 'not-to-tests',
      severity: 'error',
      from: { pathNot: '\\.test\\.ts$|/test/' },
      to: { path: '\\.test\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
