import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HookKind } from '../domain/hook.js';
import { HOOK_ATTRIBUTES } from '../domain/hook.js';
import { startDeployment } from '../api/deployment-request.js';
import { HookError, type HookEvent, type HookMessage } from './change-event.js';
import { artifactVersion } from './cloudevents/artifact-version.js';
import { dialects } from './dialects.js';
import { oneLine } from './one-line.js';

const HEADERS: Readonly<Record<HookKind, Readonly<Record<string, string>>>> = {
  'argo-rollouts': {},
  cloudevents: { 'content-type': 'application/cloudevents+json' },
  flagger: {},
  github: { 'x-github-event': 'deployment_status' },
  gitlab: {},
  migrations: {},
  terraform: {},
};

function message(kind: HookKind, body: string | Uint8Array, topic = ''): HookMessage {
  const header = (name: string): string | undefined => HEADERS[kind][name];
  return { header, topic, body: Buffer.from(body), nowMs: 0 };
}

/** Undefined where it is refused as it should be. */
function decoded(kind: HookKind, told: HookMessage): readonly HookEvent[] | undefined {
  try {
    return dialects[kind].decode(told);
  } catch (error) {
    if (error instanceof HookError) return undefined;
    throw error;
  }
}

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('success', 'running', 'applied', '1.0'));
const objectName = fc.oneof(fc.constantFrom('cart', 'shop'), fc.string({ unit: 'binary' }));
const instant = fc.constantFrom('2026-01-15T12:00:00Z', '2026-01-15 12:00:00 +0000', 'yesterday');
/** Messages that are nearly right, with texts that no tool would send. */
const nearly: Readonly<Record<HookKind, fc.Arbitrary<unknown>>> = {
  'argo-rollouts': fc.record({
    rollout: fc.record({
      metadata: fc.record({
        name: objectName,
        namespace: objectName,
        annotations: fc.record({ 'rollout.argoproj.io/revision': text }),
      }),
      spec: fc.record({
        strategy: fc.record({
          canary: fc.record({ steps: fc.array(fc.record({ setWeight: fc.anything() })) }),
        }),
        template: fc.record({
          spec: fc.record({ containers: fc.array(fc.record({ name: text, image: text })) }),
        }),
      }),
      status: fc.record({ phase: text, message: text, currentStepIndex: fc.double() }),
    }),
  }),
  cloudevents: fc.record({
    specversion: fc.constant('1.0'),
    id: text,
    source: text,
    type: fc.constantFrom('dev.cdevents.service.deployed.0.2.0', 'x'),
    time: instant,
    data: fc.record({
      context: fc.record({ id: text }),
      subject: fc.record({ id: text, content: fc.record({ artifactId: text }) }),
    }),
  }),
  flagger: fc.record({
    name: objectName,
    namespace: objectName,
    phase: text,
    checksum: text,
    metadata: fc.dictionary(text, text),
  }),
  github: fc.record({
    deployment: fc.record({
      ...{
        id: fc.integer(),
        sha: fc.oneof(fc.constant('f95f852bd8fca8fcc58a9a2d6c842781e32a215e'), text),
        ref: text,
        task: text,
        environment: text,
        description: text,
      },
      ...{ payload: fc.anything(), created_at: instant },
    }),
    deployment_status: fc.record({ state: text, description: text, log_url: text, created_at: instant }),
    repository: fc.record({ full_name: text, html_url: text }),
  }),
  gitlab: fc.record({
    ...{ object_kind: fc.constant('deployment'), status: text, status_changed_at: instant, ref: text },
    ...{ deployment_id: fc.integer(), deployable_url: text, environment: text, short_sha: text },
    project: fc.record({ path_with_namespace: text }),
  }),
  migrations: fc.record({
    ...{ tool: text, database: text, schema: text, version: text, description: text },
    state: fc.constantFrom('began', 'applied', 'failed', 'x'),
  }),
  terraform: fc.record({
    ...{
      payload_version: fc.constant(1),
      run_id: text,
      run_url: text,
      run_message: text,
      workspace_name: text,
    },
    notifications: fc.array(fc.record({ trigger: text, run_status: text, run_updated_at: instant })),
  }),
};

const TOPICS: Partial<Record<HookKind, string>> = { flagger: 'event' };
/** More by hand: BELLWETHER_FUZZ_RUNS=100000 npx vitest run --testTimeout=600000 service/src/compat/dialects.test.ts */
const RUNS = Number(process.env['BELLWETHER_FUZZ_RUNS'] ?? 1_000);

for (const kind of Object.keys(dialects) as HookKind[]) {
  test(`${kind}: any bytes are refused as no message, or understood`, () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array(),
          fc.json().map((json) => Buffer.from(json)),
        ),
        (body) => {
          decoded(kind, message(kind, body, TOPICS[kind]));
        },
      ),
      { numRuns: RUNS },
    );
  });

  test(`${kind}: whatever texts a message holds, what comes of it can be recorded and mapped`, () => {
    fc.assert(
      fc.property(nearly[kind], (body) => {
        const told = message(kind, JSON.stringify(body), TOPICS[kind]);
        for (const event of decoded(kind, told) ?? []) {
          if (event.kind === 'nothing') continue;
          expect(Object.keys(event.subject).toSorted()).toEqual(HOOK_ATTRIBUTES[kind].toSorted());
          expect(Number.isNaN(event.atMs)).toBe(false);
          const { control: _control, ...release } = event.release;
          const command = { ...release, service: 'a', environment: 'b' };
          expect(startDeployment.safeParse(command).error?.issues).toBeUndefined();
        }
      }),
      { numRuns: RUNS },
    );
  });
}

test('the version in a package URL', () => {
  expect(artifactVersion('pkg:oci/cart@sha256%3A0b31?repository_url=r.example.com/cart&tag=2.14.0')).toBe(
    '2.14.0',
  );
  expect(artifactVersion('pkg:npm/%40acme/cart@2.14.0')).toBe('2.14.0');
  expect(artifactVersion('pkg:oci/cart@sha256%3A0b31#sub/path')).toBe('sha256:0b31');
  expect(artifactVersion('pkg:oci/cart')).toBe('pkg:oci/cart');
  expect(artifactVersion('0b31c24a')).toBe('0b31c24a');
});

test('texts of senders become one line of whole characters', () => {
  expect(oneLine(' one\n\ttwo\u0000 ', 100)).toBe('one two');
  expect(oneLine('ab😀', 3)).toBe('ab');
  expect(oneLine('\n', 100)).toBeUndefined();
  expect(oneLine(undefined, 100)).toBeUndefined();
});
