/** What the history page adds to the report page's style: lines by colour and dashes, and the switch between both kinds of figures. */
export const HISTORY_STYLE = `
:root{--s0:#0a5bc4;--s1:#8a5a00;--s2:#7a3ea8;--s3:#00687a;--s4:#a1306e;--s5:#3f6b1f;--s6:#59636e}
@media screen and (prefers-color-scheme:dark){:root{--s0:#6cb0ff;--s1:#e8b64c;--s2:#c79bf2;--s3:#4fc3d9;--s4:#f08bc0;--s5:#9ccf6b;--s6:#9aa6b2}}
svg .series path{fill:none;stroke-linejoin:round}svg .line{stroke-width:2}svg .dots{stroke-width:5;stroke-linecap:round}svg .failed{stroke:var(--bad);stroke-width:9;stroke-linecap:round}
${[0, 1, 2, 3, 4, 5, 6].map((index) => `.s${index} .line,.s${index} .dots{stroke:var(--s${index})}`).join('')}
svg .s1 .line{stroke-dasharray:7 3}svg .s2 .line{stroke-dasharray:2 3}svg .s3 .line{stroke-dasharray:9 3 2 3}svg .s4 .line{stroke-dasharray:5 5}svg .s5 .line{stroke-dasharray:12 4}svg .s6 .line{stroke-dasharray:1 4}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 20px;margin:2px 0 8px;padding:0;font-size:14px}.legend svg{width:30px;height:10px;vertical-align:middle;margin-right:6px}.legend li{overflow-wrap:anywhere}
.relative{display:none}body:has(#relative:checked) .absolute{display:none}body:has(#relative:checked) .relative{display:block}
.scale{border:0;margin:14px 4px 0;padding:0;display:flex;flex-wrap:wrap;gap:6px 20px}.scale legend{float:left;padding:0;margin-right:20px;color:var(--soft)}
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;padding:0;margin:10px 4px}section{margin-bottom:26px}
@media print{.scale,nav{display:none}}
`.trim();
