/** Installed package sets on disk: complete or absent, whoever is killed when, however many start at once. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { codeOf, throwIfInterrupted } from '../../errors.js';
import { isAlive } from '../../system/process/process-alive.js';

/** Lists the entry's files with their sizes; written last, before the entry gets its name. */
const MARKER = '.complete';
/** The holder of a lock touches it this often; one not touched for ten times as long is abandoned. */
const HEARTBEAT_MS = 2_000;
const ABANDONED_MS = 10 * HEARTBEAT_MS;
const POLL_MS = 200;
/** Temporary directories of other machines that share this cache are left alone this long. */
const LEFTOVER_MS = 24 * 3600 * 1000;

/** Whether `entry` is a finished installation whose files are all there, at their sizes. */
export async function isComplete(entry: string): Promise<boolean> {
  try {
    const files = JSON.parse(await readFile(join(entry, MARKER), 'utf8')) as Record<string, number>;
    for (const [path, size] of Object.entries(files)) {
      if ((await stat(join(entry, path))).size !== size) return false;
    }
    return true;
  } catch {
    return false;
  }
}

/** As isComplete; takes away the lock of a maker who was killed after the entry had its name. */
export async function isSettled(entry: string): Promise<boolean> {
  if (!(await isComplete(entry))) return false;
  // A cache that can't be written (in an image) is as good with it.
  if (await isAbandoned(lockOf(entry))) await rm(lockOf(entry), { force: true }).catch(() => undefined);
  return true;
}

function lockOf(entry: string): string {
  return `${entry}.lock`;
}

/**
 * Makes `entry` with `fill`, which gets an empty temporary directory beside it. Of several processes one fills, the
 * others wait for it. What killed processes left behind is removed. Throws Interrupted, what `fill` throws, and what the disk refuses.
 */
export async function ensureEntry(
  entry: string,
  fill: (directory: string) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  if (await isSettled(entry)) return;
  await mkdir(dirname(entry), { recursive: true });
  const unlock = await lock(lockOf(entry), signal);
  try {
    if (await isComplete(entry)) return;
    await removeLeftovers(entry);
    const temporary = temporaryName(entry);
    try {
      await mkdir(temporary);
      await fill(temporary);
      await writeFile(join(temporary, MARKER), JSON.stringify(await filesOf(temporary)));
      await publish(temporary, entry);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  } finally {
    await unlock();
  }
}

/** Renames into place. A half-finished entry goes; a complete one (someone believed our lock abandoned) stays. */
async function publish(temporary: string, entry: string): Promise<void> {
  if (await isComplete(entry)) return;
  if (existsSync(entry)) {
    const aside = temporaryName(entry);
    await rename(entry, aside);
    await rm(aside, { recursive: true, force: true });
  }
  try {
    await rename(temporary, entry);
  } catch (error) {
    if (!(await isComplete(entry))) throw error;
  }
}

/** Says whose it is, so that what a killed process left can be told from what another is still filling. */
function temporaryName(entry: string): string {
  return `${entry}.tmp-${hostname()}-${process.pid}-${randomUUID().slice(0, 8)}`;
}

async function removeLeftovers(entry: string): Promise<void> {
  const start = `${basename(entry)}.tmp-`;
  for (const name of await readdir(dirname(entry))) {
    if (!name.startsWith(start)) continue;
    const path = join(dirname(entry), name);
    const [, host, pid] = /^(.*)-(\d+)-[0-9a-f]+$/.exec(name.slice(start.length)) ?? [];
    const dead = host === hostname() && !isAlive(Number(pid));
    if (dead || (await ageMs(path)) > LEFTOVER_MS) await rm(path, { recursive: true, force: true });
  }
}

async function filesOf(directory: string): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const path of await readdir(directory, { recursive: true })) {
    const found = await stat(join(directory, path));
    if (found.isFile()) sizes[path] = found.size;
  }
  return sizes;
}

async function ageMs(path: string): Promise<number> {
  return await stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
}

/** Waits for the lock file `path`; the result gives it back. Throws Interrupted. */
async function lock(path: string, signal?: AbortSignal): Promise<() => Promise<void>> {
  const owner = JSON.stringify({ host: hostname(), pid: process.pid, id: randomUUID() });
  for (;;) {
    throwIfInterrupted(signal);
    try {
      const file = await open(path, 'wx');
      await file.writeFile(owner);
      await file.close();
      break;
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
      if (await isAbandoned(path)) await rm(path, { force: true });
      else await pause(POLL_MS);
    }
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => undefined);
  }, HEARTBEAT_MS);
  heartbeat.unref();
  return async () => {
    clearInterval(heartbeat);
    const current = await readFile(path, 'utf8').catch(() => null);
    if (current === owner) await rm(path, { force: true });
  };
}

/** Its process is gone, or (another host, another container) it hasn't been touched for a while. */
async function isAbandoned(path: string): Promise<boolean> {
  try {
    const { host, pid } = JSON.parse(await readFile(path, 'utf8')) as { host: string; pid: number };
    if (host === hostname() && !isAlive(pid)) return true;
  } catch {
    // Gone, or its maker was killed before it wrote into it: age decides.
  }
  return (await ageMs(path)) > ABANDONED_MS;
}
