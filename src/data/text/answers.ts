/** Questions about documents, with their answers: SQuAD's JSON, or jsonl with question, context and answers. */
import { readFile } from 'node:fs/promises';
import type { DataConfig } from '../../config/config.js';
import { messageOf, UserError } from '../../errors.js';
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

interface SquadFile {
  data?: {
    paragraphs?: {
      context?: string;
      qas?: { id?: unknown; question?: string; answers?: { text?: string }[] }[];
    }[];
  }[];
}

/** SQuAD 1.1 and 2.0. Throws UserError for JSON of another shape. */
export async function squadRows({ path }: DataConfig): Promise<TextRows> {
  let file: SquadFile;
  try {
    file = JSON.parse(await readFile(path, 'utf8')) as SquadFile;
  } catch (error) {
    throw new UserError(`${path} is not JSON: ${messageOf(error)}.`);
  }
  const questions = (file?.data ?? []).flatMap(({ paragraphs = [] }) =>
    paragraphs.flatMap(({ context, qas = [] }) =>
      qas.map(({ id, question, answers = [] }, at): Question => {
        if (typeof context !== 'string' || typeof question !== 'string')
          throw new UserError(`${path}: a paragraph has no 'context', or a question no 'question'.`);
        return {
          id: String(id ?? at),
          question,
          document: context,
          answers: answers.flatMap(({ text }) => text ?? []),
        };
      }),
    ),
  );
  if (questions.length === 0)
    throw new UserError(`${path} holds no questions: SQuAD's are at data[].paragraphs[].qas[].`);
  return answerRows(questions, `squad ${path}`);
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

export function answerRows(questions: readonly Question[], description: string): TextRows {
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
