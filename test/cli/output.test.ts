/** Where results go when the place they go to fails. */
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PASSING } from '../report/sample-reports.js';
import { CLI, EXAMPLE, quantgate } from './command-line.js';

const folder = mkdtempSync(join(tmpdir(), 'quantgate-output-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const inspect = [CLI, 'inspect', join(EXAMPLE, 'digits.onnx'), '--plan', '--json'];

describe('standard output', () => {
  it.skipIf(!existsSync('/dev/full'))('that is full ends with exit code 3 and a sentence', () => {
    const { status, stderr } = spawnSync(process.execPath, inspect, {
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
      encoding: 'utf8',
    });
    expect(stderr).toMatch(/^error: The result can't be written to standard output: ENOSPC.*Make room/);
    expect(stderr).not.toMatch(/ {4}at /);
    expect(status).toBe(3);
  });

  it.skipIf(process.platform === 'win32')('whose reader has left is no failure', () => {
    const script = '{ "$@"; echo "code $?" >&2; } | true';
    const { stderr } = spawnSync('sh', ['-c', script, 'sh', process.execPath, ...inspect], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('code 0\n');
  });
});

describe('a temporary folder that is not there', () => {
  it('ends with exit code 3, its name, and what to do', () => {
    const { status, stderr } = quantgate(
      ['quantize', join(EXAMPLE, 'digits.onnx'), '--out', join(folder, 'out.onnx'), '--method', 'float16'],
      { env: { ...process.env, NO_COLOR: '1', RUNNER_TEMP: '', TMPDIR: join(folder, 'nowhere') } },
    );
    expect(stderr).toMatch(/^error: The temporary folder .*nowhere can't be used: ENOENT.*TMPDIR/);
    expect(status).toBe(3);
  });
});

it('init where its workflow can not go ends with exit code 2, and says where', () => {
  const place = join(folder, 'init');
  mkdirSync(place);
  writeFileSync(join(place, '.github'), '');
  const { status, stdout, stderr } = quantgate(['init', '--json'], { cwd: place });
  expect(stderr).toMatch(/\.github\/workflows\/quantgate\.yml can't be written/);
  expect(stderr).toMatch(/\n\[file\.not-writable\] quantgate explain file\.not-writable\n$/);
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toEqual({
    error: {
      code: 'file.not-writable',
      message: expect.stringContaining("quantgate.yml can't be written"),
      exitCode: 2,
    },
  });
});

it('badges into a place that is a file end with exit code 2', () => {
  const report = join(folder, 'report.json');
  const taken = join(folder, 'taken');
  writeFileSync(report, JSON.stringify(PASSING));
  writeFileSync(taken, '');
  const { status, stdout, stderr } = quantgate(['badge', report, '--out', taken]);
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/taken\/.*\.json can't be written/);
});

describe('a report that would be overwritten by what is made from it', () => {
  const place = join(folder, 'own');
  const report = join(place, 'quantgate.json');
  const other = join(place, 'other.json');
  mkdirSync(place, { recursive: true });
  const text = JSON.stringify(PASSING);
  writeFileSync(report, text);
  writeFileSync(other, JSON.stringify({ ...PASSING, durationMs: 7 }));
  symlinkSync(report, join(place, 'link.json'));

  it.each([
    ['rendered', ['report', report, '--format', 'html', '--out', report]],
    [
      'rendered into a link to it',
      ['report', report, '--format', 'markdown', '--out', join(place, 'link.json')],
    ],
    ['merged', ['report', other, report, '--format', 'json', '--out', report]],
    ['compared', ['report', other, report, '--compare', '--format', 'json', '--out', report]],
    ['made badges of', ['badge', report, '--out', place]],
  ])('stays when it is %s', (_, args) => {
    const { status, stderr } = quantgate(args);
    expect(stderr).toMatch(/^error: --out .* would overwrite a report that it is made from/);
    expect(status).toBe(2);
    expect(readFileSync(report, 'utf8')).toBe(text);
    expect(readdirSync(place).sort()).toEqual(['link.json', 'other.json', 'quantgate.json']);
  });
});
