/** Refuses, before any time is spent, what would stop the run only after it had quantized and measured. */
import { existsSync } from 'node:fs';
import type { Check, Config, ModelConfig } from '../config/config.js';
import { displayName } from '../config/file/problems.js';
import { matchesPattern } from '../config/where.js';
import type { Dataset } from '../data/samples/dataset.js';
import { UserError } from '../errors.js';
import { assertLabelled } from '../measure/accuracy/something-to-score.js';
import { assertLabelsInRange } from '../measure/accuracy/tasks/classification.js';
import { scoredOutput } from '../measure/accuracy/tasks/scored-output.js';
import { needsLabels, scoresClasses } from '../measure/accuracy/tasks/task-metrics.js';
import { assertShapesKnown } from '../measure/subject/inputs.js';
import type { Model } from '../onnx/model.js';
import { modelInputs, modelOutputs } from '../onnx/query/interface.js';
import { CALIBRATION_NEEDS, calibrationNeed } from '../quantize/method/calibration-need.js';
import { metricDefinition } from '../terms/metrics.js';
import { MAX_VARIANTS } from '../terms/report.js';
import { targetsOf } from '../variants/make.js';

export interface ReadyModel {
  config: ModelConfig;
  document: Model;
  calibration: Dataset | null;
  evaluation: Dataset | null;
}

/**
 * Throws UserError for more variants than a report holds, an `output` that the model doesn't have or that can't be scored, class folders beyond the model's
 * classes, a size in benchmark.shapes of a dimension that no input has, an evaluator's module that isn't there, a variant that needs calibration data where there is none, a check on accuracy where no
 * model that it selects has labelled samples, and a task that is scored against labels with data that have none.
 */
export function assertReady(
  models: readonly ReadyModel[],
  { checks, file, benchmark }: Pick<Config, 'checks' | 'file' | 'benchmark'>,
): void {
  assertShapesKnown(
    benchmark.shapes,
    models.flatMap(({ document }) => modelInputs(document)),
    'benchmark.shapes',
  );
  for (const { config, document, calibration, evaluation } of models) {
    assertFewVariants(config, benchmark.providers);
    const classified = scoresClasses(config.task) && evaluation !== null;
    if (config.output !== null || classified) {
      const outputs = modelOutputs(document);
      const scored = scoredOutput(outputs, config.output, config.name);
      if (classified) assertLabelsInRange(evaluation, scored, { ...config, outputs });
    }
    const { evaluator } = config;
    if (evaluator !== null && 'module' in evaluator && !existsSync(evaluator.module)) {
      throw new UserError(
        'evaluator.not-found',
        `The evaluator of model '${config.name}' does not exist: ${evaluator.module}. Correct its 'module'.`,
      );
    }
    if (calibration === null) assertNoneNeeded(config, document);
  }
  for (const check of checks) {
    const lacking = withoutLabels(check, models);
    if (lacking === null) continue;
    const place = file === null ? '' : `${displayName(file)}${check.line === null ? '' : `:${check.line}`}: `;
    throw new UserError(
      'data.no-labels',
      `${place}thresholds.${check.id}: ${check.metric} needs labelled samples, and ${lacking.description} has no labels. Add labels (class folders, or an array or column 'labels'), or remove the check.`,
    );
  }
  for (const { config, evaluation } of models)
    if (evaluation !== null) assertLabelled(config.task, evaluation);
}

const TOKEN_TYPES: readonly string[] = ['int64', 'int32'];

function assertNoneNeeded({ name, variants }: ModelConfig, document: Model): void {
  const readsTokensAlone = modelInputs(document).every(({ type }) => TOKEN_TYPES.includes(type ?? ''));
  for (const variant of variants) {
    const need = variant.kind === 'quantize' ? calibrationNeed(variant, { readsTokensAlone }) : null;
    if (need === null) continue;
    throw new UserError(
      'quantize.needs-calibration',
      `Variant '${variant.name}' of model '${name}': ${CALIBRATION_NEEDS[need]}: name it under data.calibration.`,
    );
  }
}

/** The evaluation data to blame when no model that the check selects can yield its metric for want of labels, else null. */
function withoutLabels(check: Check, models: readonly ReadyModel[]): Dataset | null {
  const tasks = metricDefinition(check.metric)?.tasks ?? [];
  if (check.level === 'off' || !tasks.some(needsLabels)) return null;
  const { model: patterns } = check.where;
  const scored = models.filter(
    ({ config }) =>
      tasks.includes(config.task) &&
      (patterns === undefined || patterns.some((pattern) => matchesPattern(config.name, pattern))),
  );
  if (scored.some(({ evaluation }) => evaluation?.labelled)) return null;
  return scored.find(({ evaluation }) => evaluation !== null)?.evaluation ?? null;
}

/** The report lists the original, too, and a variant once for each target. */
function assertFewVariants({ name, variants }: ModelConfig, providers: readonly string[]): void {
  const files = variants.reduce((count, variant) => count + targetsOf(variant, providers).size, 1);
  if (files <= MAX_VARIANTS) return;
  throw new UserError(
    'config.invalid-value',
    `Model '${name}' has ${files} files with the original and one for each variant and target, and a report holds at most ${MAX_VARIANTS} of a model. Give it a second time, under another 'name', with some of the variants.`,
  );
}
