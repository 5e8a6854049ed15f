/** The default calibrator: minmax, or a percentile, whichever brings the outputs nearest to the float model's.
 *
 *  One pass over the samples gives the ranges of all candidates; a file is written for each and run on a few of the samples.
 *  Detectors need their extremes, recognizers with a few wild activations must clip them: no single choice is right for both. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../../system/scratch.js';
import type { TensorRange } from '../calibrate/minmax.js';
import type { OutputErrors } from './recover/output-error.js';
import { type QuantizedParts, writeQuantized } from './write-quantized.js';

/** 100 is minmax. The first wins a tie. */
export const PERCENTILE_CANDIDATES: readonly number[] = [100, 99.999, 99.99];

/** Samples on which the candidates are compared. */
const SAMPLES = 16;

/** The percentile whose file errs least on the calibration samples. */
export async function choosePercentile(
  candidates: ReadonlyMap<number, ReadonlyMap<string, TensorRange>>,
  { parts, errors }: { parts: Omit<QuantizedParts, 'ranges'>; errors: OutputErrors },
): Promise<number> {
  const directory = scratchFolder('percentile');
  try {
    const files = [...candidates].map(([percentile, ranges]) => {
      const file = join(directory, `${percentile}.onnx`);
      writeQuantized(file, { ...parts, ranges }, { durable: false });
      return file;
    });
    const found = await errors.of(files, SAMPLES);
    return [...candidates.keys()][found.indexOf(Math.min(...found))]!;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
