/**
 * From starting Node to the first inference, with what the action does about ONNX Runtime and sharp beside what a job with
 * `actions/setup-node` would do: `npm ci` of the same two packages, with npm's cache restored or empty.
 *
 *   node bench/run.mjs provision [--repeats 5] [--model examples/digits/digits.onnx] [--keep DIR]
 *
 * Goal: a warm start within 2 s. A cache that GitHub keeps is stood for by a tarball on the local disk, so its download is
 * in no figure; its size is printed. What comes from the registry depends on how near that is.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
// Loaded as the action loads them: the time that takes counts.
import '../src/github/action.js';
import '../src/run.js';
import { SILENT } from '../src/log.js';
import { timingFeeds } from '../src/measure/subject/inputs.js';
import { loadRuntime } from '../src/runtime/load.js';
import { findNpm } from '../src/runtime/provision/npm-pack.js';
import pins from '../src/runtime/provision/pinned-packages.json' with { type: 'json' };
import { locateRuntime, locateSharp, thisMachine } from '../src/runtime/provision/provision.js';
import { median } from '../src/statistics/order.js';

const { values } = parseArgs({
  options: {
    repeats: { type: 'string', default: '5' },
    model: { type: 'string', default: 'examples/digits/digits.onnx' },
    keep: { type: 'string' },
    // For the process that is timed.
    cache: { type: 'string' },
    above: { type: 'string' },
  },
});

if (values.cache ?? values.above) await firstInference();
else compare();

/** What is timed: finds the packages, loads both, opens the model, runs it once. */
async function firstInference(): Promise<void> {
  const machine = { ...thisMachine(), above: values.above ? join(values.above, 'index.js') : null };
  const options = { cacheDir: values.cache ?? null, cuda: 'skip', log: SILENT } as const;
  const runtime = await loadRuntime({ path: await locateRuntime(options, machine), log: SILENT });
  createRequire(import.meta.url)(await locateSharp(options, machine));
  const session = await runtime.open(values.model);
  await session.run(timingFeeds(session.inputs, { batch: 1, shapes: {}, sample: null }));
  process.exit(0);
}

function compare(): void {
  const home = values.keep ? resolve(values.keep) : mkdtempSync(join(tmpdir(), 'quantgate-bench-provision-'));
  const place = (name: string) => join(home, name);
  const model = resolve(values.model);
  const repeats = Number(values.repeats);
  const npm = findNpm();
  if (!npm) throw new Error('this benchmark needs npm');
  const [command, ...first] = npm;
  const run = (program: string, args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) => {
    const { status, stderr } = spawnSync(program, args, {
      cwd: options.cwd ?? home,
      env: { ...process.env, ...options.env },
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  };
  const fresh = (...names: string[]) => {
    for (const name of names) rmSync(place(name), { recursive: true, force: true });
  };
  const start = (options: string[], env: NodeJS.ProcessEnv = {}) =>
    run(process.execPath, [process.argv[1]!, '--model', model, ...options], { env });
  const tar = (archive: string, name: string) => run('tar', ['-czf', place(archive), '-C', home, name]);
  const untar = (archive: string) => run('tar', ['-xzf', place(archive), '-C', home]);
  const npmCache = { NPM_CONFIG_CACHE: place('npm'), ONNXRUNTIME_NODE_INSTALL: 'skip' };

  /** The repository of a job that installs the two packages itself. */
  const project = place('project');
  mkdirSync(project, { recursive: true });
  const dependencies = {
    'onnxruntime-node': pins['onnxruntime-node'].packages['onnxruntime-node'].version,
    sharp: pins.sharp.packages.sharp.version,
  };
  writeFileSync(join(project, 'package.json'), JSON.stringify({ private: true, dependencies }));
  const npmRun = (...args: string[]) =>
    run(command, [...first, ...args, '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: project,
      env: npmCache,
    });
  npmRun('install', '--package-lock-only');

  const rows: { way: string; timesMs: number[]; restoredBytes: number | null }[] = [];
  const time = (way: string, restored: string | null, prepare: () => void, work: () => void) => {
    const timesMs: number[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      prepare();
      const started = performance.now();
      work();
      timesMs.push(performance.now() - started);
    }
    rows.push({ way, timesMs, restoredBytes: restored ? statSync(place(restored)).size : null });
  };
  const cached = ['--cache', place('cache')];

  time(
    'quantgate, nothing kept: npm packs, hashes are checked, one platform is unpacked',
    null,
    () => fresh('cache', 'npm'),
    () => start(cached, npmCache),
  );
  time(
    'quantgate, tool cache kept (self-hosted runner)',
    null,
    () => {},
    () => start(cached),
  );
  tar('cache.tgz', 'cache');
  time(
    'quantgate, cache-dir restored from a tarball (actions/cache)',
    'cache.tgz',
    () => fresh('cache'),
    () => {
      untar('cache.tgz');
      start(cached);
    },
  );
  const installed = ['--above', project];
  time(
    'npm ci, nothing kept',
    null,
    () => fresh('npm', 'project/node_modules'),
    () => {
      npmRun('ci');
      start(installed);
    },
  );
  tar('npm.tgz', 'npm');
  time(
    "npm ci --offline, npm's cache restored from a tarball (setup-node with cache: npm)",
    'npm.tgz',
    () => fresh('npm', 'project/node_modules'),
    () => {
      untar('npm.tgz');
      npmRun('ci', '--offline');
      start(installed);
    },
  );
  run('tar', ['-czf', place('modules.tgz'), '-C', project, 'node_modules']);
  time(
    'node_modules restored from a tarball',
    'modules.tgz',
    () => fresh('project/node_modules'),
    () => {
      run('tar', ['-xzf', place('modules.tgz'), '-C', project]);
      start(installed);
    },
  );

  const kept = {
    'cache-dir': folderBytes(place('cache')),
    node_modules: folderBytes(join(project, 'node_modules')),
  };
  if (!values.keep) rmSync(home, { recursive: true, force: true });
  for (const { way, timesMs, restoredBytes } of rows) {
    const [low, high] = [Math.min(...timesMs), Math.max(...timesMs)];
    const size = restoredBytes === null ? '' : `, tarball ${megabytes(restoredBytes)}`;
    console.log(`${seconds(median(timesMs))} s [${seconds(low)}, ${seconds(high)}]  ${way}${size}`);
  }
  for (const [name, bytes] of Object.entries(kept)) console.log(`${megabytes(bytes)} on disk: ${name}`);
}

function folderBytes(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
