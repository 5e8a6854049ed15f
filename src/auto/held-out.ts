/** Calibration samples in two: most make the candidates, and others, which no candidate has seen, judge them. */
import type { Dataset, Sample } from '../data/samples/dataset.js';

/** One sample in so many judges, the first of them at most. */
const EVERY = 4;
const MOST_JUDGES = 32;
/** Of fewer samples all do both: what a part of them would make is not what all would. */
const LEAST_SAMPLES = 2 * EVERY;

export interface Parts {
  makes: Dataset;
  judges: Dataset;
}

export function partsOf(dataset: Dataset): Parts {
  if (dataset.length < LEAST_SAMPLES) return { makes: dataset, judges: dataset };
  const judging = Math.min(MOST_JUDGES, Math.floor(dataset.length / EVERY));
  const isJudge = (index: number) => index % EVERY === EVERY - 1 && index < EVERY * judging;
  return {
    makes: part(dataset, { length: dataset.length - judging, has: (index) => !isJudge(index) }),
    judges: part(dataset, { length: judging, has: isJudge }),
  };
}

function part(
  dataset: Dataset,
  { length, has }: { length: number; has: (index: number) => boolean },
): Dataset {
  const { description, labelled, classes } = dataset;
  return {
    description,
    length,
    labelled,
    classes,
    async *samples(): AsyncIterable<Sample> {
      let [index, left] = [0, length];
      if (left === 0) return;
      for await (const sample of dataset.samples()) {
        if (!has(index++)) continue;
        yield sample;
        if (--left === 0) return;
      }
    },
  };
}
