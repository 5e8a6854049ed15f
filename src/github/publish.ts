/** Publishing a report, in the order that loses nothing: files and outputs, summary, comment, annotations. */
import { existsSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { HistoryEntry } from '../report/history.js';
import type { ReportLinks } from '../report/markdown/links.js';
import { renderLine, renderMarkdown } from '../report/markdown/markdown.js';
import { writeReport } from '../report-files.js';
import type { Report } from '../terms/report.js';
import type { CheckResult } from '../terms/verdict.js';
import { earlierRuns, publishBadges } from './badges.js';
import type { Job } from './job/job.js';
import { setCommentOutputs, setReportOutputs } from './job/outputs.js';
import { annotate, annotationsOf } from './pull-request/annotations.js';
import type { PostedComment } from './pull-request/comment.js';
import { postSticky } from './pull-request/post.js';
import { MIN_SUMMARY_BYTES, summaryRoom, writeSummary } from './pull-request/summary.js';
import { applyWaive, findWaive, isWaivable, UNKNOWN_EVENT } from './pull-request/waive.js';
import { isWorthTelling } from './pull-request/worth-telling.js';

export interface PublishOptions {
  /** Absolute path of the output directory. */
  out: string;
  /** Pull request that gets the comment; null: none. */
  pullRequest: number | null;
  /** 1-based line of a check in the configuration file of this checkout; null: unknown. */
  lineOf: (check: CheckResult) => number | null;
}

/**
 * Tells everyone about `report` and returns it as published. On disk and in the outputs first, so that it is not lost;
 * nothing that GitHub refuses ends the job: it becomes a warning.
 */
export async function publish(job: Job, report: Report, options: PublishOptions): Promise<Report> {
  const page = { historyUrl: job.inputs.historyUrl };
  setReportOutputs(report, writeReport(report, options.out, page));
  const judged = await waived(job, report, options.pullRequest);
  if (judged !== report) setReportOutputs(judged, writeReport(judged, options.out, page));
  const history = await earlierRuns(job);
  await summarize(judged, job, history);
  const full = isWorthTelling(judged, job.inputs.comment, { waived: judged !== report });
  const comment = await postComment(job, judged, { number: options.pullRequest, history, full });
  setCommentOutputs(comment);
  if (comment) job.log.info(`Comment: ${comment.url}`);
  annotate(annotationsOf(judged, { file: configPath(job), lineOf: options.lineOf }));
  await publishBadges(job, judged);
  return judged;
}

/** The report after the waive label: asked for only when there is something to waive. */
async function waived(job: Job, report: Report, number: number | null): Promise<Report> {
  const { inputs, context, log, api } = job;
  const label = inputs.waiveLabel;
  if (!label || number === null || !api || !report.checks.some(isWaivable)) return report;
  const target = { owner: context.owner, repo: context.repo, number };
  // A merge group was queued by someone with write permission; what other events are about is not known to be pushed before.
  const event = context.event === 'merge_group' ? null : (context.labelEvent ?? UNKNOWN_EVENT);
  const waive = await findWaive(api, target, { label, event });
  if (waive.granted) {
    log.info(`The failed checks are waived by ${waive.by} with the label ${label}.`);
    return applyWaive(report, waive, label);
  }
  if (!waive.reason) return report;
  const message = `The label ${label} does not waive this run. ${waive.reason}`;
  log.warn(message);
  return {
    ...report,
    notes: [...report.notes, { level: 'warn', code: 'waive.refused', message, model: null, variant: null }],
  };
}

async function summarize(report: Report, job: Job, history: readonly HistoryEntry[]): Promise<void> {
  const { log } = job;
  const room = await summaryRoom();
  if (room < MIN_SUMMARY_BYTES) {
    log.info('The job summary has no room for the report; it is in its files.');
    return;
  }
  await writeSummary(renderMarkdown(report, { maxBytes: room, links: linksOf(job, report), history }), log);
}

/** Not `full`: an existing comment shrinks to one line, and none is made. */
async function postComment(
  job: Job,
  report: Report,
  { number, history, full }: { number: number | null; history: readonly HistoryEntry[]; full: boolean },
): Promise<PostedComment | null> {
  const { inputs, log, api } = job;
  if (inputs.comment === 'never' || number === null) return null;
  if (!api) {
    log.warn('No comment was posted: the input `token` is empty. The report is in the job summary.');
    return null;
  }
  const shown = { marker: inputs.commentKey, links: linksOf(job, report) };
  return await postSticky(
    { ...job, api },
    {
      number,
      render: (maxBytes) =>
        full ? renderMarkdown(report, { maxBytes, ...shown, history }) : renderLine(report, shown),
      existingOnly: !full,
    },
  );
}

/** Addresses are made from the event, never from a report of another job. */
function linksOf(job: Job, report: Report): ReportLinks {
  const { inputs, context } = job;
  const { owner, repo, serverUrl, pullRequest } = context;
  const path = configPath(job);
  // The lines are those of the file that judged; where the base's and the head's judge alike, the head's.
  const { from, changed } = report.thresholds;
  const sha =
    from === 'base' && changed
      ? (report.thresholds.sha ?? report.source?.baseSha)
      : (pullRequest?.headSha ?? context.sha);
  const encoded = path?.split('/').map(encodeURIComponent).join('/');
  const repository = `${serverUrl}/${owner}/${repo}`;
  return {
    run: context.runUrl,
    html: inputs.reportUrl,
    history: inputs.historyUrl,
    // Uploaded by a later step, whose artifact has no address yet: this place has one.
    artifacts: context.runUrl && `${context.runUrl}#artifacts`,
    thresholds:
      inputs.mode === 'run' && owner && sha && encoded ? `${repository}/blob/${sha}/${encoded}` : null,
    commits: owner ? `${repository}/commit/` : null,
    waivers: owner && pullRequest ? `${repository}/pull/${pullRequest.number}` : null,
  };
}

/** Path of quantgate.yml as annotations and links want it: relative to the repository, which may be checked out in a folder. */
function configPath({ inputs, context }: Job): string | null {
  const root = repositoryOf(inputs.config, context.workspace);
  const path = relative(root, inputs.config).split('\\').join('/');
  return path.startsWith('..') ? null : path;
}

/** The nearest folder above `file` that git knows as a work tree, up to the workspace. */
function repositoryOf(file: string, workspace: string): string {
  let folder = dirname(file);
  while (folder.startsWith(workspace + sep) && !existsSync(join(folder, '.git'))) folder = dirname(folder);
  return folder.startsWith(workspace) ? folder : workspace;
}
