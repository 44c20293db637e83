import {
  type DataFrame,
  type DataQueryRequest,
  type DataQueryResponse,
  DataSourceApi,
  type DataSourceInstanceSettings,
  type MetricFindValue,
  type TestDataSourceResponse,
} from '@grafana/data';
import { config } from '@grafana/runtime';
import { datasourceReader, type ServiceReader } from '../verdicts/service-client.js';
import { annotationFrame } from './annotation-frame.js';
import { calibrationFrames } from './calibration-frames.js';
import { deploymentsFrame } from './deployments-frame.js';
import { fillQuery } from './filled-query.js';
import { findRegions, type FoundRegions } from '../verdicts/find-regions.js';
import { bandFrames, harmProbabilityFrames } from './report-frames.js';
import { scoresFrame } from './scores-frame.js';
import { testConnection } from './test-connection.js';
import { variableValues } from './variable-values.js';
import { type ConnectionSettings, DEFAULT_CLUSTER_PERCENT, type VerdictQuery } from './verdict-query.js';
import { verdictsFrame } from './verdicts-frame.js';
import { AnnotationQueryEditor } from './annotation-query-editor.js';
import { say } from '../words/say.js';

/** Deployments and verdicts of one service of Bellwether, read through Grafana's datasource proxy. */
export class VerdictDatasource extends DataSourceApi<VerdictQuery, ConnectionSettings> {
  private readonly reader: ServiceReader;

  constructor(private readonly settings: DataSourceInstanceSettings<ConnectionSettings>) {
    super(settings);
    this.reader = datasourceReader(settings.uid);
    this.annotations = {
      prepareQuery: (annotation) => ({ refId: 'Anno', ...annotation.target, kind: 'annotations' }),
      QueryEditor: AnnotationQueryEditor,
    };
  }

  override getDefaultQuery(): Partial<VerdictQuery> {
    return { kind: 'deployments' };
  }

  override async query(request: DataQueryRequest<VerdictQuery>): Promise<DataQueryResponse> {
    const targets = request.targets.filter(({ hide }) => hide !== true);
    const frames = await Promise.all(targets.map((target) => this.answer(target, request)));
    return { data: frames.flat() };
  }

  override async metricFindQuery(
    query: string | VerdictQuery,
    options?: { readonly range?: DataQueryRequest['range'] },
  ): Promise<MetricFindValue[]> {
    const values = await variableValues(this.reader, typeof query === 'string' ? query : '', options?.range);
    return values.map((text) => ({ text }));
  }

  override testDatasource(): Promise<TestDataSourceResponse> {
    return testConnection(this.reader, this.settings.jsonData.serviceUrl);
  }

  private async answer(
    target: VerdictQuery,
    request: DataQueryRequest<VerdictQuery>,
  ): Promise<readonly DataFrame[]> {
    const filled = fillQuery(target, request.scopedVars);
    const fromMs = request.range.from.valueOf();
    const toMs = request.range.to.valueOf();
    const found = await findRegions(this.reader, filled, { fromMs, toMs, nowMs: Date.now() });
    const frames = await this.framesOf(target, request, found, filled.metric);
    return frames.map((frame) => ({ ...frame, refId: target.refId, ...noticeOf(found) }));
  }

  private async framesOf(
    target: VerdictQuery,
    { range, intervalMs }: DataQueryRequest<VerdictQuery>,
    { regions }: FoundRegions,
    metric: string,
  ): Promise<readonly DataFrame[]> {
    const [fromMs, toMs] = [range.from.valueOf(), range.to.valueOf()];
    switch (target.kind ?? 'deployments') {
      case 'annotations': {
        const share = (target.clusterPercent ?? DEFAULT_CLUSTER_PERCENT) / 100;
        return [annotationFrame(regions, share * (toMs - fromMs), config.appSubUrl)];
      }
      case 'verdicts':
        return [verdictsFrame(regions, { fromMs, toMs, intervalMs })];
      case 'harm-probability':
        return harmProbabilityFrames(this.reader, regions);
      case 'bands':
        return bandFrames(this.reader, regions, metric);
      case 'scores':
        return [scoresFrame(regions, metric)];
      case 'calibration':
        return calibrationFrames(this.reader, regions);
      case 'deployments':
        return [deploymentsFrame(regions)];
    }
  }
}

function noticeOf({ truncated }: FoundRegions): Pick<DataFrame, 'meta'> {
  if (!truncated) return {};
  return { meta: { notices: [{ severity: 'warning', text: say('query.truncated') }] } };
}
