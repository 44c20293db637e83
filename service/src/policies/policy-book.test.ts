import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { eventually } from '../../test/eventually.js';
import { policyInput } from '../api/policy.js';
import { openPolicyBook, PolicyFolderError, type PolicyBook, type PolicyChange } from './policy-book.js';
import { describeProblem } from './problem.js';
import { shippedTemplates } from './templates.js';

const policyText = (alpha: number): string =>
  `alpha: ${alpha}\nmetrics: [{ name: m, kind: error, signal: { type: gauge, series: { metric: m } } }]\n`;
const configured = {
  pay: policyInput.parse({
    name: 'pay',
    metrics: [{ name: 'm', kind: 'error', signal: { type: 'gauge', series: { metric: 'm' } } }],
  }),
};

const books: PolicyBook[] = [];
afterEach(async () => {
  await Promise.all(books.splice(0).map((book) => book.stop()));
});

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'bellwether-policies-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function open(folder: string, askEveryMs = 3_600_000) {
  const reloads: PolicyChange[] = [];
  const refusals: string[][] = [];
  const book = openPolicyBook({
    folder,
    configured,
    configFile: 'bellwether.json',
    surroundings: { templates: shippedTemplates(), known: undefined },
    // By default only what the file system tells.
    askEveryMs,
    onReload: (change) => reloads.push(change),
    onInvalid: (problems) => refusals.push(problems.map(describeProblem)),
  });
  books.push(book);
  return { book, reloads, refusals, alphaOf: (name: string) => book.get(name)?.alpha };
}

describe('the policies of a folder', () => {
  it('stand beside those of the configuration', () => {
    const folder = folderWith({ 'cart.yaml': policyText(0.02), '.draft.yaml': 'no', 'notes.txt': 'no' });
    mkdirSync(join(folder, 'team'));
    writeFileSync(join(folder, 'team', 'search.yml'), policyText(0.03));
    const { book, alphaOf } = open(folder);
    expect(book.names()).toEqual(['pay', 'cart', 'search']);
    expect([alphaOf('pay'), alphaOf('cart'), alphaOf('search'), alphaOf('toString')]).toEqual([
      0.05,
      0.02,
      0.03,
      undefined,
    ]);
    expect(book.inForce().changes).toMatchObject([
      { policy: 'cart', change: 'added', hash: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
      { policy: 'search', change: 'added', file: join(folder, 'team', 'search.yml') },
    ]);
  });

  it('stop the start with every error, names that two places use among them', () => {
    const folder = folderWith({
      'a.yaml': `name: cart\n${policyText(0.02)}`,
      'cart.yaml': policyText(0.9),
      'cart.json': JSON.stringify({
        name: 'cart',
        metrics: configured.pay.metrics.map(({ name, kind }) => ({
          name,
          kind,
          signal: { type: 'gauge', series: { metric: 'm' } },
        })),
      }),
      'pay.yaml': policyText(0.02),
    });
    const failure = (() => {
      try {
        open(folder);
      } catch (error) {
        return error;
      }
      return undefined;
    })();
    expect(failure).toBeInstanceOf(PolicyFolderError);
    expect((failure as Error).message.split('\n').slice(1)).toEqual([
      `  ${folder}/cart.json:1:9: name: a policy "cart" is in ${folder}/a.yaml:1 too; rename or remove one of the two`,
      `  ${folder}/cart.yaml:1:8: alpha: must be at most 0.5; give a number of at most 0.5`,
      `  ${folder}/pay.yaml:1:1: name: a policy "pay" is in bellwether.json (/policies/pay) too; rename or remove one of the two`,
    ]);
    expect(() => open(join(folder, 'none'))).toThrow(/none:1:1: can't be read \(ENOENT\)/);
  });
});

describe('a folder that changes', () => {
  it('is read again, and tells what changed by its hash', async () => {
    const folder = folderWith({ 'cart.yaml': policyText(0.02), 'old.yaml': policyText(0.02) });
    const { book, reloads, alphaOf } = open(folder);
    const before = book.get('cart');
    book.start();
    writeFileSync(join(folder, 'cart.yaml'), policyText(0.04));
    writeFileSync(join(folder, 'new.yaml'), policyText(0.01));
    rmSync(join(folder, 'old.yaml'));
    await eventually('a reload', () =>
      alphaOf('cart') === 0.04 && alphaOf('new') === 0.01 && alphaOf('old') === undefined ? true : undefined,
    );
    expect(
      reloads.flatMap(({ changes }) => changes.map(({ policy, change }) => `${policy} ${change}`)).sort(),
    ).toEqual(['cart changed', 'new added', 'old removed']);
    // A watch that runs holds the policy itself.
    expect(before?.alpha).toBe(0.02);
    writeFileSync(join(folder, 'cart.yaml'), policyText(0.05));
    await eventually('another reload', () => (alphaOf('cart') === 0.05 ? true : undefined));
  });

  it('keeps its last good state while anything is wrong, tells so once, and goes on when it is mended', async () => {
    const folder = folderWith({ 'cart.yaml': policyText(0.02) });
    const { book, reloads, refusals, alphaOf } = open(folder);
    writeFileSync(join(folder, 'cart.yaml'), policyText(0.04));
    writeFileSync(join(folder, 'bad.yaml'), 'metrics: []');
    await book.reload();
    await book.reload();
    expect(refusals).toEqual([
      [`${join(folder, 'bad.yaml')}:1:10: metrics: must have at least 1 entry; give at least 1 entry`],
    ]);
    expect([alphaOf('cart'), book.problems().length, reloads.length]).toEqual([0.02, 1, 0]);
    unlinkSync(join(folder, 'bad.yaml'));
    await book.reload();
    expect([alphaOf('cart'), book.problems().length]).toEqual([0.04, 0]);
    expect(reloads).toMatchObject([{ changes: [{ policy: 'cart', change: 'changed' }] }]);
  });

  it('that becomes what it was is announced as good again, with nothing changed', async () => {
    const folder = folderWith({ 'cart.yaml': policyText(0.02) });
    const { book, reloads } = open(folder);
    writeFileSync(join(folder, 'cart.yaml'), 'nonsense');
    await book.reload();
    writeFileSync(join(folder, 'cart.yaml'), policyText(0.02));
    await book.reload();
    expect(reloads).toEqual([{ changes: [] }]);
  });

  it('that lost every file or is gone altogether keeps its policies', async () => {
    const folder = folderWith({ 'cart.yaml': policyText(0.02) });
    const { book, refusals, alphaOf } = open(folder);
    unlinkSync(join(folder, 'cart.yaml'));
    await book.reload();
    rmSync(folder, { recursive: true });
    await book.reload();
    expect(refusals.map(([first]) => first)).toEqual([
      `${folder}:1:1: holds no policy file any more; bring them back; to do without any, restart the service`,
      `${folder}:1:1: can't be read (ENOENT); check that it is there and its permissions`,
    ]);
    expect(alphaOf('cart')).toBe(0.02);
  });

  it('is never put in force half written, however often it is asked', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    const folder = folderWith({ 'cart.yaml': policyText(0.02) });
    const { book, reloads, refusals, alphaOf } = open(folder, 40);
    try {
      book.start();
      for (const half of [policyText(0.03), `${policyText(0.03)}prior: 0.2\n`, policyText(0.04)]) {
        writeFileSync(join(folder, 'cart.yaml'), half);
        await vi.advanceTimersByTimeAsync(190);
        expect([alphaOf('cart'), reloads.length]).toEqual([0.02, 0]);
      }
      await vi.advanceTimersByTimeAsync(600);
    } finally {
      vi.useRealTimers();
    }
    await eventually('the reload', () => (reloads.length > 0 ? true : undefined));
    expect([alphaOf('cart'), book.get('cart')?.prior, reloads.length]).toEqual([0.04, 0.1, 1]);
    expect(refusals).toEqual([]);
  });

  it('puts nothing in force once the book is stopped', async () => {
    const folder = folderWith({ 'cart.yaml': policyText(0.02) });
    const { book, reloads, alphaOf } = open(folder);
    book.start();
    writeFileSync(join(folder, 'cart.yaml'), policyText(0.04));
    const reloading = book.reload();
    await book.stop();
    await reloading;
    expect([alphaOf('cart'), reloads]).toEqual([0.02, []]);
  });

  it('by one swapped link, as Kubernetes mounts a ConfigMap, is read again as a whole', async () => {
    const folder = folderWith({});
    const version = (name: string, alpha: number): void => {
      mkdirSync(join(folder, name));
      for (const file of ['cart.yaml', 'search.yaml'])
        writeFileSync(join(folder, name, file), policyText(alpha));
    };
    version('..2026_01_01', 0.02);
    symlinkSync('..2026_01_01', join(folder, '..data'));
    for (const file of ['cart.yaml', 'search.yaml']) symlinkSync(join('..data', file), join(folder, file));
    const { book, reloads, alphaOf } = open(folder);
    expect([alphaOf('cart'), alphaOf('search')]).toEqual([0.02, 0.02]);
    book.start();
    const swapTo = (next: string, before: string): void => {
      symlinkSync(next, join(folder, '..data_tmp'));
      renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
      rmSync(join(folder, before), { recursive: true });
    };
    version('..2026_01_02', 0.04);
    swapTo('..2026_01_02', '..2026_01_01');
    await eventually('a reload', () => (alphaOf('cart') === 0.04 ? true : undefined));
    version('..2026_01_03', 0.05);
    swapTo('..2026_01_03', '..2026_01_02');
    await eventually('another reload', () => (alphaOf('cart') === 0.05 ? true : undefined));
    expect([alphaOf('search'), reloads.length]).toEqual([0.05, 2]);
  });
});
