/** The report: everything the renderers need, nothing they must compute from outside. Schema: quantgate-report.schema.json. */

import type { BrowserOfRun } from './browser.js';
import type { Measurement, Note } from './measurement.js';
import type { CheckResult, OverallVerdict } from './verdict.js';
import type { ShownSample } from './worst-sample.js';

/** The most models that a report holds, and files of each, the original counted: as in the schema. */
export const MAX_MODELS = 200;
export const MAX_VARIANTS = 50;

export interface Report {
  schemaVersion: 1;
  tool: { name: 'quantgate'; version: string };
  /** ISO 8601, UTC. */
  startedAt: string;
  durationMs: number;
  verdict: OverallVerdict;
  environment: Environment;
  models: ModelReport[];
  measurements: Measurement[];
  checks: CheckResult[];
  notes: Note[];
  /** What the thresholds were read from. */
  thresholds: {
    file: string | null;
    from: 'head' | 'base' | 'arguments';
    changed: boolean;
    /** Commit of the file that judged. Absent: unknown. */
    sha?: string | null;
  };
  /** Absent outside GitHub. */
  source: SourceRevision | null;
  /** Only in a report merged from several machines: each of them once; `environment` is the first. */
  environments?: Environment[];
}

export interface SourceRevision {
  repository: string | null;
  /** What the run is about: the head of the pull request, else the commit that started it. */
  sha: string | null;
  /** What was compared with. */
  baseSha: string | null;
  /** Branch, tag or commit that the base was named by. Absent: unknown. */
  baseName?: string | null;
  pullRequest: number | null;
  runUrl: string | null;
  /** The commit that was checked out and measured: for a pull request GitHub's merge of `sha` into the base, as a rule. Absent: unknown. */
  measuredSha?: string | null;
  /** GITHUB_RUN_ID: all jobs of a run share it, a run that is repeated keeps it. */
  runId?: number | null;
  runAttempt?: number;
  /** Whether quantgate.yml or a file that it names differs from the base's. Absent: not known. */
  changed?: boolean;
}

/** What was proved of a quantized file before it was called made. */
export interface Verification {
  /** full: opened, run and compared. partly: some of it can't be done here. none: nothing was. `reason` says why. */
  state: 'full' | 'partly' | 'none';
  reason: string | null;
  /** Optimization levels at which ONNX Runtime opened the file and ran it. */
  levels: string[];
  /** Samples compared with the original; 0: none. */
  samples: number;
  /** Lowest SQNR of an output against the original's, in dB; null: not compared, or no output is floating-point. */
  sqnr: number | null;
  /** What that is at least on other samples like these, in dB, judged by the spread between them (one-sided, 95 %); only of four samples and more, and not where a
   *  loop feeds back what the model chooses. */
  bound?: number;
  /** The weights were fitted to the calibration data that these samples are of: others may fare worse, and no bound is stated. */
  fitted?: true;
  /** Share of the elements of whole-number and true-or-false outputs that equal the original's, 0 to 1; only where no output is floating-point. */
  equal?: number;
  /** Below this SQNR, in dB, the method promises nothing; null: it states none. */
  floor: number | null;
  /** Layers that lose most, worst first: only below the floor. */
  worst: { node: string; operator: string /** In dB. */; loss: number }[];
  /** Layers that were left as they were to reach the floor. */
  repaired: string[];
}

/** Where the bytes of a file's weights lie. */
export interface WeightBytes {
  /** Largest first. Several values in one byte are told: `4-bit in uint8`. */
  types: { type: string; bytes: number }[];
  /** The original's largest layers, in its order; of a variant those that it still has. */
  layers: { node: string; operator: string; bytes: number }[];
}

/** Operators of one kind that stayed as they were for one reason. */
export interface KeptFloat {
  operator: string;
  reason: string;
  nodes: number;
  /** Names of the first ones. */
  examples: string[];
  /** Of their weights in the original; 0: they have none, or their names are not the original's. */
  weightBytes: number;
}

/** A way to quantize that method auto tried, as its race on this machine saw it. */
export interface AutoCandidate {
  name: string;
  chosen: boolean;
  /** Candidate ÷ original; latency null: it was not raced. */
  sizeRatio: number;
  latencyRatio: number | null;
  /** Of the outputs, in dB; 200 where they are the same. */
  sqnr: number;
  /** Limits that it breaks, in words. */
  broken: string[];
}

/** How far each tensor inside a variant is from the original's, along the graph. */
export interface LayerErrors {
  /** Samples compared; they were made up where there are no calibration data. */
  samples: number;
  madeUp: boolean;
  /** Tensors that both models have. */
  compared: number;
  /** In the original's order of computation: those that lose most, and of the others as many as a curve needs. */
  tensors: LayerError[];
}

export interface LayerError {
  /** Place in the order of computation, from 0 to `compared` − 1. */
  at: number;
  /** Of the original that makes it. */
  node: string;
  operator: string;
  /** In dB; 200 where they are the same. */
  sqnr: number;
  /** Lost on the way from the nearest compared tensors before it, in dB; null: there are none. */
  loss: number | null;
  /** What the operator became (`QLinearConv`, `float` …); null: not known. */
  became: string | null;
}

/** The machine that measured. Reports with different `fingerprint`s must not be compared by latency. */
export interface Environment {
  /** Short hash over the fields that decide speed. */
  fingerprint: string;
  /** Its runner's name, for readers; absent outside of GitHub Actions. Names aren't unique, and machines that are alike share a fingerprint. */
  runner?: string;
  os: string;
  arch: string;
  cpu: string;
  cores: number;
  memoryBytes: number;
  /** Instruction sets that decide int8 speed and bits: avx2, avx512, vnni, amx, neon-dot … */
  cpuFeatures: string[];
  node: string;
  onnxruntime: string;
  gpu: { name: string; driver: string; memoryBytes: number | null }[];
  /** Of the providers that ran in one; absent: none did. */
  browsers?: BrowserOfRun[];
  container: string | null;
  /** A/A noise of latency on this machine as a ratio (0.01 = 1 %), when measured. */
  noiseFloor: number | null;
  /** How it was found: a model against its own copy, or from this run's ratios of different models. Absent: a copy. */
  noiseFloorFrom?: 'copy' | 'ratios';
}

export interface ModelReport {
  name: string;
  /** Relative to the working directory. */
  path: string;
  task: string;
  sha256: string;
  opset: number | null;
  operators: number;
  parameters: number;
  evaluation: { description: string; samples: number } | null;
  calibration: { description: string; samples: number } | null;
  variants: VariantReport[];
  /** What can be shown of the samples that measurements name as `worst`; only where the configuration asks for them. */
  samples?: ShownSample[];
}

export interface VariantReport {
  name: string;
  /** 'original', the quantization method, 'file' or 'command'. */
  method: string;
  preset: string | null;
  target: string | null;
  /** Relative to the output directory; null when it could not be made. */
  file: string | null;
  sha256: string | null;
  status: 'ok' | 'failed';
  reason: string | null;
  /** What was quantized and what stayed float. */
  groups: { quantized: number; float: number } | null;
  /** Why it is the original, unchanged; null or absent: it isn't. */
  unchanged?: string | null;
  /** Options, plan and versions: enough to make the same file again. */
  provenance: Record<string, unknown>;
  /** Of a file that was quantized here. */
  verification?: Verification;
  /** Absent: the file was not looked into. */
  weights?: WeightBytes;
  /** What a method that quantizes here left float, the most weights first. */
  keptFloat?: KeptFloat[];
  /** Absent: not taken. */
  layerErrors?: LayerErrors;
  /** Of method auto, in the order tried. */
  candidates?: AutoCandidate[];
}

/** Why the model's variant of that name is the original; null when it isn't. One made for several targets is when all of its files are. */
export function unchangedReason({ variants }: Pick<ModelReport, 'variants'>, name: string): string | null {
  const files = variants.filter((variant) => variant.name === name);
  return files.every(({ unchanged }) => unchanged) ? (files[0]?.unchanged ?? null) : null;
}
