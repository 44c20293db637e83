import { colorManipulator, type GrafanaTheme2 } from '@grafana/data';
import { clusterRegions, type Cluster } from '../verdicts/cluster-regions.js';
import { onsetOf, type Region } from '../verdicts/region.js';
import { verdictLook } from '../verdicts/verdict-look.js';
import { say } from '../words/say.js';

/** What is drawn. */
export interface RegionScene {
  readonly regions: readonly Region[];
  readonly chosen: Region | undefined;
  readonly showOnset: boolean;
  readonly theme: GrafanaTheme2;
}

/** Where it is drawn, in pixels of the canvas. */
export interface PlotArea {
  readonly context: CanvasRenderingContext2D;
  readonly box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  };
  readonly xOf: (ms: number) => number;
  readonly msOf: (x: number) => number;
  readonly pixelRatio: number;
}

/** In CSS pixels: signs need so much room, and deployments that begin nearer to each other are drawn as one. */
const SIGN_SIZE = 12;
const NEAREST = 28;
const LEAST_WIDTH = 2;

/** These ended without a judgement: their beginning is marked, and no stretch of time is theirs. */
const unjudged = new Set(['superseded', 'cancelled']);

/** Every deployment as a coloured region with the sign of its verdict on top, the chosen one stronger, and a mark where its shift began. */
export function drawRegions(area: PlotArea, scene: RegionScene): void {
  const { context, box } = area;
  const visible = scene.regions.filter(
    ({ fromMs, toMs }) => area.xOf(toMs) >= box.left && area.xOf(fromMs) <= box.left + box.width,
  );
  const widthMs = area.msOf(box.left + NEAREST * area.pixelRatio) - area.msOf(box.left);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  fillJudged(area, visible, scene.theme);
  for (const cluster of clusterRegions(visible, widthMs)) drawCluster(area, cluster, scene.theme);
  if (scene.chosen !== undefined) drawChosen(area, scene.chosen, scene);
  context.restore();
}

/** Each moment is filled once a colour: many regions over each other are no darker than one, and hide no series. */
function fillJudged(
  { context, box, xOf, pixelRatio }: PlotArea,
  regions: readonly Region[],
  theme: GrafanaTheme2,
): void {
  const ends = new Map<string, number>();
  for (const { fromMs, toMs, verdict } of regions.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (unjudged.has(verdict)) continue;
    const { color } = verdictLook(verdict);
    const left = Math.max(xOf(fromMs), ends.get(color) ?? -Infinity);
    const right = Math.max(xOf(toMs), xOf(fromMs) + LEAST_WIDTH * pixelRatio);
    if (right <= left) continue;
    ends.set(color, right);
    const shown = theme.visualization.getColorByName(color);
    context.fillStyle = colorManipulator.alpha(shown, 0.12);
    context.fillRect(left, box.top, right - left, box.height);
    // A bar at the foot shows how far a region goes where colours lie on each other.
    context.fillStyle = shown;
    context.fillRect(left, box.top + box.height - 3 * pixelRatio, right - left, 3 * pixelRatio);
  }
}

/** Edge, sign and, of several, their number. */
function drawCluster(
  { context, box, xOf, pixelRatio }: PlotArea,
  cluster: Cluster,
  theme: GrafanaTheme2,
): void {
  const { color, sign } = verdictLook(cluster.verdict);
  const left = xOf(cluster.fromMs);
  const count = cluster.regions.length;
  context.fillStyle = theme.visualization.getColorByName(color);
  context.fillRect(left, box.top, pixelRatio, box.height);
  writeAt(
    context,
    count === 1 ? sign : `${sign}${count}`,
    left + 3 * pixelRatio,
    box.top + 2 * pixelRatio,
    pixelRatio,
  );
}

function drawChosen(
  { context, box, xOf, pixelRatio }: PlotArea,
  chosen: Region,
  { showOnset, theme }: RegionScene,
): void {
  const [left, right] = [xOf(chosen.fromMs), xOf(chosen.toMs)];
  const color = theme.visualization.getColorByName(verdictLook(chosen.verdict).color);
  context.fillStyle = colorManipulator.alpha(color, 0.12);
  context.fillRect(left, box.top, Math.max(right - left, LEAST_WIDTH * pixelRatio), box.height);
  context.fillStyle = color;
  context.fillRect(left, box.top, 2 * pixelRatio, box.height);
  const onsetMs = showOnset ? onsetOf(chosen) : undefined;
  if (onsetMs !== undefined) drawOnset(context, box, xOf(onsetMs), pixelRatio, theme);
}

function drawOnset(
  context: CanvasRenderingContext2D,
  { top, height }: PlotArea['box'],
  x: number,
  pixelRatio: number,
  theme: GrafanaTheme2,
): void {
  context.strokeStyle = theme.colors.text.primary;
  context.fillStyle = theme.colors.text.primary;
  context.lineWidth = pixelRatio;
  context.setLineDash([4 * pixelRatio, 4 * pixelRatio]);
  context.beginPath();
  context.moveTo(x, top);
  context.lineTo(x, top + height);
  context.stroke();
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(x - 5 * pixelRatio, top + height);
  context.lineTo(x + 5 * pixelRatio, top + height);
  context.lineTo(x, top + height - 7 * pixelRatio);
  context.fill();
  writeAt(context, say('series.onset'), x + 5 * pixelRatio, top + 18 * pixelRatio, pixelRatio);
}

function writeAt(
  context: CanvasRenderingContext2D,
  text: string,
  x: number,
  y: number,
  pixelRatio: number,
): void {
  context.font = `bold ${SIGN_SIZE * pixelRatio}px Inter, sans-serif`;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillText(text, x, y);
}
