/** quantgate.yml as written, once the schema has passed it (quantgate.schema.json says the same for editors). */

import type { Level } from '../terms/level.js';
import type { Task } from '../terms/metrics.js';
import type {
  Calibrator,
  DataFormat,
  FileNames,
  Filter,
  InputPreset,
  Method,
  Preset,
  Target,
} from './choices.js';
import type { OverrideConfig, QuantizeConfig } from './config.js';
import type { Align, AudioConfig, DataConfig, InputConfig, Resize } from './data-config.js';

type OneOrMore<T> = T | T[];
/** A number, or a number with its unit. */
type Quantity = number | string;

export interface RawConfig {
  extends?: OneOrMore<string>;
  models: RawModel[];
  benchmark?: RawBenchmark | null;
  thresholds?: Record<string, OneOrMore<RawCheck>> | null;
  confidence?: Quantity;
  'on-inconclusive'?: Level;
  'on-missing-base'?: Level;
  'on-skipped'?: Level;
  'on-chance'?: Level;
  'on-unchanged'?: Level;
  report?: { samples?: number } | null;
  waivers?: { check: string; reason: string; until: string }[] | null;
}

export interface RawModel {
  name?: string;
  path: string;
  task?: Task;
  output?: string;
  outputs?: Record<string, string>;
  decoder?: string;
  keys?: string;
  'label-offset'?: number;
  evaluator?: RawEvaluator;
  data?: RawData | null;
  variants?: (string | RawVariant)[];
  baseline?: RawBaseline | null;
}

export interface RawBaseline {
  file: string;
  sha256: string;
  'external-data'?: Record<string, string>;
}

export interface RawEvaluator {
  command?: string[];
  module?: string;
  'higher-is-better'?: boolean | Record<string, boolean>;
  timeout?: Quantity;
}

export interface RawData {
  path?: string;
  split?: { calibration: number };
  evaluation?: string | RawSource;
  calibration?: string | RawSource;
  input?: RawInput;
  inputs?: Record<string, RawInput>;
  tokenizer?: string;
  'max-length'?: number;
  audio?: { features?: AudioConfig['features']; 'sampling-rate'?: number };
  text?: OneOrMore<string>;
  'class-names'?: string[];
}

export interface RawSource {
  path: string;
  format?: DataFormat;
  limit?: number;
  seed?: number;
  labels?: string;
  images?: string;
  masks?: string;
  ignore?: number;
  'class-order'?: DataConfig['classOrder'];
}

export interface RawLetterbox {
  size: number | [number, number];
  fill?: OneOrMore<number>;
  align?: Align;
}

export interface RawPad {
  size?: number | [number, number];
  multiple?: number;
  fill?: OneOrMore<number> | 'mean';
  align?: Align;
}

export interface RawInput {
  from?: string;
  preset?: InputPreset;
  preprocessor?: string;
  resize?: Resize;
  filter?: Filter;
  letterbox?: number | [number, number] | RawLetterbox;
  crop?: number | [number, number];
  pad?: number | [number, number] | RawPad;
  channels?: InputConfig['channels'];
  scale?: boolean | number;
  mean?: OneOrMore<number>;
  std?: OneOrMore<number>;
  layout?: InputConfig['layout'];
}

/** All three kinds of variant; the schema sees to it that their keys don't mix. */
export interface RawVariant {
  name?: string;
  file?: string;
  command?: string[];
  timeout?: Quantity;
  method?: Method;
  preset?: Preset;
  target?: Target;
  calibrator?: Calibrator;
  percentile?: number;
  include?: OneOrMore<string>;
  exclude?: OneOrMore<string>;
  overrides?: Record<string, Omit<OverrideConfig, 'perChannel'> & { 'per-channel'?: boolean }>;
  'block-size'?: number;
  symmetric?: boolean;
  'per-channel'?: boolean;
  'saturation-safe'?: boolean;
  'bias-correction'?: boolean;
  repair?: boolean;
  files?: FileNames;
  equalization?: boolean;
  'smooth-quant'?: boolean;
  rounding?: QuantizeConfig['rounding'];
  'min-sqnr'?: Quantity;
  rest?: 'float16';
  'max-size'?: string;
  objective?: QuantizeConfig['objective'];
  budget?: Quantity;
  plan?: string;
}

export interface RawBenchmark {
  providers?: OneOrMore<string>;
  batch?: OneOrMore<number>;
  threads?: 'auto' | OneOrMore<number>;
  concurrency?: OneOrMore<number>;
  budget?: Quantity;
  precision?: Quantity;
  device?: number;
  shapes?: Record<string, number>;
}

export interface RawCheck {
  max?: Quantity;
  min?: Quantity;
  'max-ratio'?: Quantity;
  'min-ratio'?: Quantity;
  'max-drop'?: Quantity;
  'max-regression'?: Quantity | { ratio: Quantity; slack?: Quantity };
  /** Bounds on the original itself. */
  original?: { max?: Quantity; min?: Quantity };
  'min-samples'?: number;
  confident?: boolean;
  'ignore-ops'?: OneOrMore<string>;
  level?: Level;
  where?: RawWhere;
}

export interface RawWhere {
  model?: OneOrMore<string>;
  variant?: OneOrMore<string>;
  provider?: OneOrMore<string>;
  batch?: OneOrMore<number>;
  threads?: OneOrMore<number>;
  concurrency?: OneOrMore<number>;
}

/** `x` and `[x]` mean the same. */
export function list<T>(value: OneOrMore<T>): T[] {
  return Array.isArray(value) ? [...value] : [value];
}

/** Whether a part of the document is a mapping; what the schema refused may be anything. */
export function isMapping<T>(value: T): value is Exclude<T, null | undefined | readonly unknown[]> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
