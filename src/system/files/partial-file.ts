/** Files on their way: written under a name of their own and renamed when complete. What killed processes left is removed. */
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isAlive } from '../process/process-alive.js';
import { unfinished } from '../process/unfinished.js';

/** Where this process writes what is to become `target`: beside it, so that renaming is one step. */
export function partialName(target: string): string {
  const name = `${target}.${process.pid}.tmp`;
  unfinished(resolve(name));
  return name;
}

/** Removes what processes that are gone were writing for `target`. */
export function removePartials(target: string): void {
  removeMatching(dirname(target), (name) => name.startsWith(`${basename(target)}.`) && isAbandoned(name));
}

/** Removes from a run's output folder everything that a killed run had begun; only one run at a time has such a folder. */
export function removeUnfinished(out: string): void {
  rmSync(join(out, '.base'), { recursive: true, force: true });
  for (const folder of [out, join(out, 'models'), join(out, 'badges')]) removeMatching(folder, isAbandoned);
  removeMatching(join(out, 'models'), (name) => name.startsWith('.command-'));
}

function isAbandoned(name: string): boolean {
  const [, pid] = /\.(\d+)\.tmp$/.exec(name) ?? [];
  return pid !== undefined && Number(pid) !== process.pid && !isAlive(Number(pid));
}

function removeMatching(folder: string, matches: (name: string) => boolean): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return; // not there yet
  }
  for (const name of names.filter(matches)) rmSync(join(folder, name), { recursive: true, force: true });
}
