/** `mode: report`: reads reports of other jobs, which nobody vouches for, merges them and publishes the result. */
import { lstat, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { messageOf, UserError } from '../errors.js';
import { mergeReports } from '../report/merge.js';
import { MAX_REPORT_BYTES, validateReport } from '../report/schema.js';
import { writeReport } from '../report-files.js';
import type { Report, SourceRevision } from '../terms/report.js';
import { explainFault } from './api/faults.js';
import { sourceRevision } from './context.js';
import type { ExpectedReports } from './inputs.js';
import { type Job, OUTPUT_DIRECTORY } from './job.js';
import { setReportOutputs } from './outputs.js';
import { publish } from './publish.js';

interface Shard {
  /** Artifact or matrix job it came from, as far as its path tells. */
  name: string;
  report: Report;
}

export async function reportJob(job: Job): Promise<Report> {
  const { inputs } = job;
  const shards = await readShards(inputs.reports, inputs.workingDirectory, inputs.expectedReports);
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
  const pullRequest = await findPullRequest(job);
  return await publish(
    job,
    { ...merged, source: trustedSource(job, pullRequest) },
    { out, pullRequest, lineOf: () => null },
  );
}

/** Validated against the schema, one by one. Throws UserError naming the file. */
async function readShards(
  patterns: readonly string[],
  directory: string,
  expected: ExpectedReports,
): Promise<Shard[]> {
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
    throw new UserError(
      `No report was found in ${directory} under ${patterns.join(', ')}. Download the artifacts of the measuring jobs first, and check the input \`reports\`.`,
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

/** From the event and the API, never from the artifact, whose author may write any number into it. */
async function findPullRequest({ context, log, api }: Job): Promise<number | null> {
  if (context.pullRequest) return context.pullRequest.number;
  const run = context.triggeringRun;
  if (!run) return null;
  if (run.pullRequests.length === 1) return run.pullRequests[0]!;
  if (!api || !run.head) return null;
  try {
    const { owner, repo } = context;
    const pulls = await api.paginate(api.rest.pulls.list, {
      owner,
      repo,
      head: run.head,
      state: 'open',
      per_page: 100,
    });
    const pull = pulls.find((one) => one.head.sha === run.headSha);
    if (!pull)
      log.info(`No open pull request has ${run.headSha} as its head (any more): no comment is posted.`);
    return pull?.number ?? null;
  } catch (error) {
    log.warn(explainFault(error, 'look up the pull request of the measuring run', 'pull-requests: read'));
    return null;
  }
}

function trustedSource({ context }: Job, pullRequest: number | null): SourceRevision {
  const source = sourceRevision(context, null);
  const run = context.triggeringRun;
  return { ...source, sha: run?.headSha ?? source.sha, runUrl: run?.url ?? source.runUrl, pullRequest };
}
