/** Measures a model once, with the first method that is worth it. */
import { rmSync } from 'node:fs';
import type { RawModel } from '../config/raw.js';
import { Interrupted, MachineError, messageOf, UserError } from '../errors.js';
import { run } from '../run.js';
import type { RunContext } from '../runtime/context.js';
import { scratchFolder } from '../system/files/scratch.js';
import type { Task } from '../terms/metrics.js';
import type { Report } from '../terms/report.js';
import { fault } from './propose.js';
import { configOf } from './raw-model.js';

export interface MeasureRequest {
  root: string;
  context: RunContext;
  /** Of latencies, per model. */
  budgetMs: number;
}

export interface Measured {
  variants: string[];
  /** null: nothing could be measured. */
  report: Report | null;
  /** What was tried and not taken, and why; a sentence each. */
  told: string[];
}

/** Samples that score a model here; the run takes all. */
const SAMPLES = 500;

/** Methods in the order in which they are tried. int8-static needs samples. */
export function methodsFor({
  convolutional,
  calibrated,
}: {
  convolutional: boolean;
  calibrated: boolean;
}): string[] {
  if (!convolutional) return ['int8-dynamic', ...(calibrated ? ['int8'] : []), 'int8-weights', 'float16'];
  return calibrated ? ['int8', 'int8-weights', 'float16'] : ['int8-weights', 'float16'];
}

/** The first method whose file is smaller, runs, and keeps accuracy; where none does the last that could be measured, for what it is worth. */
export async function measureOnce(
  model: RawModel,
  methods: readonly string[],
  request: MeasureRequest,
): Promise<Measured> {
  const told: string[] = [];
  for (const method of methods) {
    try {
      const report = await runWith({ ...model, variants: [method] }, request);
      const why = fault(report, (model.task ?? 'none') as Task);
      if (why === null) return { variants: [method], report, told };
      told.push(`${method} of ${model.path} is not proposed: ${why}`);
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      if (!(error instanceof UserError || error instanceof MachineError)) throw error;
      told.push(`${method} of ${model.path} can't be measured: ${messageOf(error).split('\n', 1)[0]}`);
    }
  }
  return { variants: [methods[0]!], report: null, told };
}

async function runWith(model: RawModel, { root, context, budgetMs }: MeasureRequest): Promise<Report> {
  const config = await configOf(root, [model]);
  const { evaluation } = config.models[0]!.data;
  if (evaluation) evaluation.limit = Math.min(evaluation.limit ?? SAMPLES, SAMPLES);
  config.benchmark = { ...config.benchmark, budgetMs };
  const out = scratchFolder('init');
  try {
    const thresholds = { file: null, from: 'head', changed: false } as const;
    const { report } = await run({
      config,
      out,
      base: null,
      context,
      allowCommands: false,
      source: null,
      thresholds,
    });
    return report;
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}
