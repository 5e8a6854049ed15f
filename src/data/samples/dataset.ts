/** Labelled samples, streamed: what calibration, accuracy and fidelity read. */
import type { InputConfig } from '../../config/data-config.js';
import type { Feeds, Tensor } from '../../tensor/tensor.js';
import type { Annotation } from './annotation.js';
import type { Pixels } from './pixels.js';
import type { Placement } from './placement.js';

export interface Sample {
  /** Stable, human-readable: path relative to the data's root, or `name[index]`. */
  id: string;
  /** One tensor per model input, with a leading batch dimension of 1 (inputs that have one). */
  feeds: Feeds;
  /** Class index, target tensor (without batch dimension), or null when the data has no labels. */
  label: number | Tensor | null;
  /** Beside or instead of a label: boxes, text. */
  annotation?: Annotation;
  /** Where the image lies in what the model sees (of several images the first); absent where there is none. */
  placement?: Placement;
}

export interface Dataset {
  /** What the report prints, e.g. 'image-folder data/val'. */
  readonly description: string;
  /** Number of samples after `limit`. */
  readonly length: number;
  readonly labelled: boolean;
  /** Number of classes when the labels come from class folders or indices (max + 1), else null. */
  readonly classes: number | null;
  /** By name, where class indices come from names (folders, text labels); absent: labels are numbers. */
  readonly classIndices?: ReadonlyMap<string, number>;
  /** Names of the classes of tags, by the index that the model's output has for them. */
  readonly classNames?: readonly string[];
  /** How each input is stored and prepared; absent: nothing is known of it. */
  readonly preparations?: readonly Preparation[];
  /** Samples in the fixed shuffled order; decoded as they are read, a bounded number ahead. Restartable. */
  samples(): AsyncIterable<Sample>;
  /** Begins to decode the first samples in the background, as many as a few megabytes hold; the next `samples()` takes them. */
  readEarly?(): void;
  /** What is odd about the samples read until now, and no error: asked when all are. */
  lateWarnings?(): readonly string[];
  /** What a reader can be shown of some samples, by id; those of which nothing can be shown are left out. */
  shown?(ids: ReadonlySet<string>): Promise<Map<string, ShownContent>>;
  /** The same samples with one input prepared otherwise. Throws UserError when it can't be. */
  preparedAs?(input: string, changes: Partial<InputConfig>): AsyncIterable<Sample>;
}

/** Some samples of another data set. */
export interface DatasetPart extends Dataset {
  readonly whole: Dataset;
  /** Whether it holds the other's sample of this index. */
  has(index: number): boolean;
}

/** A sample as it is stored: its picture, or its text. */
export type ShownContent = { pixels: Pixels } | { text: string };

/** An input's values on their way to the model. */
export interface Preparation {
  /** Name of the model's input. */
  input: string;
  config: InputConfig;
  /** image: pixels of a file. bytes: an 8-bit array. numbers: any other array. fed: taken as it is. */
  stored: 'image' | 'bytes' | 'numbers' | 'fed';
  /** Axes of one stored sample. */
  axes: number;
}

/** Samples that lie somewhere as bytes. */
export interface StoredDataset extends Dataset {
  /** What is odd about the data and no error. */
  readonly warnings: readonly string[];
  /** What is odd about the labels alone. */
  readonly labelWarnings: readonly string[];
  /** Ids by the SHA-256 (hex) of the samples' source bytes, before preprocessing; of equal samples the first. */
  hashes(): Promise<ReadonlyMap<string, string>>;
}
