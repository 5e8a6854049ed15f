/** Paths with every link resolved: two ways of writing one place compare as equal only then. */
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';

/** The place that `path` names, links resolved; of what is not there (yet), where it would be. */
export function physicalPath(path: string): string {
  const absolute = resolve(path);
  if (existsSync(absolute) || dirname(absolute) === absolute) return realpathSync(absolute);
  return join(physicalPath(dirname(absolute)), basename(absolute));
}

/** `path` relative to `directory`, '' for itself; null when it lies outside. Both physical, or both not. */
export function relativeInside(directory: string, path: string): string | null {
  const inside = relative(directory, path);
  return inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside) ? null : inside;
}
