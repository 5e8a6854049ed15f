/** What a timing is asked, of what, and what it answers: the terms that all of this room shares. */
import type { BenchmarkConfig } from '../../config/config.js';
import type { MachineState } from '../../machine/machine.js';
import type { RunNvidiaSmi } from '../../machine/nvidia-smi.js';
import type { WorkerContext } from '../../runtime/context.js';
import type { Feeds } from '../../tensor/tensor.js';
import type { Measurement, Note } from '../../terms/measurement.js';
import type { TensorRtEngines } from '../tensorrt/tensorrt-engines.js';
import type { Campaign, CampaignPlan, Subject } from './launches.js';

/** A model file to time. */
export interface TimedModel {
  name: string;
  file: string;
  /** The same variant built from the base branch, timed in the same launches; null or absent: none. */
  base?: string | null;
}

export interface LatencyRequest {
  /** Name of the model in the measurements' coordinates. */
  model: string;
  /** The unquantized model; its name in the measurements is 'original'. */
  original: { file: string; base?: string | null };
  variants: readonly TimedModel[];
  provider: string;
  deviceId?: number;
  context: WorkerContext;
  /** budgetMs covers all combinations of batch, threads and concurrency. */
  benchmark: BenchmarkConfig;
  /** One-sided, per bound. */
  confidence: number;
  /** One sample of the user's data; null: seeded inputs. */
  sample?: Feeds | null;
  /** Half-width of the log-ratio that is precise enough; default DEFAULT_PRECISION (plan.ts). */
  precision?: number;
  /** Longest single request to a worker (open, warm-up, block). */
  deadlineMs?: number;
  /** TensorRT's engines are timed by trtexec; null or absent: whatever provider, by ONNX Runtime. */
  engines?: TensorRtEngines | null;
  /** Asked about the GPU on cuda and tensorrt; default: the one on PATH. */
  nvidiaSmi?: RunNvidiaSmi;
}

export interface LatencyResult {
  measurements: Measurement[];
  notes: Note[];
}

/** One combination that is timed. */
export interface Cell {
  batch: number;
  /** Intra-op threads per session. */
  threads: number;
  /** Processes running at once. */
  concurrency: number;
}

/** ` (batch 8, 2 threads)`: what tells the cell from the others of its benchmark; empty where there is one. */
export function cellLabel(benchmark: BenchmarkConfig, cell: Cell): string {
  const parts: string[] = [];
  if (benchmark.batch.length > 1) parts.push(`batch ${cell.batch}`);
  if (benchmark.threads !== 'auto' && benchmark.threads.length > 1)
    parts.push(`${cell.threads} ${cell.threads === 1 ? 'thread' : 'threads'}`);
  if (benchmark.concurrency.length > 1) parts.push(`concurrency ${cell.concurrency}`);
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}

/** A subject with what it stands for. */
export interface TimedSubject extends Subject {
  /** Name of the variant; 'original' for the unquantized model. */
  variant: string;
  file: string;
  /** The base branch's build of the variant. */
  base: boolean;
  /** Why it took no further part; null while it does. */
  failure: string | null;
}

export interface CellContext {
  request: LatencyRequest;
  cell: Cell;
  subjects: readonly TimedSubject[];
  campaign: Campaign;
  plan: CampaignPlan;
  /** null: this system doesn't tell. */
  machine: { before: MachineState | null; after: MachineState | null };
}
