/** Files that a folder of data lists: read only where they lie inside of it, links resolved. */
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../errors.js';
import { relativeInside } from './physical-path.js';
import { shownPath } from './shown-path.js';

/**
 * Path of the file `name` in `folder`. Throws UserError when it links outside: whoever may put a link there must not make this machine read, and quote,
 * another file. A file that isn't there is the reader's to tell.
 */
export async function listedFile(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  const real = await realpath(path).catch(() => null);
  if (real !== null && relativeInside(await realpath(folder), real) === null) {
    throw new UserError(
      'file.outside',
      `${shownPath(path)} links outside of ${shownPath(folder)}: only files inside it are read.`,
    );
  }
  return path;
}
