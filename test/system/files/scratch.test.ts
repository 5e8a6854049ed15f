import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { partialName, removePartials, removeUnfinished } from '../../../src/system/files/partial-file.js';

/** No process has it: Linux ends at 2²². */
const GONE = 999_999_999;

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'scratch-test-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('the temporary folders of a process', () => {
  let bundle: string;
  beforeAll(async () => {
    bundle = join(mkdtempSync(join(tmpdir(), 'scratch-bundle-')), 'scratch.mjs');
    const source = `
      import { scratchFolder, scratchFolderIn } from './src/system/files/scratch.js';
      import { writeFileSync } from 'node:fs';
      const { PLACE } = process.env;
      const folder = PLACE ? scratchFolderIn(PLACE) : scratchFolder('prepare');
      writeFileSync(folder + '/file', '');
      console.log(folder);
      if (process.env.DIE) process.kill(process.pid, 'SIGKILL');`;
    await build({
      stdin: { contents: source, resolveDir: join(import.meta.dirname, '..', '..', '..') },
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
  });
  afterAll(() => rmSync(dirname(bundle), { recursive: true, force: true }));

  const run = (env: Record<string, string> = {}) => {
    try {
      return execFileSync(process.execPath, [bundle], {
        env: { ...process.env, RUNNER_TEMP: home, ...env },
        encoding: 'utf8',
      }).trim();
    } catch (error) {
      return String((error as { stdout: string }).stdout).trim();
    }
  };

  it('lie in the runner’s temporary folder, say what they are for, and go with it', () => {
    const folder = run();
    expect(dirname(dirname(folder))).toBe(home);
    expect(folder).toMatch(/prepare-\w+$/);
    expect(readdirSync(home)).toEqual([]);
  });

  it('stay when it is killed, until the next process comes', () => {
    expect(existsSync(run({ DIE: '1' }))).toBe(true);
    run();
    expect(readdirSync(home)).toEqual([]);
  });

  it('lie in a place of their maker’s choice, cleared of what a killed process left there', () => {
    const place = join(home, 'memory');
    mkdirSync(place);
    const others = [`quantgate-${process.pid}-${hostname()}-abcdef`, 'sem.other'];
    for (const name of others) mkdirSync(join(place, name));
    const left = run({ PLACE: place, DIE: '1' });
    expect(dirname(left)).toBe(place);
    expect(existsSync(left)).toBe(true);
    const next = run({ PLACE: place });
    expect(existsSync(left)).toBe(false);
    // This one's maker did not remove it.
    expect(readdirSync(place).sort()).toEqual([...others, basename(next)].sort());
  });

  it('are left alone while their process lives, and when they are another host’s', () => {
    const others = [
      `quantgate-${process.pid}-${hostname()}-abcdef`,
      `quantgate-${GONE}-elsewhere-abcdef`,
      'quantgate-gpu-0.lock',
    ];
    for (const name of others) mkdirSync(join(home, name));
    run();
    expect(readdirSync(home).sort()).toEqual(others.sort());
  });

  it('lie in the system’s folder when the runner’s is not there', () => {
    const folder = run({ RUNNER_TEMP: join(home, 'nowhere'), TMPDIR: home });
    expect(dirname(dirname(folder))).toBe(home);
  });
});

describe('files that a killed process was writing', () => {
  const put = (...names: string[]) => {
    for (const name of names) {
      mkdirSync(dirname(join(home, name)), { recursive: true });
      writeFileSync(join(home, name), '');
    }
  };

  it('are removed when the same file is written again; those of living processes and other files stay', () => {
    const alive = partialName('model.onnx');
    put('model.onnx', `model.onnx.${GONE}.tmp`, `model.onnx.1.tmp`, alive, `other.onnx.${GONE}.tmp`);
    removePartials(join(home, 'model.onnx'));
    expect(readdirSync(home).sort()).toEqual(
      ['model.onnx', 'model.onnx.1.tmp', alive, `other.onnx.${GONE}.tmp`].sort(),
    );
  });

  it('are removed from the output folder, with the base’s models and a command’s half-made ones', () => {
    put(
      `quantgate-report.json.${GONE}.tmp`,
      `models/a.int8.onnx.${GONE}.tmp`,
      `models/.command-Ab12Cd/a.onnx`,
      `badges/a.svg.${GONE}.tmp`,
      '.base/a.onnx',
      'models/a.int8.onnx',
      'notes.tmp',
    );
    removeUnfinished(home);
    expect(readdirSync(home, { recursive: true }).sort()).toEqual([
      'badges',
      'models',
      'models/a.int8.onnx',
      'notes.tmp',
    ]);
  });
});
