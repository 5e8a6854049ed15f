/** A candidate's quality on calibration samples, beside the float model's own outputs. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from '../../data/samples/dataset.js';
import { scoredOutput } from '../../measure/accuracy/tasks/scored-output.js';
import { classAxisOf, type Fidelity, OutputFidelity } from '../../measure/fidelity/output-fidelity.js';
import { writeHalfReference } from '../../measure/subject/half-reference.js';
import type { RunContext } from '../../runtime/context.js';
import { NEVER_SPIN, type Session } from '../../runtime/runtime.js';
import { scratchFolder } from '../../system/files/scratch.js';
import { indexOfMaximum } from '../../tensor/argmax.js';
import { attended } from '../../tensor/attended.js';
import { isFloatType, numbersOf } from '../../tensor/elements.js';
import { SignalAndNoise } from '../../tensor/sqnr.js';
import type { Feeds, Tensor } from '../../tensor/tensor.js';
import type { Task } from '../../terms/metrics.js';
import type { Kept, LaidAside } from './laid-aside.js';
import type { Limits, Quality, Scored } from './limits.js';

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
  /** Outputs of the float model by their names, per sample: the scored one, and of some samples all that hold floating-point numbers. */
  outputs: readonly Kept[];
  /** Name of the scored one. */
  output: string;
  labelOffset: number;
  task: Task;
  /** Whether anybody asks for `Quality.kl`. */
  asksForDivergence: boolean;
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

/** Samples of each fold on which all outputs are compared: caches of a decoder are hundreds of megabytes on all of them. */
const SAMPLES_OF_ALL = 8;

export async function makeReference(
  model: string,
  samples: readonly JudgeSample[],
  {
    aside,
    limits = {},
    scored = { output: null, labelOffset: 0, task: 'none' },
    ...options
  }: EvaluateOptions & { aside: Pick<LaidAside, 'keep'>; limits?: Pick<Limits, 'maxKl'>; scored?: Scored },
): Promise<Reference> {
  const session = await openSession(model, options);
  try {
    const output = scoredOutput(session.outputs, scored.output, model).name;
    // One that is named is the only one that counts.
    const others = scored.output === null ? session.outputs : [];
    const floats = others.filter(({ type }) => type !== null && isFloatType(type));
    const all = [...new Set([output, ...floats.map(({ name }) => name)])];
    const outputs: Kept[] = [];
    const counts = new Map<number, number>();
    for (const { feeds, fold, seen } of samples) {
      const count = counts.get(fold) ?? 0;
      if (!seen) counts.set(fold, count + 1);
      const names = !seen && count < SAMPLES_OF_ALL ? all : [output];
      const given = await session.run(feeds, names);
      outputs.push(aside.keep(Object.fromEntries(names.map((name) => [name, given[name]!]))));
    }
    const { labelOffset, task } = scored;
    const asksForDivergence = limits.maxKl !== undefined;
    return { samples, outputs, output, labelOffset, task, asksForDivergence };
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
    fidelity: new OutputFidelity(classAxisOf(reference.task), { divergence: reference.asksForDivergence }),
    others: new Map(),
    errors: reference.samples.map(() => null),
    lost: 0,
    labelled: 0,
  };
  for (const judged of files) await addFile(judged, sums, reference, options);
  const { lost, labelled, errors } = sums;
  const result = sums.fidelity.result();
  // Of several outputs the worst counts, as in the figures of a run.
  const all = [result, ...[...sums.others.values()].map((other) => other.result())];
  const sqnrOf = ({ sqnr, identical }: Fidelity) => sqnr ?? (identical ? Number.POSITIVE_INFINITY : 0);
  const quality: Quality = {
    sqnr: Math.min(...all.map(sqnrOf)),
    cosine: Math.min(...all.map(({ cosine, agreement }) => cosine ?? agreement ?? 0)),
    ...(result.cosine === null && { isWhole: true }),
    agreement: result.agreement,
    kl: result.kl,
    maxAbs: Math.max(...all.map(({ maxAbs }) => maxAbs ?? 0)),
    top1Drop: labelled > 0 ? lost / labelled : null,
  };
  return { quality, errors };
}

interface Sums {
  /** Of the scored output. */
  fidelity: OutputFidelity;
  /** Of the others, by their names. */
  others: Map<string, OutputFidelity>;
  errors: (SampleError | null)[];
  lost: number;
  labelled: number;
}

async function addFile(
  { file, folds, first = Number.POSITIVE_INFINITY }: JudgedFile,
  sums: Sums,
  { samples, outputs, output, labelOffset }: Reference,
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
      const { feeds } = sample;
      const known = outputs[index]!();
      const given = await session.run(feeds, Object.keys(known));
      const [expected, actual] = [known[output]!, given[output]!];
      if (!seen) {
        judges[place] = judges[place]! + 1;
        addOthers({ known, given, output }, sums);
        sums.fidelity.add(expected, actual, attended(expected, feeds));
        const error = new SignalAndNoise();
        error.add(numbersOf(expected), numbersOf(actual));
        sums.errors[index] = error;
      }
      if (typeof label !== 'number') continue;
      sums.labelled++;
      const right = label + labelOffset;
      sums.lost += Number(top1(expected) === right) - Number(top1(actual) === right);
    }
  } finally {
    await session.release();
  }
}

/** Outputs that hold as many values as the model finds have no counterparts. */
function addOthers(
  { known, given, output }: { known: Feeds; given: Feeds; output: string },
  { others }: Sums,
): void {
  for (const [name, expected] of Object.entries(known)) {
    const actual = given[name]!;
    if (name === output || expected.dims.join() !== actual.dims.join()) continue;
    const fidelity = others.get(name) ?? new OutputFidelity('none');
    fidelity.add(expected, actual);
    others.set(name, fidelity);
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
