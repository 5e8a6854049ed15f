/** A table of paths and labels, comma- or (`.tsv`) tab-separated, with or without a header. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { DataConfig } from '../../config/data-config.js';
import { messageOf, UserError } from '../../errors.js';
import {
  type Binding,
  onlyBinding,
  quoted,
  recordingWithoutVocabulary,
  textWithoutTokenizer,
} from '../samples/binding.js';
import type { Source } from '../samples/source.js';
import { DEFAULT_LABELS } from './arrays/array-source.js';
import { classOfLabel, numberedLabels, type ScalarLabel } from './label-column.js';
import { hashSampleFile, namedFile, RECORDING, readSampleFile } from './sample-file.js';

/** Header names that are understood without configuration. */
const PATH_COLUMNS = ['path', 'file', 'filename', 'image'];
const LABEL_COLUMNS = [DEFAULT_LABELS, 'label', 'class', 'target'];

/**
 * The first row is a header when it names a known or configured column (`from` for the paths, `labels` for the labels);
 * without one the first column holds the paths, the second the labels. Paths are relative to the table.
 */
export async function csvSource(data: DataConfig, bindings: readonly Binding[]): Promise<Source> {
  const { path } = data;
  const binding = onlyBinding(bindings, path, 'csv');
  const rows = await readRows(path);
  if (binding.role === 'ids') throw textWithoutTokenizer(basename(path), rows[0]?.[0] ?? 'the first column');
  const recording = rows
    .slice(0, 2)
    .flat()
    .find((cell) => RECORDING.test(cell));
  if (recording !== undefined) throw recordingWithoutVocabulary(`${basename(path)}: '${recording}'`);
  const columns = findColumns(rows[0] ?? [], data, binding);
  if (columns.header) assertColumnsDiffer(rows[0]!, path);
  const body = columns.header ? rows.slice(1) : rows;
  const paths = body.map((row) => row[columns.path]!);
  const labels = await numberedLabels(
    body.map((row) => scalarOf(columns.label === null ? undefined : row[columns.label])),
    data,
  );
  const file = (index: number) => namedFile(data, paths[index]!);
  return {
    description: `csv ${path}`,
    length: paths.length,
    labelled: labels.labelled,
    classes: labels.classes,
    classIndices: labels.indices,
    labelWarnings: labels.labelWarnings,
    id: (index) => paths[index]!,
    classOf: (index) => classOfLabel(labels, index),
    hash: async (index) => hashSampleFile(await file(index), paths[index]!),
    async read(index) {
      const value = await readSampleFile(await file(index), paths[index]!, binding);
      return { values: { [binding.input]: value }, label: labels.label(index) };
    },
  };
}

async function readRows(path: string): Promise<string[][]> {
  try {
    return parse(await readFile(path), {
      bom: true,
      delimiter: path.toLowerCase().endsWith('.tsv') ? '\t' : ',',
      skip_empty_lines: true,
      trim: true,
    }) as unknown as string[][];
  } catch (error) {
    throw new UserError('data.malformed', `${path} can't be read as csv: ${messageOf(error)}.`);
  }
}

/** Throws UserError for a name that two columns have: only one of them would be read. Columns without a name are nobody's. */
export function assertColumnsDiffer(header: readonly string[], path: string): void {
  const twice = header.find((name, column) => name !== '' && header.indexOf(name) < column);
  if (twice !== undefined)
    throw new UserError(
      'data.ambiguous',
      `${basename(path)} has two columns '${twice}': rename or remove one of them.`,
    );
}

interface Columns {
  header: boolean;
  path: number;
  label: number | null;
}

function findColumns(first: readonly string[], data: DataConfig, { input, config }: Binding): Columns {
  const pathNames = config.from !== null ? [config.from] : [input, ...PATH_COLUMNS];
  const labelNames = data.labels !== null ? [data.labels] : LABEL_COLUMNS;
  const find = (names: readonly string[]) => first.findIndex((cell) => names.includes(cell));
  const [path, label] = [find(pathNames), find(labelNames)];
  const asked = [
    ...(config.from !== null && path < 0 ? [config.from] : []),
    ...(data.labels !== null && data.labels !== DEFAULT_LABELS && label < 0 ? [data.labels] : []),
  ];
  if (asked.length > 0) {
    throw new UserError(
      'data.no-column',
      `${basename(data.path)} has no column ${quoted(asked)}; its first row is ${quoted(first)}.`,
    );
  }
  if (path < 0 && label < 0) return { header: false, path: 0, label: first.length > 1 ? 1 : null };
  return { header: true, path: path < 0 ? firstOther(label) : path, label: label < 0 ? null : label };
}

function firstOther(column: number): number {
  return column === 0 ? 1 : 0;
}

function scalarOf(cell: string | undefined): ScalarLabel {
  if (cell === undefined || cell === '') return null;
  const number = Number(cell);
  return Number.isFinite(number) ? number : cell;
}
