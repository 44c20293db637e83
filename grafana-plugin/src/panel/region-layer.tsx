import type { UPlotConfigBuilder } from '@grafana/ui';
import { useEffect, useLayoutEffect, useRef } from 'react';
import { drawRegions, type PlotArea, type RegionScene } from './draw-regions.js';

/** What the layer needs of the plot library, whose own types are not part of Grafana's public packages. */
interface Plot {
  readonly ctx: CanvasRenderingContext2D;
  readonly bbox: PlotArea['box'];
  readonly scales: Readonly<Record<string, { readonly min?: number; readonly max?: number }>>;
  redraw(rebuildPaths: boolean): void;
}

interface Props extends RegionScene {
  readonly config: UPlotConfigBuilder;
}

/** Draws deployments beneath the series. The newest scene is read when the plot draws, so that a new verdict rebuilds no plot. */
export function RegionLayer({ config, regions, chosen, showOnset, theme }: Props) {
  const scene = useRef<RegionScene>({ regions, chosen, showOnset, theme });
  const plot = useRef<Plot>(undefined);
  scene.current = { regions, chosen, showOnset, theme };

  // Before the plot is made, which happens after this effect: hooks added later are never called.
  useLayoutEffect(() => {
    config.addHook('init', (made: Plot) => {
      plot.current = made;
    });
    config.addHook('destroy', () => {
      plot.current = undefined;
    });
    config.addHook('drawClear', (drawn: Plot) => {
      drawRegions(areaOf(drawn), scene.current);
    });
  }, [config]);

  useEffect(() => {
    plot.current?.redraw(false);
  }, [regions, chosen, showOnset, theme]);
  return null;
}

/** Time runs evenly over the plot, so that a moment's place is reckoned here: asking the plot hundreds of times takes longer than drawing. */
function areaOf({ ctx, bbox, scales }: Plot): PlotArea {
  const { min = 0, max = min + 1 } = scales['x'] ?? {};
  const msPerPixel = (max - min) / bbox.width;
  return {
    context: ctx,
    box: bbox,
    xOf: (ms) => bbox.left + (ms - min) / msPerPixel,
    msPerPixel,
    pixelRatio: devicePixelRatio,
  };
}
