/** A model's data after reading: where the samples are, and how each becomes the model's inputs. Paths are absolute. */
import type { Task } from '../terms/metrics.js';
import type { DataFormat, Filter, InputPreset } from './choices.js';

/** One side of a set of samples that is split in two. */
export interface SplitConfig {
  part: 'calibration' | 'evaluation';
  /** Samples that calibrate; the others evaluate. */
  calibration: number;
}

export interface DataConfig {
  /** Absolute path. */
  path: string;
  /** null: guessed from the path. */
  format: DataFormat | null;
  limit: number | null;
  /** null: all samples. */
  split: SplitConfig | null;
  /** Seed of the fixed shuffle. */
  seed: number;
  /** Preprocessing by model input name; key '' applies to the only input. */
  inputs: Record<string, InputConfig>;
  /** Name of the labels array or column; default 'labels'. */
  labels: string | null;
  /** Folder of the files that the data name, absolute. */
  images: string | null;
  /** Folder of PNG files with one class index per pixel, named like the images; absolute. */
  masks: string | null;
  /** Value of a mask's pixels without a class. */
  ignore: number | null;
  /** Names of the model's classes, in their order; null: as `classOrder` says. */
  classNames: readonly string[] | null;
  /** Absolute path of the config.json beside tokenizer or model, whose `id2label` names the classes; absent: there is none. */
  modelConfig?: string;
  /** How names of classes become indices; null or absent: by index where all names are whole numbers, else by name. */
  classOrder: 'index' | 'name' | 'number' | null;
  /** How texts become the model's inputs; absent: the data hold no texts. */
  text?: TextConfig | null;
  /** How recordings become the model's input; absent: as the input's shape tells, at 16 kHz. */
  audio?: AudioConfig | null;
}

/** Recordings as a model's input. */
export interface AudioConfig {
  /** null: as the input's shape tells. */
  features: 'waveform' | 'normalized' | 'whisper' | 'kaldi' | null;
  /** In Hz; null: 16,000. */
  samplingRate: number | null;
}

/** Texts as a model's inputs. */
export interface TextConfig {
  /** Absolute path of a tokenizer.json. */
  tokenizer: string;
  /** Absolute path of the tokenizer_config.json beside it; null: there is none. */
  tokenizerConfig: string | null;
  /** Tokens of a row at most; null: as many as model and tokenizer take. */
  maxLength: number | null;
  /** Names of the column that holds the text, or of the two that hold a pair; null: guessed by their names. */
  columns: readonly string[] | null;
  /** What the model does: a language model reads on where a row of tokens ends, and of pairs a retriever embeds each text by itself. */
  task: Task;
}

/**
 * Shorter side in pixels; longer side; both: the shorter side, unless the longer one would get too long; or the size exactly, [height, width].
 * `multiple`: both sides are cut to a multiple of so many pixels.
 */
export type Resize = number | { shorter?: number; longer?: number; multiple?: number } | [number, number];

export type Align = 'center' | 'top-left';

/** Resized to fit into a size, the rest filled. */
export interface Letterbox {
  /** [height, width]. */
  size: [number, number];
  /** Level of the rest, 0 … 255: one, or one per channel in the order of the model. */
  fill: number[];
  align: Align;
}

/** Filled up without resizing. */
export interface Pad {
  /** [height, width]; where the image is larger already it stays. */
  size: [number, number] | null;
  /** Each side to a multiple of this. */
  multiple: number | null;
  /** Levels as in Letterbox; `mean`: what is 0 after normalization. */
  fill: number[] | 'mean';
  align: Align;
}

/** Preprocessing of one model input, applied in the order of the fields (docs/configuration.md). */
export interface InputConfig {
  /** Array, column or folder this input reads; default: the input's own name. */
  from: string | null;
  /** What holds where the fields below are null. */
  preset: InputPreset | null;
  /** Absolute path of a preprocessor_config.json (Hugging Face): what holds where the fields below are null. */
  preprocessor: string | null;
  resize: Resize | null;
  /** null: bilinear. */
  filter: Filter | null;
  /** Instead of resize, crop and pad. */
  letterbox: Letterbox | null;
  /** Centre crop, [height, width]. */
  crop: [number, number] | null;
  /** Where half a pixel of the crop's place goes: down, as in NumPy and Hugging Face; absent: to an even number, as in torchvision. */
  cropRounding?: 'down';
  pad: Pad | null;
  channels: 'rgb' | 'bgr' | null;
  /** Divide 8-bit sources by 255, or multiply any by a number; null: divide when the source is 8-bit. */
  scale: boolean | number | null;
  mean: number[] | null;
  std: number[] | null;
  layout: 'NCHW' | 'NHWC' | null;
}
