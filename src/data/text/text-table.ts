/** Texts and labels in a table: jsonl, csv or tsv with a column of texts (or two, for pairs); in jsonl also words with tags, and questions with answers. */
import type { DataConfig } from '../../config/data-config.js';
import { UserError } from '../../errors.js';
import { type LabelColumn, labelColumn, type ScalarLabel } from '../formats/label-column.js';
import { defaultOrder } from '../samples/class-order.js';
import { type ClassNames, classNames, orderIsAGuess } from '../samples/model-classes.js';
import { answerRows, answersOfRow, holdsAnswers } from './answers.js';
import { classNumbers } from './class-numbers.js';
import { labelColumnName, rowText, textColumns } from './columns.js';
import { pairedRows } from './queries.js';
import { readTable } from './table.js';
import type { TextRows } from './text-rows.js';
import { holdsWords, taggedRow, tagRows } from './word-tags.js';

/** Throws UserError for a file that can't be read, columns that aren't there, and labels that are lists. */
export async function textTable(data: DataConfig, format: 'jsonl' | 'csv'): Promise<TextRows> {
  const rows = await readTable(data.path, format);
  const [first] = rows;
  if (first === undefined)
    throw new UserError('data.empty', `${data.path} holds no samples (read as ${format}).`);
  if (data.text?.task === 'retrieval') return pairedRows(rows, data);
  if (holdsAnswers(first)) return answerRows(rows.map(answersOfRow), `${format} ${data.path}`);
  if (holdsWords(first))
    return await tagRows(rows.map(taggedRow), { data, description: `${format} ${data.path}` });
  const columns = textColumns(data, first);
  const column = labelColumnName(data, first);
  const written = rows.map(({ place, values }) => scalarOf(column === null ? null : values[column], place));
  const known = data.classOrder === null ? await classNames(data) : null;
  const labels =
    known === null
      ? labelColumn(written, data.classOrder)
      : labelColumn(classNumbers(written, known, (index) => rows[index]!.place));
  return {
    description: `${format} ${data.path}`,
    length: rows.length,
    labelled: labels.labelled,
    warnings: labelsMissing(rows, written),
    labelWarnings: numberedByName(labels, data, known),
    classes: labels.classes,
    ...classIndicesOf(labels, known),
    id: (index) => rows[index]!.place,
    input: (index) => rowText(rows[index]!, columns),
    label: (index) => labels.label(index),
  };
}

/** An order that nobody gave is told: it may be another than the model's. */
function numberedByName({ indices }: LabelColumn, data: DataConfig, known: ClassNames | null): string[] {
  if (known !== null || data.classOrder !== null || !indices) return [];
  if (defaultOrder([...indices.keys()]) === 'index') return [];
  return [orderIsAGuess(indices.size, 'labels')];
}

/** By name, where the labels are classes: for reports, and for trials of other orders. */
function classIndicesOf(
  { indices, classes }: LabelColumn,
  known: ClassNames | null,
): Pick<TextRows, 'classIndices'> {
  if (indices) return { classIndices: indices };
  if (known === null || classes === null) return {};
  return { classIndices: new Map(known.names.map((name, index) => [name, index])) };
}

/** Some labels, but not all: the set counts as unlabelled, and the reader should know why. */
function labelsMissing(rows: readonly { place: string }[], labels: readonly ScalarLabel[]): string[] {
  const without = rows.filter((_, index) => labels[index] === null);
  if (without.length === 0 || without.length === rows.length) return [];
  return [
    `${without.length} of ${rows.length} texts have no label, the first at ${without[0]!.place}: without all of them there is no accuracy.`,
  ];
}

function scalarOf(value: unknown, place: string): ScalarLabel {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value !== 'string')
    throw new UserError('data.no-labels', `${place}: its label is neither a number nor a name.`);
  const number = Number(value);
  return Number.isFinite(number) ? number : value;
}
