/** A fork's configuration may only name files of its own checkout: it must not make the runner read (and describe) others. */
import type { Config } from '../../config/config.js';
import { namedPaths } from '../../config/paths.js';
import { UserError } from '../../errors.js';
import { physicalPath, relativeInside } from '../../system/physical-path.js';

/** Throws UserError when `file` lies, or links, outside of `workspace`: what it says of another file would be shown. */
export function assertInside(file: string, workspace: string): void {
  if (relativeInside(physicalPath(workspace), physicalPath(file)) === null) {
    throw new UserError(
      'github.fork-outside',
      `${file} lies outside of the workspace: the configuration of a fork may only name files of its checkout.`,
    );
  }
}

/** Throws UserError for a path of the configuration that lies, or links, outside of `workspace`. */
export function assertConfined(config: Config, workspace: string): void {
  for (const path of namedPaths(config)) assertInside(path, workspace);
}
