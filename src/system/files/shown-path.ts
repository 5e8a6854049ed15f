/** Paths as reports show them: relative to where the program runs, and nothing of the machine around it. */
import { basename, isAbsolute, relative } from 'node:path';

/** Relative to the working directory; outside of it only the file's name. */
export function shownPath(path: string, from: string = process.cwd()): string {
  const inside = relative(from, path);
  return inside.startsWith('..') || isAbsolute(inside) ? basename(path) : inside || '.';
}
