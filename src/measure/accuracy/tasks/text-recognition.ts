/** Recognition of text in images: the share of exact lines, and the character error rate over all of them. */
import type { Sample } from '../../../data/samples/dataset.js';
import { UserError } from '../../../errors.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { ctcSymbols } from '../decode/ctc.js';
import { characterEdits } from '../decode/edit-distance.js';
import { alphabetOf, type KeyFileNote, oddKeys, shiftedLines, unreadableTexts } from '../decode/keys.js';
import { type Metric, ofSums } from './metric.js';
import type { TaskOptions } from './task-options.js';

/** Numbers of a row before the texts: edits, length, whether it is exact, code points of the text that should be read. */
const HEADER = 4;

/** CTC's greedy path through [1, frames, classes]. `ctc-blank-last` where the blank is the last class. */
const DECODERS = { ctc: 'first', 'ctc-blank-last': 'last' } as const;

export type RecognitionOptions = Pick<TaskOptions, 'decoder' | 'keys'>;

/** Throws UserError for another decoder. */
export function textRecognitionMetrics(options: RecognitionOptions): Metric[] {
  const keep = recognitionRow(options);
  return [
    {
      name: 'accuracy.cer',
      kind: 'statistic',
      undefinedReason: 'every text is empty',
      keep,
      statistic: (kept) => ofSums(kept.map(counted), ([edits = 0, length = 0]) => edits / length),
      figureOfSample: ({ 0: edits = 0, 1: length = 0 }) => edits / Math.max(1, length),
    },
    {
      name: 'accuracy.exact-match',
      kind: 'share',
      keep,
      right: (kept) => Uint8Array.from(kept, (row) => row[2]!),
    },
  ];
}

function counted(row: ArrayLike<number>): number[] {
  return [row[0]!, row[1]!];
}

/** What is odd about the key file against the model's classes and the texts of its rows, which may be why they are read wrong. */
export function oddRecognition(
  rows: readonly ArrayLike<number>[],
  { keys, decoder, classes }: RecognitionOptions & { classes: number },
): KeyFileNote[] {
  if (!keys) return [];
  const blank = blankOf(decoder);
  const { symbols } = alphabetOf(keys, classes, { blank });
  const texts = rows.map(textsOf);
  const unreadable = unreadableTexts(
    texts.map(({ wanted }) => wanted),
    symbols,
  );
  const shown = [shiftedLines(texts, keys), unreadable].flatMap((message): KeyFileNote[] =>
    message === null ? [] : [{ level: 'warn', message }],
  );
  const odd = oddKeys(keys, classes, { blank });
  // What is no more than possible is left out where there is evidence.
  return odd === null || (odd.level === 'info' && shown.length > 0) ? shown : [odd, ...shown];
}

function blankOf(decoder: RecognitionOptions['decoder']): 'first' | 'last' {
  const blank = DECODERS[(decoder ?? 'ctc') as keyof typeof DECODERS];
  if (blank !== undefined) return blank;
  throw new UserError(
    'accuracy.decoder',
    `There is no text-recognition decoder '${decoder}': use ${Object.keys(DECODERS).join(' or ')}.`,
  );
}

/** A row holds the counts and both texts, so that they can be compared with those of other samples. */
export function recognitionRow({ decoder = null, keys = null }: RecognitionOptions) {
  const blank = blankOf(decoder);
  return (sample: Sample, output: Tensor): Float64Array => {
    if (keys === null) {
      throw new UserError(
        'accuracy.keys',
        'Task text-recognition needs `keys`: a file with one symbol per line, in the order of the classes of the model.',
      );
    }
    const { symbols, blank: blankClass } = alphabetOf(keys, output.dims.at(-1) ?? 0, { blank });
    const found = ctcSymbols(output, { blank: blankClass, sample: sample.id });
    return rowOf(textOf(sample), found.map((index) => symbols[index]!).join(''));
  };
}

function textOf({ id, annotation }: Sample): string {
  if (annotation?.kind === 'text') return annotation.text;
  throw new UserError(
    'data.no-labels',
    `Sample ${id} has no text: task text-recognition needs data of format text-lines (docs/data.md).`,
  );
}

export function rowOf(wanted: string, read: string): Float64Array {
  const [edits, length] = characterEdits(wanted, read);
  const points = codePoints(wanted);
  return Float64Array.of(
    edits,
    length,
    Number(wanted.trim() === read.trim()),
    points.length,
    ...points,
    ...codePoints(read),
  );
}

/** Both texts of a row. */
export function textsOf(row: ArrayLike<number>): { wanted: string; read: string } {
  const points = Array.from(row).slice(HEADER);
  const text = (part: number[]) => String.fromCodePoint(...part);
  return { wanted: text(points.slice(0, row[3])), read: text(points.slice(row[3])) };
}

function codePoints(text: string): number[] {
  return Array.from(text, (symbol) => symbol.codePointAt(0)!);
}
