import { trusted, type Markup } from './markup.js';
import { plotStyle } from './plot-style.js';

/** Colours by role. Every text colour has at least 4.5 : 1 on the surfaces that it stands on; a browser test measures it. */
const colours = `
:root{color-scheme:light dark;
--page:#f4f5f7;--card:#fff;--ink:#161a20;--soft:#525b68;--line:#d4d9e0;--link:#0b57d0;--code:#eef0f3;
--bad:#b3261e;--bad-bg:#fdeeec;--good:#14692c;--good-bg:#e8f5eb;--unsure:#7d4a00;--unsure-bg:#fff3dd;--wait:#0b57a4;--wait-bg:#e7f1fc;--ended:#4b5563;--ended-bg:#eceef2;
--live:#0b57d0;--control:#a04a00;--expected:#5f6875;--band:#5f687526;--grid:#e4e7ec;--onset:#b3261e;--warmup:#c98a001f;--hatch:#aab2bd}
@media screen and (prefers-color-scheme:dark){:root{
--page:#0e1116;--card:#171b21;--ink:#e7eaef;--soft:#a7b0bd;--line:#323a45;--link:#8ab4f8;--code:#222831;
--bad:#ff9d94;--bad-bg:#371614;--good:#82d99d;--good-bg:#11291a;--unsure:#ffc875;--unsure-bg:#33240a;--wait:#94c4ff;--wait-bg:#10253a;--ended:#b6bfcb;--ended-bg:#232932;
--live:#7cb0ff;--control:#f0a868;--expected:#a7b0bd;--band:#a7b0bd2e;--grid:#272e38;--onset:#ff9d94;--warmup:#ffc8751f;--hatch:#5a6472}}`;

const base = `
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
main,.top{max-width:76rem;margin:0 auto;padding:0 1rem}
main>*{margin:0 0 1rem}
.top{display:flex;flex-wrap:wrap;gap:.25rem 1rem;align-items:baseline;padding-top:.75rem;padding-bottom:.75rem;color:var(--soft);font-size:.9rem}
.brand{font-weight:700;color:var(--ink)}
h1,h2,h3{line-height:1.25;margin:0}
h1{font-size:1.6rem}
h2{font-size:1.2rem;margin-bottom:.6rem}
h3{font-size:1rem;margin:1rem 0 .35rem}
p{margin:0 0 .5rem}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,button:focus-visible,input:focus-visible,select:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.875em}
code{background:var(--code);padding:.05em .3em;border-radius:4px}
pre{margin:0;padding:.75rem;background:var(--code);border-radius:8px}
pre code{padding:0}
.soft{color:var(--soft)}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem;z-index:1}
.icon{width:1.15em;height:1.15em;flex:none;vertical-align:-.2em;fill:none;stroke:currentColor;stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round}
.defs{position:absolute}
ul.plain,ol.plain{list-style:none;margin:0;padding:0}
ol.numbered{list-style:decimal;padding-left:1.4rem}
ul.reasons{margin:0;padding-left:1.2rem}
.reasons li{margin:.2rem 0}
.note{border-left:3px solid var(--unsure);padding:.3rem .75rem;background:var(--unsure-bg);color:var(--ink);border-radius:0 6px 6px 0}
.scroll{overflow-x:auto}
.scroll pre{width:max-content;min-width:100%;overflow-wrap:normal}
footer{color:var(--soft);font-size:.9rem;padding:.5rem 0 2rem}`;

const blocks = `
.card,.hero{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem 1.15rem}
.bad{--tone:var(--bad);--tone-bg:var(--bad-bg)}.good{--tone:var(--good);--tone-bg:var(--good-bg)}.unsure{--tone:var(--unsure);--tone-bg:var(--unsure-bg)}.wait{--tone:var(--wait);--tone-bg:var(--wait-bg)}.ended{--tone:var(--ended);--tone-bg:var(--ended-bg)}
.hero{border:2px solid var(--tone);border-left-width:10px;background:linear-gradient(var(--tone-bg),var(--card) 9rem)}
.hero h1{font-size:clamp(1.35rem,1rem + 1.9vw,2.1rem);font-weight:650;letter-spacing:-.01em}
.hero .lead{margin:.35rem 0 .8rem;font-size:1.1rem;max-width:60ch}
.hero .word{color:var(--tone);font-weight:800;white-space:nowrap}
.hero .dash{color:var(--soft)}
.facts{display:flex;flex-wrap:wrap;gap:.4rem 1.75rem;margin:.9rem 0}
.facts dt,.pairs dt{color:var(--soft);font-size:.85rem}
dd{margin:0;min-width:0}
.facts dd{font-weight:600}
.facts dd .soft{font-weight:400}
.now{display:flex;gap:.75rem;margin:.25rem 0 0;padding:.65rem .8rem;background:var(--tone-bg);border-radius:8px;font-size:1.05rem}
.now strong{color:var(--tone);text-transform:uppercase;font-size:.8rem;letter-spacing:.06em;padding-top:.2rem}
.chips{display:flex;flex-wrap:wrap;gap:.35rem .9rem;margin:.7rem 0 0;align-items:center}
section>.chips{margin:0 0 .75rem}
.hero>.chips{margin:.8rem 0 0}
.progress{display:flex;flex-wrap:wrap;gap:.6rem;align-items:center;margin:.8rem 0 0}
progress{width:16rem;max-width:60%;height:.7rem;accent-color:var(--wait)}
.badge{display:inline-flex;gap:.3em;align-items:center;color:var(--tone);background:var(--tone-bg);border:1px solid currentColor;border-radius:99px;padding:.05rem .6rem;font-weight:650;font-size:.875rem;white-space:nowrap;max-width:100%}
.tag{display:inline-block;color:var(--soft);border:1px solid var(--line);border-radius:6px;padding:0 .4rem;font-size:.8rem}
.warning{margin-bottom:1rem;display:flex;gap:.6rem;padding:.7rem .9rem;border:2px solid var(--bad);border-radius:10px;background:var(--bad-bg);color:var(--ink)}
.warning .icon{color:var(--bad);width:1.5em;height:1.5em}
.columns,.halves,.cards{display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,30rem),1fr))}
.halves{gap:0 2rem}
.columns{align-items:start}
.cards{grid-template-columns:repeat(auto-fill,minmax(min(100%,30rem),1fr))}
.columns>*,.cards>*,.halves>*{min-width:0}
.pairs{display:grid;gap:.55rem;margin:0}
.pairs>div{display:grid;grid-template-columns:minmax(7.5rem,11rem) minmax(0,1fr);gap:.1rem 1rem}
.pairs dt{padding-top:.1rem}
.compact{gap:.25rem;font-size:.92rem}
.metric header{display:flex;flex-wrap:wrap;gap:.3rem .6rem;align-items:center}
.metric h3{margin:0;font-size:1.05rem;font-weight:700}
.metric .effect{margin:.5rem 0}
.metric details{margin-top:.6rem}
summary{cursor:pointer;color:var(--link);padding:.15rem 0;width:fit-content;max-width:100%}
.more>summary{margin:1rem 0;font-weight:600}
table{border-collapse:collapse;font-size:.85rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);padding:.25rem 0}
th,td{text-align:right;padding:.15rem .6rem;border-bottom:1px solid var(--line);white-space:nowrap}
th:first-child{text-align:left;padding-left:0}
.changes,.audit{margin:0;padding-left:2rem}
.changes li,.audit li{margin:0 0 .6rem}
.audit{list-style:none;padding:0}
.audit li{border-left:3px solid var(--line);padding-left:.75rem}
.said li{margin:0 0 .7rem}
.said .badge{margin-right:.25rem}
.written{white-space:pre-wrap}
.detail{display:flex;flex-wrap:wrap;gap:0 1rem;font-size:.9rem}`;

const index = `
.filters{display:flex;flex-wrap:wrap;gap:.6rem 1rem;align-items:end;margin-bottom:1rem}
.filters label{display:grid;gap:.15rem;font-size:.85rem;color:var(--soft);flex:1 1 9rem;min-width:0}
input,select,button{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--soft);border-radius:8px;padding:.4rem .6rem;width:100%;min-width:0}
button{width:auto;background:var(--link);border-color:var(--link);color:var(--card);font-weight:650;padding:.4rem 1.1rem;cursor:pointer}
.buttons{display:flex;gap:1rem;align-items:center}
.rows{list-style:none;padding:0;display:grid;gap:.5rem}
.row{display:grid;grid-template-columns:12rem minmax(0,1fr) minmax(10rem,14rem);gap:.2rem 1rem;background:var(--card);border:1px solid var(--line);border-left:6px solid var(--tone);border-radius:10px;padding:.65rem .9rem}
.row p{margin:0;color:var(--soft)}
.row-what a{font-weight:650}
.row-what .version{font-weight:500}
.row-when{font-size:.9rem}
.paging{display:flex;gap:1.5rem}
.empty{padding:1.5rem}
.empty pre{margin:.25rem 0}`;

const small = `
@media (max-width:640px){
main,.top{padding-left:.6rem;padding-right:.6rem}
.card,.hero{padding:.8rem}
.hero{border-left-width:6px}
.hero .word{display:block;font-size:1.15em;white-space:normal}.hero .dash{display:none}
.facts{gap:.4rem 1.25rem}
.now{display:block}.now strong{display:block;padding:0}
.pairs:not(.compact)>div{grid-template-columns:minmax(0,1fr)}
.compact>div{grid-template-columns:6.5rem minmax(0,1fr);gap:0 .75rem}
.pairs{gap:.5rem}
.compact{gap:.4rem}
.row{grid-template-columns:minmax(0,1fr)}
.badge{white-space:normal}
.filters label{flex-basis:8rem}
.sparse{display:none}}
@media print{
body{background:#fff;font-size:11pt}
main,.top{max-width:none;padding:0}
.card,.hero,.row{break-inside:avoid-page}
.card{border-color:#999}
.pairs>div{grid-template-columns:6rem minmax(0,1fr)}
section.card{break-inside:auto}
h2,h3,figure{break-after:avoid}
figure,.metric header,.metric .effect,.pairs>div{break-inside:avoid}
.cards{grid-template-columns:1fr 1fr;gap:.5rem}
.columns{grid-template-columns:1fr}
.filters,.paging,.skip,.metric details{display:none}
a{color:inherit}
a[href^="http"]::after{content:" (" attr(href) ")";font-size:.85em;word-break:break-all}
.hero,.now,.badge,.warning,.note,svg{-webkit-print-color-adjust:exact;print-color-adjust:exact}}`;

/** The whole style sheet of the report pages. */
export const style: Markup = trusted([colours, base, blocks, plotStyle, index, small].join('\n'));
