/** A candidate's quality on calibration samples, beside the float model's own outputs. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from '../data/samples/dataset.js';
import { scoredOutput } from '../measure/accuracy/tasks/scored-output.js';
import { OutputFidelity } from '../measure/fidelity/output-fidelity.js';
import { writeHalfReference } from '../measure/subject/half-reference.js';
import type { RunContext } from '../runtime/context.js';
import { NEVER_SPIN, type Session } from '../runtime/runtime.js';
import { scratchFolder } from '../system/scratch.js';
import { indexOfMaximum } from '../tensor/argmax.js';
import { attended } from '../tensor/attended.js';
import { numbersOf } from '../tensor/elements.js';
import { SignalAndNoise } from '../tensor/sqnr.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Kept, LaidAside } from './laid-aside.js';
import type { Quality } from './limits.js';

/** A sample that candidates are compared on. */
export interface JudgeSample extends Sample {
  /** The fold that it judges. */
  fold: number;
  /** Files of this fold are made with it, too: only labels are counted on it. */
  seen?: boolean;
}

/** A file, and the folds whose samples judge it: it is made with none of them, or with what no sample decides. */
export interface JudgedFile {
  file: string;
  folds: readonly number[];
  /** Only so many of each fold's samples judge, the first ones: the file has seen the others. Default: all. */
  first?: number;
}

/** Of one sample: sums of squares. */
export interface SampleError {
  signal: number;
  noise: number;
}

export interface Judgement {
  quality: Quality;
  /** By sample; null for those that didn't judge. */
  errors: readonly (SampleError | null)[];
}

export interface Reference {
  samples: readonly JudgeSample[];
  /** The scored output of the float model, by its name, per sample. */
  outputs: readonly Kept[];
  /** That name. */
  output: string;
}

export interface EvaluateOptions {
  context: RunContext;
  provider: string;
  /** Number of the GPU. */
  deviceId?: number;
}

async function openSession(file: string, { context, ...options }: EvaluateOptions): Promise<Session> {
  return await context.runtime.open(file, {
    ...options,
    threads: context.threads,
    configEntries: NEVER_SPIN,
  });
}

export async function makeReference(
  model: string,
  samples: readonly JudgeSample[],
  { aside, ...options }: EvaluateOptions & { aside: Pick<LaidAside, 'keep'> },
): Promise<Reference> {
  const session = await openSession(model, options);
  try {
    const output = scoredOutput(session.outputs, null, model).name;
    const outputs: Kept[] = [];
    for (const { feeds } of samples) {
      const given = await session.run(feeds, [output]);
      outputs.push(aside.keep({ [output]: given[output]! }));
    }
    return { samples, outputs, output };
  } finally {
    await session.release();
  }
}

/** @param files of one candidate: no sample judges two of them. */
export async function evaluate(
  files: readonly JudgedFile[],
  reference: Reference,
  options: EvaluateOptions,
): Promise<Judgement> {
  const sums: Sums = {
    fidelity: new OutputFidelity('last'),
    errors: reference.samples.map(() => null),
    lost: 0,
    labelled: 0,
  };
  for (const judged of files) await addFile(judged, sums, reference, options);
  const { lost, labelled, errors } = sums;
  const result = sums.fidelity.result();
  const quality: Quality = {
    sqnr: result.sqnr ?? (result.identical ? Number.POSITIVE_INFINITY : 0),
    cosine: result.cosine ?? result.agreement ?? 0,
    ...(result.cosine === null && { isWhole: true }),
    agreement: result.agreement,
    kl: result.kl,
    maxAbs: result.maxAbs ?? 0,
    top1Drop: labelled > 0 ? lost / labelled : null,
  };
  return { quality, errors };
}

interface Sums {
  fidelity: OutputFidelity;
  errors: (SampleError | null)[];
  lost: number;
  labelled: number;
}

async function addFile(
  { file, folds, first = Number.POSITIVE_INFINITY }: JudgedFile,
  sums: Sums,
  { samples, outputs, output }: Reference,
  options: EvaluateOptions,
): Promise<void> {
  const folder = scratchFolder('half');
  const judged = await judgedFile(file, join(folder, 'reference.onnx'), options);
  const session = await openSession(judged, options).finally(() =>
    rmSync(folder, { recursive: true, force: true }),
  );
  try {
    const judges = folds.map(() => 0);
    for (const [index, sample] of samples.entries()) {
      const { label, seen, fold } = sample;
      const place = folds.indexOf(fold);
      if (place < 0 || (!seen && judges[place]! >= first)) continue;
      const expected = outputs[index]!()[output]!;
      const actual = (await session.run(sample.feeds, [output]))[output]!;
      if (!seen) {
        judges[place] = judges[place]! + 1;
        sums.fidelity.add(expected, actual, attended(expected, sample.feeds));
        const error = new SignalAndNoise();
        error.add(numbersOf(expected), numbersOf(actual));
        sums.errors[index] = error;
      }
      if (typeof label !== 'number') continue;
      sums.labelled++;
      sums.lost += Number(top1(expected) === label) - Number(top1(actual) === label);
    }
  } finally {
    await session.release();
  }
}

/** Where the provider is no device that computes in half, a file with half values is judged by its reference, as `run` and `eval` do. */
async function judgedFile(
  file: string,
  path: string,
  { context, provider }: EvaluateOptions,
): Promise<string> {
  if (provider !== 'cpu') return file;
  return (await writeHalfReference(file, path, context))?.file ?? file;
}

function top1(output: Tensor): number {
  return indexOfMaximum(numbersOf(output));
}
