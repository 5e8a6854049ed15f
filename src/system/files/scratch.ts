/**
 * Temporary folders. All of a process lie in one, which goes when the process ends; what a killed process left, the next
 * one removes.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MachineError, messageOf } from '../../errors.js';
import { isAlive } from '../process/process-alive.js';
import { unfinished } from '../process/unfinished.js';

let own: string | null = null;

/** A new folder for `purpose`, which is part of its name. Its maker removes it when done; it never outlives the process for long. */
export function scratchFolder(purpose: string): string {
  return newFolder(join(processFolder(), `${purpose}-`));
}

/**
 * A new folder in `place` itself, such as one in memory, for what loses its name at once: its maker removes it. What a process that was
 * killed before that left there goes first.
 */
export function scratchFolderIn(place: string): string {
  removeAbandoned(place);
  return newFolder(namedAfterProcess(place));
}

/** The process's own folder, which holds the others. */
export function processFolder(): string {
  if (own === null) {
    const place = scratchPlace();
    removeAbandoned(place);
    own = newFolder(namedAfterProcess(place));
    unfinished(own);
    process.on('exit', () => rmSync(own!, { recursive: true, force: true }));
  }
  return own;
}

/** A prefix that tells whose the folder is. */
const namedAfterProcess = (place: string) => join(place, `quantgate-${process.pid}-${hostname()}-`);

/** @throws MachineError when the place is missing, full or not ours to write. */
function newFolder(prefix: string): string {
  try {
    return mkdtempSync(prefix);
  } catch (error) {
    throw new MachineError(
      'machine.no-room',
      `The temporary folder ${dirname(prefix)} can't be used: ${messageOf(error)}. Make room there, or name another with TMPDIR.`,
    );
  }
}

/** The runner's folder is emptied before and after each job, and lies where there is room. */
function scratchPlace(): string {
  const given = process.env.RUNNER_TEMP;
  return given && existsSync(given) ? given : tmpdir();
}

/** Of processes of this host that are gone; another host (or container) that shares the place may be at work. */
function removeAbandoned(place: string): void {
  let names: string[] = [];
  try {
    names = readdirSync(place);
  } catch {
    // It may be written without being read; whether it is there shows when it is.
  }
  for (const name of names) {
    const [, pid, host] = /^quantgate-(\d+)-(.+)-[^-]{6}$/.exec(name) ?? [];
    if (pid === undefined || host !== hostname() || isAlive(Number(pid))) continue;
    try {
      rmSync(join(place, name), { recursive: true, force: true });
    } catch {
      // Another user's: theirs to remove.
    }
  }
}
