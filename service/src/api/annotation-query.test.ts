import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attachChange,
  DATASOURCE_TYPE,
  deploymentsQuery,
  detachChange,
  ownQueries,
  undoChange,
  withChange,
  type AnnotationQuery,
  type Dashboard,
  type QueryChange,
} from './annotation-query.js';

const QUERY = deploymentsQuery({ datasourceUid: 'bw', service: '$service', environment: '' });

const queryOf = (datasource: fc.Arbitrary<AnnotationQuery['datasource']>) =>
  fc.record({ name: fc.string(), datasource, enable: fc.boolean() }) as fc.Arbitrary<AnnotationQuery>;
const foreign = queryOf(fc.constantFrom('-- Grafana --', null, { type: 'loki', uid: 'x' }));
const own = queryOf(
  fc.constantFrom({ type: DATASOURCE_TYPE, uid: 'bw' }, { type: DATASOURCE_TYPE, uid: 'b2' }),
);
/** Queries of a dashboard are told apart by their names. */
const distinct = (of: fc.Arbitrary<AnnotationQuery>) =>
  fc.uniqueArray(of, { maxLength: 6, selector: ({ name }) => name });
const dashboardOf = (of: fc.Arbitrary<AnnotationQuery>): fc.Arbitrary<Dashboard> =>
  fc
    .tuple(distinct(of), fc.dictionary(fc.constantFrom('panels', 'templating', 'links'), fc.jsonValue()))
    .map(([list, more]) => ({
      ...{ ...more, uid: 'u', title: 't', version: 1 },
      annotations: { list, more: 1 },
    }));
const some = dashboardOf(fc.oneof(foreign, own));
const changed = (dashboard: Dashboard, change: QueryChange | undefined): Dashboard =>
  change === undefined ? dashboard : withChange(dashboard, change);

describe('attaching and detaching', () => {
  it('once is as good as twice', () => {
    fc.assert(
      fc.property(some, (dashboard) => {
        const attached = changed(dashboard, attachChange(dashboard, QUERY));
        expect(attachChange(attached, QUERY)).toBeUndefined();
        const detached = changed(dashboard, detachChange(dashboard));
        expect([detachChange(detached), ownQueries(detached)]).toEqual([undefined, []]);
      }),
    );
  });

  it('is taken back to exactly what was there', () => {
    fc.assert(
      fc.property(some, (dashboard) => {
        for (const change of [attachChange(dashboard, QUERY), detachChange(dashboard)]) {
          if (change === undefined) continue;
          const after = withChange(dashboard, change);
          expect(changed(after, undoChange(after, change))).toEqual(dashboard);
          expect(undoChange(dashboard, change)).toBeUndefined();
        }
      }),
    );
  });

  it('keeps every query of others, in its order, and every other field', () => {
    fc.assert(
      fc.property(some, (dashboard) => {
        const others = ({ annotations }: Dashboard) =>
          annotations?.list?.filter(
            (query) => !ownQueries(dashboard).some((one) => one.query === query) && query !== QUERY,
          );
        for (const change of [attachChange(dashboard, QUERY), detachChange(dashboard)]) {
          const after = changed(dashboard, change);
          expect(others(after)).toEqual(others(dashboard));
          expect({ ...after, annotations: undefined }).toEqual({ ...dashboard, annotations: undefined });
        }
      }),
    );
  });

  it('finds no list where a dashboard has none', () => {
    const bare: Dashboard = { uid: 'u', title: 't', version: 1 };
    const change = attachChange(bare, QUERY);
    expect(change && withChange(bare, change).annotations).toEqual({ list: [QUERY] });
    expect(detachChange(bare)).toBeUndefined();
  });

  it('knows a query again whose keys Grafana wrote in another order', () => {
    const change = { removed: [], added: [{ index: 0, query: QUERY }] };
    const turned = Object.fromEntries(Object.entries(QUERY).toReversed());
    const dashboard = { uid: 'u', title: 't', version: 2, annotations: { list: [turned] } };
    expect(undoChange(dashboard, change)?.removed).toHaveLength(1);
  });
});
