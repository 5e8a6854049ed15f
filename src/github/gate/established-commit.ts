/** The commit that was measured, as a check result where it isn't the one that the run is about. Pure. */
import { establishedResults } from '../../judge/established.js';
import type { Level } from '../../terms/level.js';
import type { CheckResult } from '../../terms/verdict.js';
import type { MeasuredCommit } from '../head/measured-commit.js';

/** `level`: input `on-unreadable-base`, for a repository that can't be asked. That another commit was measured nobody can allow. */
export function establishedCommit({ sha, problem }: MeasuredCommit, level: Level): CheckResult[] {
  if (!problem) return [];
  const { cause: message, remedy } = problem;
  return establishedResults([{ name: 'commit', level: sha === null ? level : 'error', message, remedy }]);
}
