/** Opens a quantized file as its users will, runs it, and compares it with the original: what was only written is not called made. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from '../../config/choices.js';
import { refusal, refusesSample } from '../../data/samples/refusal.js';
import { Interrupted, MachineError, messageOf, UserError } from '../../errors.js';
import { writeHalfReference } from '../../measure/subject/half-reference.js';
import { readModelOutline } from '../../onnx/file/read-outline.js';
import { LARGE_MODEL_BYTES, modelBytes } from '../../onnx/file/weights.js';
import { isCpu } from '../../quantize/method/compare-speed.js';
import { lowestSqnr, sqnrOfSamples } from '../../quantize/method/lowest-sqnr.js';
import { computesInBfloat16, runnableOriginal } from '../../quantize/prepare/runnable-original.js';
import type { RunContext } from '../../runtime/context.js';
import type { GraphOptimizationLevel } from '../../runtime/runtime.js';
import { scratchFolder } from '../../system/files/scratch.js';
import type { Feeds } from '../../tensor/tensor.js';
import type { Verification } from '../../terms/report.js';
import { type Blame, blamed } from './blamed.js';
import { equalShare } from './equal-share.js';
import { structureFaults } from './structure.js';
import { Trials } from './trials.js';

export interface VerifyRequest {
  /** Path of the unquantized model. */
  original: string;
  /** Path of the file to prove. */
  file: string;
  target: Target;
  /** What both are run on, in the model's own shapes; empty: they are only opened. */
  samples: readonly Feeds[];
  /** The samples are the user's: an original that can't take them is told of as their error. */
  representative: boolean;
  /** What the original gives for each of the samples, where that is known. */
  expected?: readonly Feeds[] | undefined;
  /** Is told what the original gives where it had to be run: the next file is compared with the same. */
  onExpected?: (outputs: Feeds[]) => void;
  /** Levels at which the file has been opened and run already. */
  ranAt?: ReadonlySet<string> | undefined;
  /** In dB; null: the method promises nothing. */
  floor: number | null;
  context: RunContext;
}

/** A file that is not what it should be. */
export class FileFault extends UserError {
  constructor(
    message: string,
    /** null: the runtime names nobody. */
    readonly blame: Blame | null,
    override readonly code: 'quantize.file-invalid' | 'model.shared-axis' = 'quantize.file-invalid',
  ) {
    super(code, message);
  }
}

export interface VerifiedFile extends Omit<Verification, 'worst' | 'repaired'> {
  /** What each sample adds to the noise of the worst output; empty: nothing was compared. */
  noise: readonly number[];
}

export const LEVELS: readonly GraphOptimizationLevel[] = ['disabled', 'basic', 'extended', 'all'];

/** @throws UserError when the file is not what it should be: it doesn't open or run where the original does, or has other inputs, outputs or
 *  repeated names. Interrupted. */
export async function verifyFile(request: VerifyRequest): Promise<VerifiedFile> {
  const { original, file, context } = request;
  const faults = structureFaults(readModelOutline(original), readModelOutline(file));
  if (faults.length > 0)
    throw new FileFault(`The file that was written is not valid: ${faults.slice(0, 3).join('; ')}.`, null);
  const trials = new Trials(context);
  const directory = scratchFolder('half');
  try {
    // Opens the file in this process: only when it is known to open.
    const halfOf = async () =>
      (await writeHalfReference(file, join(directory, 'reference.onnx'), context))?.file ?? null;
    return await tried(request, trials, { halfOf, directory });
  } finally {
    rmSync(directory, { recursive: true, force: true });
    await trials.close();
  }
}

/** @param halfOf writes what a file that holds half precision computes where half is half; null: the file itself is compared. */
async function tried(
  request: VerifyRequest,
  trials: Trials,
  { halfOf, directory }: { halfOf: () => Promise<string | null>; directory: string },
): Promise<VerifiedFile> {
  const { file, floor, target, samples } = request;
  const unproved: VerifiedFile = {
    ...{ state: 'none', reason: null, levels: [], samples: 0 },
    ...{ sqnr: null, noise: [], floor },
  };
  const expected =
    request.expected ??
    (await outputsOf(await runnableOriginal(request.original, directory, request.context), samples, trials));
  if (expected instanceof Error && request.representative && refusesSample(messageOf(expected)))
    throw refusal(messageOf(expected), { place: 'The calibration data', feeds: samples });
  if (expected instanceof Error) return { ...unproved, ...(await openedOnly(request, expected, trials)) };
  if (!request.expected) request.onExpected?.(expected as Feeds[]);
  const levels: GraphOptimizationLevel[] = [];
  let actual: Feeds[] | Error = [];
  let half: string | null = null;
  const first = new Map<GraphOptimizationLevel, Feeds>();
  for (const level of await levelsOf(file)) {
    // At the last level, which is the one in use, the file is compared too.
    const isLast = level === LEVELS.at(-1);
    if (isLast && expected.length > 0) half = await halfOf();
    const isCompared = isLast && half === null;
    if (!isCompared && request.ranAt?.has(level)) {
      levels.push(level);
      continue;
    }
    const found = await runAt(level, { file, samples: isCompared ? samples : samples.slice(0, 1) }, trials);
    if (found.fault === null) {
      levels.push(level);
      actual = found.outputs;
      if (found.outputs[0]) first.set(level, found.outputs[0]);
    } else if (runsElsewhere(target) || computesInBfloat16(file))
      return {
        ...unproved,
        state: 'partly',
        levels,
        reason: `this machine's CPU does not run it: ${found.fault.message.replace(/\.$/, '')}`,
      };
    else
      throw new FileFault(
        `The file that was written ${found.fault.message}`,
        found.fault.blame,
        found.fault.code,
      );
  }
  if (expected.length === 0)
    return { ...unproved, state: 'partly', levels, reason: 'there are no samples to run it on' };
  if (half !== null) {
    const rounded = await outputsOf(half, samples, trials);
    // A reference that does not run says nothing of the file: that is compared as the CPU has it.
    actual = rounded instanceof Error ? await outputsOf(file, samples, trials) : rounded;
  }
  if (actual instanceof Error)
    throw new FileFault(`The file that was written does not run: ${sentence(actual)}.`, blamed(actual));
  const figures = sqnrOfSamples(expected, actual);
  if (!runsElsewhere(target)) await assertAlike(request, { expected, actual, first }, trials);
  const { sqnr, bound, noise } = figures ?? { sqnr: null, bound: null, noise: [] };
  const equal = sqnr === null ? equalShare(expected, actual) : null;
  return {
    ...{ ...unproved, state: 'full', levels, samples: expected.length, sqnr, noise },
    ...(bound === null || !request.representative ? {} : { bound }),
    ...(equal === null ? {} : { equal }),
  };
}

/** What a level may lose against the one in use: kernels round differently, but compute the same. */
const LEVEL_DB = 15;

/** Kernels exist that compute something else at a level, and say nothing.
 *  @param first outputs of the first sample by level.
 *  @throws FileFault where a level is far from the original, though neither `all` nor the original is there. */
async function assertAlike(
  { original, samples, floor }: VerifyRequest,
  outputs: { expected: readonly Feeds[]; actual: Feeds[]; first: ReadonlyMap<GraphOptimizationLevel, Feeds> },
  trials: Trials,
): Promise<void> {
  const expected = outputs.expected.slice(0, 1);
  const inUse = lowestSqnr(expected, outputs.actual.slice(0, 1));
  if (inUse === null || floor === null) return;
  for (const [level, found] of outputs.first) {
    const sqnr = lowestSqnr(expected, [found]);
    if (sqnr === null || sqnr >= Math.min(floor, inUse - LEVEL_DB)) continue;
    const itself = await runAt(level, { file: original, samples: samples.slice(0, 1) }, trials);
    const own = itself.fault === null ? lowestSqnr(expected, itself.outputs) : null;
    if (own === null || own < sqnr + LEVEL_DB) continue;
    throw new FileFault(
      `The file that was written computes something else at optimization level '${level}': ${sqnr.toFixed(1)} dB, and ${inUse.toFixed(1)} dB at level 'all'.`,
      null,
    );
  }
}

/** What can be seen of a file whose original does not run here: whether it opens. */
async function openedOnly(
  { file, representative }: VerifyRequest,
  error: Error,
  trials: Trials,
): Promise<Pick<VerifiedFile, 'state' | 'reason' | 'levels'>> {
  const on = representative ? "on this machine's CPU" : "on made-up inputs, or not on this machine's CPU";
  const reason =
    error instanceof UserError && error.code === 'model.no-tensor-output'
      ? 'none of the outputs is a tensor (sequences and maps only), so that there is nothing to compare'
      : `the original does not run ${on}: ${sentence(error)}`;
  const levels: GraphOptimizationLevel[] = [];
  for (const level of await levelsOf(file)) {
    const { fault } = await runAt(level, { file, samples: [] }, trials);
    if (fault !== null) return { state: 'none', reason, levels: [] };
    levels.push(level);
  }
  return { state: 'partly', reason, levels };
}

/** Large files are opened at the first and the last level only. */
async function levelsOf(file: string): Promise<readonly GraphOptimizationLevel[]> {
  return (await modelBytes(file)) > LARGE_MODEL_BYTES ? [LEVELS[0]!, LEVELS.at(-1)!] : LEVELS;
}

/** The CPU provider is not where such a file runs: what it refuses, the target may take. */
function runsElsewhere(target: Target): boolean {
  return !isCpu(target);
}

type LevelOutcome =
  | { fault: null; outputs: Feeds[] }
  | { fault: Pick<FileFault, 'message' | 'blame' | 'code'>; outputs?: undefined };

/** Opens a file at a level and runs it: outputs by sample, or what went wrong. */
async function runAt(
  level: GraphOptimizationLevel,
  { file, samples }: Pick<VerifyRequest, 'file' | 'samples'>,
  trials: Trials,
): Promise<LevelOutcome> {
  let doing = `can't be opened at optimization level '${level}'`;
  try {
    await trials.open(file, level);
    doing = `can be opened but not run at optimization level '${level}'`;
    const outputs: Feeds[] = [];
    for (const sample of samples) outputs.push(await trials.run(sample));
    return { fault: null, outputs };
  } catch (error) {
    if (error instanceof Interrupted || error instanceof MachineError) throw error;
    const isShared = error instanceof UserError && error.code === 'model.shared-axis';
    const code = isShared ? 'model.shared-axis' : 'quantize.file-invalid';
    return { fault: { message: `${doing}: ${sentence(error)}.`, blame: blamed(error), code } };
  }
}

/** Outputs at level `all` for every sample, or why there are none. */
async function outputsOf(file: string, samples: readonly Feeds[], trials: Trials): Promise<Feeds[] | Error> {
  try {
    await trials.open(file, 'all');
    const outputs: Feeds[] = [];
    for (const sample of samples) outputs.push(await trials.run(sample));
    return outputs;
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return error as Error;
  }
}

/** A message to put into a sentence: without its own full stop, and not of many lines. */
function sentence(error: unknown): string {
  return messageOf(error).split('\n', 1)[0]!.replace(/\.+$/, '');
}
