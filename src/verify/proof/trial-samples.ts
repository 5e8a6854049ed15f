/** What a file is run on when it is proved: the user's samples, or made-up ones. */
import { UserError } from '../../errors.js';
import { timingFeeds } from '../../measure/subject/inputs.js';
import { readModelOutline } from '../../onnx/file/read-outline.js';
import { modelInputs } from '../../onnx/query/interface.js';
import type { QuantizeRequest } from '../../quantize/method/request.js';
import { batches } from '../../quantize/observe/batches.js';
import { syntheticTokens } from '../../quantize/observe/synthetic-tokens.js';
import type { Feeds } from '../../tensor/tensor.js';

export interface Trial {
  samples: Feeds[];
  /** They are the user's own: what is lost on them is lost. */
  representative: boolean;
  /** No weight was fitted to them. */
  heldOut?: boolean;
  /** What the original gives for each of them, where the method has found it out. */
  expected?: Feeds[];
}

/** Samples that are enough to see a file that went wrong. */
const SAMPLES = 16;

export async function trialSamples({
  model,
  calibration,
  context,
  evidence,
}: Pick<QuantizeRequest, 'model' | 'calibration' | 'context' | 'evidence'>): Promise<Trial> {
  const known = calibration && evidence ? [...evidence.originals].slice(0, SAMPLES) : [];
  if (known.length > 0) {
    const [samples, expected] = [known.map(([feeds]) => feeds), known.map(([, outputs]) => outputs)];
    return { samples, representative: true, expected, heldOut: evidence!.heldOut };
  }
  const document = readModelOutline(model);
  const inputs = modelInputs(document);
  const dataset = calibration ?? syntheticTokens(document);
  if (dataset) {
    const samples: Feeds[] = [];
    for await (const feeds of batches(dataset, inputs, context.signal)) {
      samples.push(feeds);
      if (samples.length === SAMPLES) break;
    }
    return { samples, representative: calibration !== null };
  }
  try {
    return { samples: [timingFeeds(inputs, { batch: 1, shapes: {}, sample: null })], representative: false };
  } catch (error) {
    // Inputs that are no tensors, or with a batch of their own: the file is opened, not run.
    if (error instanceof UserError) return { samples: [], representative: false };
    throw error;
  }
}

/** What belongs to samples, those that lose most first: on them is seen what costs the outputs most.
 *  @param noise of each sample. */
export function loudest<T>(ofSamples: readonly T[], noise: readonly number[]): T[] {
  const order = [...ofSamples.keys()].toSorted((a, b) => (noise[b] ?? 0) - (noise[a] ?? 0));
  return order.map((index) => ofSamples[index]!);
}
