/** The HTML report's style: system fonts, light and dark from the reader's setting, one column on a phone, printable. */
export const STYLE = `
:root{color-scheme:light dark;--page:#f6f7f9;--card:#fff;--ink:#1b1f24;--soft:#59636e;--link:#0a5bc4;--line:#d9dee4;--faint:#eef1f4;
--good:#1a7f37;--good-bg:#e6f5ea;--bad:#c62828;--bad-bg:#fdecec;--caution:#8a5a00;--caution-bg:#fff4d6;--quiet:#59636e;--quiet-bg:#eef1f4;
--bar-good:#57b36d;--bar-bad:#e2726e;--bar-caution:#e0b04a;--bar-quiet:#8fa1b3;--bar-after:#3b7dd8}
@media screen and (prefers-color-scheme:dark){:root{--page:#0d1117;--card:#151b23;--ink:#e8edf2;--soft:#9aa6b2;--link:#6cb0ff;--line:#303843;--faint:#1f2731;
--good:#56c271;--good-bg:#12261a;--bad:#ff8b84;--bad-bg:#331a1b;--caution:#e8b64c;--caution-bg:#2d2410;--quiet:#9aa6b2;--quiet-bg:#1f2731;
--bar-good:#3f9455;--bar-bad:#c2544f;--bar-caution:#b8892d;--bar-quiet:#66788a;--bar-after:#4f93ea}}
*{box-sizing:border-box}[hidden]{display:none!important}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:1080px;margin:0 auto;padding:28px 20px 60px}
h1{font-size:26px;line-height:1.25;margin:0}h2{font-size:18px;margin:36px 0 12px}h3{font-size:15px;margin:22px 0 8px}
p{margin:8px 0}a{color:var(--link)}:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
:target{outline:2px solid var(--link);outline-offset:-2px;scroll-margin-top:12px}h1,.meta,dd{overflow-wrap:anywhere}code,pre{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
.banner{display:grid;grid-template-columns:auto 1fr;gap:4px 16px;align-items:start;border-radius:14px;padding:22px 24px;border:1px solid var(--line);border-left:6px solid;background:var(--card)}
.banner>.icon{width:38px;height:38px;grid-row:span 2}.banner .sentences{color:var(--ink);font-size:16px;min-width:0;overflow-wrap:anywhere}.banner h1{min-width:0}.sentences p:first-child,.sentences ul{margin:0}
.keep{white-space:nowrap}.models{list-style:none;padding:0}.models li{padding:2px 0}
.banner.tone-good{border-left-color:var(--good)}.banner.tone-bad{border-left-color:var(--bad)}.banner.tone-caution{border-left-color:var(--caution)}
.meta{color:var(--soft);font-size:13px;margin:10px 4px 0;display:flex;flex-wrap:wrap;gap:2px 18px}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:8px 16px}
table{border-collapse:collapse;width:100%}th{text-align:left;color:var(--soft);font-weight:600;font-size:13px}tbody th{color:inherit;font-weight:400;font-size:inherit}
td,th{padding:10px 14px 10px 0;vertical-align:top;border-bottom:1px solid var(--line)}tbody tr:last-child>*{border-bottom:0}
td small,li small,.small{display:block;color:var(--soft);font-size:12.5px}
.name b{font-size:16px}.name a{color:inherit;text-decoration-color:var(--soft)}.name{min-width:80px}.name,.bound,td small{overflow-wrap:anywhere}.name span{display:block;color:var(--soft);font-size:13px}
.values{white-space:nowrap;font-variant-numeric:tabular-nums}.change{font-size:20px;font-weight:650;font-variant-numeric:tabular-nums;display:block;line-height:1.35}
.bound{display:block;font-size:13px}
.pill{display:inline-block;border-radius:99px;padding:2px 11px;font-weight:600;font-size:13.5px;white-space:nowrap}
.pill.tone-good{color:var(--good);background:var(--good-bg)}.pill.tone-bad{color:var(--bad);background:var(--bad-bg)}
.pill.tone-caution{color:var(--caution);background:var(--caution-bg)}.pill.tone-quiet{color:var(--quiet);background:var(--quiet-bg)}
ul.list{list-style:none;margin:0;padding:0}ul.list li{padding:9px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}ul.list li:last-child{border-bottom:0}
.facts{font-size:13.5px}.facts td,.facts th{padding:6px 12px 6px 0}.facts tbody{font-variant-numeric:tabular-nums;overflow-wrap:break-word}.facts .long{overflow-wrap:anywhere}
details{background:var(--card);border:1px solid var(--line);border-radius:12px;margin:10px 0;padding:0 16px}
summary{cursor:pointer;padding:13px 0;font-weight:600}details[open] summary{border-bottom:1px solid var(--line);margin-bottom:8px}
.soft{color:var(--soft);font-weight:400;font-size:13px}h4{font-size:14px;margin:14px 0 4px}.inside section{margin:0 0 26px}.inside p.small{max-width:76ch}
.thumbnail{display:block;max-width:100%;border-radius:6px;background:var(--faint)}.pictures{position:absolute}.samples small{display:block;color:var(--soft);font-size:12.5px}
.samples th:first-child{width:26%}.samples td{width:24%}
.figures{border:0;margin:0;padding:0;background:none}.figures summary{padding:2px 0;font-weight:400;font-size:13px;color:var(--soft)}.inside .figures[open]>summary,.inside .figures>summary{border:0;margin:0}
pre{background:var(--faint);border-radius:8px;padding:12px;white-space:pre-wrap;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 18px;margin:10px 0;font-size:14px}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
figure{margin:0 0 14px}figcaption{color:var(--soft);font-size:13px;margin:4px 0 6px}
svg.chart{width:100%;height:auto;display:block}svg.narrow{display:none}
.icon{width:1.05em;height:1.05em;vertical-align:-.16em;flex:none}.icon path{fill:none;stroke:var(--card);stroke-width:1.9;stroke-linecap:round;stroke-linejoin:round}
.icon.tone-good circle{fill:var(--good)}.icon.tone-bad circle{fill:var(--bad)}.icon.tone-caution circle{fill:var(--caution)}.icon.tone-quiet circle{fill:var(--quiet)}
.pill .icon{margin-right:5px}.words{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.mini{display:block;width:150px;height:12px;margin:1px 0 4px}.mini .track{fill:var(--faint);stroke:var(--line)}
.dense tbody>tr>*{padding:7px 14px 7px 0}.dense .change{font-size:16px;display:inline-block;min-width:58px;margin-right:8px}.dense .mini{display:none}.dense .values{font-size:13.5px}.dense .name b{font-size:15px}
svg text{font-family:inherit;fill:var(--ink);font-size:13px}svg .tick{fill:var(--soft);font-size:12px}svg .value{font-variant-numeric:tabular-nums;font-weight:600}
svg .halo{paint-order:stroke;stroke:var(--card);stroke-width:4px;stroke-linejoin:round}svg .middle{text-anchor:middle}svg .end{text-anchor:end}svg .grid{stroke:var(--faint)}svg .axis{stroke:var(--line);stroke-width:1.5}svg .reference{stroke:var(--soft);stroke-dasharray:4 4}
svg .original{fill:none;stroke:var(--soft);stroke-width:1.5;stroke-dasharray:3 4}svg .whisker{stroke:var(--ink);stroke-width:1.4;fill:none;opacity:.75}
.crowd .whisker{opacity:.25}svg .bound{stroke:var(--ink);stroke-width:2.5}svg .leader{stroke:var(--soft);stroke-width:1;fill:none}svg .bubble{fill-opacity:.32;stroke-width:1.6}
svg .curve{fill:none;stroke:var(--bar-after);stroke-width:1.8;stroke-linejoin:round}svg .loser{fill:var(--bad);stroke:var(--card)}svg .before{fill:var(--bar-quiet)}svg .after{fill:var(--bar-after)}svg .area{fill-opacity:.55}svg .launch,svg .quartiles,svg .medians,svg .stated{fill:none}svg .launch{stroke-opacity:.55;stroke-width:1}svg .quartiles{stroke-width:3;stroke-opacity:.6}svg .medians{stroke:var(--ink);stroke-width:4;stroke-linecap:round}svg .stated{stroke:var(--ink);stroke-width:1;stroke-dasharray:2 3}
svg .tone-good .area{fill:var(--bar-good)}svg .tone-good .launch,svg .tone-good .quartiles{stroke:var(--good)}svg .tone-bad .area{fill:var(--bar-bad)}svg .tone-bad .launch,svg .tone-bad .quartiles{stroke:var(--bad)}svg .tone-caution .area{fill:var(--bar-caution)}svg .tone-caution .launch,svg .tone-caution .quartiles{stroke:var(--caution)}svg .tone-quiet .area{fill:var(--bar-quiet)}svg .tone-quiet .launch,svg .tone-quiet .quartiles{stroke:var(--quiet)}
svg .tone-good .bubble,.tone-good .bar{fill:var(--bar-good)}svg .tone-good .bubble{stroke:var(--good)}svg .tone-good .dot{fill:var(--good)}
svg .tone-bad .bubble,.tone-bad .bar{fill:var(--bar-bad)}svg .tone-bad .bubble{stroke:var(--bad)}svg .tone-bad .dot{fill:var(--bad)}
svg .tone-caution .bubble,.tone-caution .bar{fill:var(--bar-caution)}svg .tone-caution .bubble{stroke:var(--caution)}svg .tone-caution .dot{fill:var(--caution)}
svg .tone-quiet .bubble,.tone-quiet .bar{fill:var(--bar-quiet)}svg .tone-quiet .bubble{stroke:var(--quiet)}svg .dot{fill:var(--quiet)}
button,select{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--soft);border-radius:8px;padding:4px 10px;max-width:100%}button{cursor:pointer}
.filters{display:flex;flex-wrap:wrap;gap:8px 18px;align-items:center;margin:0 4px 10px;font-size:14px}.filters label{max-width:100%}.filters output{color:var(--soft)}
footer{color:var(--soft);font-size:13px;margin-top:34px}
@media screen and (max-width:720px){main{padding:16px 12px 40px}h1{font-size:21px}.banner{padding:16px}.banner .icon{grid-row:auto}.banner>.icon{width:28px;height:28px}.banner .sentences{grid-column:1/-1}
svg.wide{display:none}svg.narrow{display:block}.values{white-space:normal}dl{grid-template-columns:1fr}dt{margin-top:6px}}
@media screen and (max-width:720px){.main,.main tbody{display:block}.main thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.main tbody tr{display:block;padding:10px 0;border-bottom:1px solid var(--line)}.main tbody tr:last-child{border-bottom:0}
.main tbody tr>*{display:grid;grid-template-columns:92px minmax(0,1fr);column-gap:8px;border:0;padding:4px 0}.main tbody tr>*::before{content:var(--label);color:var(--soft);font-size:13px}.main tbody tr>td:empty::after{content:'–'}
.trend,.trend tbody{display:block}.trend thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.trend tbody tr{display:block;padding:10px 0;border-bottom:1px solid var(--line)}.trend tbody tr:last-child{border-bottom:0}
.trend tbody tr>*{display:grid;grid-template-columns:92px minmax(0,1fr);column-gap:8px;border:0;padding:4px 0}.trend tbody tr>*::before{content:var(--label);color:var(--soft);font-size:13px}.trend tbody tr>td:empty::after{content:'–'}}
@media screen and (max-width:900px){.facts,.facts tbody{display:block}.facts thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}.facts tbody tr{display:block;padding:10px 0;border-bottom:1px solid var(--line)}.facts tbody tr:last-child{border-bottom:0}
.facts tbody tr>*{display:grid;grid-template-columns:92px minmax(0,1fr);column-gap:8px;border:0;padding:4px 0}.facts tbody tr>*::before{content:var(--label);color:var(--soft);font-size:13px}.facts tbody tr>td:empty::after{content:'–'}}
@media print{@page{margin:14mm}body{background:#fff;print-color-adjust:exact;-webkit-print-color-adjust:exact}main{padding:0;max-width:none}h1,h2,h3,h4,section>p,figcaption,thead,dt,summary{break-after:avoid}section>p{break-inside:avoid}
h2+.card>ul>li:first-child,figure,tr,li,.banner,summary{break-inside:avoid}.filters,button{display:none}footer{break-before:avoid}}
`.trim();
