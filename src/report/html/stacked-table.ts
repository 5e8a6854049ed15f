/** A table that becomes a list of labelled values where the screen is narrow: it is never scrolled sideways. */
import { xmlText } from '../escape.js';

export interface StackedRow {
  /** HTML; the first names the row. */
  cells: readonly string[];
  /** Written into the row's tag, with a space before it. */
  attributes?: string;
}

/** `headings` are plain text; roles are told because a browser forgets them once cells are laid out as blocks. */
export function stackedTable(
  className: string,
  headings: readonly string[],
  rows: readonly StackedRow[],
): string {
  const labels = headings.map((heading) => xmlText(heading, 60));
  const head = labels.map((label) => `<th scope="col" role="columnheader">${label}</th>`).join('');
  const body = rows.map(({ cells, attributes = '' }) => {
    const [name, ...rest] = cells;
    const others = rest.map(
      (cell, at) => `<td role="cell" data-label="${labels[at + 1]}"><div>${cell}</div></td>`,
    );
    return `<tr role="row"${attributes}><th scope="row" role="rowheader" data-label="${labels[0]}"><div>${name}</div></th>${others.join('')}</tr>`;
  });
  return `<table class="stacked ${className}" role="table"><thead role="rowgroup"><tr role="row">${head}</tr></thead><tbody role="rowgroup">${body.join('\n')}</tbody></table>`;
}
