/** Whether GitHub has a commit: what it hasn't was made on this machine. */
import type { Api } from '../api/api.js';
import { explainFault, statusOf } from '../api/faults.js';

/** Of the repository, its forks included. `known` is a commit that GitHub has. Throws an Error that says what went wrong. */
export async function isPublished(
  api: Api,
  place: { owner: string; repo: string },
  { sha, known }: { sha: string; known: string },
): Promise<boolean> {
  // A token that may not see commits is told that there is none, too.
  if (!(await has(api, place, known))) {
    throw new Error(
      "The input `token` can't see the commits of this repository: give the job `contents: read`.",
    );
  }
  return await has(api, place, sha);
}

async function has(
  api: Api,
  { owner, repo }: { owner: string; repo: string },
  sha: string,
): Promise<boolean> {
  try {
    await api.rest.git.getCommit({ owner, repo, commit_sha: sha });
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw new Error(explainFault(error, `ask whether ${sha.slice(0, 12)} was pushed`, 'contents: read'));
  }
}
