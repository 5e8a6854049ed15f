/** `mode: report`: reads reports of other jobs, which nobody vouches for, merges them and publishes the result. */
import { lstat, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { messageOf, UserError } from '../errors.js';
import { mergeReports } from '../report/merge.js';
import { MAX_REPORT_BYTES, validateReport } from '../report/schema.js';
import { writeReport } from '../report-files.js';
import type { Report, SourceRevision } from '../terms/report.js';
import { sourceRevision, type TriggeringRun } from './event/context.js';
import { type Job, OUTPUT_DIRECTORY } from './job.js';
import { setReportOutputs } from './outputs.js';
import { publish } from './publish.js';
import { findPullRequest } from './pull-request/find.js';
import { writeSummary } from './pull-request/summary.js';

interface Shard {
  /** Artifact or matrix job it came from, as far as its path tells. */
  name: string;
  report: Report;
}

/** null: the measuring run came to nothing that could be reported, and nobody expects a report of it. */
export async function reportJob(job: Job): Promise<Report | null> {
  const { inputs, context, log } = job;
  const run = context.triggeringRun;
  if (run?.conclusion && ENDED_WITHOUT_RESULT.has(run.conclusion)) {
    const text = `The measuring run ended as ${run.conclusion}: there is nothing to report.`;
    log.info(text);
    await writeSummary(`${text}\n`, log);
    return null;
  }
  const shards = await readShards(job);
  const merged = mergeReports(
    shards.map(({ report }) => report),
    {
      names: shards.map(({ name }) => name),
      expected: inputs.expectedReports.names,
      count: inputs.expectedReports.count,
    },
  );
  const out = join(inputs.workingDirectory, OUTPUT_DIRECTORY);
  // On disk before GitHub is asked anything: whose pull request it is can wait.
  const unaddressed = { ...merged, source: trustedSource(job, null) };
  setReportOutputs(unaddressed, writeReport(unaddressed, out));
  const pullRequest = await findPullRequest(job, merged.source?.pullRequest ?? null);
  return await publish(
    job,
    { ...merged, source: trustedSource(job, pullRequest) },
    { out, pullRequest, lineOf: () => null },
  );
}

/** Followed by another run, never begun, or waiting for somebody's approval: what was told before still holds. */
const ENDED_WITHOUT_RESULT: ReadonlySet<string> = new Set(['cancelled', 'skipped', 'action_required']);

/** Validated against the schema, one by one. Throws UserError naming the file. */
async function readShards({ inputs, context }: Job): Promise<Shard[]> {
  const { reports: patterns, workingDirectory: directory, expectedReports: expected } = inputs;
  const own = join(directory, OUTPUT_DIRECTORY);
  const found = await glob([...patterns], {
    cwd: directory,
    absolute: true,
    onlyFiles: true,
    followSymbolicLinks: false,
    expandDirectories: false,
    ignore: ['**/node_modules/**'],
  });
  // What an earlier attempt merged is no shard, unless the workflow names that very file: the report of the step before.
  const named = new Set(patterns.map((pattern) => join(directory, pattern)));
  const files = found.filter((file) => dirname(file) !== own || named.has(file)).sort();
  if (files.length === 0) {
    const looked = `No report was found in ${directory} under ${patterns.join(', ')}.`;
    throw new UserError(
      context.triggeringRun
        ? `${endOf(context.triggeringRun)} ${looked}`
        : `${looked} Download the artifacts of the measuring jobs first, and check the input \`reports\`.`,
    );
  }
  const root = await realpath(directory);
  return await Promise.all(
    files.map(async (file) => ({
      name: shardName(relative(directory, file), expected.names),
      report: await readReport(file, root),
    })),
  );
}

function endOf({ conclusion }: TriggeringRun): string {
  return `The measuring run ${conclusion ? `ended with ${conclusion} and ` : ''}left no report; its log says why.`;
}

async function readReport(file: string, root: string): Promise<Report> {
  const shown = relative(root, file);
  const real = await realpath(file);
  if (real !== root && !real.startsWith(root + sep)) {
    throw new UserError(`${shown} lies outside the working directory: refused.`);
  }
  const found = await lstat(file);
  if (!found.isFile()) throw new UserError(`${shown} is not a plain file: refused.`);
  if (found.size > MAX_REPORT_BYTES) {
    throw new UserError(
      `${shown} has ${found.size} bytes, more than the ${MAX_REPORT_BYTES} that a report may have.`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UserError(`${shown} is not JSON: ${messageOf(error)}`);
  }
  try {
    return validateReport(value);
  } catch (error) {
    throw new UserError(`${shown}: ${messageOf(error)}`);
  }
}

/** The expected name among the path's directories, else the directory the file lies in. */
function shardName(path: string, expected: readonly string[]): string {
  const directories = path.split(/[\\/]/).slice(0, -1);
  return expected.find((name) => directories.includes(name)) ?? basename(dirname(path));
}

function trustedSource({ context }: Job, pullRequest: number | null): SourceRevision {
  const source = sourceRevision(context, null);
  const run = context.triggeringRun;
  return { ...source, sha: run?.headSha ?? source.sha, runUrl: run?.url ?? source.runUrl, pullRequest };
}
