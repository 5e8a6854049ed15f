/** The pipeline, top to bottom: Config → Model → Variants → Measurements → Verdicts → Report. */
import type { ModelConfig } from './config/config.js';
import { throwIfInterrupted } from './errors.js';
import { assertApplicable } from './judge/applicable.js';
import { runVerdict } from './judge/judge.js';
import { assertWaiversCurrent } from './judge/waivers.js';
import { readEnvironment } from './machine/environment.js';
import { assertProvidersOpen, browserNotes } from './machine/provider-probe.js';
import { noiseFloorOf } from './measure/timing/noise.js';
import {
  assertWritable,
  modelsOfLastRun,
  type ReportFiles,
  removeLeftovers,
  writeReport,
} from './report-files.js';
import { judgeModels } from './run/judge-models.js';
import type { ModelResult } from './run/model-result.js';
import { openModels } from './run/open-models.js';
import type { RunRequest } from './run/request.js';
import { runModel } from './run/run-model.js';
import { removeUnfinished } from './system/files/partial-file.js';
import type { BrowserOfRun } from './terms/browser.js';
import type { Measurement, Note } from './terms/measurement.js';
import { inBrowser } from './terms/provider.js';
import type { Report } from './terms/report.js';
import { VERSION } from './version.js';

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
  const models = kept.size === config.models.length ? [] : await openModels(config, context);
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

/** By model name. */
async function findKept({ config, kept }: RunRequest): Promise<Map<string, ModelResult>> {
  const found = new Map<string, ModelResult>();
  for (const model of kept ? config.models : []) {
    const result = await kept!.find(model);
    if (result) found.set(model.name, result);
  }
  return found;
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

function today(date: Date): string {
  return date.toISOString().slice(0, 10);
}
