/** What all outputs of a quantized file are off by in the mean: shifts of many layers, of their clipped and rounded tensors, that bias correction of one layer's weights
 *  does not see. The bias of the layer that gives an output takes them up. */
import type { FileError } from './file-error.js';

/** Fewer samples say little of their mean; rows of one sample resemble each other, and count as one. */
const LEAST_SAMPLES = 8;
/** Of the mean that was seen; where less of it is sure, what is left to gain is less than other samples would show. */
const LEAST_SURE = 0.25;

/** The mean of the samples as far as it is no chance: of what a few show, the share that their scatter explains is left out (James–Stein). null: too little
 *  is sure.
 *  @param samples what each is off by, all of one length. */
export function sureDrift(samples: readonly Float32Array[]): Float32Array | null {
  const count = samples.length;
  if (count < LEAST_SAMPLES) return null;
  const mean = new Float64Array(samples[0]!.length);
  for (const sample of samples)
    sample.forEach((value, at) => {
      mean[at]! += value / count;
    });
  let [square, scatter] = [0, 0];
  for (const own of mean) square += own * own;
  for (const sample of samples)
    sample.forEach((value, at) => {
      scatter += (value - mean[at]!) ** 2;
    });
  const sure = 1 - scatter / (count - 1) / count / square;
  return sure >= LEAST_SURE ? Float32Array.from(mean, (own) => own * sure) : null;
}

/** Of these outputs, by their names. */
export function sureDrifts(
  { drifts = new Map() }: FileError,
  isAsked: (output: string) => boolean,
): Map<string, Float32Array> {
  const sure = new Map<string, Float32Array>();
  for (const [output, samples] of drifts) {
    const drift = isAsked(output) ? sureDrift(samples) : null;
    if (drift) sure.set(output, drift);
  }
  return sure;
}
