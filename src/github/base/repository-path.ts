/** Where a path of this machine lies in a repository, whatever links lead there. */
import { dirname, relative, resolve, sep } from 'node:path';
import { physicalPath, relativeInside } from '../../system/files/physical-path.js';

/**
 * Paths that `path` has in the repository whose physical top directory is `root`: relative, with forward slashes; [] when it lies outside.
 * First as it is written once inside, so that a link which the head's revision put there is looked up by its own name in another one: a
 * revision must not choose where its base is looked for. Then with all links resolved, for links that git doesn't know.
 */
export function repositoryPaths(root: string, path: string): string[] {
  const absolute = resolve(path);
  const entrance = ancestors(absolute).find((one) => relativeInside(root, physicalPath(one)) !== null);
  const resolved = relativeInside(root, physicalPath(absolute));
  const written =
    entrance === undefined
      ? null
      : relativeInside(root, resolve(physicalPath(entrance), relative(entrance, absolute)));
  const found = [written, resolved].filter((one) => one !== null && one !== '') as string[];
  return [...new Set(found.map((one) => one.split(sep).join('/')))];
}

/** From the file system's root down to the path itself. */
function ancestors(path: string): string[] {
  const above = dirname(path);
  return above === path ? [path] : [...ancestors(above), path];
}
