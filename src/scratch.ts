/**
 * Temporary folders. All of a process lie in one, which goes when the process ends; what a killed process left, the next
 * one removes.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive } from './process-alive.js';

let own: string | null = null;

/** A new folder for `purpose`, which is part of its name. Its maker removes it when done; it never outlives the process for long. */
export function scratchFolder(purpose: string): string {
  return mkdtempSync(join(processFolder(), `${purpose}-`));
}

/** The process's own folder, which holds the others. */
export function processFolder(): string {
  if (own === null) {
    const place = scratchPlace();
    removeAbandoned(place);
    own = mkdtempSync(join(place, `quantgate-${process.pid}-${hostname()}-`));
    process.on('exit', () => rmSync(own!, { recursive: true, force: true }));
  }
  return own;
}

/** The runner's folder is emptied before and after each job, and lies where there is room. */
function scratchPlace(): string {
  const given = process.env.RUNNER_TEMP;
  return given && existsSync(given) ? given : tmpdir();
}

/** Of processes of this host that are gone; another host (or container) that shares the place may be at work. */
function removeAbandoned(place: string): void {
  for (const name of readdirSync(place)) {
    const [, pid, host] = /^quantgate-(\d+)-(.+)-[^-]{6}$/.exec(name) ?? [];
    if (pid === undefined || host !== hostname() || isAlive(Number(pid))) continue;
    try {
      rmSync(join(place, name), { recursive: true, force: true });
    } catch {
      // Another user's: theirs to remove.
    }
  }
}
