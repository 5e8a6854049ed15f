/** Publishing a report, in the order that loses nothing: files and outputs, summary, comment, annotations. */
import { relative } from 'node:path';
import { messageOf } from '../errors.js';
import type { CheckResult } from '../judge/verdict.js';
import { marker as markerOf } from '../report/escape.js';
import { type ReportLinks, renderMarkdown } from '../report/markdown.js';
import type { Report } from '../report/report.js';
import type { RunResult } from '../run.js';
import type { Job } from './action.js';
import { annotate, annotationsOf } from './annotations.js';
import { type Api, createApi } from './api.js';
import { MAX_COMMENT_BYTES, type PostedComment, upsertComment } from './comment.js';
import { explainFault, statusOf } from './faults.js';
import { setCommentOutputs, setReportOutputs } from './outputs.js';
import { MIN_SUMMARY_BYTES, summaryRoom, writeSummary } from './summary.js';

export interface PublishOptions {
  /** Pull request that gets the comment; null: none. */
  pullRequest: number | null;
  /** 1-based line of a check in the configuration file of this checkout; null: unknown. */
  lineOf: (check: CheckResult) => number | null;
}

/** Tells everyone about `result`. Nothing that GitHub refuses ends the job: it becomes a warning. */
export async function publish(job: Job, result: RunResult, options: PublishOptions): Promise<void> {
  const { log } = job;
  const { report, files } = result;
  setReportOutputs(report, files);
  await summarize(report, job);
  const comment = await postComment(job, report, options.pullRequest);
  setCommentOutputs(comment);
  if (comment) log.info(`Comment: ${comment.url}`);
  annotate(annotationsOf(report, { file: configPath(job), lineOf: options.lineOf }));
}

/** null without a token: everything that needs no API still works. */
export function apiOf({ inputs, context, log }: Job): Api | null {
  return inputs.token ? createApi({ token: inputs.token, apiUrl: context.apiUrl, log }) : null;
}

async function summarize(report: Report, job: Job): Promise<void> {
  const { log } = job;
  const room = await summaryRoom();
  if (room < MIN_SUMMARY_BYTES) {
    log.info('The job summary has no room for the report; it is in its files.');
    return;
  }
  await writeSummary(renderMarkdown(report, { maxBytes: room, links: linksOf(job) }), log);
}

async function postComment(job: Job, report: Report, number: number | null): Promise<PostedComment | null> {
  const { inputs, context, log } = job;
  if (!inputs.comment || number === null) return null;
  const api = apiOf(job);
  if (!api) {
    log.warn('No comment was posted: the input `token` is empty. The report is in the job summary.');
    return null;
  }
  const marker = markerOf(inputs.commentKey);
  const target = { owner: context.owner, repo: context.repo, number };
  try {
    return await upsertFitting(api, target, (maxBytes) => ({
      marker,
      body: renderMarkdown(report, { maxBytes, marker: inputs.commentKey, links: linksOf(job) }),
    }));
  } catch (error) {
    log.warn(explainFault(error, `comment on pull request #${number}`, 'pull-requests: write'));
    return null;
  }
}

/** GitHub may count differently than we do: a body it finds too long is sent once more, much shorter. */
async function upsertFitting(
  api: Api,
  target: Parameters<typeof upsertComment>[1],
  render: (maxBytes: number) => { marker: string; body: string },
): Promise<PostedComment> {
  try {
    return await upsertComment(api, target, render(MAX_COMMENT_BYTES));
  } catch (error) {
    if (statusOf(error) !== 422 || !/too long|maximum is/i.test(messageOf(error))) throw error;
    return await upsertComment(api, target, render(Math.floor(MAX_COMMENT_BYTES / 4)));
  }
}

/** Addresses are made from the event, never from the report. */
function linksOf({ inputs, context }: Job): ReportLinks {
  const { owner, repo, serverUrl, sha } = context;
  const path = relative(context.workspace, inputs.config).split('\\').join('/');
  const inside = owner && sha && inputs.mode === 'run' && !path.startsWith('..');
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return {
    run: context.runUrl,
    thresholds: inside
      ? `${serverUrl}/${owner}/${repo}/blob/${context.pullRequest?.headSha ?? sha}/${encoded}`
      : null,
  };
}

/** Path of quantgate.yml as annotations want it: relative to the repository. */
function configPath({ inputs, context }: Job): string | null {
  const path = relative(context.workspace, inputs.config);
  return path.startsWith('..') ? null : path;
}
