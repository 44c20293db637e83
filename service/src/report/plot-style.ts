/** How plots look; lines keep their thickness while the area is stretched. */
export const plotStyle = `
figure{margin:.25rem 0 .5rem}
.plot-box{padding-left:58px;padding-right:8px}
.plot{display:block;overflow:visible;font:11px/1 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.plot path,.plot line{vector-effect:non-scaling-stroke}
.tick{fill:var(--soft)}
.unit{font-weight:600}
.grid{stroke:var(--grid)}
.axis{stroke:var(--soft)}
.line{fill:none;stroke-width:1.75;stroke-linecap:round;stroke-linejoin:round}
.line.live{stroke:var(--live);stroke-width:2}
.line.control{stroke:var(--control);stroke-dasharray:7 3}
.line.expected{stroke:var(--expected);stroke-dasharray:2 4}
.band{fill:var(--band);stroke:none}
.gap{fill:url(#hatch);stroke:none}
.gap-sample{fill:url(#hatch-sample);stroke:none}
.hatch{stroke:var(--hatch);fill:none}
.warmup{fill:var(--warmup)}
.limit{stroke:var(--bad);stroke-width:1.5;stroke-dasharray:10 4 2 4;fill:none}
.marker{stroke:var(--ink);stroke-width:1.5}
.marker.step{stroke-dasharray:3 3}
.marker.onset{stroke:var(--onset);stroke-dasharray:5 3}
.marker.verdict{stroke:var(--soft);stroke-width:1}
.marker-label{fill:var(--ink);font-weight:600}
.marker-label.onset{fill:var(--onset)}
.decided{fill:var(--bad-bg)}
.run{fill:var(--tone)}
.bar{display:block;margin-top:.2rem;max-width:14rem}
.trough{fill:var(--line)}
.fill{fill:var(--live)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.1rem .9rem;margin:.3rem 0 0;padding:0;color:var(--soft);font-size:.85rem}
.legend li{display:flex;gap:.35rem;align-items:center}
.sample{flex:none}`;
