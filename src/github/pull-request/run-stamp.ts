/** Which run wrote a comment: a hidden last line, by which an older run knows that it comes too late. Pure. */

/** A run of a workflow, as GitHub counts them. For `workflow_run` the measuring run, whose result is reported. */
export interface RunStamp {
  /** GITHUB_RUN_ID: later runs have larger ones. */
  id: number;
  /** GITHUB_RUN_ATTEMPT: 2 and more when somebody ran it again. */
  attempt: number;
  /** Commit that the run is about; null: unknown. */
  headSha: string | null;
}

/** More than a stamp can take, in bytes: two whole numbers and a SHA-256. */
export const STAMP_BYTES = 150;

const STAMP = /\n<!-- quantgate-run (\d{1,16})\.(\d{1,6}) ([0-9a-f]{40,64}|-) -->\s*$/;

export function withStamp(body: string, stamp: RunStamp | null): string {
  if (!stamp) return body;
  return `${body}\n<!-- quantgate-run ${stamp.id}.${stamp.attempt} ${stamp.headSha ?? '-'} -->`;
}

/** null: a comment of a version that didn't stamp, or of a run without an id. */
export function stampOf(body: string): RunStamp | null {
  const [, id, attempt, head] = STAMP.exec(body) ?? [];
  if (!id) return null;
  return { id: Number(id), attempt: Number(attempt), headSha: head === '-' ? null : head! };
}

/**
 * Whether `mine` may take the place of `other`. A later run may; so may the same run, and an earlier one that somebody ran again for the
 * commit that the later one was about: that is how a waive label or a repaired machine is taken into account.
 */
export function mayReplace(mine: RunStamp | null, other: RunStamp | null): boolean {
  if (!other) return true;
  if (!mine) return false;
  if (mine.id !== other.id) {
    return (
      mine.id > other.id || (mine.attempt > 1 && mine.headSha !== null && mine.headSha === other.headSha)
    );
  }
  return mine.attempt >= other.attempt;
}

export function sameRun(one: RunStamp | null, other: RunStamp | null): boolean {
  return one?.id === other?.id && one?.attempt === other?.attempt;
}
