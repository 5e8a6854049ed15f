/** Calibration samples in folds: most of them make a candidate's file, and others, which that file has not seen, judge it. */
import type { Dataset, DatasetPart, Sample } from '../../data/samples/dataset.js';

/** A fold judges one sample in so many, the first of them at most. */
const EVERY = 4;
export const MOST_JUDGES = 24;
/** Which of those, by fold: the second is for data whose first has few judges. */
const PLACES = [3, 1];
const ENOUGH_JUDGES = 20;
/** Of fewer samples all do both: what a part of them would make is not what all would. */
const LEAST_SAMPLES = 2 * EVERY;

export interface Fold {
  /** A part of the samples, or all of them. */
  makes: Dataset | DatasetPart;
  judges: Dataset;
}

export interface Folds {
  folds: readonly [Fold, ...Fold[]];
  /** Samples that judge in no fold. */
  others: Dataset;
}

export function foldsOf(dataset: Dataset): Folds {
  if (dataset.length < LEAST_SAMPLES) {
    const others = part(dataset, { length: 0, has: () => false });
    return { folds: [{ makes: dataset, judges: dataset }], others };
  }
  const judging = Math.min(MOST_JUDGES, Math.floor(dataset.length / EVERY));
  const foldAt = (place: number): Fold => {
    const isJudge = (index: number) => index % EVERY === place && index < EVERY * judging;
    return {
      makes: part(dataset, { length: dataset.length - judging, has: (index) => !isJudge(index) }),
      judges: part(dataset, { length: judging, has: isJudge }),
    };
  };
  const places = judging < ENOUGH_JUDGES ? PLACES : PLACES.slice(0, 1);
  const [first, ...rest] = places.map(foldAt);
  const isOther = (index: number) => index >= EVERY * judging || !places.includes(index % EVERY);
  const length = dataset.length - places.length * judging;
  return { folds: [first!, ...rest], others: part(dataset, { length, has: isOther }) };
}

/** What folds are made of that are no more than parts of the samples. */
export function partsOf(folds: readonly Fold[]): DatasetPart[] {
  return folds.map(({ makes }) => makes).filter((makes) => 'whole' in makes);
}

/** The first samples of a data set. */
export function firstOf(dataset: Dataset, count: number): Dataset {
  const length = Math.min(count, dataset.length);
  return part(dataset, { length, has: (index) => index < length });
}

function part(
  dataset: Dataset,
  { length, has }: { length: number; has: (index: number) => boolean },
): DatasetPart {
  const { description, labelled, classes } = dataset;
  return {
    description,
    length,
    labelled,
    classes,
    whole: dataset,
    has,
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
