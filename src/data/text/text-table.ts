/** Texts and labels in a table: jsonl, csv or tsv with a column of texts (or two, for pairs). */
import type { DataConfig } from '../../config/config.js';
import { UserError } from '../../errors.js';
import { labelColumn, type ScalarLabel } from '../formats/label-column.js';
import { labelColumnName, rowText, textColumns } from './columns.js';
import { readTable } from './table.js';
import type { TextRows } from './text-rows.js';

/** Throws UserError for a file that can't be read, columns that aren't there, and labels that are lists. */
export async function textTable(data: DataConfig, format: 'jsonl' | 'csv'): Promise<TextRows> {
  const rows = await readTable(data.path, format);
  const [first] = rows;
  if (first === undefined) throw new UserError(`${data.path} holds no samples (read as ${format}).`);
  const columns = textColumns(data, first);
  const column = labelColumnName(data, first);
  const labels = labelColumn(
    rows.map(({ place, values }) => scalarOf(column === null ? null : values[column], place)),
    data.classOrder,
  );
  return {
    description: `${format} ${data.path}`,
    length: rows.length,
    labelled: labels.labelled,
    classes: labels.classes,
    ...(labels.indices ? { classIndices: labels.indices } : {}),
    id: (index) => rows[index]!.place,
    input: (index) => rowText(rows[index]!, columns),
    label: (index) => labels.label(index),
  };
}

function scalarOf(value: unknown, place: string): ScalarLabel {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string') throw new UserError(`${place}: its label is neither a number nor a name.`);
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}
