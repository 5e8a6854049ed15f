/** The base's quantgate.yml: read, absent, or there and unreadable, which are three things. */
import type { Config } from '../../config/config.js';
import { parseConfig } from '../../config/read/load.js';
import type { BaseTree } from './tree.js';
import { type Problem, problemOf, Unreadable } from './unreadable.js';

/** absent: the base has none, as before its first adoption. unreadable: it has one, or nobody can tell. */
export type JudgingConfig =
  | { state: 'read'; config: Config }
  | { state: 'absent' }
  | ({ state: 'unreadable' } & Problem);

/** Paths are resolved against this checkout: both revisions are measured on the same data. */
export async function readConfig(tree: BaseTree, head: BaseTree, config: Config): Promise<JudgingConfig> {
  const { file, directory } = config;
  if (file === null) return { state: 'absent' };
  const shown = tree.shown(file);
  try {
    const text = await tree.readText(file);
    if (text !== null) {
      const parsed = await parseConfig(text, { file, directory, expand: false });
      return { state: 'read', config: parsed };
    }
    if (await isTracked(head, file)) return { state: 'absent' };
    throw new Unreadable({
      cause: `${shown} is not in git, neither at the base nor here: no revision of it is the base's.`,
      remedy: 'Commit it; where a step of the workflow writes it, set `thresholds-from: head`.',
    });
  } catch (error) {
    const { cause, remedy } = problemOf(error, `Mend ${shown} on the base branch.`);
    const foreseen = error instanceof Unreadable;
    return {
      state: 'unreadable',
      cause: foreseen ? cause : `At the base, ${shown} is wrong: ${cause}`,
      remedy,
    };
  }
}

/** Whether the head's commit has anything there, be it a link. */
export async function isTracked(head: BaseTree, path: string): Promise<boolean> {
  return await head.find(path).then(
    (found) => found !== null,
    (error) => {
      if (error instanceof Unreadable) return true;
      throw error;
    },
  );
}
