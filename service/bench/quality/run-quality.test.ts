import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { answerPeerRequest } from '@bellwether/models/peers';
import { testWindow } from '../../src/app/rehearse/test-window.js';
import { testIo } from '../../src/cli/rehearse/test-io.js';
import { createInlineEngine } from '../../src/engine/inline-engine.js';
import type { PeerLanes } from './peer-lanes.js';
import { runQuality } from './run-quality.js';

interface Folder {
  readonly dir: string;
  readonly out: string;
}

/** Two bad and three good cases of one set, which `split.json` names for training but one. */
function caseFolder(): Folder {
  const dir = mkdtempSync(join(tmpdir(), 'quality-'));
  mkdirSync(join(dir, 'made-up'));
  const lines = Array.from({ length: 5 }, (_, k) => {
    const isBad = k < 2;
    const window = testWindow({
      id: `case-${k}`,
      seed: 10 + k,
      history: 700,
      looks: 12,
      shift: isBad ? 2 : 1,
    });
    const labels = { label: isBad ? 'bad' : 'good', group: `g${k}`, ...(isBad ? {} : { moment: 'peak' }) };
    return JSON.stringify({ ...window, ...labels, onset_at: window.change_at + 180 });
  });
  writeFileSync(join(dir, 'made-up', 'cases.jsonl.gz'), gzipSync(lines.join('\n')));
  const train = ['case-0', 'case-1', 'case-2', 'case-3'];
  writeFileSync(join(dir, 'split.json'), JSON.stringify({ train: { 'made-up': train }, test: {} }));
  return { dir, out: join(dir, 'out') };
}

/** The peers on this thread. */
function inlinePeers(onJudge: () => void = () => undefined): PeerLanes {
  return {
    ask: (request) => {
      if (request.kind === 'judge') onJudge();
      return Promise.resolve(answerPeerRequest(request));
    },
    close: () => Promise.resolve(),
  };
}

function quality(
  { dir, out }: Folder,
  peers: PeerLanes,
  io: ReturnType<typeof testIo>,
  mark = 'code',
  isLearnedAsked = false,
) {
  const options = { dir, sets: [], part: 'train', out, workers: 1, isLearnedAsked } as const;
  return runQuality(options, { createEngine: createInlineEngine, peers, mark }, io.io);
}

function files(out: string): Readonly<Record<string, string>> {
  return Object.fromEntries(readdirSync(out).map((name) => [name, readFileSync(join(out, name), 'utf8')]));
}

describe('the quality bench', () => {
  it('judges the wanted part by every method and writes tables, data and plots', async () => {
    const folder = caseFolder();
    const io = testIo();
    const report = await quality(folder, inlinePeers(), io);
    const [section] = report?.sections ?? [];
    expect(section?.figures['bellwether']).toMatchObject({ bad: 2, good: 2, recall: 1, precision: 1 });
    expect(section?.figures['bellwether']?.visibleDelays.count).toBe(2);
    expect(section?.figures['mann-whitney']).toMatchObject({ recall: 1 });
    expect(report?.moments).toMatchObject([
      { set: 'made-up', by: 'label', moment: 'peak' },
      { set: 'made-up', by: 'past', moment: 'other' },
    ]);
    expect(report?.crossValidation).toMatchObject([{ set: 'made-up', cases: 4 }]);
    expect(io.written.out).toContain('made-up: 2 bad, 2 harmless');
    const written = files(folder.out);
    expect(JSON.parse(written['quality.json'] ?? '')).toEqual(JSON.parse(JSON.stringify(report)));
    for (const [name, text] of Object.entries(written))
      if (name.endsWith('.svg')) {
        expect(() => new SaxesParser().write(text).close()).not.toThrow();
        expect(text).not.toMatch(/NaN|undefined/);
        expect(written['quality.md']).toContain(`(${name})`);
      }
    expect(Object.keys(written).filter((name) => name.endsWith('.svg'))).toHaveLength(3);
  });

  it('writes the same bytes again, from what was judged before', async () => {
    const folder = caseFolder();
    await quality(folder, inlinePeers(), testIo());
    const first = files(folder.out);
    let judged = 0;
    const again = testIo();
    await quality(
      folder,
      inlinePeers(() => void (judged += 1)),
      again,
    );
    expect(judged).toBe(0);
    expect(files(folder.out)).toEqual(first);
    expect(again.written.err).toContain('4 cases were judged by an earlier run');
  });

  it('goes on where it was stopped, and with a line that was torn off', async () => {
    const folder = caseFolder();
    const stopped = testIo();
    let judged = 0;
    const counting = inlinePeers(() => {
      judged += 1;
      if (judged === 3) stopped.stop();
    });
    expect(await quality(folder, counting, stopped)).toBeUndefined();
    const file = join(folder.out, 'outcomes.jsonl');
    writeFileSync(file, `${readFileSync(file, 'utf8')}{"truth":{"se`);
    const kept = readFileSync(file, 'utf8').split('\n').length - 2;
    judged = 0;
    const report = await quality(
      folder,
      inlinePeers(() => void (judged += 1)),
      testIo(),
    );
    expect(judged).toBe(4 - kept);
    const whole = caseFolder();
    expect(await quality(whole, inlinePeers(), testIo())).toEqual(report);
  });

  it('begins anew when the code is another', async () => {
    const folder = caseFolder();
    await quality(folder, inlinePeers(), testIo());
    let judged = 0;
    await quality(
      folder,
      inlinePeers(() => void (judged += 1)),
      testIo(),
      'other code',
    );
    expect(judged).toBe(4);
  });

  it('puts the learned scorer beside itself without it, in the same run', async () => {
    const folder = caseFolder();
    const io = testIo();
    const report = await quality(folder, inlinePeers(), io, 'code', true);
    expect(report?.methods[1]?.name).toBe('bellwether-learned');
    expect(report?.sections[0]?.figures['bellwether-learned']).toMatchObject({ bad: 2, good: 2 });
    expect(report?.learned).toMatchObject([{ title: 'made-up', good: { onlyWith: 0, onlyWithout: 0 } }]);
    expect(files(folder.out)['quality.md']).toContain('## The learned scorer, on against off');
  });

  it('names what is wrong with the folder, the set or a line', async () => {
    const folder = caseFolder();
    const run = (dir: string, sets: readonly string[]) =>
      runQuality(
        { dir, sets, part: 'train', out: folder.out, workers: 1, isLearnedAsked: false },
        { createEngine: createInlineEngine, peers: inlinePeers(), mark: 'code' },
        testIo().io,
      );
    await expect(run(join(folder.dir, 'none'), [])).rejects.toThrow('--cases: there is no folder');
    await expect(run(folder.dir, ['other'])).rejects.toThrow('there are made-up');
    await expect(run(folder.out, [])).rejects.toThrow('there is no folder');
    writeFileSync(join(folder.dir, 'made-up', 'cases.jsonl.gz'), gzipSync('{"id":"case-0"}\n'));
    await expect(run(folder.dir, [])).rejects.toThrow(/line 1: the case "label"/);
  });
});
