/** The pipeline, top to bottom: Config → Model → Variants → Measurements → Verdicts → Report. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Config, ModelConfig } from './config/config.js';
import { assertDisjoint } from './data/disjoint.js';
import { oddData } from './data/odd-data.js';
import { openCalibration, openDataset } from './data/open.js';
import type { StoredDataset } from './data/samples/dataset.js';
import { throwIfInterrupted } from './errors.js';
import { assertApplicable } from './judge/applicable.js';
import type { UnchangedVariant } from './judge/input.js';
import { judge, runVerdict } from './judge/judge.js';
import { assertWaiversCurrent } from './judge/waivers.js';
import { readEnvironment } from './machine/environment.js';
import { assertProvidersOpen, browserNotes } from './machine/provider-probe.js';
import { measureModel } from './measure/measure.js';
import { noiseFloorOf } from './measure/timing/noise.js';
import { weightBytes } from './measure/weight-bytes.js';
import { modelInputs } from './onnx/interface.js';
import type { Model } from './onnx/model.js';
import { countOperators } from './onnx/operator-count.js';
import { readModel } from './onnx/read.js';
import { readModelOutline } from './onnx/read-outline.js';
import { assertReady } from './ready.js';
import {
  assertWritable,
  modelsOfLastRun,
  type ReportFiles,
  removeLeftovers,
  reportFiles,
  writeReport,
} from './report-files.js';
import type { RunContext } from './runtime/context.js';
import { sha256OfFile } from './system/file-hash.js';
import { removeUnfinished } from './system/partial-file.js';
import { shownPath } from './system/shown-path.js';
import type { BrowserOfRun } from './terms/browser.js';
import type { Level } from './terms/level.js';
import { type Measurement, type Note, ORIGINAL } from './terms/measurement.js';
import { inBrowser } from './terms/provider.js';
import { type ModelReport, type Report, type SourceRevision, unchangedReason } from './terms/report.js';
import type { UnreadableBase } from './terms/unreadable-base.js';
import type { Variant } from './terms/variant.js';
import type { ShownSample } from './terms/worst-sample.js';
import { makeBaseVariants } from './variants/base.js';
import type { BaseModels } from './variants/base-models.js';
import { makeVariants } from './variants/make.js';
import { VERSION } from './version.js';

export interface RunRequest {
  config: Config;
  /** Absolute path of the output directory. */
  out: string;
  /** The base revision's models; null: nothing to compare with. */
  base: BaseModels | null;
  /** Why the base can't be read, when there should be one: what compares with it can't be judged. */
  baseProblem?: string | null;
  /** What max-regression counts as where the base can't be read; default error. */
  onUnreadableBase?: Level;
  context: RunContext;
  /** Whether `command:` variants and evaluators may run. */
  allowCommands: boolean;
  source: SourceRevision | null;
  thresholds: Report['thresholds'];
  /** Results of earlier runs that still hold; default: every model is measured. */
  kept?: KeptResults | null;
}

export interface KeptResults {
  /** The model's files are put in place. */
  find(model: ModelConfig): Promise<ModelResult | null>;
  keep(model: ModelConfig, result: ModelResult): Promise<void>;
}

export interface RunResult {
  report: Report;
  files: ReportFiles;
}

/** Runs everything and leaves the report on disk. Throws UserError or MachineError; a failed check is in the report's verdict. */
export async function run(request: RunRequest): Promise<RunResult> {
  const { config, out, context } = request;
  const startedAt = new Date();
  assertApplicable(config);
  assertWaiversCurrent(config.waivers, today(startedAt), config.file);
  assertWritable(out);
  removeUnfinished(out);
  const lastModels = modelsOfLastRun(out);
  const kept = await findKept(request);
  // Nothing left to measure: no data is opened and no provider asked.
  const models = kept.size === config.models.length ? [] : await openModels(request);
  const browsers = await openProviders(request, { onlyBrowsers: models.length === 0 });

  const environment = await readEnvironment(context.runtime, { browsers });
  const found: ModelResult[] = [];
  const measured: [ModelConfig, ModelResult][] = [];
  for (const [index, model] of config.models.entries()) {
    throwIfInterrupted(context.signal);
    const result = kept.get(model.name) ?? (await runModel(request, models[index]!));
    if (!kept.has(model.name)) measured.push([model, result]);
    found.push(result);
  }
  const measurements = found.flatMap((result) => result.measurements);

  context.log.info('judging');
  const { results, verdict } = judgeModels(request, found, today(startedAt));
  const report: Report = {
    schemaVersion: 1,
    tool: { name: 'quantgate', version: VERSION },
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    verdict,
    environment: { ...environment, ...noiseOf(measurements) },
    models: found.map((result) => result.report),
    measurements,
    checks: results,
    notes: withoutRepeats([...found.flatMap((result) => result.notes), ...browserNotes(browsers)]),
    thresholds: request.thresholds,
    source: request.source,
  };
  const files = writeReport(report, out);
  await removeLeftovers(out, lastModels, report);
  for (const [model, result] of measured) {
    const own = results.filter((check) => check.model === model.name);
    if (runVerdict(own, result.measurements) === 'pass') await request.kept?.keep(model, result);
  }
  return { report, files };
}

/** What of a model's result is judged. */
type JudgedResult = Pick<ModelResult, 'measurements' | 'unreadableBase'> &
  Partial<Pick<ModelResult, 'report'>>;

/** All models by the checks of the request; `day` is an ISO date (UTC), for waivers. */
export function judgeModels(
  {
    config,
    baseProblem,
    onUnreadableBase = 'error',
  }: Pick<RunRequest, 'config' | 'baseProblem' | 'onUnreadableBase'>,
  found: readonly JudgedResult[],
  day: string,
): ReturnType<typeof judge> {
  const everywhere = baseProblem ? [{ model: null, variant: null, reason: baseProblem }] : [];
  return judge({
    ...config,
    measurements: found.flatMap(({ measurements }) => measurements),
    unchanged: unchangedOf(found),
    unreadableBase: [...everywhere, ...found.flatMap(({ unreadableBase }) => unreadableBase ?? [])],
    onUnreadableBase,
    today: day,
  });
}

/** By model name. */
async function findKept({ config, kept }: RunRequest): Promise<Map<string, ModelResult>> {
  const found = new Map<string, ModelResult>();
  for (const model of kept ? config.models : []) {
    const result = await kept!.find(model);
    if (result) found.set(model.name, result);
  }
  return found;
}

/** Models with their data, after the checks that would otherwise stop the run late. */
async function openModels({ config, context }: Pick<RunRequest, 'config' | 'context'>): Promise<OpenModel[]> {
  const documents = config.models.map((model) => ({ config: model, document: readModel(model.path) }));
  const models: OpenModel[] = [];
  for (const model of documents) models.push({ ...model, ...(await openData(model)) });
  // Said first: they explain what may be refused next.
  for (const { message } of models.flatMap(dataNotes)) context.log.warn(message);
  assertReady(models, config);
  return models;
}

/** Asks every provider whether it computes here; gives the browsers of those that run in one. */
async function openProviders(
  { config, context }: RunRequest,
  { onlyBrowsers }: { onlyBrowsers: boolean },
): Promise<BrowserOfRun[]> {
  const { providers, device } = config.benchmark;
  const asked = onlyBrowsers ? providers.filter(inBrowser) : providers;
  return await assertProvidersOpen(asked, { context, deviceId: device });
}

/** Variants that are the original, each once. */
function unchangedOf(results: readonly Pick<JudgedResult, 'report'>[]): UnchangedVariant[] {
  return results.flatMap(({ report }) => {
    const names = new Set(report?.variants.map(({ name }) => name));
    return [...names].flatMap((variant) => {
      const reason = unchangedReason(report!, variant);
      return reason === null ? [] : [{ model: report!.name, variant, reason }];
    });
  });
}

/** The machine's noise as this run met it; nothing when no latency ratio was measured. */
function noiseOf(measurements: readonly Measurement[]): Partial<Report['environment']> {
  const noiseFloor = noiseFloorOf(measurements);
  return noiseFloor === null ? {} : { noiseFloor, noiseFloorFrom: 'ratios' };
}

/** A note that every provider's pass gave is said once. */
function withoutRepeats(notes: readonly Note[]): Note[] {
  const said = new Set<string>();
  return notes.filter((note) => {
    const key = JSON.stringify(note);
    if (said.has(key)) return false;
    said.add(key);
    return true;
  });
}

interface OpenModel {
  config: ModelConfig;
  document: Model;
  calibration: StoredDataset | null;
  evaluation: StoredDataset | null;
}

/** What one model comes to. */
export interface ModelResult {
  report: ModelReport;
  measurements: Measurement[];
  notes: Note[];
  /** Where the base should be and can't be read; absent in results kept by earlier versions. */
  unreadableBase?: UnreadableBase[];
}

/** One model: its data, its variants, their measurements. */
async function runModel(request: RunRequest, model: OpenModel): Promise<ModelResult> {
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

/** What is odd about a model's data. */
function dataNotes({ config, document, ...data }: OpenModel): Note[] {
  return oddData({ ...data, scored: config.task !== 'none' }, modelInputs(document)).map((note) => ({
    ...note,
    model: config.name,
    variant: null,
  }));
}

async function openData({
  config,
  document,
}: Pick<OpenModel, 'config' | 'document'>): Promise<Pick<OpenModel, 'calibration' | 'evaluation'>> {
  const inputs = modelInputs(document);
  const { calibration: calibrationConfig, evaluation: evaluationConfig } = config.data;
  const calibration = calibrationConfig ? await openCalibration(calibrationConfig, inputs) : null;
  const evaluation = evaluationConfig ? await openDataset(evaluationConfig, inputs) : null;
  // The two sides of a split are apart by what they are.
  const apart = calibrationConfig?.split != null;
  if (calibration && evaluation && !apart) await assertDisjoint(calibration, evaluation);
  return { calibration, evaluation };
}

async function describeModel(
  { config, document, calibration, evaluation }: OpenModel,
  parts: { variants: Variant[]; parameters: number },
): Promise<ModelReport> {
  const sha256 = await sha256OfFile(config.path);
  const weights = weightBytes(document);
  const largest = new Set(weights.layers.map(({ node }) => node));
  const made = parts.variants.map(({ report, file }) =>
    file === null ? report : { ...report, weights: weightBytes(readModelOutline(file), largest) },
  );
  const describe = (data: StoredDataset | null) =>
    data && { description: data.description, samples: data.length };
  return {
    name: config.name,
    path: shownPath(config.path),
    task: config.task,
    sha256,
    opset: document.opset() || null,
    operators: countOperators(document),
    parameters: parts.parameters,
    evaluation: describe(evaluation),
    calibration: describe(calibration),
    variants: [{ ...originalReport(sha256), weights }, ...made],
  };
}

/** The original's parameter count, as it was measured. */
function parametersOf(measurements: readonly Measurement[]): number {
  const found = measurements.find(
    ({ metric, variant }) => metric === 'size.parameters' && variant === ORIGINAL,
  );
  return found?.value ?? 0;
}

function originalReport(sha256: string): ModelReport['variants'][number] {
  return {
    name: ORIGINAL,
    method: ORIGINAL,
    preset: null,
    target: null,
    file: null,
    sha256,
    status: 'ok',
    reason: null,
    groups: null,
    provenance: {},
  };
}

function today(date: Date): string {
  return date.toISOString().slice(0, 10);
}
