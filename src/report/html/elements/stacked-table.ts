/**
 * A table that becomes a list of labelled values where the screen is narrow: it is never scrolled sideways. Pages hold thousands of cells: what
 * cells of a column share is said once, in the page's style, by `withLabels`, and a cell of a row ends where the next begins, as HTML allows.
 */
import { xmlText } from '../../words/escape.js';

export interface StackedRow {
  /** HTML; the first names the row. */
  cells: readonly string[];
  /** Written into the row's tag, with a space before it. */
  attributes?: string;
}

/** `headings` are plain text. */
export function stackedTable(
  className: string,
  headings: readonly string[],
  rows: readonly StackedRow[],
): string {
  const head = headings.map((heading) => `<th scope="col">${xmlText(heading, 60)}</th>`).join('');
  const body = rows.map(({ cells, attributes = '' }) => {
    const [name, ...rest] = cells;
    const others = rest.map((cell) => `<td${longClass(cell)}>${block(cell)}`);
    return `<tr${attributes}><th scope="row"${longClass(name!)}>${block(name!)}${others.join('')}</tr>`;
  });
  return `<table class="stacked ${className}"><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;
}

/** Words of more letters may be broken anywhere; shorter ones and figures never are. */
const LONG_WORD = /[^\s]{19}/;

function longClass(cell: string): string {
  return LONG_WORD.test(cell.replace(/<[^>]*>/g, ' ')) ? ' class="long"' : '';
}

/** A stacked cell has its label beside it: what is more than text must be one block there. */
function block(cell: string): string {
  return cell.includes('<') ? `<div>${cell}</div>` : cell;
}

/** What `stackedTable` begins a table with. */
const TABLE = /<table class="stacked .*?<\/thead>/g;

/** The body with a class on each of its tables, and the rules that tell the cells of such a class their labels (`--label`). */
export function withLabels(body: string): { body: string; style: string } {
  const kinds = new Map<string, string>();
  const marked = body.replace(TABLE, (table) => {
    const head = table.slice(table.indexOf('<thead'));
    const kind = kinds.get(head) ?? `k${kinds.size}`;
    kinds.set(head, kind);
    return table.replace('"stacked ', `"stacked ${kind} `);
  });
  const rules = [...kinds].flatMap(([head, kind]) =>
    [...head.matchAll(/<th [^>]*>(.*?)<\/th>/g)].map(
      ([, label], at) => `.${kind} tbody>tr>:nth-child(${at + 1}){--label:${cssString(label!)}}`,
    ),
  );
  return { body: marked, style: rules.join('\n') };
}

/** Text of HTML as a string of CSS: all but letters, digits and spaces by their code points, so that nothing ends it, or the style. */
function cssString(html: string): string {
  const text = html.replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
  return `"${text.replace(/[^A-Za-z0-9 ]/gu, (character) => `\\${character.codePointAt(0)!.toString(16)} `)}"`;
}

const ROLES: Readonly<Record<string, string>> = {
  table: 'table',
  thead: 'rowgroup',
  tbody: 'rowgroup',
  tr: 'row',
  'th scope="col"': 'columnheader',
  'th scope="row"': 'rowheader',
  td: 'cell',
};

/** Roles written out, for pages without a script: some browsers forget them once cells are laid out as blocks. */
export function withRoles(body: string): string {
  return body.replace(
    /<(table|thead|tbody|tr|th scope="(?:col|row)"|td)(?=[ >])/g,
    (tag, name: string) => `${tag} role="${ROLES[name]}"`,
  );
}
