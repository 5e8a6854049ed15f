/** Samples that a variant loses on, as a report shows them: only where the configuration asks for it, for they may be private. */

/** One sample in one variant's list, the worst first. Texts have at most 200 characters. */
export interface WorstSample {
  /** Id of the sample: of `ModelReport.samples` where something can be shown of it. */
  sample: string;
  /** What it should come out as; '' where no words say it. */
  label: string;
  /** What the original answers; '' where the task has no answer per sample. */
  original: string;
  /** What the variant answers. */
  variant: string;
  /** The metric on this sample alone, of original and variant: 1 and 0 where it is right or wrong; null: not defined. */
  figures: [original: number | null, variant: number | null];
  /** Probability that the two give the labelled class; null: the task has none. */
  scores: [original: number | null, variant: number | null];
}

/** What can be shown of a sample. */
export interface ShownSample {
  id: string;
  /** At most 200 characters. */
  text?: string;
  /** A JPEG file in base64, at most 128 pixels on the longer side. */
  thumbnail?: string;
}

/** Code points of an answer, a label or a sample's text. */
export const LONGEST_TEXT = 200;
/** Pixels of a thumbnail's longer side. */
export const THUMBNAIL_PIXELS = 128;
/** Of one thumbnail's file. */
export const MAX_THUMBNAIL_BYTES = 16 * 1024;

/** Samples that a report shows of each variant. */
export const MOST_WORST_SAMPLES = 20;
