/** Rows of named values from a text file: jsonl, csv with a header, tsv. */
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import { messageOf, UserError } from '../../errors.js';
import { readText } from '../../system/files/text-file.js';
import { assertColumnsDiffer } from '../formats/csv.js';

export interface TableRow {
  /** `file:line` of jsonl, `file, row n` of tables. */
  place: string;
  values: Readonly<Record<string, unknown>>;
}

/** Throws UserError that names the place. */
export async function readTable(path: string, format: 'jsonl' | 'csv'): Promise<TableRow[]> {
  const text = await readText(path);
  return format === 'jsonl' ? jsonRows(text, path) : tableRows(text, path);
}

function jsonRows(text: string, path: string): TableRow[] {
  return text.split('\n').flatMap((line, index) => {
    if (line.trim() === '') return [];
    const place = `${basename(path)}:${index + 1}`;
    let values: unknown;
    try {
      values = JSON.parse(line);
    } catch (error) {
      throw new UserError(
        'data.malformed',
        `${place} is not JSON: ${messageOf(error)}. Each line must be one JSON object.`,
      );
    }
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      throw new UserError(
        'data.record',
        `${place} is not a JSON object: write { "text": …, "label": … } on each line.`,
      );
    }
    return [{ place, values: values as Record<string, unknown> }];
  });
}

function tableRows(text: string, path: string): TableRow[] {
  const tabs = path.toLowerCase().endsWith('.tsv');
  let rows: string[][];
  try {
    // Tab-separated files seldom quote: a quotation mark in them is one.
    rows = parse(text, {
      delimiter: tabs ? '\t' : ',',
      quote: tabs ? false : '"',
      skip_empty_lines: true,
      relax_column_count: false,
    }) as unknown as string[][];
  } catch (error) {
    throw new UserError(
      'data.malformed',
      `${path} can't be read as ${tabs ? 'tsv' : 'csv'}: ${messageOf(error)}.`,
    );
  }
  const [header = [], ...body] = rows.map((row) => row.map((cell) => (tabs ? unquoted(cell) : cell).trim()));
  assertColumnsDiffer(header, path);
  return body.map((row, index) => ({
    place: `${basename(path)}, row ${index + 2}`,
    values: Object.fromEntries(header.map((name, column) => [name, row[column]!])),
  }));
}

function unquoted(cell: string): string {
  return /^".*"$/s.test(cell) && cell.length > 1 ? cell.slice(1, -1).replaceAll('""', '"') : cell;
}
