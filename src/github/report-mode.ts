/** `mode: report`: reads reports of other jobs, which nobody vouches for, merges them and publishes the result. */
import { join } from 'node:path';
import { mergeReports } from '../report/merge/merge.js';
import { writeReport } from '../report-files.js';
import type { Report, SourceRevision } from '../terms/report.js';
import { isAboutItsHead, sourceRevision } from './event/context.js';
import { type Job, OUTPUT_DIRECTORY } from './job/job.js';
import { setReportOutputs } from './job/outputs.js';
import { publish } from './publish.js';
import { findPullRequest } from './pull-request/find.js';
import { writeSummary } from './pull-request/summary.js';
import { readShards } from './shards.js';

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
  const unaddressed = { ...merged, source: trustedSource(job, merged, null) };
  setReportOutputs(unaddressed, writeReport(unaddressed, out, { historyUrl: inputs.historyUrl }));
  const pullRequest = await findPullRequest(job, {
    sha: unaddressed.source.sha,
    pullRequest: merged.source?.pullRequest ?? null,
  });
  return await publish(
    job,
    { ...merged, source: trustedSource(job, merged, pullRequest) },
    { out, pullRequest, lineOf: () => null },
  );
}

/** Followed by another run, never begun, or waiting for somebody's approval: what was told before still holds. */
const ENDED_WITHOUT_RESULT: ReadonlySet<string> = new Set(['cancelled', 'skipped', 'action_required']);

/** Whose report it is: from the event. What was measured and compared with: the shards' word, which are of this run and commit. */
function trustedSource(
  { context }: Job,
  { source: told }: Report,
  pullRequest: number | null,
): SourceRevision {
  const source = {
    ...sourceRevision(context, { baseSha: told?.baseSha ?? null, measuredSha: told?.measuredSha ?? null }),
    pullRequest,
    ...(told?.changed !== undefined && { changed: told.changed }),
  };
  const run = context.triggeringRun;
  if (!run) return source;
  return {
    ...source,
    sha: isAboutItsHead(run) ? run.headSha : (told?.sha ?? run.headSha),
    runUrl: run.url ?? source.runUrl,
    runId: run.id,
    runAttempt: run.attempt,
  };
}
