// How long the panel takes to draw beside Grafana's own time series on the same frames.
import {
  createDataFrame,
  dateTime,
  EventBusSrv,
  FieldType,
  getDisplayProcessor,
  LoadingState,
} from '@grafana/data';
import { TimeSeries } from '@grafana/ui';
import { createElement as h } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';

const SERIES = 50;
const POINTS = 2_000;
const DEPLOYMENTS = 500;
const STEP_MS = 1_000;
const START_MS = Date.UTC(2026, 0, 31, 12);
const PANS = 10;
const ROUNDS = 6;
const size = { width: 1_000, height: 500 };
const legend = { displayMode: 'list', placement: 'bottom', showLegend: false, calcs: [] };

/** @returns milliseconds of the first draw and of one pan, median, by who drew */
export async function measure(theme, Panel, wrap) {
  const frames = makeFrames(theme);
  const regions = makeRegions();
  // New arrays with every range, as a dashboard's queries give them: the same ones would not be drawn again.
  const plain = (timeRange) =>
    h(TimeSeries, { frames: [...frames], timeRange, timeZone: 'utc', legend, structureRev: 1, ...size });
  const annotations = [
    {
      length: 1,
      fields: [{ name: 'data', type: FieldType.other, config: {}, values: [{ bellwether: regions }] }],
    },
  ];
  const data = { state: LoadingState.Done, series: frames, annotations, structureRev: 1 };
  const options = {
    service: '',
    environment: '',
    bandMetric: '',
    showBand: true,
    showOnset: true,
    showHarm: true,
    showList: true,
    legend,
    tooltip: { mode: 'multi' },
  };
  const panel = (timeRange) =>
    h(Panel, {
      id: 1,
      data: { ...data, series: [...frames], timeRange },
      timeRange,
      timeZone: 'utc',
      options,
      fieldConfig: { defaults: {}, overrides: [] },
      replaceVariables: (text) => text,
      onChangeTimeRange() {},
      eventBus: new EventBusSrv(),
      ...size,
      height: size.height + 36,
    });
  // Each draws once before it is measured: code that runs for the first time is slower whoever wrote it.
  const rounds = { plain: [], panel: [] };
  for (let round = 0; round <= ROUNDS; round++)
    for (const [name, element] of Object.entries({ plain, panel })) {
      const figures = await draw((range) => wrap(element(range)));
      if (round > 0) rounds[name].push(figures);
    }
  const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
  const summary = (figures) => ({
    firstMs: median(figures.map(({ firstMs }) => firstMs)),
    panMs: median(figures.flatMap(({ pansMs }) => pansMs)),
  });
  return { plain: summary(rounds.plain), panel: summary(rounds.panel) };
}

async function draw(element) {
  const place = document.createElement('div');
  document.body.append(place);
  const root = createRoot(place);
  const firstMs = await timed(() => root.render(element(rangeFrom(0))));
  await settled();
  const pansMs = [];
  for (let pan = 1; pan <= PANS; pan++)
    pansMs.push(await timed(() => root.render(element(rangeFrom(pan * 10)))));
  root.unmount();
  place.remove();
  return { firstMs, pansMs };
}

/** Until the canvas is painted: drawing is put off to a microtask, painting to a frame. */
async function timed(work) {
  const started = performance.now();
  flushSync(work);
  await Promise.resolve();
  const drawnMs = performance.now() - started;
  await new Promise((resolve) => requestAnimationFrame(() => resolve()));
  return drawnMs;
}

function settled() {
  return new Promise((resolve) => setTimeout(resolve, 600));
}

function rangeFrom(seconds) {
  const [from, to] = [
    dateTime(START_MS + seconds * STEP_MS),
    dateTime(START_MS + (seconds + POINTS - 300) * STEP_MS),
  ];
  return { from, to, raw: { from, to } };
}

function makeFrames(theme) {
  const times = Array.from({ length: POINTS }, (_, index) => START_MS + index * STEP_MS);
  return Array.from({ length: SERIES }, (_, series) => {
    const values = times.map(
      (_time, index) => 100 + series + 20 * Math.sin(index / (7 + series)) + ((index * 7919) % 13),
    );
    const frame = createDataFrame({
      fields: [
        { name: 'time', type: FieldType.time, values: times },
        {
          name: `series ${series}`,
          type: FieldType.number,
          values,
          config: {
            color: { mode: 'palette-classic' },
            custom: {
              drawStyle: 'line',
              lineWidth: 1,
              showPoints: 'never',
              hideFrom: { legend: false, tooltip: false, viz: false },
            },
          },
        },
      ],
    });
    for (const field of frame.fields) {
      field.state = { seriesIndex: series };
      field.display = getDisplayProcessor({ field, theme, timeZone: 'utc' });
    }
    return frame;
  });
}

function makeRegions() {
  const verdicts = ['continue', 'rollback', 'inconclusive', 'continue', 'superseded'];
  return Array.from({ length: DEPLOYMENTS }, (_, index) => {
    const fromMs = START_MS + index * 4 * STEP_MS;
    const verdict = verdicts[index % verdicts.length];
    const startedAt = new Date(fromMs).toISOString();
    const deployment = {
      id: `d-${index}`,
      service: 'checkout',
      environment: 'production',
      version: `1.0.${index}`,
      state: 'finished',
      startedAt,
    };
    return { id: deployment.id, fromMs, toMs: fromMs + 60 * STEP_MS, verdict, deployment };
  });
}
