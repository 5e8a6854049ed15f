/** Whether a checkout differs from its base in quantgate.yml or a file that it names. */
import type { Config } from '../../config/config.js';
import { namedPaths } from '../../config/paths.js';
import { filesOf } from '../../onnx/file/weights.js';
import { Git, GitError } from '../base/git.js';
import { repositoryPaths } from '../base/repository-path.js';
import { Unreadable } from '../base/unreadable.js';

/**
 * Compares the work tree with the commit `baseSha`. null: not known, because git can't tell, or doesn't know a file that an earlier step made.
 * What lies outside of the repository isn't changed by a pull request. Throws Interrupted.
 */
export async function changesFiles(
  config: Config,
  baseSha: string,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<boolean | null> {
  try {
    const git = await Git.open(config.directory, { signal });
    // A baseline comes from outside git: an earlier step made it.
    const baselines = new Set(config.models.map(({ baseline }) => baseline?.file));
    const paths = namedPaths(config).filter((path) => !baselines.has(path));
    const named = [config.file, ...paths, ...config.models.flatMap(externalData)];
    const inside = named.flatMap((path) => (path === null ? [] : repositoryPaths(git.root, path)));
    const specs = [...new Set(inside)].map((path) => `:(top,literal)${path}`);
    if ((await git.run(['diff', '--name-only', '--no-renames', baseSha, '--', ...specs])) !== '') return true;
    for (const spec of specs) {
      if ((await git.ask(['ls-files', '--error-unmatch', '--', spec])) === null) return null;
    }
    return false;
  } catch (error) {
    if (error instanceof GitError || error instanceof Unreadable) return null;
    throw error;
  }
}

/** Files that hold the model's tensors; [] of a model that can't be read: measuring it says so. */
function externalData({ path }: { path: string }): string[] {
  try {
    return filesOf(path);
  } catch {
    return [];
  }
}
