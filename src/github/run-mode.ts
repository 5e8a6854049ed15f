/** `mode: run`: configuration, base, runtime, pipeline; then the report is published. */
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { loadConfig } from '../config/load.js';
import { Interrupted } from '../errors.js';
import type { Log } from '../log.js';
import type { Report } from '../report/report.js';
import type { RunRequest, RunResult } from '../run.js';
import type { Runtime } from '../runtime/runtime.js';
import type { Job } from './action.js';
import { sourceRevision } from './context.js';
import { publish } from './publish.js';

export interface RunParts {
  /** The pipeline (src/run.ts). */
  run(request: RunRequest): Promise<RunResult>;
  /** Finds or installs ONNX Runtime and loads it. */
  openRuntime(options: RuntimeOptions): Promise<Runtime>;
}

export interface RuntimeOptions {
  path: string | null;
  cacheDir: string | null;
  cuda: 'auto' | 'skip';
  log: Log;
}

/** Where the report and the models go, below the working directory. */
export const OUTPUT_DIRECTORY = 'quantgate-out';

export async function runJob(job: Job, parts: RunParts): Promise<Report> {
  const { inputs, context, log } = job;
  const config = await loadConfig(inputs.config);
  const runtime = await parts.openRuntime({
    path: inputs.onnxruntimePath,
    cacheDir: inputs.cacheDir,
    cuda: inputs.cuda,
    log,
  });
  const result = await parts.run({
    config,
    out: join(inputs.workingDirectory, OUTPUT_DIRECTORY),
    base: null,
    runtime,
    log,
    signal: interruption(),
    allowCommands: commandsAllowed(job),
    source: sourceRevision(context, null),
    thresholds: { file: config.file, from: 'head', changed: false },
  });
  await publish(job, result, {
    pullRequest: context.pullRequest?.number ?? null,
    lineOf: lineFinder(config),
  });
  return result.report;
}

/** A fork's commands are code of someone without write access: never by default. */
export function commandsAllowed({ inputs, context }: Job): boolean {
  if (inputs.allowCommands === 'same-repository') return !context.fromFork;
  return inputs.allowCommands === 'always';
}

function lineFinder(config: Config): (check: { check: string }) => number | null {
  const lines = new Map(config.checks.map(({ id, line }) => [id, line]));
  return ({ check }) => lines.get(check) ?? null;
}

/** The runner cancels a job with SIGINT, then SIGTERM: children are ended and temporary files removed by the pipeline. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort(new Interrupted(`interrupted by ${signal}`)));
  }
  return controller.signal;
}
