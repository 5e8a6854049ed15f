/** quantgate.yml after reading: validated, defaults filled in, quantities in base units, paths absolute. */

import type { Level } from '../terms/level.js';
import type { Task } from '../terms/metrics.js';
import type {
  Calibrator,
  DataFormat,
  FileNames,
  Filter,
  InputPreset,
  Method,
  Objective,
  Preset,
  Rounding,
  Target,
} from './choices.js';

export interface Config {
  version: 1;
  /** Absolute path of the file read; null when built from command-line arguments. */
  file: string | null;
  /** Directory that relative paths in the file refer to. */
  directory: string;
  models: ModelConfig[];
  benchmark: BenchmarkConfig;
  checks: Check[];
  /** One-sided confidence per bound. */
  confidence: number;
  onInconclusive: Level;
  onMissingBase: Level;
  onSkipped: Level;
  /** What an original counts as that is no better than chance on its own data. */
  onChance: Level;
  /** What a variant counts as that is the original, unchanged. */
  onUnchanged: Level;
  waivers: Waiver[];
  /** Absent: the report shows what it shows by default. */
  report?: ReportConfig;
}

/** What the report shows besides figures. */
export interface ReportConfig {
  /** Samples of each variant, those where it lost most, with their pictures or texts: 0 to 20. */
  samples: number;
}

export interface ModelConfig {
  name: string;
  /** Absolute. */
  path: string;
  task: Task;
  /** Name of the output that is scored; default: the only (or first) tensor output. */
  output: string | null;
  /** Names of outputs by what they hold (`boxes`, `scores`, …), for models with several heads. */
  outputs: Record<string, string>;
  /** How a detector's outputs are read: `yolov8`, …; null: the task's default, or none. */
  decoder: string | null;
  /** Absolute path of a file with the symbols of a recognizer's classes, one per line. */
  keys: string | null;
  /** Added to every label to get the index of its class in the output: 1 for models with a background class at 0. */
  labelOffset: number;
  /** Top-level `evaluator` for task custom. */
  evaluator: EvaluatorConfig | null;
  data: ModelData;
  variants: VariantConfig[];
  /** What later revisions are compared with instead of the file that git has of this one; null: that file. */
  baseline: BaselineConfig | null;
}

/** A model that an earlier step put there; nothing is downloaded. */
export interface BaselineConfig {
  /** Absolute. */
  file: string;
  /** In lower case. */
  sha256: string;
  /** SHA-256 of each file with weights beside the model, by the name that the model has for it. */
  externalData: Record<string, string>;
}

export interface ModelData {
  evaluation: DataConfig | null;
  calibration: DataConfig | null;
}

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

/** How a variant comes to be: quantized here, made elsewhere, or made by a command. */
export type VariantConfig = { name: string } & (
  | ({ kind: 'quantize' } & QuantizeConfig)
  | { kind: 'file'; file: string }
  | { kind: 'command'; command: string[]; timeoutMs: number }
);

/** Of a file: absolute, or against its original. */
export type SizeLimit = { bytes: number } | { ratio: number };

export interface QuantizeConfig {
  method: Method;
  preset: Preset | null;
  /** null: follows the provider. */
  target: Target | null;
  calibrator: Calibrator | null;
  /** For the percentile calibrator, e.g. 99.99. */
  percentile: number | null;
  /** Node names, operator types or patterns with `*`. */
  include: string[] | null;
  exclude: string[];
  overrides: Record<string, OverrideConfig>;
  /** Block size of weight-only methods. */
  blockSize: number | null;
  symmetric: boolean | null;
  perChannel: boolean | null;
  /** Saturation-safe weight scales; null: as the target needs. */
  saturationSafe: boolean | null;
  /** Accuracy recovery steps; null: the method's defaults. */
  biasCorrection: boolean | null;
  equalization: boolean | null;
  smoothQuant: boolean | null;
  rounding: Rounding | null;
  /** int4-weights: layers get 8 bits until the outputs' SQNR is this, in dB. */
  minSqnr: number | null;
  /** int4-weights: layers get 8 bits as long as the file is no larger. */
  maxSize: SizeLimit | null;
  /** int4-weights: what is not in 4 or 8 bits; null: as it was. */
  rest: 'float16' | null;
  /** method auto. */
  objective: Objective | null;
  budgetMs: number | null;
  /** Absolute path of a plan to reproduce. */
  plan: string | null;
  /** Leave the layers that lose most as they are when the file falls below the method's floor. */
  repair: boolean;
  /** Whose names the file gets; null: the variant's own name. */
  files: FileNames | null;
}

export interface OverrideConfig {
  activation?: 'uint8' | 'int8' | 'float32' | 'float16';
  weight?: 'int8' | 'uint8' | 'int4' | 'float32' | 'float16';
  symmetric?: boolean;
  perChannel?: boolean;
}

export type EvaluatorConfig = ({ command: string[] } | { module: string }) & {
  /** By metric name (without `accuracy.`); a boolean holds for all. */
  higherIsBetter: boolean | Record<string, boolean>;
  timeoutMs: number;
};

export interface BenchmarkConfig {
  providers: string[];
  batch: number[];
  /** 'auto' or a list of intra-op thread counts. */
  threads: 'auto' | number[];
  concurrency: number[];
  /** Per model and provider. */
  budgetMs: number;
  /** Half-width of the ratio's interval at which timing ends, as a ratio (0.01 = 1 %); default: as the checks ask. */
  precision?: number;
  /** Number of the GPU, as CUDA counts them (CUDA_VISIBLE_DEVICES applies); default 0. Nothing to the CPU. */
  device?: number;
  /** Values of symbolic input dimensions, e.g. { sequence: 128 }. */
  shapes: Record<string, number>;
}

/** One check: all its conditions must hold. Quantities are in the metric's base unit. */
export interface Check {
  /** Unique and stable: `latency.p50`, or `latency.p50[1]` in a list. */
  id: string;
  metric: string;
  level: Level;
  where: Where;
  max?: number;
  min?: number;
  /** variant ÷ original. */
  maxRatio?: number;
  minRatio?: number;
  /** original − variant (for metrics where lower is better: variant − original). */
  maxDrop?: number;
  /** Ratio allowed over the base's same variant, e.g. 0.05; slack in the metric's unit: both must be exceeded. */
  maxRegression?: { ratio: number; slack: number };
  minSamples?: number;
  /** Accuracy: the whole interval must hold. */
  confident?: boolean;
  ignoreOps?: string[];
  /** 1-based line of the check in the config file. */
  line: number | null;
}

/** Empty: matches everything. Each value matches if it is in the list; names may hold `*`. */
export interface Where {
  model?: string[];
  variant?: string[];
  provider?: string[];
  batch?: number[];
  threads?: number[];
  concurrency?: number[];
}

export interface Waiver {
  /** Check id, or `metric.condition`. */
  check: string;
  reason: string;
  /** ISO date, last day it holds (UTC). */
  until: string;
  line: number | null;
}
