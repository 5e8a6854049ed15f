/** A figure over runs with its legend, absolute and against the original, and the switch between both: no script is needed. */
import { xmlText } from '../words/escape.js';
import { type Kind, lineChart } from './line-chart.js';
import type { ChartData, Series } from './series.js';

/** Lines by colour and dashes, and the switch. */
export const LINES_STYLE = `
:root{--s0:#0a5bc4;--s1:#8a5a00;--s2:#7a3ea8;--s3:#00687a;--s4:#a1306e;--s5:#3f6b1f;--s6:#59636e}
@media screen and (prefers-color-scheme:dark){:root{--s0:#6cb0ff;--s1:#e8b64c;--s2:#c79bf2;--s3:#4fc3d9;--s4:#f08bc0;--s5:#9ccf6b;--s6:#9aa6b2}}
svg .series path{fill:none;stroke-linejoin:round}svg .line{stroke-width:2}svg .dots{stroke-width:5;stroke-linecap:round}svg .failed{stroke:var(--bad);stroke-width:9;stroke-linecap:round}
${[0, 1, 2, 3, 4, 5, 6].map((index) => `.s${index} .line,.s${index} .dots{stroke:var(--s${index})}`).join('')}
svg .s1 .line{stroke-dasharray:7 3}svg .s2 .line{stroke-dasharray:2 3}svg .s3 .line{stroke-dasharray:9 3 2 3}svg .s4 .line{stroke-dasharray:5 5}svg .s5 .line{stroke-dasharray:12 4}svg .s6 .line{stroke-dasharray:1 4}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 20px;margin:2px 0 8px;padding:0;font-size:14px}.legend svg{width:30px;height:10px;vertical-align:middle;margin-right:6px}.legend li{overflow-wrap:anywhere}
.relative{display:none}body:has(#relative:checked) .absolute{display:none}body:has(#relative:checked) .relative{display:block}
.scale{border:0;margin:14px 4px 0;padding:0;display:flex;flex-wrap:wrap;gap:6px 20px}.scale legend{float:left;padding:0;margin-right:20px;color:var(--soft)}
@media print{.scale{display:none}}
`.trim();

/** Works by style alone; where it doesn't, absolute figures are shown. */
export function scaleSwitch(): string {
  return `<fieldset class="scale"><legend>Figures</legend><label><input type="radio" name="scale" id="absolute" checked=""> absolute</label><label><input type="radio" name="scale" id="relative"> against the original</label></fieldset>`;
}

/** Absolute and against the original: `scaleSwitch` chooses between both. */
export function historyFigure(data: ChartData): string {
  const part = (kind: Kind) => {
    const drawn = lineChart(data, kind);
    const note = kind === 'relative' ? `, ${data.relativeTitle}` : '';
    const body = drawn === '' ? '<p class="small">No run has this figure.</p>' : drawn + legend(data, kind);
    return `<figure class="${kind}"><figcaption>${xmlText(data.title, 160)}${note}</figcaption>${body}</figure>`;
  };
  return part('absolute') + part('relative');
}

function legend({ series, format }: ChartData, kind: Kind): string {
  const items = series.map((one, index) => {
    const key = `<svg class="s${index}" viewBox="0 0 30 10" aria-hidden="true"><g class="series s${index}"><path class="line" d="M1 5H29"/></g></svg>`;
    return `<li>${key}<bdi>${xmlText(one.name, 100)}</bdi> <b>${newestText(one, { kind, format })}</b></li>`;
  });
  const failed = series.some((one) => one.failed.includes(true));
  const mark = failed
    ? `<li><svg viewBox="0 0 30 10" aria-hidden="true"><g class="series"><path class="failed" d="M15 5h0"/></g></svg>a check of the variant failed in this run</li>`
    : '';
  return `<ul class="legend">${items.join('')}${mark}</ul>`;
}

function newestText(series: Series, { kind, format }: { kind: Kind; format: ChartData['format'] }): string {
  const newest = series[kind].findLast((value) => value !== null);
  return newest == null ? '' : xmlText(format[kind](newest, 3));
}
