import { defaultModel } from '../../src/config/defaults.js';
import type { Dataset } from '../../src/data/samples/dataset.js';
import { SILENT } from '../../src/log.js';
import { evaluateModel } from '../../src/measure/evaluate-model.js';
import { runtime } from '../quantize/small-models.js';

export interface EvaluatedFiles {
  /** Paths by variant, the original's first. */
  files: { original: string } & Record<string, string>;
  evaluation: Dataset;
  /** What the configuration says of the model; default: nothing. */
  model?: Parameters<typeof defaultModel>[1];
  provider?: string;
  /** For what the evaluation writes. */
  directory: string;
}

/** Evaluates files of one model, on one thread and without checks. */
export async function evaluatedFiles({
  files,
  evaluation,
  model,
  provider = 'cpu',
  directory,
}: EvaluatedFiles): ReturnType<typeof evaluateModel> {
  return await evaluateModel({
    model: defaultModel(files.original, model),
    subjects: Object.entries(files).map(([variant, file]) => ({ variant, file })),
    session: { provider, threads: 1 },
    evaluation,
    calibration: null,
    shapes: {},
    confidence: 0.95,
    checks: [],
    allowCommands: false,
    directory,
    context: { runtime, log: SILENT, threads: 1 },
  });
}
