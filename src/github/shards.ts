/** The reports that `mode: report` reads: other jobs' files, which nobody vouches for. Each is validated; all are of one run and commit. */
import { lstat, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { glob } from 'tinyglobby';
import { messageOf, UserError } from '../errors.js';
import { MAX_REPORT_BYTES, validateReport } from '../report/schema.js';
import type { Report, SourceRevision } from '../terms/report.js';
import { type GitHubContext, isAboutItsHead, sourceRevision, type TriggeringRun } from './event/context.js';
import { type Job, OUTPUT_DIRECTORY } from './job/job.js';

export interface Shard {
  /** Relative to the working directory. */
  file: string;
  /** Artifact or matrix job it came from, as far as its path tells. */
  name: string;
  report: Report;
}

/** Validated against the schema, one by one. Throws UserError naming the file. */
export async function readShards({ inputs, context }: Job): Promise<Shard[]> {
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
      'report.none',
      context.triggeringRun
        ? `${endOf(context.triggeringRun)} ${looked}`
        : `${looked} Download the artifacts of the measuring jobs first, and check the input \`reports\`.`,
    );
  }
  const root = await realpath(directory);
  const shards = await Promise.all(
    files.map(async (file) => ({
      file: relative(directory, file),
      name: shardName(relative(directory, file), expected.names),
      report: await readReport(file, root),
    })),
  );
  assertOfOneRun(shards, context);
  return shards;
}

/** Throws UserError naming the files that come from another run or are about another commit. Attempts of one run may differ. */
function assertOfOneRun(shards: readonly Shard[], context: GitHubContext): void {
  const wanted = reportedRun(context, shards[0]!.report.source);
  const foreign = shards.filter(({ report: { source } }) => {
    const sameCommit = wanted.sha === null || source?.sha === wanted.sha;
    return !sameCommit || (wanted.id !== null && source?.runId !== wanted.id);
  });
  if (foreign.length === 0) return;
  const named = foreign.slice(0, MAX_NAMED).map(({ file, report }) => `${file} (${originOf(report.source)})`);
  const more = foreign.length > MAX_NAMED ? ` and ${foreign.length - MAX_NAMED} more` : '';
  throw new UserError(
    'report.foreign',
    `${named.join(', ')}${more}: refused. Reported is ${originOf({ runId: wanted.id, sha: wanted.sha })}. Empty the folder before the artifacts are downloaded: a self-hosted runner keeps files of earlier jobs. \`quantgate report\` merges any reports.`,
  );
}

/** Names in one message; the rest is counted. */
const MAX_NAMED = 5;

/** What the reports must be of. null: that isn't known. */
function reportedRun(
  context: GitHubContext,
  first: SourceRevision | null,
): { id: number | null; sha: string | null } {
  const run = context.triggeringRun;
  if (run) return { id: run.id, sha: isAboutItsHead(run) ? run.headSha : (first?.sha ?? null) };
  if (context.runId !== null) return { id: context.runId, sha: sourceRevision(context).sha };
  return { id: first?.runId ?? null, sha: first?.sha ?? null };
}

function originOf(source: Pick<SourceRevision, 'runId' | 'sha'> | null): string {
  const parts = [
    source?.runId ? `run ${source.runId}` : null,
    source?.sha ? `commit ${source.sha.slice(0, 12)}` : null,
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(', ') : 'it does not say of which run';
}

function endOf({ conclusion }: TriggeringRun): string {
  return `The measuring run ${conclusion ? `ended with ${conclusion} and ` : ''}left no report; its log says why.`;
}

async function readReport(file: string, root: string): Promise<Report> {
  const shown = relative(root, file);
  const real = await realpath(file);
  if (real !== root && !real.startsWith(root + sep)) {
    throw new UserError('file.outside', `${shown} lies outside the working directory: refused.`);
  }
  const found = await lstat(file);
  if (!found.isFile()) throw new UserError('file.outside', `${shown} is not a plain file: refused.`);
  if (found.size > MAX_REPORT_BYTES) {
    throw new UserError(
      'report.unreadable',
      `${shown} has ${found.size} bytes, more than the ${MAX_REPORT_BYTES} that a report may have.`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UserError('report.unreadable', `${shown} is not JSON: ${messageOf(error)}`);
  }
  try {
    return validateReport(value);
  } catch (error) {
    throw error instanceof UserError ? error.withMessage(`${shown}: ${error.message}`) : error;
  }
}

/** The expected name among the path's directories, else the directory the file lies in. */
function shardName(path: string, expected: readonly string[]): string {
  const directories = path.split(/[\\/]/).slice(0, -1);
  return expected.find((name) => directories.includes(name)) ?? basename(dirname(path));
}
