/**
 * Results are reused when nothing that decides them changed: models, data, configuration, base, machine, versions. Only
 * passes are kept: whatever else came out deserves another measurement, and so does a job that someone runs again.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { Config } from '../config/config.js';
import { messageOf } from '../errors.js';
import { readEnvironment } from '../measure/machine/environment.js';
import type { Report } from '../report/report.js';
import { validateReport } from '../report/schema.js';
import { writeReport } from '../report-files.js';
import type { RunRequest, RunResult } from '../run.js';
import { ensureEntry, isComplete } from '../runtime/provision/package-cache.js';
import { VERSION } from '../version.js';
import { externalFiles } from './base/external-files.js';

export interface ReuseOptions {
  /** Where results are kept; null: nowhere. */
  directory: string | null;
  /** Measure anew even if there is a result. */
  fresh: boolean;
}

/** Results kept per machine. */
const KEPT = 20;
/** Quantized models larger than this are not kept: they would fill the runner's disk. */
const MAX_MODELS_BYTES = 500 * 1024 * 1024;
const REPORT = 'quantgate-report.json';

/** The kept result for `request`, else what `run` gives. */
export async function reuseOr(
  run: () => Promise<RunResult>,
  request: RunRequest,
  { directory, fresh }: ReuseOptions,
): Promise<RunResult> {
  const key = directory ? await resultKey(request).catch(() => null) : null;
  if (!directory || key === null) return await run();
  const entry = join(directory, key);
  if (!fresh && (await isComplete(entry))) {
    const kept = await restore(entry, request).catch((error) => {
      request.log.debug(`the kept result ${entry} can't be used: ${messageOf(error)}`);
      return null;
    });
    if (kept) return kept;
  }
  const result = await run();
  if (result.report.verdict === 'pass') {
    await keep(entry, result).catch((error) => {
      request.log.debug(`the result can't be kept in ${entry}: ${messageOf(error)}`);
    });
  }
  return result;
}

/** A hash over everything that decides the result; null when a command takes part, which may do anything. */
export async function resultKey(request: RunRequest): Promise<string | null> {
  const { config, base, runtime } = request;
  const recipes = [config, ...Object.values(base?.models ?? {})];
  if (recipes.some(runsCommands)) return null;
  const environment = await readEnvironment(runtime);
  const contents = new Map<string, string>();
  const hashed = async (path: string) => {
    if (!contents.has(path)) contents.set(path, await contentHash(path));
    return contents.get(path)!;
  };
  const parts = {
    version: VERSION,
    node: process.version,
    fingerprint: environment.fingerprint,
    thresholds: { from: request.thresholds.from, changed: request.thresholds.changed },
    // A waiver ends by itself.
    today: config.waivers.length > 0 ? new Date().toISOString().slice(0, 10) : null,
    config: await withContents({ ...config, file: null, directory: null }, hashed),
    base: base && (await withContents({ models: base.models }, hashed)),
  };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

function runsCommands(recipe: object): boolean {
  return JSON.stringify(recipe).includes('"kind":"command"') || hasEvaluator(recipe);
}

function hasEvaluator(recipe: object): boolean {
  const models = 'models' in recipe ? (recipe as Config).models : [(recipe as { model?: object }).model];
  return models.some((model) => Boolean((model as { evaluator?: unknown } | undefined)?.evaluator));
}

/** The same value with every absolute path replaced by what lies there, and without line numbers. */
async function withContents(value: unknown, hashed: (path: string) => Promise<string>): Promise<unknown> {
  if (typeof value === 'string') return isAbsolute(value) ? await hashed(value) : value;
  if (Array.isArray(value)) return await Promise.all(value.map((one) => withContents(one, hashed)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value)
    .filter(([name]) => name !== 'line')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const found: [string, unknown][] = [];
  for (const [name, one] of entries) found.push([name, await withContents(one, hashed)]);
  return Object.fromEntries(found);
}

/** Content of a file, of a model with its external data, or of a folder with everything in it. */
async function contentHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  const found = await stat(path).catch(() => null);
  if (!found) return path; // not a path after all: node names begin with a slash, too
  if (found.isDirectory()) {
    for (const name of (await readdir(path, { recursive: true })).sort()) {
      hash.update(`\0${name}\0`);
      await addFile(hash, join(path, name));
    }
  } else {
    await addFile(hash, path);
    if (path.endsWith('.onnx')) {
      for (const name of externalFiles(path)) await addFile(hash, join(dirname(path), name));
    }
  }
  return hash.digest('hex');
}

async function addFile(hash: Hash, path: string): Promise<void> {
  if (!(await stat(path)).isFile()) return;
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
}

async function restore(entry: string, request: RunRequest): Promise<RunResult> {
  const kept = validateReport(JSON.parse(await readFile(join(entry, REPORT), 'utf8')));
  const when = kept.startedAt.slice(0, 16).replace('T', ' ');
  const message = `Not measured again: model, data, configuration, machine and versions are those of ${when} UTC, whose figures these are. Run the job again to measure anew.`;
  const report: Report = {
    ...kept,
    thresholds: request.thresholds,
    source: request.source,
    notes: [...kept.notes, { level: 'info', code: 'result.reused', message, model: null, variant: null }],
  };
  const files = writeReport(report, request.out);
  await cp(join(entry, 'models'), files.models, { recursive: true });
  request.log.info(message);
  return { report, files };
}

async function keep(entry: string, { report, files }: RunResult): Promise<void> {
  const bytes = await folderBytes(files.models);
  if (bytes > MAX_MODELS_BYTES) return;
  // A fresh measurement replaces what was kept.
  await rm(entry, { recursive: true, force: true });
  await ensureEntry(entry, async (directory) => {
    await writeFile(join(directory, REPORT), JSON.stringify(report));
    await mkdir(join(directory, 'models'));
    if (bytes > 0) await cp(files.models, join(directory, 'models'), { recursive: true });
  });
  await prune(dirname(entry));
}

async function folderBytes(folder: string): Promise<number> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  let bytes = 0;
  for (const name of names) bytes += (await stat(join(folder, name))).size;
  return bytes;
}

/** The oldest go. */
async function prune(directory: string): Promise<void> {
  const names = (await readdir(directory)).filter((name) => /^[0-9a-f]{32}$/.test(name));
  const aged = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(directory, name))).mtimeMs })),
  );
  for (const { name } of aged.sort((a, b) => b.at - a.at).slice(KEPT)) {
    await rm(join(directory, name), { recursive: true, force: true });
  }
}
