import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { beforeAll, describe, expect, it } from 'vitest';
import { testWindow } from '../src/app/rehearse/test-window.js';
import { addRehearseCommand } from '../src/cli/rehearse-commands.js';
import { readPolicies } from '../src/cli/rehearse/read-policies.js';
import { rehearseFile } from '../src/cli/rehearse/rehearse-file.js';
import { testIo } from '../src/cli/rehearse/test-io.js';
import { createInlineEngine } from '../src/engine/inline-engine.js';

const guide = readFileSync(new URL('../../docs/rehearse.md', import.meta.url), 'utf8');
const blocks = [...guide.matchAll(/```json\n(.*?)```/gs)].map(
  ([, block = '']) => JSON.parse(block) as unknown,
);

/** Field names of the tables of a section. */
function fieldsIn(title: string): readonly string[] {
  const section = guide.split('\n## ').find((part) => part.startsWith(title)) ?? '';
  return [...section.matchAll(/^\| `([^`]+)`/gm)].map(([, field = '']) => field);
}

type Line = Readonly<Record<string, unknown>> & { readonly metrics?: readonly object[] };

describe('docs/rehearse.md', () => {
  let lines: readonly Line[] = [];
  const { io, written } = testIo();
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bellwether-rehearse-docs-'));
    const [cases, out] = [join(folder, 'cases'), join(folder, 'out')];
    const gone = { ...testWindow({ id: 'gone' }), metrics: [{ name: 'm', t: [1_700_000_040], v: [null] }] };
    const windows = [blocks[0], testWindow({ id: 'whole', shift: 2 }), gone, 'oops'];
    writeFileSync(cases, windows.map((each) => `${JSON.stringify(each)}\n`).join(''));
    const run = { cases, out, plan: {}, policyOf: readPolicies(undefined, io), workers: 1, isResumed: false };
    await rehearseFile({ ...run, createEngine: createInlineEngine }, io);
    lines = readFileSync(out, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  });

  it('shows a window that is read without a remark', () => {
    expect(lines[0]).toMatchObject({ id: 'cart-2026-03-04', plannedLooks: 2, looks: 2 });
    expect(lines[0]).not.toHaveProperty('error');
    expect(written.err).not.toContain('ignored');
  });

  it('names every field of a verdict, and no other', () => {
    const metrics = new Set(lines.flatMap((line) => line.metrics ?? []).flatMap(Object.keys));
    const fields = new Set(lines.slice(0, 3).flatMap(Object.keys));
    const met = [...fields, ...[...metrics].map((field) => `metrics[].${field}`)];
    expect([...fieldsIn('Verdicts')].sort()).toEqual(met.sort());
  });

  it('shows an error line as it is', () => {
    expect(Object.keys(lines[3] ?? {})).toEqual(Object.keys(blocks[1] ?? {}));
  });

  it('names every option', () => {
    const program = new Command();
    addRehearseCommand(program, io);
    const options = program.commands[0]?.options.map(({ long }) => long ?? '') ?? [];
    expect(options.length).toBeGreaterThan(8);
    expect(options.filter((option) => !guide.includes(option))).toEqual([]);
  });
});
