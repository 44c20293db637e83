// Grafana's runtime services, as far as the plugins ask for them.
import { DataTopic, EventBusSrv, LoadingState, toDataFrame } from '@grafana/data';
import * as runtime from '@grafana/runtime';
import { sceneGraph } from '@grafana/scenes';
import { createElement } from 'react';
import { catchError, from, map, Observable, of, startWith, switchMap } from 'rxjs';
import { fromFetch } from 'rxjs/fetch';
import { setPanelDataErrorView } from 'grafana-deep/runtime/components/PanelDataErrorView';
import { setPanelRenderer } from 'grafana-deep/runtime/components/PanelRenderer';
import { setPluginPage } from 'grafana-deep/runtime/components/PluginPage';

export const appEvents = new EventBusSrv();
/** What the page asked its server for. */
export const calls = [];
const answered = new Map();

const backend = {
  fetch(options) {
    const query = new URLSearchParams(
      Object.entries(options.params ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const path = (options.url.startsWith('/') ? '' : '/') + options.url;
    const url = query.size === 0 ? path : `${path}?${query}`;
    calls.push({ method: options.method ?? 'GET', url });
    const request = {
      method: options.method ?? 'GET',
      headers: { 'content-type': 'application/json', ...options.headers },
      ...(options.data === undefined ? {} : { body: JSON.stringify(options.data) }),
    };
    return fromFetch(url, request).pipe(switchMap((response) => answerOf(response, options)));
  },
};

async function answerOf(response, config) {
  const text = await response.text();
  const data = parse(text);
  const { status, statusText, ok, headers, url } = response;
  if (!ok) throw { status, statusText, data, config };
  return { data, status, statusText, ok, headers, url, config };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @param scene where variables are looked up, once there is one */
function templateSrv(scene) {
  const variables = () => scene()?.state.$variables?.state.variables ?? [];
  return {
    replace: (text, scopedVars, format) =>
      scene() === undefined || text === undefined
        ? (text ?? '')
        : sceneGraph.interpolate(scene(), text, scopedVars, format),
    getVariables: () => variables().map(({ state }) => ({ name: state.name, type: state.type })),
    containsTemplate: (text) => /\$\w|\$\{/.test(text ?? ''),
    updateTimeRange() {},
  };
}

export function installRuntime({ importPanelPlugin, datasources, scene }) {
  const byRef = (ref) =>
    datasources.find(
      ({ uid, name }) => ref === undefined || ref === null || uid === (ref.uid ?? ref) || name === ref,
    );
  runtime.setBackendSrv(backend);
  runtime.setTemplateSrv(templateSrv(scene));
  runtime.setDataSourceSrv({
    get: async (ref) => byRef(ref)?.instance,
    getList: () => datasources.map(({ settings }) => settings),
    getInstanceSettings: (ref) => byRef(ref)?.settings,
    reload() {},
    registerRuntimeDataSource() {},
  });
  runtime.setEchoSrv({ flush() {}, addBackend() {}, addEvent() {} });
  runtime.setAppEvents(appEvents);
  runtime.setPluginImportUtils({
    importPanelPlugin: async (id) => {
      answered.set(id, await importPanelPlugin(id));
      return answered.get(id);
    },
    getPanelPluginFromCache: (id) => answered.get(id),
  });
  runtime.setRunRequest(runRequest);
  setPanelDataErrorView(({ message }) =>
    createElement('div', { 'data-testid': 'panel-data-error' }, message ?? 'No data'),
  );
  setPluginPage(({ children }) => createElement('main', { 'data-testid': 'plugin-page' }, children));
  setPanelRenderer(() => null);
  runtime.setReturnToPreviousHook?.(() => () => {});
  runtime.setChromeHeaderHeightHook?.(() => 0);
  runtime.setPluginLinksHook?.(() => ({ links: [], isLoading: false }));
  runtime.setPluginComponentsHook?.(() => ({ components: [], isLoading: false }));
  runtime.setPluginComponentHook?.(() => ({ component: null, isLoading: false }));
  runtime.setPluginFunctionsHook?.(() => ({ functions: [], isLoading: false }));
}

function runRequest(datasource, request) {
  const { range: timeRange } = request;
  const answer = datasource.query(request);
  return (answer instanceof Observable ? answer : from(answer)).pipe(
    map((response) => {
      const frames = response.data.map(toDataFrame);
      const isAnnotation = ({ meta }) => meta?.dataTopic === DataTopic.Annotations;
      return {
        state: response.state ?? LoadingState.Done,
        series: frames.filter((frame) => !isAnnotation(frame)),
        annotations: frames.filter(isAnnotation),
        timeRange,
        request,
        structureRev: 1,
      };
    }),
    catchError((error) =>
      of({ state: LoadingState.Error, series: [], error, errors: [error], timeRange, request }),
    ),
    startWith({ state: LoadingState.Loading, series: [], timeRange, request }),
  );
}
