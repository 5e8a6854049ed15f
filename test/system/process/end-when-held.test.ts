import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let home: string;
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'held-test-'));
  const source = `
    import { writeFileSync } from 'node:fs';
    import { scratchFolder } from './src/system/files/scratch.js';
    import { partialName } from './src/system/files/partial-file.js';
    import { endWhenHeld } from './src/system/process/end-when-held.js';
    const [mode, target] = process.argv.slice(2);
    process.on('SIGINT', () => process.exit(130));
    const folder = scratchFolder('opened');
    const listens = endWhenHeld({ patienceS: mode === 'held' ? 1 : 1000 });
    const partial = partialName(target);
    writeFileSync(partial, 'half of it');
    if (mode === 'ends') process.exitCode = 0;
    else {
      const wait = setInterval(() => {}, 1000);
      await listens;
      console.log(JSON.stringify([folder, partial]));
      if (mode === 'held') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    }`;
  await build({
    stdin: { contents: source, resolveDir: join(import.meta.dirname, '..', '..', '..') },
    outfile: join(home, 'program.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** In a process group of its own, as a terminal starts it. */
function start(mode: 'held' | 'alive' | 'ends', target = 'model.onnx'): ChildProcess {
  return spawn(process.execPath, [join(home, 'program.mjs'), mode, join(home, target)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, RUNNER_TEMP: home },
  });
}

const ended = (child: ChildProcess) =>
  new Promise<[number | null, string | null]>((resolve) =>
    child.on('close', (code, signal) => resolve([code, signal])),
  );

const paths = (child: ChildProcess) =>
  new Promise<string[]>((resolve) => child.stdout!.once('data', (text) => resolve(JSON.parse(String(text)))));

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  it('ends a process whose thread is held, and removes what it has begun', async () => {
    writeFileSync(join(home, 'model.onnx'), 'of another run');
    const child = start('held');
    const end = ended(child);
    const begun = await paths(child);
    expect(begun.map(existsSync)).toEqual([true, true]);
    process.kill(-child.pid!, 'SIGINT');
    expect(await end).toEqual([null, 'SIGKILL']);
    expect(begun.map(existsSync)).toEqual([false, false]);
    expect(readFileSync(join(home, 'model.onnx'), 'utf8')).toBe('of another run');
  });

  it('removes nothing else for a name of several lines', async () => {
    writeFileSync(join(home, 'first'), 'of another run');
    const child = start('held', 'first\nsecond');
    const end = ended(child);
    await paths(child);
    process.kill(-child.pid!, 'SIGINT');
    expect(await end).toEqual([null, 'SIGKILL']);
    expect(readFileSync(join(home, 'first'), 'utf8')).toBe('of another run');
  });

  it('is left to a process that hears it', async () => {
    const child = start('alive');
    const exit = new Promise((resolve) => child.on('exit', resolve));
    await paths(child);
    process.kill(-child.pid!, 'SIGINT');
    expect(await exit).toBe(130);
    process.kill(-child.pid!, 'SIGKILL');
  });

  it('never said, nothing stays: a process that ends takes its guard with it', async () => {
    expect(await ended(start('ends'))).toEqual([0, null]);
  });
});
