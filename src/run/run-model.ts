/** One model: its variants, their measurements, and what the report says of them. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { measureModel } from '../measure/measure.js';
import { reportFiles } from '../report-files.js';
import { type Measurement, ORIGINAL } from '../terms/measurement.js';
import type { ShownSample } from '../terms/worst-sample.js';
import { makeBaseVariants } from '../variants/base.js';
import { makeVariants } from '../variants/make.js';
import { describeModel } from './describe-model.js';
import type { ModelResult } from './model-result.js';
import { dataNotes, type OpenModel } from './open-models.js';
import type { RunRequest } from './request.js';

/** One model: its data, its variants, their measurements. */
export async function runModel(request: RunRequest, model: OpenModel): Promise<ModelResult> {
  const { config, context } = request;
  const { calibration, evaluation } = model;
  const directory = reportFiles(request.out).models;
  const making = {
    providers: config.benchmark.providers,
    deviceId: config.benchmark.device,
    calibration,
    context,
    allowCommands: request.allowCommands,
    checks: config.checks,
    configDirectory: config.directory,
  };
  const baseDirectory = join(request.out, '.base');
  try {
    const variants = await makeVariants({ ...making, model: model.config, directory });
    const base = await makeBaseVariants({
      ...making,
      head: model.config,
      base: request.base,
      directory: baseDirectory,
    });
    const measured = await measureModel({
      model: model.config,
      variants,
      base: base.files,
      evaluation,
      calibration,
      benchmark: config.benchmark,
      checks: config.checks,
      confidence: config.confidence,
      worstSamples: config.report?.samples ?? 0,
      questionOriginal: config.onChance !== 'off',
      allowCommands: request.allowCommands,
      directory: config.directory,
      context,
    });
    tellSamples(measured.samples ?? [], request, model.config.name);
    return {
      report: {
        ...(await describeModel(model, { variants, parameters: parametersOf(measured.measurements) })),
        ...(measured.samples ? { samples: measured.samples } : {}),
      },
      measurements: measured.measurements,
      unreadableBase: base.unreadable,
      notes: [
        ...dataNotes(model),
        ...variants.flatMap((variant) => variant.notes),
        ...base.notes,
        ...measured.notes,
      ],
    };
  } finally {
    rmSync(baseDirectory, { recursive: true, force: true });
  }
}

/** Evaluation data leave the machine with the report: that is said where it happens. */
function tellSamples(samples: readonly ShownSample[], { context }: RunRequest, model: string): void {
  if (samples.length === 0) return;
  const pictures = samples.filter(({ thumbnail }) => thumbnail !== undefined).length;
  context.log.info(
    `${model}: the report shows ${samples.length} samples of the evaluation data (report: samples): ${pictures} thumbnails, ${samples.length - pictures} texts`,
  );
}

/** The original's parameter count, as it was measured. */
function parametersOf(measurements: readonly Measurement[]): number {
  const found = measurements.find(
    ({ metric, variant }) => metric === 'size.parameters' && variant === ORIGINAL,
  );
  return found?.value ?? 0;
}
