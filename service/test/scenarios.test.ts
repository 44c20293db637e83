import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Reason } from '@bellwether/models';
import { beforeAll, describe, expect, it } from 'vitest';
import type { VerdictLine } from '../src/app/rehearse/verdict-line.js';
import { readPolicies } from '../src/cli/rehearse/read-policies.js';
import { rehearseFile } from '../src/cli/rehearse/rehearse-file.js';
import { testIo } from '../src/cli/rehearse/test-io.js';
import { createInlineEngine } from '../src/engine/inline-engine.js';
import { jsonLines, loadScenarios, POLICIES_FOLDER, replayLive, WINDOWS_FILE, windowOf } from './scenario.js';

const scenarios = loadScenarios();
/** Set after recordings were made: writes the windows instead of comparing them. */
const isUpdate = process.env['BELLWETHER_UPDATE_SCENARIOS'] === '1';

/** A rollback for another reason would be right by luck. */
function expectReason(reasons: readonly Reason[] = [], harmed: readonly string[] = []): void {
  if (harmed.length === 0) return;
  const found = reasons.flatMap(({ code, metric }) => (code === 'harm-found' ? (metric ?? []) : []));
  expect(harmed.filter((metric) => found.includes(metric))).not.toEqual([]);
}

it('there is a recording of each release of the demo, and more', () => {
  expect(scenarios.length).toBeGreaterThanOrEqual(10);
});

describe('rehearsed, a recorded release', () => {
  let verdicts: readonly VerdictLine[] = [];
  beforeAll(async () => {
    const windows = await Promise.all(scenarios.map(windowOf));
    if (isUpdate || !existsSync(WINDOWS_FILE)) {
      const text = windows.map((window) => `${JSON.stringify(window)}\n`).join('');
      writeFileSync(WINDOWS_FILE, gzipSync(text, { level: 9 }));
    }
    const { io } = testIo();
    const out = join(mkdtempSync(join(tmpdir(), 'bellwether-scenarios-')), 'verdicts.jsonl');
    await rehearseFile(
      {
        cases: WINDOWS_FILE,
        out,
        plan: {},
        policyOf: readPolicies(POLICIES_FOLDER, io),
        workers: 1,
        isResumed: false,
        createEngine: createInlineEngine,
      },
      io,
    );
    verdicts = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as VerdictLine);
  }, 120_000);

  it.each(scenarios)('$name ($title) ends in $expected', ({ name, expected, harmed }) => {
    const verdict = verdicts.find(({ id }) => id === name);
    expect(verdict).toMatchObject({ verdict: expected });
    expectReason(verdict?.reasons, harmed);
  });

  it('is the window that the service reads from the recorded samples', async () => {
    const windows = jsonLines(readFileSync(WINDOWS_FILE));
    expect(windows).toEqual(await Promise.all(scenarios.map(windowOf)));
  });
});

describe('live, a recorded release', () => {
  it.each(scenarios)('$name ($title) ends in $expected', async (scenario) => {
    const verdict = await replayLive(scenario);
    expect(verdict).toMatchObject({ value: scenario.expected });
    expectReason(verdict?.reasons, scenario.harmed);
  });
});
