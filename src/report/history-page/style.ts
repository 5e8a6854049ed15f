/** What the history page adds to the style of the report page and of lines over runs. */
export const HISTORY_STYLE = `
nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;padding:0;margin:10px 4px}section{margin-bottom:26px}
@media print{nav{display:none}}
`.trim();
