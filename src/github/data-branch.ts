/** Badges, history and its page on a branch of their own, through the REST git API: no checkout is touched, no history is lost. */
import { setTimeout as pause } from 'node:timers/promises';
import { type Badge, renderBadges } from '../report/badges/badge.js';
import {
  appendHistory,
  type HistoryEntry,
  historyEntries,
  ofTheSame,
  parseHistory,
} from '../report/history.js';
import { renderHistoryPage } from '../report/history-page/history-page.js';
import type { Report } from '../terms/report.js';
import type { Api } from './api/api.js';
import { isRuleViolation, statusOf } from './api/faults.js';
import { mayReplace, type RunStamp } from './pull-request/run-stamp.js';

export interface DataBranch {
  owner: string;
  repo: string;
  branch: string;
  /** Directory on the branch; '' for the root. Jobs with different comment keys keep separate ones. */
  directory: string;
  /** What a commit's id is appended to; absent: ids are not linked. */
  commits?: string | null;
  /** Where the history page is published; absent: nowhere. Badges link to it. */
  historyUrl?: string | null;
}

/** Attempts when others write at the same time; each starts from what they wrote. */
const ATTEMPTS = 8;
/** Longest random pause between attempts. */
const JITTER_MS = 500;

const README = `This branch is written by quantgate: badges, the history of its runs, and its page (index.html). It holds no source code.\n`;

/** Earlier runs, oldest first; empty when there are none. Throws octokit's RequestError. */
export async function readHistory(api: Api, at: DataBranch): Promise<HistoryEntry[]> {
  const head = await readHead(api, at);
  return head ? parseHistory(await readFile(api, at, { commit: head.commit, path: historyPath(at) })) : [];
}

export interface Written {
  /** Those of this report; empty when a newer run has written its own. */
  badges: Badge[];
}

/**
 * Writes badges and one more line of history; badges of a newer run stay. Throws octokit's RequestError: at once when GitHub refuses, after
 * some attempts when others keep writing.
 */
export async function writeDataBranch(
  api: Api,
  at: DataBranch,
  report: Report,
  sleep: (ms: number) => Promise<unknown> = pause,
): Promise<Written> {
  const rendered = renderBadges(report, { link: at.historyUrl });
  const entries = historyEntries(report);
  let refused: { commit: string | null; error: unknown } | null = null;
  for (let attempt = 1; ; attempt++) {
    const head = await readHead(api, at);
    const commitBefore = head?.commit ?? null;
    if (refused && !isConflict(refused.error) && refused.commit === commitBefore) throw refused.error;
    const history = head ? await readFile(api, at, { commit: head.commit, path: historyPath(at) }) : '';
    const newest = newestRun(ofTheSame(parseHistory(history), entries));
    const badges = mayReplace(stampOf(report), newest) ? rendered : [];
    const written = appendHistory(history, entries);
    const files = {
      ...Object.fromEntries(badges.flatMap((badge) => badgeFiles(at, badge))),
      [historyPath(at)]: written,
      [`${at.directory}index.html`]: renderHistoryPage(parseHistory(written), {
        repository: `${at.owner}/${at.repo}`,
        commits: at.commits,
      }),
      ...(head ? {} : { 'README.md': README }),
    };
    try {
      await commit(api, at, { head, files, message: messageFor(report) });
      return { badges };
    } catch (error) {
      if (!mayBeConflict(error) || attempt >= ATTEMPTS) throw error;
      refused = { commit: commitBefore, error };
      await sleep(Math.random() * JITTER_MS * attempt);
    }
  }
}

function stampOf({ source }: Report): RunStamp | null {
  if (!source?.runId) return null;
  return { id: source.runId, attempt: source.runAttempt ?? 1, headSha: source.sha };
}

/** Who wrote the badges that are there: the newest run that measured the same; null: none that is known. */
function newestRun(history: readonly HistoryEntry[]): RunStamp | null {
  const newest = history.findLast(({ run }) => run !== undefined);
  return newest ? { id: newest.run!, attempt: newest.attempt ?? 1, headSha: newest.sha } : null;
}

/** GitHub's words when someone moved or made the branch since we looked. */
function isConflict(error: unknown): boolean {
  const message = error instanceof Error ? error.message : '';
  return /not a fast.?forward|reference already exists/i.test(message);
}

/** Whether another look could help: GitHub's words may change, so that what is no known refusal is looked at once more. */
function mayBeConflict(error: unknown): boolean {
  const status = statusOf(error);
  return (status === 409 || status === 422) && !isRuleViolation(error);
}

interface Head {
  commit: string;
  tree: string;
}

/** null: there is no such branch yet. */
async function readHead(api: Api, { owner, repo, branch }: DataBranch): Promise<Head | null> {
  try {
    const { data: ref } = await api.rest.git.getRef({ owner, repo, ref: `heads/${branch}` });
    const { data } = await api.rest.git.getCommit({ owner, repo, commit_sha: ref.object.sha });
    return { commit: ref.object.sha, tree: data.tree.sha };
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/**
 * '' when the commit has no such file. Asked by its path: a listing of the tree may be cut off, and what is missing in it would be
 * taken for absent, and overwritten.
 */
async function readFile(
  api: Api,
  { owner, repo }: DataBranch,
  { commit: ref, path }: { commit: string; path: string },
): Promise<string> {
  const sha = await blobOf(api, { owner, repo, path, ref });
  if (sha === null) return '';
  // By its id: the content itself comes with the answer for small files only.
  const { data: blob } = await api.rest.git.getBlob({ owner, repo, file_sha: sha });
  return Buffer.from(blob.content, 'base64').toString('utf8');
}

async function blobOf(
  api: Api,
  place: { owner: string; repo: string; path: string; ref: string },
): Promise<string | null> {
  try {
    const { data } = await api.rest.repos.getContent(place);
    if (Array.isArray(data) || data.type !== 'file') {
      throw new Error(`${place.path} is not a plain file on the data branch: it is left alone`);
    }
    return data.sha;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

async function commit(
  api: Api,
  { owner, repo, branch }: DataBranch,
  { head, files, message }: { head: Head | null; files: Record<string, string>; message: string },
): Promise<void> {
  const { data: tree } = await api.rest.git.createTree({
    owner,
    repo,
    ...(head ? { base_tree: head.tree } : {}),
    tree: Object.entries(files).map(([path, content]) => ({ path, mode: '100644', type: 'blob', content })),
  });
  if (tree.sha === head?.tree) return;
  const parents = head ? [head.commit] : [];
  const { data } = await api.rest.git.createCommit({ owner, repo, message, tree: tree.sha, parents });
  if (head)
    await api.rest.git.updateRef({ owner, repo, ref: `heads/${branch}`, sha: data.sha, force: false });
  else await api.rest.git.createRef({ owner, repo, ref: `refs/heads/${branch}`, sha: data.sha });
}

function badgeFiles({ directory }: DataBranch, { name, endpoint, svg }: Badge): [string, string][] {
  return [
    [`${directory}badges/${name}.json`, `${JSON.stringify(endpoint, null, 2)}\n`],
    [`${directory}badges/${name}.svg`, svg],
  ];
}

function historyPath({ directory }: DataBranch): string {
  return `${directory}history.jsonl`;
}

function messageFor(report: Report): string {
  const sha = report.source?.sha;
  return `quantgate: ${report.verdict}${sha ? ` at ${sha.slice(0, 12)}` : ''}`;
}
