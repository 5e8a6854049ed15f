/** Samples that calibration has not seen, where it and the evaluation read the same data. */
import type { Dataset } from '../src/data/samples/dataset.js';

/** The samples after the first `count`. */
export function after(dataset: Dataset, count: number): Pick<Dataset, 'samples'> {
  return {
    async *samples() {
      let index = 0;
      for await (const sample of dataset.samples()) if (index++ >= count) yield sample;
    },
  };
}
