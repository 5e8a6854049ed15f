/** Questions about documents, with their answers: SQuAD's JSON, or jsonl with question, context and answers. */
import type { DataConfig } from '../../config/data-config.js';
import { UserError } from '../../errors.js';
import { readJson } from '../../system/files/text-file.js';
import type { TableRow } from './table.js';
import type { TextRows } from './text-rows.js';

export interface Question {
  id: string;
  question: string;
  document: string;
  /** Any of them is right; none: the document doesn't tell. */
  answers: readonly string[];
}

/** Tokens that two windows of a document share, where there is room: the field's `doc_stride`. */
const OVERLAP = 128;

/** SQuAD 1.1 and 2.0. Throws UserError for JSON of another shape. */
export async function squadRows({ path }: DataConfig): Promise<TextRows> {
  const file = await readJson(path);
  const questions = listAt(file, { key: 'data', place: path }).flatMap((article, at) => {
    const place = `${path}: data[${at}]`;
    return listAt(article, { key: 'paragraphs', place }).flatMap((paragraph, number) =>
      paragraphQuestions(paragraph, `${place}.paragraphs[${number}]`),
    );
  });
  if (questions.length === 0)
    throw new UserError(
      'data.empty',
      `${path} holds no questions: SQuAD's are at data[].paragraphs[].qas[].`,
    );
  return answerRows(questions, `squad ${path}`);
}

function paragraphQuestions(paragraph: unknown, place: string): Question[] {
  return listAt(paragraph, { key: 'qas', place }).map((entry, at): Question => {
    const { context } = paragraph as { context?: unknown };
    const where = `${place}.qas[${at}]`;
    const answers = listAt(entry, { key: 'answers', place: where });
    const { id, question } = entry as { id?: unknown; question?: unknown };
    if (typeof context !== 'string') throw new UserError('data.record', `${place} has no 'context'.`);
    if (typeof question !== 'string') throw new UserError('data.record', `${where} has no 'question'.`);
    assertAnswered(entry as { answers?: unknown; is_impossible?: unknown }, where);
    const texts = answers.map((answer) => (answer as { text?: unknown } | null)?.text);
    if (!texts.every((text) => typeof text === 'string'))
      throw new UserError('data.record', `${where}: each of its answers must have a text, { "text": "…" }.`);
    return { id: String(id ?? where), question, document: context, answers: texts };
  });
}

/** A file without answers, as test sets are published, would count every question as one that the document doesn't answer. Throws UserError. */
function assertAnswered(
  { answers, is_impossible: impossible }: { answers?: unknown; is_impossible?: unknown },
  where: string,
): void {
  if (answers !== undefined || impossible === true) return;
  throw new UserError(
    'data.no-labels',
    `${where} has no 'answers'. A question that its document doesn't answer has an empty list, or \`is_impossible: true\`.`,
  );
}

/** The list at a key; one that isn't there is empty. Throws UserError where it, or what should hold it, is something else. */
function listAt(holder: unknown, { key, place }: { key: string; place: string }): unknown[] {
  if (typeof holder !== 'object' || holder === null)
    throw new UserError('data.record', `${place} is no object with '${key}', as SQuAD's is.`);
  const list = (holder as Record<string, unknown>)[key] ?? [];
  if (Array.isArray(list)) return list;
  throw new UserError('data.record', `${place}: '${key}' is no list, as SQuAD's is.`);
}

/** Whether a table's rows are questions with answers. */
export function holdsAnswers({ values }: TableRow): boolean {
  return typeof values.context === 'string' && values.question !== undefined && values.answers !== undefined;
}

/** `answers` as a list of texts, or as Hugging Face's data sets have them: { text: […], answer_start: […] }. Throws UserError. */
export function answersOfRow({ place, values }: TableRow): Question {
  const { question, context, answers } = values;
  const texts = Array.isArray(answers) ? answers : (answers as { text?: unknown } | null)?.text;
  const given = Array.isArray(texts)
    ? texts.map((one) => (typeof one === 'object' && one !== null ? (one as { text?: unknown }).text : one))
    : null;
  if (
    typeof question !== 'string' ||
    typeof context !== 'string' ||
    !given?.every((one) => typeof one === 'string')
  ) {
    throw new UserError(
      'data.record',
      `${place} must hold a question, its document as 'context' and 'answers': { "question": "…", "context": "…", "answers": ["…"] }.`,
    );
  }
  return {
    id: typeof values.id === 'string' ? values.id : place,
    question,
    document: context,
    answers: given as string[],
  };
}

/** Throws UserError for two questions with one id. */
export function answerRows(questions: readonly Question[], description: string): TextRows {
  const ids = new Set<string>();
  for (const { id } of questions) {
    if (ids.has(id))
      throw new UserError(
        'data.ambiguous',
        `${description} has two questions with the id '${id}': give each its own.`,
      );
    ids.add(id);
  }
  const mayHaveNone = questions.some(({ answers }) => answers.length === 0);
  return {
    description,
    length: questions.length,
    labelled: true,
    classes: null,
    // A third of a short row, so that windows advance.
    encode: ({ maxLength }) => ({
      beyond: 'windows',
      overlap: Math.min(OVERLAP, Math.floor((maxLength ?? Number.POSITIVE_INFINITY) / 3)),
      offsets: true,
    }),
    id: (index) => questions[index]!.id,
    input: (index) => [questions[index]!.question, questions[index]!.document],
    label: () => null,
    annotation(index, { rows, spread }) {
      const { document, answers } = questions[index]!;
      const offsets = rows.map((row) => spread(row.offsets!, 2));
      return { kind: 'answers', document, answers, mayHaveNone, offsets };
    },
  };
}
