import { describe, expect, it } from 'vitest';
import {
  attachChange,
  type Dashboard,
  deploymentsQuery,
  undoChange,
} from '../../../service/src/api/annotation-query.js';
import { changeDashboards, type ChangeOrder } from './change-dashboards.js';
import { type DashboardApi, GrafanaRefusal, type LoadedDashboard } from './dashboard-api.js';

const query = deploymentsQuery({ datasourceUid: 'verdicts', service: '$service', environment: '' });
const attach: ChangeOrder = {
  isPreview: false,
  changeFor: (dashboard) => attachChange(dashboard, query),
  message: 'test',
};

/** A Grafana that keeps dashboards; before a save, `intruders` others may save theirs. */
function grafana(meta: LoadedDashboard['meta'] = {}, intruders = 0, fields: object = {}) {
  let kept: Dashboard = { uid: 'cart', title: 'Cart', version: 1, ...fields };
  let saves = 0;
  const api: Pick<DashboardApi, 'load' | 'save'> = {
    load: (uid) => {
      if (uid !== 'cart') return Promise.reject(new GrafanaRefusal(404, '', 'Dashboard not found'));
      const loaded = { dashboard: kept, meta };
      if (intruders-- > 0) kept = { ...kept, version: kept.version + 1 };
      return Promise.resolve(loaded);
    },
    save: ({ dashboard }) => {
      if (dashboard.version !== kept.version)
        return Promise.reject(new GrafanaRefusal(412, 'version-mismatch', 'changed'));
      kept = { ...dashboard, version: kept.version + 1 };
      saves += 1;
      return Promise.resolve();
    },
  };
  return { api, queries: () => kept.annotations?.list ?? [], saves: () => saves };
}

const cart = { uid: 'cart', title: 'Cart' };

describe('attaching the query to dashboards', () => {
  it('writes nothing for a preview, adds it once, and takes it back', async () => {
    const { api, queries, saves } = grafana();
    const preview = await changeDashboards(api, [cart], { ...attach, isPreview: true });
    expect([preview[0]?.outcome, saves()]).toEqual(['changed', 0]);
    const [done] = await changeDashboards(api, [cart], attach);
    expect([done?.outcome, queries()]).toEqual(['changed', [query]]);
    expect((await changeDashboards(api, [cart], attach))[0]?.outcome).toBe('unchanged');
    const change = done?.change;
    const back: ChangeOrder = {
      ...attach,
      changeFor: (dashboard) => change && undoChange(dashboard, change),
    };
    expect((await changeDashboards(api, [cart], back))[0]?.outcome).toBe('changed');
    expect([queries(), saves()]).toEqual([[], 2]);
  });

  it('tries again when somebody else saved it, and not for ever', async () => {
    const often = grafana({}, 2);
    expect((await changeDashboards(often.api, [cart], attach))[0]?.outcome).toBe('changed');
    const always = grafana({}, 3);
    const [refused] = await changeDashboards(always.api, [cart], attach);
    expect(refused).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('keeps saving') as string,
    });
    expect(always.saves()).toBe(0);
  });

  it.each([
    [{ provisioned: true, provisionedExternalId: 'shop/cart.json' }, {}, 'shop/cart.json'],
    [{ canSave: false }, {}, 'permission'],
    [{}, { elements: {} }, 'newer format'],
  ])('leaves alone what it may or can not change: %j %j', async (meta, fields, words) => {
    const { api, saves } = grafana(meta, 0, fields);
    const [result] = await changeDashboards(api, [cart], attach);
    expect(result).toMatchObject({ outcome: 'refused', reason: expect.stringContaining(words) as string });
    expect(saves()).toBe(0);
  });

  it('goes on after one that is gone', async () => {
    const { api, queries } = grafana();
    const done: number[] = [];
    const results = await changeDashboards(api, [{ uid: 'gone', title: 'Gone' }, cart], attach, (count) =>
      done.push(count),
    );
    expect(results.map(({ outcome }) => outcome)).toEqual(['refused', 'changed']);
    expect([done, queries()]).toEqual([[1, 2], [query]]);
  });
});
