/**
 * Whether two versions of the source write the same bytes: quantizes models in every way there is, records what came of it, and compares
 * two records.
 *
 *   node bench/run.mjs same-bytes record --out before.json [--source DIR] [--quick] [--only REGEX] [--jobs 2] MODEL|FOLDER…
 *   node bench/run.mjs same-bytes compare before.json after.json [--only REGEX] [--show 5]
 *
 * A record holds, for every model × method × preset × target, with and without verification: SHA-256 of each file written (weights
 * beside the model and plans too), the result that `--json` prints (decisions, notes, provenance), warnings and errors, and the exit code.
 * `--source` is the root of another checkout: the same script records both sides. Its command line is bundled with a fixed clock
 * (same-bytes/fixed-clock.ts): what is decided by speed follows a speed ratio of 0.5, and of 2 where the ratio was asked for. One thread.
 * Processes of their own do the work, so that a crash is one result among others. A record that was interrupted goes on when the same
 * command is given again.
 *
 * Calibration data is `c.npz`, a file of the model's name with `.npz`, or `data/calibration.npz`, beside the model; otherwise eight
 * made-up samples. A `quantgate.yml` beside the model gives its preprocessing. Two records compare only when the same machine made both:
 * the numbers of calibration depend on the CPU's kernels.
 *
 * Exit code of `compare`: 1 where anything differs.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { compareRecords, readRecord } from './same-bytes/compare.js';
import { bundleWithFixedClock } from './same-bytes/fixed-clock.js';
import { jobsFor } from './same-bytes/jobs.js';
import { recordJobs, settingsOf } from './same-bytes/record.js';
import { serveBatch } from './same-bytes/serve-batch.js';
import { findSubjects } from './same-bytes/subjects.js';

const { values, positionals } = parseArgs({
  options: {
    out: { type: 'string' },
    source: { type: 'string', default: '.' },
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    jobs: { type: 'string', default: '2' },
    show: { type: 'string', default: '5' },
  },
  allowPositionals: true,
});
const [command, ...paths] = positionals;
const only = new RegExp(values.only);

if (command === 'record' && values.out && paths.length > 0) await record(resolve(values.out));
else if (command === 'serve' && paths.length === 1) serveBatch(paths[0]!);
else if (command === 'compare' && paths.length === 2) compare(paths as [string, string]);
else {
  console.error('usage: same-bytes record --out FILE [--source DIR] [--quick] MODEL|FOLDER…, or compare A B');
  process.exitCode = 2;
}

async function record(out: string): Promise<void> {
  const source = resolve(values.source);
  const cache = join(source, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  const bundle = mkdtempSync(join(cache, 'quantgate-same-bytes-'));
  const scratch = mkdtempSync(join(tmpdir(), 'quantgate-same-bytes-'));
  process.on('exit', () => {
    for (const folder of [bundle, scratch]) rmSync(folder, { recursive: true, force: true });
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
  // Another call of run.mjs, or an installation, replaces what lies in the cache.
  const script = join(scratch, 'script');
  cpSync(dirname(process.argv[1]!), script, { recursive: true });
  const digest = await bundleWithFixedClock({ source, directory: bundle });
  const subjects = await findSubjects(paths, { scratch });
  const jobs = subjects
    .flatMap((subject) => jobsFor(subject, { scratch }))
    .filter((job) => (job.quick || !values.quick) && only.test(job.key));
  const started = performance.now();
  const recorded = await recordJobs(jobs, {
    settings: settingsOf({ source, digest }),
    bundle,
    scratch,
    script: join(script, basename(process.argv[1]!)),
    log: `${out}l`,
    parallel: Number(values.jobs),
  });
  writeFileSync(out, `${JSON.stringify(recorded, null, 1)}\n`);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`${out}: ${Object.keys(recorded.jobs).length} quantizations, ${seconds} s`);
}

function compare([before, after]: [string, string]): void {
  const { lines, differing } = compareRecords(readRecord(before), readRecord(after), {
    only,
    show: Number(values.show),
  });
  console.log(lines.join('\n'));
  if (differing > 0) process.exitCode = 1;
}
