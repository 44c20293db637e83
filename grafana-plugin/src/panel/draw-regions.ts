import { colorManipulator, type GrafanaTheme2 } from '@grafana/data';
import { clusterRegions, type Cluster } from '../verdicts/cluster-regions.js';
import { onsetOf, type Region } from '../verdicts/region.js';
import { verdictMark } from '../verdicts/verdict-look.js';
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
  readonly msPerPixel: number;
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
  const widthMs = NEAREST * area.pixelRatio * area.msPerPixel;
  context.save();
  // Set once: a canvas reads the font anew each time.
  context.font = `bold ${SIGN_SIZE * area.pixelRatio}px Inter, sans-serif`;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  fillJudged(area, visible, scene.theme);
  for (const cluster of clusterRegions(visible, widthMs)) drawCluster(area, cluster, scene.theme);
  if (scene.chosen !== undefined) drawChosen(area, scene.chosen, scene);
  context.restore();
}

interface Stretch {
  readonly left: number;
  readonly right: number;
}

/** Each moment is filled once a colour: many regions over each other are no darker than one, and hide no series. */
function fillJudged(area: PlotArea, regions: readonly Region[], theme: GrafanaTheme2): void {
  const { context, box, pixelRatio } = area;
  for (const [color, stretches] of stretchesByColor(area, regions)) {
    const shown = theme.visualization.getColorByName(color);
    context.fillStyle = colorManipulator.alpha(shown, 0.12);
    for (const { left, right } of stretches) context.fillRect(left, box.top, right - left, box.height);
    // A bar at the foot shows how far a region goes where colours lie on each other.
    context.fillStyle = shown;
    for (const { left, right } of stretches)
      context.fillRect(left, box.top + box.height - 3 * pixelRatio, right - left, 3 * pixelRatio);
  }
}

/** Where each colour lies; what touches is one stretch. */
function stretchesByColor(
  { xOf, pixelRatio }: PlotArea,
  regions: readonly Region[],
): ReadonlyMap<string, readonly Stretch[]> {
  const found = new Map<string, Stretch[]>();
  for (const { fromMs, toMs, verdict } of regions.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (unjudged.has(verdict)) continue;
    const { color } = verdictMark(verdict);
    const left = xOf(fromMs);
    const right = Math.max(xOf(toMs), left + LEAST_WIDTH * pixelRatio);
    const stretches = found.get(color) ?? [];
    const last = stretches.at(-1);
    if (last !== undefined && left <= last.right)
      stretches[stretches.length - 1] = { left: last.left, right: Math.max(last.right, right) };
    else stretches.push({ left, right });
    found.set(color, stretches);
  }
  return found;
}

/** Edge, sign and, of several, their number. */
function drawCluster(
  { context, box, xOf, pixelRatio }: PlotArea,
  cluster: Cluster,
  theme: GrafanaTheme2,
): void {
  const { color, sign } = verdictMark(cluster.verdict);
  const left = xOf(cluster.fromMs);
  const count = cluster.regions.length;
  context.fillStyle = theme.visualization.getColorByName(color);
  context.fillRect(left, box.top, pixelRatio, box.height);
  const text = count === 1 ? sign : `${sign}${count}`;
  context.fillText(text, left + 3 * pixelRatio, box.top + 2 * pixelRatio);
}

function drawChosen(
  { context, box, xOf, pixelRatio }: PlotArea,
  chosen: Region,
  { showOnset, theme }: RegionScene,
): void {
  const [left, right] = [xOf(chosen.fromMs), xOf(chosen.toMs)];
  const color = theme.visualization.getColorByName(verdictMark(chosen.verdict).color);
  context.fillStyle = colorManipulator.alpha(color, 0.12);
  context.fillRect(left, box.top, Math.max(right - left, LEAST_WIDTH * pixelRatio), box.height);
  context.fillStyle = color;
  context.fillRect(left, box.top, 2 * pixelRatio, box.height);
  const onsetMs = showOnset ? onsetOf(chosen) : undefined;
  if (onsetMs !== undefined) drawOnset(context, box, xOf(onsetMs), pixelRatio, theme);
}

function drawOnset(
  context: CanvasRenderingContext2D,
  { left, top, width, height }: PlotArea['box'],
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
  const text = say('series.onset');
  const gap = 5 * pixelRatio;
  // At the right edge there is room on the other side alone.
  const isCut = x + gap + context.measureText(text).width > left + width;
  context.textAlign = isCut ? 'right' : 'left';
  context.fillText(text, isCut ? x - gap : x + gap, top + 18 * pixelRatio);
}
