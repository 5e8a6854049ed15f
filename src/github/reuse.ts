/**
 * A model's result is used again when nothing that decides it changed: model, data, recipe, checks, base, machine, versions.
 * Only what passed is kept: whatever else came out deserves another measurement, and so does a job that someone runs again.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { ModelConfig } from '../config/config.js';
import { safeName } from '../config/defaults.js';
import { matchesPattern } from '../config/where.js';
import { messageOf } from '../errors.js';
import { readEnvironment } from '../machine/environment.js';
import { assertProvidersOpen } from '../machine/provider-probe.js';
import { filesOf } from '../onnx/file/weights.js';
import { reportFiles } from '../report-files.js';
import type { ModelResult } from '../run/model-result.js';
import type { KeptResults, RunRequest } from '../run/request.js';
import { ensureEntry, isComplete } from '../runtime/provision/package-cache.js';
import type { BrowserOfRun } from '../terms/browser.js';
import { inBrowser } from '../terms/provider.js';
import { VERSION } from '../version.js';

export interface ReuseOptions {
  /** Where results are kept. */
  directory: string;
  /** Measure anew even if there is a result. */
  fresh: boolean;
}

type Deciding = Pick<RunRequest, 'config' | 'base' | 'context' | 'out'>;

interface Entry {
  measuredAt: string;
  result: ModelResult;
}

/** Results kept per machine. */
const KEPT = 50;
/** Quantized files of a model that are larger are not kept: they would fill the runner's disk. */
const MAX_MODEL_BYTES = 200 * 1024 * 1024;
const RESULT = 'result.json';

/** What earlier runs on this machine left for the models of `request`. Never throws: what can't be read is measured again. */
export function keptResults(request: Deciding, { directory, fresh }: ReuseOptions): KeptResults {
  const entries = new Map<string, Promise<string | null>>();
  let asked: Promise<BrowserOfRun[]> | undefined;
  const browsers = () => {
    asked ??= browsersOf(request);
    return asked;
  };
  const entryOf = (model: ModelConfig) => {
    const entry =
      entries.get(model.name) ??
      browsers()
        .then((found) => resultKey(model, request, found))
        .then(
          (key) => key && join(directory, key),
          () => null,
        );
    entries.set(model.name, entry);
    return entry;
  };
  const folderOf = (model: ModelConfig) => join(reportFiles(request.out).models, safeName(model.name));
  return {
    async find(model) {
      const entry = fresh ? null : await entryOf(model);
      if (!entry || !(await isComplete(entry))) return null;
      try {
        return await restore(entry, { model, folder: folderOf(model), request });
      } catch (error) {
        request.context.log.debug(`the kept result ${entry} can't be used: ${messageOf(error)}`);
        return null;
      }
    },
    async keep(model, result) {
      const entry = await entryOf(model);
      if (!entry) return;
      await keep(entry, { result, folder: folderOf(model) }).catch((error) => {
        request.context.log.debug(`the result can't be kept in ${entry}: ${messageOf(error)}`);
      });
    },
  };
}

/** A browser's version and adapter decide as the machine does. Throws MachineError where it can't be started. */
function browsersOf({ config, context }: Deciding): Promise<BrowserOfRun[]> {
  const { providers, device } = config.benchmark;
  return assertProvidersOpen(providers.filter(inBrowser), { context, deviceId: device });
}

/** A hash over everything that decides the model's result; null when a command takes part, which may do anything. */
export async function resultKey(
  model: ModelConfig,
  { config, base, context }: Pick<Deciding, 'config' | 'base' | 'context'>,
  browsers: readonly BrowserOfRun[] = [],
): Promise<string | null> {
  const baseModel = base?.models[model.name] ?? null;
  if ([model, baseModel].some(runsCode)) return null;
  const environment = await readEnvironment(context.runtime, { browsers });
  const contents = new Map<string, string>();
  const hashed = async (path: string) => {
    if (!contents.has(path)) contents.set(path, await contentHash(path));
    return contents.get(path)!;
  };
  // Bounds decide how precisely is measured and what method auto chooses.
  const checks = config.checks.filter(
    ({ where }) => where.model?.some((pattern) => matchesPattern(model.name, pattern)) ?? true,
  );
  const parts = {
    version: VERSION,
    node: process.version,
    fingerprint: environment.fingerprint,
    recipe: await withContents(
      {
        model: { ...model, baseline: null },
        checks,
        benchmark: config.benchmark,
        confidence: config.confidence,
        ...(config.report?.samples ? { report: config.report } : {}),
      },
      hashed,
    ),
    base: await withContents(baseModel, hashed),
  };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** A command, or an evaluator. */
function runsCode(recipe: object | null): boolean {
  const text = JSON.stringify(recipe);
  return text.includes('"kind":"command"') || /"evaluator":(?!null)/.test(text);
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
    for (const file of path.endsWith('.onnx') ? filesOf(path) : [path]) await addFile(hash, file);
  }
  return hash.digest('hex');
}

async function addFile(hash: Hash, path: string): Promise<void> {
  if (!(await stat(path)).isFile()) return;
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
}

async function restore(
  entry: string,
  { model, folder, request }: { model: ModelConfig; folder: string; request: Deciding },
): Promise<ModelResult> {
  const { measuredAt, result } = JSON.parse(await readFile(join(entry, RESULT), 'utf8')) as Entry;
  await rm(folder, { recursive: true, force: true });
  await cp(join(entry, 'models'), folder, { recursive: true });
  const when = measuredAt.slice(0, 16).replace('T', ' ');
  const message = `Not measured again: model, data, recipe, machine and versions are those of ${when} UTC, whose figures these are. Run the job again to measure anew.`;
  request.context.log.info(`${model.name}: ${message}`);
  const note = { level: 'info', code: 'result.reused', message, model: model.name, variant: null } as const;
  return { ...result, notes: [...result.notes, note] };
}

async function keep(
  entry: string,
  { result, folder }: { result: ModelResult; folder: string },
): Promise<void> {
  const bytes = await folderBytes(folder);
  if (bytes > MAX_MODEL_BYTES) return;
  // A fresh measurement replaces what was kept.
  await rm(entry, { recursive: true, force: true });
  await ensureEntry(entry, async (directory) => {
    const content: Entry = { measuredAt: new Date().toISOString(), result };
    await writeFile(join(directory, RESULT), JSON.stringify(content));
    await mkdir(join(directory, 'models'));
    if (bytes > 0) await cp(folder, join(directory, 'models'), { recursive: true });
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
