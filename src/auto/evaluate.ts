/** A candidate's quality on calibration samples, beside the float model's own outputs. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from '../data/samples/dataset.js';
import { scoredOutput } from '../measure/accuracy/tasks/scored-output.js';
import { OutputFidelity } from '../measure/fidelity/output-fidelity.js';
import { writeHalfReference } from '../measure/subject/half-reference.js';
import type { RunContext } from '../runtime/context.js';
import type { Session } from '../runtime/runtime.js';
import { scratchFolder } from '../system/scratch.js';
import { indexOfMaximum } from '../tensor/argmax.js';
import { numbersOf } from '../tensor/elements.js';
import type { Tensor } from '../tensor/tensor.js';
import type { Quality } from './limits.js';

/** A sample that candidates are compared on. */
export interface JudgeSample extends Sample {
  /** They are made with it, too: only labels are counted on it. */
  seen?: boolean;
}

export interface Reference {
  samples: readonly JudgeSample[];
  /** The scored output of the float model, per sample. */
  outputs: readonly Tensor[];
  /** Its name. */
  output: string;
}

export interface EvaluateOptions {
  context: RunContext;
  provider: string;
  /** Number of the GPU. */
  deviceId?: number;
}

async function openSession(file: string, { context, ...options }: EvaluateOptions): Promise<Session> {
  return await context.runtime.open(file, { ...options, threads: context.threads });
}

export async function makeReference(
  model: string,
  samples: readonly JudgeSample[],
  options: EvaluateOptions,
): Promise<Reference> {
  const session = await openSession(model, options);
  try {
    const output = scoredOutput(session.outputs, null, model).name;
    const outputs: Tensor[] = [];
    for (const { feeds } of samples) outputs.push((await session.run(feeds, [output]))[output]!);
    return { samples, outputs, output };
  } finally {
    await session.release();
  }
}

export async function evaluate(
  file: string,
  reference: Reference,
  options: EvaluateOptions,
): Promise<Quality> {
  const { samples, outputs, output } = reference;
  const folder = scratchFolder('half');
  const judged = await judgedFile(file, join(folder, 'reference.onnx'), options);
  const session = await openSession(judged, options).finally(() =>
    rmSync(folder, { recursive: true, force: true }),
  );
  const fidelity = new OutputFidelity('last');
  let [lost, labelled] = [0, 0];
  try {
    for (const [index, { feeds, label, seen }] of samples.entries()) {
      const expected = outputs[index]!;
      const actual = (await session.run(feeds, [output]))[output]!;
      if (!seen) fidelity.add(expected, actual);
      if (typeof label !== 'number') continue;
      labelled++;
      lost += Number(top1(expected) === label) - Number(top1(actual) === label);
    }
  } finally {
    await session.release();
  }
  const result = fidelity.result();
  return {
    sqnr: result.sqnr ?? (result.identical ? Number.POSITIVE_INFINITY : 0),
    // Of classes, the share that agrees.
    cosine: result.cosine ?? result.agreement ?? 0,
    agreement: result.agreement,
    maxAbs: result.maxAbs ?? 0,
    top1Drop: labelled > 0 ? lost / labelled : null,
  };
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
