/** Real git repositories for tests. */
import { execFileSync } from 'node:child_process';

/** Standard output without its last line end; throws with git's words. */
export function git(directory: string, ...args: string[]): string {
  const settings = ['user.name=t', 'user.email=t@t', 'init.defaultBranch=main', 'protocol.file.allow=always'];
  return execFileSync('git', [...settings.flatMap((one) => ['-c', one]), ...args], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** Commits everything, or nothing; returns the id. */
export function commit(directory: string, message: string): string {
  git(directory, 'add', '-A');
  git(directory, 'commit', '-qm', message, '--allow-empty');
  return git(directory, 'rev-parse', 'HEAD');
}

/** Makes a work tree of `directory`, with all that lies in it as the base, and the head of a pull request that changes nothing. */
export function proposeIn(directory: string): { base: string; head: string } {
  git(directory, 'init', '-q');
  return { base: commit(directory, 'base'), head: commit(directory, 'head') };
}
