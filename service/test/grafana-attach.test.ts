import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testIo } from '../src/cli/rehearse/test-io.js';
import { runProgram } from '../src/cli/run-program.js';
import { DASHBOARD_TOKEN, startDashboardsDouble } from './grafana-dashboards-double.js';

const folder = mkdtempSync(join(tmpdir(), 'bellwether-grafana-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let grafana: Awaited<ReturnType<typeof startDashboardsDouble>>;
let files = 0;
beforeEach(async () => {
  grafana = await startDashboardsDouble();
});
afterEach(() => grafana.close());

const undoFile = () => join(folder, `undo-${(files += 1)}.json`);
const BUILT_IN = {
  builtIn: 1,
  name: 'Annotations & Alerts',
  datasource: { type: 'grafana', uid: '-- Grafana --' },
};
const OURS = {
  name: 'Bellwether deployments',
  datasource: { type: 'bellwether-verdicts-datasource', uid: 'bw' },
  enable: true,
  hide: false,
  iconColor: 'blue',
  target: { refId: 'Bellwether', kind: 'annotations', service: '$service', environment: '' },
};

async function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { io, written } = testIo();
  const place = { GRAFANA_URL: `${grafana.url}/`, GRAFANA_TOKEN: DASHBOARD_TOKEN, ...environment };
  await runProgram(['grafana', ...args], { ...io, environment: place });
  return written;
}
const listOf = (uid: string) => grafana.get(uid).annotations?.list;
const attach = (...more: string[]) =>
  run([
    'attach',
    '--folder',
    'Shop',
    '--service',
    '$service',
    ...(more.includes('--undo') ? [] : ['--undo', undoFile()]),
    ...more,
  ]);

function fill(): void {
  grafana.put('cart', 'Cart', {
    fields: { annotations: { list: [BUILT_IN], other: 1 }, templating: { list: [] } },
  });
  grafana.put('search', 'Search', { fields: { annotations: undefined } });
  grafana.put('done', 'Done', { fields: { annotations: { list: [OURS] } } });
  grafana.put('elsewhere', 'Elsewhere', { folderUid: 'other' });
}

describe('attach', () => {
  it('adds the query to every dashboard of the folder, and to nothing else', async () => {
    fill();
    const said = await attach();
    expect(said).toMatchObject({ exitCode: 0, err: '' });
    expect(said.out).toMatch(/Cart +cart +added "Bellwether deployments"\nDone +done +as it should be\n/);
    expect(said.out).toContain('2 changed, 1 as they should be, 0 refused.');
    expect(grafana.get('cart')).toMatchObject({
      ...{ version: 2, panels: [{ id: 1 }], templating: { list: [] } },
      annotations: { list: [BUILT_IN, OURS], other: 1 },
    });
    expect([listOf('search'), listOf('done'), listOf('elsewhere')]).toEqual([[OURS], [OURS], []]);
  });

  it('changes nothing the second time', async () => {
    fill();
    await attach();
    const again = await attach();
    expect([again.exitCode, grafana.saves()]).toEqual([0, 2]);
    expect(again.out).toContain('0 changed, 3 as they should be');
  });

  it('says with --dry-run what it would do, and writes nothing anywhere', async () => {
    fill();
    const file = undoFile();
    const said = await attach('--dry-run', '--undo', file);
    expect(said.out).toMatch(/Cart +cart +would add "Bellwether deployments"/);
    expect(said.out).toContain(
      '2 would be changed, 1 as they should be, 0 refused. Nothing was written (--dry-run).',
    );
    expect([grafana.saves(), () => readFileSync(file)]).toEqual([0, expect.any(Function)]);
    expect(() => readFileSync(file)).toThrow('ENOENT');
  });

  it('tells by name which dashboards refuse, changes the others, and ends with 3', async () => {
    fill();
    grafana.put('prov', 'Provisioned', { provisionedFrom: 'shop/payments.json' });
    grafana.put('locked', 'Locked', { isReadOnly: true });
    grafana.put('new', 'Newer', { isNewFormat: true });
    grafana.put('hostile', '\u001b[31mred\nline');
    const { out, exitCode } = await attach();
    expect(exitCode).toBe(3);
    expect(out).toMatch(
      /Provisioned +prov +refused: provisioned from shop\/payments.json, .*add the query to that file/,
    );
    expect(out).toMatch(/Locked +locked +refused: the token may not save it: .*Edit/);
    expect(out).toMatch(/Newer +new +refused: .*406.*newer format/);
    expect(out).toContain('3 changed, 1 as they should be, 3 refused.');
    expect(out).not.toContain('\u001b');
    expect([listOf('prov'), listOf('locked'), listOf('cart')]).toEqual([[], [], [BUILT_IN, OURS]]);
  });

  it('goes on from what somebody saved in between, and gives up on somebody who never stops', async () => {
    grafana.put('cart', 'Cart');
    grafana.intrude(2);
    expect(await attach()).toMatchObject({ exitCode: 0 });
    expect(grafana.get('cart')).toMatchObject({ version: 4, annotations: { list: [OURS] } });
    grafana.put('search', 'Search');
    grafana.intrude(9);
    const given = await attach();
    expect([given.exitCode, given.out]).toEqual([3, expect.stringContaining('somebody keeps saving it')]);
    expect(listOf('search')).toEqual([]);
  });
});

describe('detach and undo', () => {
  it('takes the queries away, and brings back exactly what was there', async () => {
    const own = { ...OURS, name: 'Our deployments', hide: true };
    grafana.put('cart', 'Cart', { fields: { annotations: { list: [own, BUILT_IN] } } });
    const file = undoFile();
    const said = await run(['detach', '--folder', 'shop', '--undo', file]);
    expect(said.out).toContain('removed "Our deployments"');
    expect([said.exitCode, listOf('cart')]).toEqual([0, [BUILT_IN]]);
    expect((await run(['detach', '--folder', 'shop', '--undo', undoFile()])).out).toContain(
      '0 changed, 1 as',
    );
    expect((await run(['undo', file])).out).toContain('added "Our deployments"');
    expect(listOf('cart')).toEqual([own, BUILT_IN]);
    expect((await run(['undo', file])).out).toContain('0 changed, 1 as');
  });

  it('leaves alone what others changed since', async () => {
    fill();
    const file = undoFile();
    await attach('--undo', file);
    const edited = { ...OURS, name: 'renamed' };
    grafana.put('search', 'Search', { fields: { version: 7, annotations: { list: [edited] } } });
    const extra = { name: 'incidents' };
    grafana.put('cart', 'Cart', { fields: { version: 9, annotations: { list: [extra, BUILT_IN, OURS] } } });
    expect((await run(['undo', file, '--dry-run'])).out).toContain('1 would be changed');
    await run(['undo', file]);
    expect([listOf('cart'), listOf('search'), listOf('done')]).toEqual([[extra, BUILT_IN], [edited], [OURS]]);
  });

  it('has a way back also for what was changed before something broke', async () => {
    fill();
    const file = undoFile();
    grafana.put('gone', 'A broken one', { fields: { version: undefined } });
    await attach('--undo', file);
    const { dashboards } = JSON.parse(readFileSync(file, 'utf8')) as { dashboards: { uid: string }[] };
    expect(dashboards.map(({ uid }) => uid)).toEqual(expect.arrayContaining(['cart', 'search']));
  });
});

describe('what cannot be done', () => {
  it.each([
    ['no Grafana', ['attach', '--folder', 'Shop'], { GRAFANA_URL: '' }, '--grafana or GRAFANA_URL'],
    ['no address', ['attach', '--folder', 'Shop'], { GRAFANA_URL: 'grafana' }, 'is no address'],
    ['no token', ['attach', '--folder', 'Shop'], { GRAFANA_TOKEN: '' }, 'holds no token'],
    ['a wrong token', ['attach', '--folder', 'Shop'], { GRAFANA_TOKEN: 'glsa_x' }, '(401)'],
    [
      'nobody there',
      ['attach', '--folder', 'Shop'],
      { GRAFANA_URL: 'http://127.0.0.1:9' },
      "can't be reached",
    ],
    ['no such folder', ['detach', '--folder', 'Nobody'], {}, 'there is no folder "Nobody"'],
    ['two of that name', ['detach', '--folder', 'Twin'], {}, 'twin-1, twin-2'],
    ['no undo file', ['undo', '/nowhere.json'], {}, 'ENOENT'],
  ])('%s is said with what to do', async (_what, args, environment, says) => {
    const said = await run(args, environment);
    expect([said.exitCode, said.out, said.err]).toEqual([3, '', expect.stringContaining(says)]);
    expect(said.err).not.toContain('glsa_');
  });

  it('a folder without the datasource, or with two of them', async () => {
    fill();
    grafana.setDatasources([]);
    expect((await attach()).err).toContain('no datasource "Bellwether verdicts"');
    const two = ['a', 'b'].map((uid) => ({ uid, type: 'bellwether-verdicts-datasource' }));
    grafana.setDatasources(two);
    expect((await attach()).err).toContain('--datasource: a, b');
    expect((await attach('--datasource', 'b')).exitCode).toBe(0);
  });

  it('a file that is there, or of something else, or of another Grafana', async () => {
    fill();
    const file = undoFile();
    writeFileSync(file, '{}');
    expect((await attach('--undo', file)).err).toContain('is there already');
    expect((await run(['undo', file])).err).toContain('is no undo file');
    writeFileSync(
      file,
      JSON.stringify({ bellwetherUndo: 1, grafana: 'https://other', at: '', dashboards: [] }),
    );
    expect((await run(['undo', file])).err).toContain('set --grafana to it');
    expect(grafana.saves()).toBe(0);
  });
});
