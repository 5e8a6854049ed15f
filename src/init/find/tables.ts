/** Tables of texts: what their columns hold. */
import { defaultData } from '../../config/defaults.js';
import { labelColumnName, textColumns } from '../../data/text/columns.js';
import { readTable, type TableRow } from '../../data/text/table.js';
import type { DataSet } from './data-set.js';
import { sideOf } from './side.js';
import { folderOf, type Tree } from './tree.js';

/** Label names beyond these are no classes. */
const MOST_CLASSES = 1_000;
const IMAGE_COLUMNS = ['image', 'file', 'file_name', 'filename', 'path'];

/** null: no table, or none that holds texts. */
export async function tableDataSet(tree: Tree, file: string): Promise<DataSet | null> {
  const [, extension] = /\.(jsonl|ndjson|csv|tsv)$/i.exec(file) ?? [];
  if (extension === undefined || /(^|\/)(labels\.tsv|corpus\.jsonl|queries\.jsonl)$|\/qrels\//.test(file))
    return null;
  const format = /^(jsonl|ndjson)$/i.test(extension) ? 'jsonl' : 'csv';
  const rows = await readTable(tree.absolute(file), format).catch(() => []);
  const [first] = rows;
  if (first === undefined) return null;
  const base = { path: file, side: sideOf(file), samples: rows.length, labels: null, with: {} };
  const named = IMAGE_COLUMNS.map((column) => first.values[column]).find(
    (value) => typeof value === 'string',
  );
  if (named !== undefined && hasText(first)) {
    const images = tree.folderWith(named as string);
    if (images === null) return null;
    const beside = images === folderOf(file) ? {} : { images };
    return { ...base, kind: 'text-lines', with: { format: 'text-lines', ...beside }, labelled: true };
  }
  if ('tokens' in first.values && ('tags' in first.values || 'ner_tags' in first.values))
    return { ...base, kind: 'tags', labelled: true };
  if ('question' in first.values && 'context' in first.values && 'answers' in first.values)
    return { ...base, kind: 'questions', labelled: true };
  const config = defaultData(tree.absolute(file));
  try {
    textColumns(config, first);
    const column = labelColumnName(config, first);
    return {
      ...base,
      kind: 'texts',
      labelled: column !== null,
      labels: column === null ? null : labelNames(rows, column),
    };
  } catch {
    return null;
  }
}

function hasText({ values }: TableRow): boolean {
  return ['text', 'label', 'transcription', 'labels'].some((column) => typeof values[column] === 'string');
}

/** null: they are numbers, or too many to be classes. */
function labelNames(rows: readonly TableRow[], column: string): string[] | null {
  const names = new Set(rows.map(({ values }) => String(values[column])));
  if (names.size > MOST_CLASSES || [...names].every((name) => Number.isFinite(Number(name)))) return null;
  return [...names].sort();
}
