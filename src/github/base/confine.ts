/** A fork's configuration may only name files of its own checkout: it must not make the runner read (and describe) others. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../config/config.js';
import { namedPaths } from '../../config/paths.js';
import { UserError } from '../../errors.js';
import { physicalPath, relativeInside } from '../../system/files/physical-path.js';

/** Throws UserError when `file` lies, or links, outside of `workspace`: what it says of another file would be shown. */
export function assertInside(file: string, workspace: string): void {
  if (relativeInside(physicalPath(workspace), physicalPath(file)) === null) {
    throw new UserError(
      'github.fork-outside',
      `${file} lies outside of the workspace: the configuration of a fork may only name files of its checkout.`,
    );
  }
}

/**
 * Throws UserError for a path of the configuration that lies, or links, outside of `workspace`, and for a link within a folder that it names: images in
 * class folders are read through links.
 */
export function assertConfined(config: Config, workspace: string): void {
  const seen = new Set<string>();
  for (const path of namedPaths(config)) {
    assertInside(path, workspace);
    assertLinksInside(path, { workspace, seen });
  }
}

/** Of a folder that was looked through, or is none: nothing. Folders of tools, which no data are read from, are left out. */
function assertLinksInside(
  folder: string,
  { workspace, seen }: { workspace: string; seen: Set<string> },
): void {
  const real = physicalPath(folder);
  if (seen.has(real)) return;
  seen.add(real);
  const entries = statSync(real, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(real, { withFileTypes: true })
    : [];
  for (const entry of entries) {
    if (TOOLS.has(entry.name)) continue;
    const path = join(real, entry.name);
    if (entry.isSymbolicLink()) assertInside(path, workspace);
    if (entry.isSymbolicLink() || entry.isDirectory()) assertLinksInside(path, { workspace, seen });
  }
}

const TOOLS = new Set(['.git', 'node_modules', '.venv', 'venv']);
