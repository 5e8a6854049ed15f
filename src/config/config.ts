/** quantgate.yml after reading: validated, defaults filled in, quantities in base units, paths absolute. */

import type { Level } from '../terms/level.js';
import type { Task } from '../terms/metrics.js';
import type { Calibrator, FileNames, Method, Objective, Preset, Rounding, Target } from './choices.js';
import type { DataConfig } from './data-config.js';

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
