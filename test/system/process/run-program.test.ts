import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Interrupted } from '../../../src/errors.js';
import { isAlive } from '../../../src/system/process/process-alive.js';
import { type ProgramOptions, runProgram } from '../../../src/system/process/run-program.js';
import { HARMLESS, inJobEnvironment, SEEN } from './secrets.js';

const folder = mkdtempSync(join(tmpdir(), 'quantgate-program-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
/** The path of a file that is not there yet. */
const newFile = () => join(folder, `file-${files++}`);

const WHOLE = { stdout: { limitBytes: 2 ** 20 } };

/** Runs a script in Node. */
const node = (script: string, options: ProgramOptions = {}, ...args: string[]) =>
  runProgram(process.execPath, ['-e', script, ...args], options);

/** Script: says the process's id, and its child's if it has one, in a file that is there only when it is complete. */
const sayIds = (file: string) =>
  `const { writeFileSync, renameSync } = require('node:fs');
   writeFileSync('${file}.tmp', [process.pid, ...(typeof child === 'undefined' ? [] : [child.pid])].join());
   renameSync('${file}.tmp', '${file}');`;
const FOREVER = 'setInterval(() => {}, 1000);';
const START_CHILD = `const child = require('node:child_process').spawn(process.execPath, ['-e', '${FOREVER}'], { stdio: 'inherit' });`;

const ids = (file: string) => readFileSync(file, 'utf8').split(',').map(Number);

/** What the system has not buried yet still counts as alive. */
const allGone = (file: string) =>
  expect.poll(() => ids(file).some(isAlive), { timeout: 10_000, interval: 20 }).toBe(false);

/** Runs a script until it has written `file`, then aborts. */
async function interrupted(script: string, file: string, options: ProgramOptions = {}): Promise<unknown> {
  const abort = new AbortController();
  const running = node(script, { ...options, signal: abort.signal }).catch((error: unknown) => error);
  await expect.poll(() => existsSync(file), { timeout: 20_000, interval: 20 }).toBe(true);
  abort.abort(new Interrupted('by a test'));
  return running;
}

describe('a program', () => {
  it('gives its standard output whole, the ends of its outputs, and its exit code', async () => {
    const script =
      'process.stdout.write("ü".repeat(1000)); process.stderr.write("ä".repeat(30)); process.exitCode = 7;';
    expect(await node(script, { ...WHOLE, keptLength: 10 })).toEqual({
      startError: null,
      stopped: null,
      exitCode: 7,
      signal: null,
      stdout: 'ü'.repeat(1000),
      stderr: 'ä'.repeat(10),
      said: 'ä'.repeat(10),
    });
  });

  it('tells the signal that ended it', async () => {
    expect(await node('process.kill(process.pid, "SIGABRT")')).toMatchObject({
      exitCode: null,
      signal: 'SIGABRT',
    });
  });

  it('reads what it is given, and may end without reading it', async () => {
    const input = 'x'.repeat(2 ** 20);
    const { stdout } = await node('process.stdin.pipe(process.stdout)', { ...WHOLE, input });
    expect(stdout).toBe(input);
    expect(await node('', { input })).toMatchObject({ exitCode: 0 });
  });

  it('has nothing to read unless it is given something', async () => {
    const script = 'process.stdin.on("end", () => console.log("end")).resume()';
    expect((await node(script, WHOLE)).stdout).toBe('end\n');
  });

  it('writes its standard output to a file', async () => {
    const file = newFile();
    expect(await node('console.log("to a file")', { stdout: { file } })).toMatchObject({ stdout: '' });
    expect(readFileSync(file, 'utf8')).toBe('to a file\n');
  });

  it.skipIf(!existsSync('/dev/full'))('fails with the disk that its output goes to', async () => {
    const running = node(`process.stdout.on("error", () => {}); console.log("much"); ${FOREVER}`, {
      stdout: { file: '/dev/full' },
    });
    await expect(running).rejects.toThrow('ENOSPC');
  });

  it('is stopped when it prints more than it may', async () => {
    const running = node('for (;;) require("node:fs").writeSync(1, "more ".repeat(1000))', {
      stdout: { limitBytes: 10_000 },
    });
    expect(await running).toMatchObject({ stopped: 'output' });
  });

  it("sees the environment without the job's secrets, unless it is given one", async () => {
    const print = `console.log(JSON.stringify(${SEEN}))`;
    const seen = (options: ProgramOptions) =>
      inJobEnvironment(async () => JSON.parse((await node(print, { ...WHOLE, ...options })).stdout));
    expect(await seen({})).toEqual(Object.keys(HARMLESS));
    expect(await seen({ environment: { GH_TOKEN: 'given' } })).toEqual(['GH_TOKEN']);
  });
});

describe('a program that cannot be started', () => {
  it('is named when it is missing', async () => {
    const { startError, exitCode } = await runProgram('no-such-program', []);
    expect(startError).toBe('spawn no-such-program ENOENT. Is no-such-program installed?');
    expect(exitCode).toBeNull();
  });

  it('is not blamed for a folder that is missing', async () => {
    const { startError } = await node('', { directory: join(folder, 'absent') });
    expect(startError).toMatch(/the folder .*absent that it should run in does not exist/);
  });

  it('is named when it may not be executed', async () => {
    const file = newFile();
    writeFileSync(file, '#!/bin/sh\n');
    expect((await runProgram(file, [])).startError).toContain(`EACCES. May ${file} be executed?`);
  });

  it('is told when its arguments are impossible', async () => {
    expect((await node('', {}, 'a\0b')).startError).toMatch(/null bytes/);
  });
});

describe('a program that is interrupted', () => {
  it('ends with everything that it started', async () => {
    const file = newFile();
    const error = await interrupted(`${START_CHILD} ${sayIds(file)} ${FOREVER}`, file);
    expect(error).toEqual(new Interrupted('by a test'));
    await allGone(file);
  });

  it('may put its things in order', async () => {
    const file = newFile();
    const tidy = `process.on('SIGTERM', () => { require('node:fs').appendFileSync('${file}', ',0'); process.exit(0); });`;
    expect(await interrupted(`${tidy} ${sayIds(file)} ${FOREVER}`, file)).toBeInstanceOf(Interrupted);
    expect(ids(file)).toEqual([expect.any(Number), 0]);
  });

  it('is killed when it does not end', async () => {
    const file = newFile();
    const deaf = `process.on('SIGTERM', () => {});`;
    const options = { graceMs: 100 };
    expect(await interrupted(`${deaf} ${sayIds(file)} ${FOREVER}`, file, options)).toBeInstanceOf(
      Interrupted,
    );
    await allGone(file);
  });

  it('is Interrupted whatever the signal was aborted with, and does not even start when it is too late', async () => {
    const file = newFile();
    const running = node(`require('node:fs').writeFileSync('${file}', '')`, { signal: AbortSignal.abort() });
    await expect(running).rejects.toThrow(Interrupted);
    expect(existsSync(file)).toBe(false);
  });
});

describe('programs at the same time', () => {
  it('share a signal, however many they are', async () => {
    const warnings: Error[] = [];
    const listen = (warning: Error) => warnings.push(warning);
    process.on('warning', listen);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 12 }, () => node('', { signal })));
    process.off('warning', listen);
    expect(warnings).toEqual([]);
  });
});

describe('a program that takes too long', () => {
  it('is stopped, and what it said is told', async () => {
    const end = await node(`console.error('working'); ${FOREVER}`, { timeoutMs: 2_000 });
    expect(end).toMatchObject({ stopped: 'timeout', signal: 'SIGTERM', said: 'working\n' });
  });

  it('is over although it has ended and left a child at work on its output', async () => {
    const file = newFile();
    const end = await node(`${START_CHILD} ${sayIds(file)} child.unref();`, { timeoutMs: 2_000 });
    expect(end).toMatchObject({ stopped: 'timeout', exitCode: 0 });
    await allGone(file);
  });
});
