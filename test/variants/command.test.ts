/** Variants that a command of the user's makes. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { Interrupted, UserError } from '../../src/errors.js';
import { SILENT } from '../../src/log.js';
import { runVariantCommand } from '../../src/variants/command.js';
import { HARMLESS, inJobEnvironment, SEEN } from '../system/process/secrets.js';

const folder = mkdtempSync(join(tmpdir(), 'quantgate-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const output = join(folder, 'out.txt');

/** A request that runs a script in Node. */
function request(script: string, changes: Partial<Parameters<typeof runVariantCommand>[0]> = {}) {
  return {
    command: [process.execPath, '-e', script, '{output}', '{model}'],
    model: '/models/net.onnx',
    output,
    directory: folder,
    timeoutMs: 20_000,
    context: { log: SILENT },
    ...changes,
  };
}

const gone = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};

const WRITE = "require('node:fs').writeFileSync";

/** A script that starts a process which never ends, and writes both their ids to `file`. */
const twoForever = (file: string) => `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  ${WRITE}(${JSON.stringify(`${file}.tmp`)}, process.pid + ' ' + child.pid);
  require('node:fs').renameSync(${JSON.stringify(`${file}.tmp`)}, ${JSON.stringify(file)});
  setInterval(() => {}, 1000);`;

const pidsIn = async (file: string): Promise<number[]> => {
  await expect.poll(() => existsSync(file), { timeout: 20_000, interval: 20 }).toBe(true);
  return readFileSync(file, 'utf8').split(' ').map(Number);
};

const allGone = (pids: readonly number[]) =>
  expect.poll(() => pids.every(gone), { timeout: 10_000, interval: 20 }).toBe(true);

describe('a command variant', () => {
  it('is told where to write and which model is the original', async () => {
    await runVariantCommand(request(`${WRITE}(process.argv[1], process.argv[2])`));
    expect(readFileSync(output, 'utf8')).toBe('/models/net.onnx');
  });

  it("does not see the job's secrets, nor the files that change its later steps", async () => {
    await inJobEnvironment(() =>
      runVariantCommand(request(`${WRITE}(process.argv[1], JSON.stringify(${SEEN}))`)),
    );
    expect(JSON.parse(readFileSync(output, 'utf8'))).toEqual(Object.keys(HARMLESS));
  });

  it.each([
    ['fails', 'console.error("no torch"); process.exit(3)', /ended with exit code 3\.\nno torch/],
    ['writes nothing', 'console.log("all done")', /succeeded but wrote no file .*\nall done/],
  ])('that %s is refused with its last words', async (_, script, message) => {
    rmSync(output, { force: true });
    const running = runVariantCommand(request(script));
    await expect(running).rejects.toThrow(UserError);
    await expect(running).rejects.toThrow(message);
  });

  it('that does not exist is named', async () => {
    const running = runVariantCommand(request('', { command: ['no-such-exporter', '{output}'] }));
    await expect(running).rejects.toThrow(UserError);
    await expect(running).rejects.toThrow(/can't be started.*Is no-such-exporter installed/);
  });

  it('that takes too long is stopped with everything that it started', async () => {
    const file = join(folder, 'slow');
    const running = runVariantCommand(request(twoForever(file), { timeoutMs: 2_000 }));
    await expect(running).rejects.toThrow(/took longer than 2 s and was stopped/);
    await allGone(await pidsIn(file));
  });

  it('that is interrupted ends with everything that it started', async () => {
    const file = join(folder, 'interrupted');
    const abort = new AbortController();
    const running = runVariantCommand(
      request(twoForever(file), { context: { log: SILENT, signal: abort.signal } }),
    );
    const pids = await pidsIn(file);
    abort.abort(new Interrupted('interrupted'));
    await expect(running).rejects.toThrow(Interrupted);
    await allGone(pids);
  });

  it('ends with us, with everything that it started', async () => {
    const bundle = join(folder, 'run-variant-command.mjs');
    await build({
      entryPoints: [join(import.meta.dirname, 'fixtures', 'run-variant-command.ts')],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
    const script = join(folder, 'forever.cjs');
    const file = join(folder, 'left');
    writeFileSync(script, twoForever(file));
    const us = spawn(process.execPath, [bundle, process.execPath, script], {
      cwd: folder,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const pids = await pidsIn(file);
    expect(pids.map(gone)).toEqual([false, false]);
    us.stdin.end();
    try {
      await allGone(pids);
    } finally {
      for (const pid of pids.filter((one) => !gone(one))) process.kill(pid, 'SIGKILL');
    }
  });
});
