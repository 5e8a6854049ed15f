/**
 * A home directory for git versions that don't hear `-c safe.directory` (before 2.38, those of Debian 11 and Ubuntu 22.04 among them): they
 * read it from the user's .gitconfig only. The user's own settings are included, and what else lies in the home is linked.
 */
import { readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { scratchFolder } from '../../system/files/scratch.js';

/** Its path. It goes with the process. `directory` is a physical path in the work tree; it and all above it count as safe. */
export function safeHome(directory: string): string {
  const home = scratchFolder('home');
  const user = process.env.HOME || homedir();
  for (const name of hiddenFiles(user)) symlinkSync(join(user, name), join(home, name));
  const lines = [
    `[include]\n\tpath = ${quoted(join(user, '.gitconfig'))}`,
    '[safe]',
    // The oldest know no `*`: the work tree is one of these.
    ...[...above(directory), '*'].map((path) => `\tdirectory = ${quoted(path)}`),
  ];
  writeFileSync(join(home, '.gitconfig'), `${lines.join('\n')}\n`);
  return home;
}

/** Credentials, netrc and the like: git and what it calls look for them in HOME. */
function hiddenFiles(home: string): string[] {
  try {
    return readdirSync(home).filter((name) => name.startsWith('.') && name !== '.gitconfig');
  } catch {
    return [];
  }
}

function above(directory: string): string[] {
  const next = dirname(directory);
  return next === directory ? [directory] : [directory, ...above(next)];
}

/** As git's configuration writes strings. */
function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
