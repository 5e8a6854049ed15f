/** Which commit is checked out, and whether it is what a pull request proposes: nothing may pass that was never measured. */
import { messageOf } from '../../errors.js';
import { Git } from '../base/git.js';
import { repositoryPaths } from '../base/repository-path.js';
import { type Problem, problemOf } from '../base/unreadable.js';
import type { Claim } from '../event/claim.js';

/**
 * claimed: the checkout is what the claim is about, or nothing is claimed. other: it is another commit. unknown: git can't be asked, or
 * nobody says what it should be.
 */
export interface MeasuredCommit {
  state: 'claimed' | 'other' | 'unknown';
  /** Full id; null: git can't be asked. */
  sha: string | null;
  /** null: claimed. */
  problem: Problem | null;
}

/** A step may put commits of its own on top of the head; nobody makes more. */
const MAX_OWN_COMMITS = 64;

export interface MeasuredCommitOptions {
  /** Whether GitHub has a commit; throws when that can't be told. Default: nobody can be asked. */
  isPublished?: (sha: string) => Promise<boolean>;
  signal?: AbortSignal | undefined;
}

/**
 * Of the work tree that `directory` lies in. Claimed is the head itself, GitHub's or a step's merge of it, and either with commits on top that
 * were made here: a commit that GitHub has is somebody's later push, or another branch. Throws Interrupted.
 */
export async function measuredCommit(
  directory: string,
  claim: Claim | null,
  { isPublished, signal }: MeasuredCommitOptions = {},
): Promise<MeasuredCommit> {
  let found: CheckedOut;
  try {
    found = await checkedOut(directory, signal);
  } catch (error) {
    const { cause, remedy } = problemOf(error, 'The log of the job says more.');
    const problem = { cause: `Which commit is checked out can't be told: ${cause}`, remedy };
    return { state: claim ? 'unknown' : 'claimed', sha: null, problem: claim && problem };
  }
  const { git, sha, problem } = found;
  if (!claim) return { state: 'claimed', sha, problem: null };
  if (problem) return { state: 'other', sha, problem };
  const { headSha, defaultSha, subject, remedy } = claim;
  if (headSha === null) {
    // Without a payload the default checkout is still the event's own commit.
    if (sha === defaultSha) return { state: 'claimed', sha, problem: null };
    const cause = `Nobody says which commit is the head of ${subject}.`;
    return { state: 'unknown', sha, problem: { cause, remedy } };
  }
  const cause = await objection(git, sha, { ...claim, headSha, isPublished });
  return cause === null
    ? { state: 'claimed', sha, problem: null }
    : { state: 'other', sha, problem: { cause, remedy } };
}

interface CheckedOut {
  git: Git;
  sha: string;
  /** A submodule that isn't at the commit that its superproject names. */
  problem: Problem | null;
}

/** HEAD; of a submodule that of the outermost work tree, which is what events are about. */
async function checkedOut(directory: string, signal: AbortSignal | undefined): Promise<CheckedOut> {
  const git = await Git.open(directory, { signal });
  const sha = await git.run(['rev-parse', '--verify', 'HEAD^{commit}']);
  const above = await git.superproject();
  if (above === null) return { git, sha, problem: null };
  const outer = await checkedOut(above, signal);
  const [path] = repositoryPaths(outer.git.root, git.root);
  const entry = await outer.git.ask(['ls-tree', '--full-tree', 'HEAD', '--', `:(literal)${path}`]);
  const pinned = /^160000 commit ([0-9a-f]+)\t/.exec(entry ?? '')?.[1] ?? null;
  if (outer.problem || pinned === sha) return outer;
  const cause = `The submodule ${path} is at ${short(sha)}, not at ${pinned ? short(pinned) : 'a commit'} that ${short(outer.sha)} names.`;
  return {
    ...outer,
    problem: { cause, remedy: 'Check it out with `submodules: true` of actions/checkout.' },
  };
}

interface Judged extends Claim, Pick<MeasuredCommitOptions, 'isPublished'> {
  headSha: string;
}

/** null: `sha` is the head, or holds it with nothing on top but what was made here. */
async function objection(git: Git, sha: string, claim: Judged): Promise<string | null> {
  const above = await commitsAbove(git, sha, claim.headSha);
  const checkout = `Checked out is ${short(sha)}`;
  const head = `${short(claim.headSha)}, the head of ${claim.subject}`;
  if (above === null) return `${checkout}, which is not ${head}, nor holds it.`;
  const lowest = above.at(-1);
  const own = lowest && (await isOfficialMerge(git, lowest, claim)) ? above.slice(0, -1) : above;
  const first = own.at(-1);
  const origin = first && (await originOf(git, first, claim));
  if (!origin) return null;
  return `${checkout}, which holds ${head}, but ${first === sha ? 'it' : short(first)} ${origin}`;
}

/** Whether it is the merge that GitHub made of this pull request: the event's own, or what refs/pull/N/merge was when it was fetched. */
async function isOfficialMerge(git: Git, sha: string, { defaultSha, pullRequest }: Claim): Promise<boolean> {
  if (sha === defaultSha) return true;
  if (pullRequest === null) return false;
  return (
    (await git.ask(['rev-parse', '--verify', '--quiet', `refs/remotes/pull/${pullRequest}/merge`])) === sha
  );
}

/** Where a commit comes from that lies on top of the head; null: it was made here, and nobody else has it. */
async function originOf(
  git: Git,
  sha: string,
  { isPublished }: Pick<MeasuredCommitOptions, 'isPublished'>,
): Promise<string | null> {
  const refs = await git.run(['for-each-ref', `--contains=${sha}`, '--format=%(refname)', 'refs/remotes/']);
  const [ref] = refs.split('\n').filter((one) => one !== '');
  if (ref) {
    const branch = ref.replace('refs/remotes/', '');
    return `comes from ${branch}: that branch has moved on since this run was started, or is another one.`;
  }
  const unknown = 'is not known to be made here';
  if (!isPublished) return `${unknown}: without the input \`token\` GitHub can't be asked.`;
  try {
    if (!(await isPublished(sha))) return null;
  } catch (error) {
    return `${unknown}. ${messageOf(error)}`;
  }
  return 'was not made here: GitHub has it. It was pushed since this run was started, or belongs to another branch.';
}

/** Commits from `sha` down to the head, the one that merges it included; [] when it is the head itself; null: it isn't found. */
async function commitsAbove(git: Git, sha: string, headSha: string): Promise<string[] | null> {
  const listed = await git.run([
    'rev-list',
    '--first-parent',
    '--parents',
    `--max-count=${MAX_OWN_COMMITS}`,
    sha,
  ]);
  const above: string[] = [];
  for (const line of listed.split('\n')) {
    const [commit = '', ...known] = line.split(' ');
    if (commit === headSha) return above;
    above.push(commit);
    // Where a shallow clone ends, git hides the parents that the commit itself names.
    const parents = known.length > 0 ? known : await parentsOf(git, commit);
    if (parents.includes(headSha)) return above;
  }
  return null;
}

/** From the commit object itself. */
async function parentsOf(git: Git, commit: string): Promise<string[]> {
  const header = (await git.run(['cat-file', 'commit', commit])).split('\n\n', 1)[0]!;
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].map(([, parent]) => parent!);
}

function short(sha: string): string {
  return sha.slice(0, 12);
}
