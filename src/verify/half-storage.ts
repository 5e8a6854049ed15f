/** Which layers' weights the outputs don't bear in half though the layers compute in float32 (the sine of a large angle is such a case): what a repair
 *  leaves of these stays float32 as a whole (quantize/layers/half-weights.ts stores the others' weights in half). */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeProto } from 'onnx-buf';
import { messageOf, throwIfInterrupted } from '../errors.js';
import { readModel } from '../onnx/file/read.js';
import { LARGE_MODEL_BYTES, modelBytes } from '../onnx/file/weights.js';
import { writeModelUnlessInterrupted } from '../onnx/file/write.js';
import { storeInHalf } from '../quantize/layers/half-weights.js';
import { sqnrOfSamples } from '../quantize/method/lowest-sqnr.js';
import { halfSelection, nodeLabel } from '../quantize/method/selection.js';
import { liftConstants } from '../quantize/prepare/prepare.js';
import { scratchFolder } from '../system/files/scratch.js';
import type { Feeds } from '../tensor/tensor.js';
import type { ProvedRequest } from './made-file.js';
import { loudest, type Trial } from './proof/trial-samples.js';
import { Trials } from './proof/trials.js';
import type { Goal } from './repair/marks.js';

/** How far above the goal the original must be with weights in half, in dB: then they take no more than a tenth of the noise that is allowed. */
const ABOVE_GOAL_DB = 10;
/** How many files may be run to tell layers apart: halves, and halves of those that lose too much. */
const MOST_FILES = 12;
/** And on how many samples, of those that lose most when all weights are in half. */
const MOST_SAMPLES = 4;

/** Names of layers of the original; none where nothing can be compared. */
export async function layersNotForHalf(
  request: ProvedRequest,
  { samples, expected }: Trial,
  goal: Goal,
): Promise<string[]> {
  const { model, context } = request;
  if (samples.length === 0 || (await modelBytes(model)) > LARGE_MODEL_BYTES) return [];
  const trials = new Trials(context);
  const directory = scratchFolder('half');
  const outputsOf = async (file: string, fed: readonly Feeds[]) => {
    await trials.open(file, 'all');
    const outputs: Feeds[] = [];
    for (const sample of fed) outputs.push(await trials.run(sample));
    return outputs;
  };
  try {
    let judged = { samples, original: expected ?? (await outputsOf(model, samples)) };
    const found: string[] = [];
    const parts: (ReadonlySet<string> | null)[] = [null];
    for (let files = 0; parts.length > 0; files++) {
      throwIfInterrupted(context.signal);
      const file = join(directory, 'half.onnx');
      const part = parts.shift()!;
      const layers = await writeInHalf(request, file, part);
      // A weight that layers of both halves read is in neither.
      if (part) found.push(...[...part].filter((name) => !layers.includes(name)));
      if (layers.length === 0) continue;
      const figures =
        files < MOST_FILES ? sqnrOfSamples(judged.original, await outputsOf(file, judged.samples)) : null;
      if (figures !== null && figures.sqnr >= goal.sqnr + ABOVE_GOAL_DB) continue;
      if (part === null && figures !== null) {
        const worst = <T>(ofSamples: readonly T[]) =>
          loudest(ofSamples, figures.noise).slice(0, MOST_SAMPLES);
        judged = { samples: worst(judged.samples), original: worst(judged.original) };
      }
      if (layers.length === 1 || files >= MOST_FILES) found.push(...layers);
      else parts.push(...halvesOf(layers));
    }
    return found;
  } catch (error) {
    throwIfInterrupted(context.signal);
    context.log.debug(`What weights in half do to the outputs could not be seen: ${messageOf(error)}`);
    return [];
  } finally {
    rmSync(directory, { recursive: true, force: true });
    await trials.close();
  }
}

/** Writes the original with weights in half; names of the layers. @param part only these; null: all. */
async function writeInHalf(
  { model, options, context }: ProvedRequest,
  file: string,
  part: ReadonlySet<string> | null,
): Promise<string[]> {
  const original = readModel(model);
  liftConstants(original.graph);
  const among = (node: NodeProto) => part === null || part.has(nodeLabel(node));
  const stored = storeInHalf({ model: original }, halfSelection(options), among);
  await writeModelUnlessInterrupted(original, file, { durable: false, signal: context.signal });
  return [...new Set(stored.map(({ node }) => node))];
}

function halvesOf(names: readonly string[]): ReadonlySet<string>[] {
  const middle = Math.ceil(names.length / 2);
  return [new Set(names.slice(0, middle)), new Set(names.slice(middle))];
}
