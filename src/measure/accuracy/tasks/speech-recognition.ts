/** Transcripts: errors of words and characters over the corpus. */
import type { Sample } from '../../../data/samples/dataset.js';
import { UserError } from '../../../errors.js';
import type { Tensor } from '../../../tensor/tensor.js';
import { ctcSymbols } from '../decode/ctc.js';
import { characterEdits, type EditCounts, wordEdits } from '../decode/edit-distance.js';
import { blankOf, hasOneCase, transcriptOf } from '../decode/transcript.js';
import { ofSums, type StatisticMetric } from './metric.js';
import { rowOf } from './text-recognition.js';

export interface SpeechOptions {
  /** Symbols by class. */
  vocabulary: readonly string[];
}

/** Rates of the corpus: the edits of all transcripts by the length of all. Case counts unless the vocabulary has only one. */
export function speechMetrics(options: SpeechOptions): StatisticMetric[] {
  const heard = new WeakMap<Tensor, string>();
  const edits =
    (count: (reference: string, hypothesis: string) => EditCounts) => (sample: Sample, output: Tensor) => {
      const known = heard.get(output) ?? transcript(sample, output, options);
      heard.set(output, known);
      return count(fold(referenceOf(sample), options), fold(known, options));
    };
  const rate = (name: string, keep: StatisticMetric['keep']): StatisticMetric => ({
    name,
    kind: 'statistic',
    undefinedReason: 'all transcripts are empty',
    keep,
    figureOfSample: ({ 0: count = 0, 1: length = 0 }) => count / Math.max(1, length),
    statistic: (kept) =>
      ofSums(kept, ([count = 0, length = 0]) => (length === 0 ? Number.NaN : count / length)),
  });
  return [rate('accuracy.wer', edits(wordEdits)), rate('accuracy.cer', edits(characterEdits))];
}

/** What the level of chance is told from: a row of `rowOf`, which holds both texts. */
export function transcriptRow(options: SpeechOptions): (sample: Sample, output: Tensor) => Float64Array {
  return (sample, output) =>
    rowOf(fold(referenceOf(sample), options), fold(transcript(sample, output, options), options));
}

function fold(text: string, { vocabulary }: SpeechOptions): string {
  return hasOneCase(vocabulary) ? text.toLowerCase() : text;
}

function referenceOf({ id, annotation }: Sample): string {
  if (annotation?.kind === 'text') return annotation.text;
  throw new UserError(
    'data.no-labels',
    `Sample ${id} has no transcript: speech-recognition reads a folder of wav files with transcripts, or jsonl.`,
  );
}

/** The greedy path of CTC as text. Throws UserError without a vocabulary. */
export function transcript({ id }: Sample, output: Tensor, { vocabulary }: SpeechOptions): string {
  if (vocabulary.length === 0) {
    throw new UserError(
      'accuracy.keys',
      "speech-recognition needs the recognizer's vocabulary: `data: { tokenizer: tokenizer.json }` (or vocab.json, or tokens.txt).",
    );
  }
  const classes = output.dims.at(-1) ?? 0;
  const blank = blankOf(vocabulary, classes);
  return transcriptOf(
    ctcSymbols(output, { sample: id, vocabulary: vocabulary.length + 1, blank }),
    vocabulary,
  );
}
