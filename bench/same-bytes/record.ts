/** Runs the jobs in processes of their own and keeps what came of each in a log until the record is whole. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import type { Job } from './jobs.js';
import { type BatchOptions, type Ran, runBatch } from './run-batch.js';

/** What a record depends on; a log made with others isn't continued. */
export interface Settings {
  commit: string;
  /** SHA-256 of the bundled code. */
  code: string;
  /** SHA-256 of this script: another one may ask for other things. */
  script: string;
  cpu: string;
  node: string;
  onnxruntime: string;
}

export interface Outcome {
  /** Exit code, signal, or `timeout`. */
  exit: number | string;
  /** SHA-256 of each file that was written, by name. */
  files: Record<string, string>;
  /** Warnings and errors. */
  stderr: string[];
  /** What `--json` printed; paths and durations taken out. */
  result: unknown;
}

/** Results are kept once each, by their hash: many jobs have the same. */
export interface Recorded {
  settings: Settings;
  jobs: Record<string, Omit<Outcome, 'result'> & { result: string | null }>;
  results: Record<string, unknown>;
}

export interface RecordOptions extends BatchOptions {
  settings: Settings;
  /** JSON lines: the settings, then one outcome each. */
  log: string;
  parallel: number;
}

/** Appended to the key of what came with the slower ratio. */
const SLOWER = ' (slower)';
/** Jobs that one process does. */
const BATCH = 20;

export function settingsOf({ source, digest }: { source: string; digest: string }): Settings {
  const git = (...args: string[]) => spawnSync('git', args, { cwd: source, encoding: 'utf8' }).stdout.trim();
  const changed = git('status', '--porcelain', '--', 'src') === '' ? '' : ' and changes';
  const require = createRequire(join(source, 'package.json'));
  const { version } = require('onnxruntime-node/package.json') as { version: string };
  return {
    commit: git('log', '-1', '--format=%h %s') + changed,
    code: digest,
    script: sha256(readFileSync(process.argv[1]!)),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    node: process.version,
    onnxruntime: version,
  };
}

/** Runs what the log doesn't hold yet. @throws Error when the log is of other settings. */
export async function recordJobs(jobs: readonly Job[], options: RecordOptions): Promise<Recorded> {
  const { log, settings, parallel } = options;
  const outcomes = readLog(log, settings);
  if (outcomes.size > 0) console.log(`${outcomes.size} were in ${log}`);
  const waiting = jobs.filter(({ key }) => !outcomes.has(key));
  const keep = (key: string, outcome: Outcome) => {
    outcomes.set(key, outcome);
    appendFileSync(log, `${JSON.stringify({ key, ...outcome })}\n`);
  };
  let left = waiting.length;
  const work = async (): Promise<void> => {
    for (let batch = takeBatch(waiting); batch.length > 0; batch = takeBatch(waiting)) {
      await runBatch(batch, options, (job, ran) => {
        keep(job.key + (ran.slower ? SLOWER : ''), outcomeOf(ran, job, options));
      });
      left -= batch.length;
      console.log(`${left} to do; done: ${batch[0]!.key} and ${batch.length - 1} more`);
    }
  };
  await Promise.all(Array.from({ length: parallel }, work));
  const keys = jobs.flatMap(({ key }) => [key, key + SLOWER]).filter((key) => outcomes.has(key));
  return assemble(
    settings,
    keys.map((key) => [key, outcomes.get(key)!] as const),
  );
}

function readLog(log: string, settings: Settings): Map<string, Outcome> {
  const [first, ...lines] = existsSync(log) ? readFileSync(log, 'utf8').split('\n') : [];
  if (first === undefined) writeFileSync(log, `${JSON.stringify(settings)}\n`);
  else if (first !== JSON.stringify(settings))
    throw new Error(`${log} was begun with other settings (${first}): remove it, or name another --out`);
  const outcomes = new Map<string, Outcome>();
  // The last line is incomplete where the writer was killed.
  for (const line of lines.slice(0, -1)) {
    const { key, ...outcome } = JSON.parse(line) as Outcome & { key: string };
    outcomes.set(key, outcome);
  }
  return outcomes;
}

function assemble(settings: Settings, outcomes: readonly (readonly [string, Outcome])[]): Recorded {
  const recorded: Recorded = { settings, jobs: {}, results: {} };
  for (const [key, { result, ...outcome }] of outcomes) {
    const hash = result === null ? null : sha256(JSON.stringify(result)).slice(0, 16);
    if (hash !== null) recorded.results[hash] = result;
    recorded.jobs[key] = { ...outcome, result: hash };
  }
  return recorded;
}

/** The next jobs of one model, which share a process. */
function takeBatch(waiting: Job[]): Job[] {
  const others = waiting.findIndex(({ subject }) => subject !== waiting[0]!.subject);
  return waiting.splice(0, Math.min(BATCH, others < 0 ? waiting.length : others));
}

function outcomeOf(ran: Ran, { subject }: Job, { bundle, scratch }: RecordOptions): Outcome {
  const shown = (text: string) =>
    text
      .replaceAll(ran.folder, '<run>')
      .replaceAll(dirname(subject.model), '<model>')
      .replaceAll(scratch, '<scratch>')
      .replace(/<scratch>\/run-\w+\/quantgate-\d+-.*?-\w{6}\/[\w-]+\//g, '<temporary>/')
      .replace(/\.\d+\.tmp\b/g, '.<pid>.tmp')
      // Stacks and the bundle's names differ between versions that do the same.
      .replace(/^ +at .*\n/gm, '')
      .replaceAll(bundle, '<bundle>');
  return {
    exit: ran.exit,
    files: Object.fromEntries(
      readdirSync(ran.folder, { recursive: true, encoding: 'utf8' })
        .sort()
        .map((name) => [name, sha256(readFileSync(join(ran.folder, name)))]),
    ),
    stderr: shown(ran.stderr)
      .split('\n')
      .filter((text) => text !== ''),
    result: withoutDuration(shown(ran.stdout)),
  };
}

/** The one thing in a result that the clock decides. */
function withoutDuration(stdout: string): unknown {
  if (stdout.trim() === '') return null;
  const { durationMs: _, ...result } = JSON.parse(stdout) as Record<string, unknown>;
  return result;
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
