import { colorManipulator, type GrafanaTheme2 } from '@grafana/data';
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
  readonly pixelRatio: number;
}

/** In CSS pixels: a sign that is nearer to the one before is left out, its region is drawn all the same. */
const SIGN_SIZE = 12;
const LEAST_WIDTH = 2;

/** Every deployment as a coloured region with the sign of its verdict on top, the chosen one stronger, and a mark where its shift began. */
export function drawRegions(area: PlotArea, scene: RegionScene): void {
  const { context, box } = area;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.width, box.height);
  context.clip();
  let signEnd = -Infinity;
  for (const region of scene.regions) {
    const [left, right] = [area.xOf(region.fromMs), area.xOf(region.toMs)];
    if (right < box.left || left > box.left + box.width) continue;
    const isChosen = region.id === scene.chosen?.id;
    const color = scene.theme.visualization.getColorByName(verdictLook(region.verdict).color);
    drawBody(area, left, Math.max(right, left + LEAST_WIDTH * area.pixelRatio), color, isChosen);
    if (left < signEnd && !isChosen) continue;
    drawSign(area, left, verdictLook(region.verdict).sign, color);
    signEnd = left + 1.5 * SIGN_SIZE * area.pixelRatio;
  }
  const onsetMs = scene.showOnset && scene.chosen !== undefined ? onsetOf(scene.chosen) : undefined;
  if (onsetMs !== undefined) drawOnset(area, area.xOf(onsetMs), scene.theme);
  context.restore();
}

function drawBody(
  { context, box, pixelRatio }: PlotArea,
  left: number,
  right: number,
  color: string,
  isChosen: boolean,
): void {
  context.fillStyle = colorManipulator.alpha(color, isChosen ? 0.22 : 0.1);
  context.fillRect(left, box.top, right - left, box.height);
  context.fillStyle = color;
  context.fillRect(left, box.top, (isChosen ? 2 : 1) * pixelRatio, box.height);
  // A bar at the foot shows how far a region goes where it lies on others.
  context.fillRect(left, box.top + box.height - 3 * pixelRatio, right - left, 3 * pixelRatio);
}

function drawSign({ context, box, pixelRatio }: PlotArea, left: number, sign: string, color: string): void {
  context.font = `bold ${SIGN_SIZE * pixelRatio}px Inter, sans-serif`;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillStyle = color;
  context.fillText(sign, left + 4 * pixelRatio, box.top + 2 * pixelRatio);
}

function drawOnset({ context, box, pixelRatio }: PlotArea, x: number, theme: GrafanaTheme2): void {
  context.strokeStyle = theme.colors.text.primary;
  context.fillStyle = theme.colors.text.primary;
  context.lineWidth = pixelRatio;
  context.setLineDash([4 * pixelRatio, 4 * pixelRatio]);
  context.beginPath();
  context.moveTo(x, box.top);
  context.lineTo(x, box.top + box.height);
  context.stroke();
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(x - 5 * pixelRatio, box.top);
  context.lineTo(x + 5 * pixelRatio, box.top);
  context.lineTo(x, box.top + 7 * pixelRatio);
  context.fill();
  context.font = `${11 * pixelRatio}px Inter, sans-serif`;
  context.textAlign = 'left';
  context.textBaseline = 'top';
  context.fillText(say('series.onset'), x + 7 * pixelRatio, box.top + 16 * pixelRatio);
}
