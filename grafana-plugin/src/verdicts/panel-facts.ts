import type { TemplateSrv } from '@grafana/runtime';

/** Every text of a panel's queries, whatever its datasource calls them. */
export function queryTexts(targets: readonly object[]): readonly string[] {
  return targets.flatMap((target) => Object.values(target).filter((value) => typeof value === 'string'));
}

/** Values that the dashboard's variables hold now, by name. */
export function variableValuesOf(templateSrv: TemplateSrv): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    templateSrv.getVariables().map(({ name }) => {
      const text = templateSrv.replace(`\${${name}}`, {}, 'csv');
      return [name, text === `\${${name}}` || text === '$__all' ? [] : text.split(',')];
    }),
  );
}
