/** Queries and the documents that answer them: BEIR's folder, or a table of pairs. */

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataConfig } from '../../config/data-config.js';
import { UserError } from '../../errors.js';
import { listedFile } from '../../system/files/listed-file.js';
import { rowText, textColumns } from './columns.js';
import { readTable, type TableRow } from './table.js';
import type { TextRows } from './text-rows.js';

interface Query {
  id: string;
  text: string;
  relevant: readonly (readonly [document: number, grade: number])[];
}

interface Passage {
  id: string;
  text: string;
}

/** `queries.jsonl` and `corpus.jsonl` (`_id`, `text`, of documents a `title` too) and judgements in `qrels/test.tsv`, or the only `.tsv` there. Throws UserError. */
export async function beirRows({ path }: DataConfig): Promise<TextRows> {
  const passages = (await readTable(await listedFile(path, 'corpus.jsonl'), 'jsonl')).map((row): Passage => {
    const title = typeof row.values.title === 'string' ? `${row.values.title} ` : '';
    return { id: idOf(row), text: `${title}${textOf(row)}`.trim() };
  });
  const places = new Map(passages.map(({ id }, index) => [id, index]));
  assertIdsDiffer(passages, `${path}: corpus.jsonl`);
  const grades = await judgements(path);
  const asked = (await readTable(await listedFile(path, 'queries.jsonl'), 'jsonl')).map((row) => ({
    id: idOf(row),
    text: textOf(row),
  }));
  assertIdsDiffer(asked, `${path}: queries.jsonl`);
  const queries = asked.flatMap(({ id, text }): Query[] => {
    const judged = grades.get(id);
    if (judged === undefined) return [];
    const relevant = [...judged].flatMap(([document, grade]) => {
      const place = places.get(document);
      return place === undefined ? [] : [[place, grade] as const];
    });
    return [{ id, text, relevant }];
  });
  if (queries.length === 0)
    throw new UserError('data.empty', `${path}: no query of queries.jsonl is judged in its qrels.`);
  const known = new Set(asked.map(({ id }) => id));
  const warnings = unknownJudgements(path, grades, { queries: known, documents: places });
  return { ...retrievalRows({ queries, passages, description: `beir ${path}` }), warnings };
}

/** Share of the judgements that may be about queries or documents that aren't there. */
const UNKNOWN_ALLOWED = 0.01;

/** Throws UserError past one in a hundred: what is relevant and not there can't be found, and the figures would be too low. */
function unknownJudgements(
  path: string,
  grades: ReadonlyMap<string, ReadonlyMap<string, number>>,
  { queries, documents }: { queries: ReadonlySet<string>; documents: ReadonlyMap<string, number> },
): string[] {
  const judged = [...grades].flatMap(([query, own]) =>
    [...own.keys()].map((document) => ({ query, document })),
  );
  const unknown = judged.flatMap(({ query, document }) =>
    !queries.has(query) ? [`query '${query}'`] : documents.has(document) ? [] : [`document '${document}'`],
  );
  if (unknown.length === 0) return [];
  const told =
    `${path}: ${unknown.length} of ${judged.length} judgements are about queries or documents that are not there, ` +
    `the first about the ${unknown[0]}.`;
  if (unknown.length > UNKNOWN_ALLOWED * judged.length)
    throw new UserError(
      'data.files-missing',
      `${told} Complete queries.jsonl and corpus.jsonl, or take the judgements out.`,
    );
  return [`${told} They are left out.`];
}

function assertIdsDiffer(texts: readonly { id: string }[], file: string): void {
  const seen = new Set<string>();
  for (const { id } of texts) {
    if (seen.has(id))
      throw new UserError('data.ambiguous', `${file} has two texts with the _id '${id}': give each its own.`);
    seen.add(id);
  }
}

function idOf({ place, values }: TableRow): string {
  const id = values._id ?? values.id;
  if (typeof id === 'string' || typeof id === 'number') return String(id);
  throw new UserError('data.record', `${place} has no '_id'.`);
}

function textOf({ place, values }: TableRow): string {
  if (typeof values.text === 'string') return values.text;
  throw new UserError('data.record', `${place} has no 'text'.`);
}

/** By query: documents and grades. */
async function judgements(path: string): Promise<Map<string, Map<string, number>>> {
  const folder = join(path, 'qrels');
  const files = existsSync(folder)
    ? (await readdir(folder)).filter((name) => name.endsWith('.tsv')).sort()
    : [];
  const name = files.find((file) => file === 'test.tsv') ?? (files.length === 1 ? files[0] : undefined);
  if (name === undefined) {
    throw new UserError(
      'data.files-missing',
      `${path} has no qrels/test.tsv${files.length > 1 ? ` (there are ${files.join(', ')})` : ''}: a table of query, document and grade.`,
    );
  }
  const found = new Map<string, Map<string, number>>();
  const lines = (await readFile(await listedFile(path, join('qrels', name)), 'utf8')).split(/\r?\n/);
  for (const [at, line] of lines.entries()) {
    const cells = line.split('\t');
    const grade = Number(cells.at(-1));
    // The header, and nothing else, has no number.
    if (cells.length < 3 || !Number.isFinite(grade)) continue;
    const [query, document] = [cells[0]!, cells.at(-2)!];
    const own = found.get(query) ?? new Map<string, number>();
    if ((own.get(document) ?? grade) !== grade)
      throw new UserError(
        'data.ambiguous',
        `${path}: qrels/${name}:${at + 1} gives document '${document}' another grade for query '${query}' than a line before.`,
      );
    found.set(query, own.set(document, grade));
  }
  return found;
}

/** Each row a query and a text that answers it; the texts of all rows are the documents. Throws UserError for a table without pairs. */
export function pairedRows(rows: readonly TableRow[], data: DataConfig): TextRows {
  const columns = textColumns(data, rows[0]!);
  if (columns.length < 2) {
    throw new UserError(
      'data.text-columns',
      `${data.path}: retrieval needs a query and the text that answers it. Name both columns: \`text: [query, passage]\`.`,
    );
  }
  const places = new Map<string, number>();
  const queries = new Map<string, { id: string; relevant: [number, number][] }>();
  for (const row of rows) {
    const [query, passage] = rowText(row, columns) as [string, string];
    if (!places.has(passage)) places.set(passage, places.size);
    const known = queries.get(query) ?? { id: row.place, relevant: [] };
    known.relevant.push([places.get(passage)!, 1]);
    queries.set(query, known);
  }
  return retrievalRows({
    queries: [...queries].map(([text, query]) => ({ ...query, text })),
    passages: [...places.keys()].map((text, index) => ({ id: `passage ${index}`, text })),
    description: `pairs ${data.path}`,
  });
}

/** Queries first, then documents: each text is a sample. */
function retrievalRows({
  queries,
  passages,
  description,
}: {
  queries: readonly Query[];
  passages: readonly Passage[];
  description: string;
}): TextRows {
  const passageAt = (index: number) => passages[index - queries.length]!;
  return {
    description,
    length: queries.length + passages.length,
    labelled: true,
    classes: null,
    id: (index) => (queries[index] ?? passageAt(index)).id,
    input: (index) => [(queries[index] ?? passageAt(index)).text],
    label: () => null,
    annotation: (index) =>
      index < queries.length
        ? { kind: 'query', relevant: queries[index]!.relevant }
        : { kind: 'document', index: index - queries.length },
    lacking(texts) {
      const asked = queries.filter((_, index) => texts.has(index));
      const incomplete = asked.filter(({ relevant }) =>
        relevant.some(([document, grade]) => grade > 0 && !texts.has(queries.length + document)),
      );
      if (incomplete.length === 0) return null;
      return (
        `${description}: of ${incomplete.length} of ${asked.length} queries documents that answer them are left out (\`limit\`, \`split\`). They are never found, ` +
        'and figures are lower than those of the whole set: read all of it, or make a smaller set.'
      );
    },
  };
}
