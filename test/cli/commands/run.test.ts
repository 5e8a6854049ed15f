import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeNode } from '../../../src/onnx/build.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import { validateReport } from '../../../src/report/schema.js';
import { npy, npz } from '../../data/samples.js';
import { floats, floatValue, smallModel, weight } from '../../quantize/small-models.js';
import { CLI, EXAMPLE, type Outcome, quantgate } from '../command-line.js';

const folder = mkdtempSync(join(tmpdir(), 'quantgate-run-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The example's config with little time to measure and other thresholds. */
function config(thresholds: string, budget = '2s'): string {
  const text = readFileSync(join(EXAMPLE, 'quantgate.yml'), 'utf8')
    .replaceAll('digits.onnx', join(EXAMPLE, 'digits.onnx'))
    .replaceAll('data/', `${EXAMPLE}/data/`)
    .replace(/budget: .*/, `budget: ${budget}`)
    .replace(/ {6}- \{ name: fp16.*\n/, '')
    .replace(/thresholds:[\s\S]*/, `thresholds:\n${thresholds}`);
  const path = join(mkdtempSync(join(folder, 'config-')), 'quantgate.yml');
  writeFileSync(path, text);
  return path;
}

/** What the runner tells every job. */
const JOB = {
  GITHUB_EVENT_NAME: 'push',
  GITHUB_EVENT_PATH: '',
  GITHUB_REPOSITORY: 'o/r',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_RUN_ID: '77',
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_SHA: 'a'.repeat(40),
};

describe('a run whose thresholds hold', () => {
  const out = join(folder, 'pass');
  let outcome: Outcome;
  beforeAll(() => {
    const file = config('  size.file: { max-ratio: 0.30 }\n  accuracy.top1: { max-drop: 2pp }\n');
    const env = { ...process.env, NO_COLOR: '1', ...JOB };
    outcome = quantgate(['run', '--config', file, '--out', out, '--json'], { env });
  });

  it('says of which GitHub Actions run it is, when it runs in one', () => {
    expect(validateReport(JSON.parse(outcome.stdout)).source).toMatchObject({
      repository: 'o/r',
      sha: 'a'.repeat(40),
      pullRequest: null,
      runUrl: 'https://github.example/o/r/actions/runs/77',
      runId: 77,
      runAttempt: 2,
    });
  });

  it('is merged with the report of another run, with a warning', () => {
    const report = join(out, 'quantgate-report.json');
    const other = JSON.parse(readFileSync(report, 'utf8'));
    other.source.runId = 78;
    writeFileSync(join(folder, 'other.json'), JSON.stringify(other));
    const merged = quantgate([
      'report',
      report,
      join(folder, 'other.json'),
      '--format',
      'json',
      '--out',
      '-',
    ]);
    expect(merged.status).toBe(0);
    expect(validateReport(JSON.parse(merged.stdout)).models).toHaveLength(1);
    expect(merged.stderr).toContain('The reports come from different workflow runs');
  });

  it('ends with exit code 0 and one JSON document on stdout: the report', () => {
    expect(outcome.status, outcome.stderr).toBe(0);
    const report = validateReport(JSON.parse(outcome.stdout));
    expect(report.verdict).toBe('pass');
    expect(report).toEqual(
      validateReport(JSON.parse(readFileSync(join(out, 'quantgate-report.json'), 'utf8'))),
    );
  });

  it('measures size, latency and accuracy of the original and the variant', () => {
    const { measurements } = validateReport(JSON.parse(outcome.stdout));
    for (const variant of ['original', 'int8']) {
      for (const metric of ['size.file', 'latency.p50', 'accuracy.top1', 'memory.peak']) {
        const found = measurements.find((entry) => entry.metric === metric && entry.variant === variant);
        expect(found?.value, `${variant} ${metric}`).toBeGreaterThan(0);
      }
    }
  });

  it('carries the noise of the machine as it met it', () => {
    const { environment, measurements } = validateReport(JSON.parse(outcome.stdout));
    const { interval } = measurements.find(
      ({ metric, variant }) => metric === 'latency.p50' && variant === 'int8',
    )!.ratio!;
    const floor = interval!.lo && interval!.hi ? Math.sqrt(interval!.hi / interval!.lo) - 1 : null;
    expect(environment.noiseFloor).toBe(floor);
    expect(environment.noiseFloorFrom).toBe(floor === null ? undefined : 'ratios');
  });

  it('leaves Markdown, HTML, JUnit, badges and the model, and nothing temporary', () => {
    expect(readdirSync(out).sort()).toEqual([
      'badges',
      'models',
      'quantgate-report.html',
      'quantgate-report.json',
      'quantgate-report.junit.xml',
      'quantgate-report.md',
    ]);
    expect(readdirSync(join(out, 'models', 'digits'))).toEqual(['int8.onnx']);
    expect(readFileSync(join(out, 'quantgate-report.md'), 'utf8')).toMatch(/\| .*int8.*\|/);
  });

  it('names no absolute path in what others will read', () => {
    for (const name of ['quantgate-report.md', 'quantgate-report.json']) {
      expect(readFileSync(join(out, name), 'utf8')).not.toContain(folder);
    }
  });

  it('can be rendered and turned into badges later', () => {
    const report = join(out, 'quantgate-report.json');
    for (const format of ['markdown', 'html', 'junit', 'json']) {
      const file = join(folder, `again.${format}`);
      expect(quantgate(['report', report, '--format', format, '--out', file]).status).toBe(0);
      expect(readFileSync(file, 'utf8').length).toBeGreaterThan(300);
    }
    expect(readFileSync(join(folder, 'again.markdown'), 'utf8')).toBe(
      readFileSync(join(out, 'quantgate-report.md'), 'utf8'),
    );
    expect(quantgate(['badge', report, '--out', join(folder, 'badges')]).status).toBe(0);
    expect(readdirSync(join(folder, 'badges')).some((name) => name.endsWith('.svg'))).toBe(true);
  });
});

describe('a run with a threshold that does not hold', () => {
  it('ends with exit code 1 and says which', () => {
    const out = join(folder, 'fail');
    const { status, stdout } = quantgate([
      'run',
      '--config',
      config('  size.file: { max-ratio: 0.10 }\n'),
      '--out',
      out,
    ]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/fail/i);
    expect(existsSync(join(out, 'quantgate-report.json'))).toBe(true);
  });

  it('ends with exit code 0 when the check only warns', () => {
    const file = config('  size.file: { level: warn, max-ratio: 0.10 }\n');
    expect(quantgate(['run', '--config', file, '--out', join(folder, 'warn')]).status).toBe(0);
  });
});

describe('a run that is interrupted', () => {
  it('ends with exit code 130, without children and without temporary files', async () => {
    const out = join(folder, 'interrupted');
    // A folder of its own: other tests, and other runs of these, keep theirs in the common one.
    const temporary = mkdtempSync(join(folder, 'tmp-'));
    const child = spawn(
      process.execPath,
      [CLI, 'run', '--config', config('  size.file: { max: 1 GB }\n', '60s'), '--out', out],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, TMPDIR: temporary },
      },
    );
    const children = new Promise<number[]>((resolve) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        if (!text.includes('latency of')) return;
        const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(child.pid)], { encoding: 'utf8' });
        child.kill('SIGINT');
        resolve(stdout.split('\n').map(Number).filter(Boolean));
      });
    });
    const code = await new Promise((resolve) => child.on('exit', resolve));
    expect(code).toBe(130);
    for (const pid of await children) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
    expect(readdirSync(temporary)).toEqual([]);
    const left = existsSync(out) ? readdirSync(out, { recursive: true, encoding: 'utf8' }) : [];
    expect(left.filter((name) => /tmp|\.base/.test(name))).toEqual([]);
  });
});

describe('quantizing that is interrupted while weights are fitted', () => {
  it('ends with exit code 130 and keeps the file that was there, alone', async () => {
    const place = mkdtempSync(join(folder, 'fitting-'));
    // Large enough to be at work for seconds.
    const size = 1024;
    const product = smallModel({
      inputs: [floatValue('x', [1, size])],
      nodes: [makeNode('MatMul', ['x', 'w'], ['y'])],
      initializers: [weight('w', [size, size])],
    });
    writeModel(product, join(place, 'float.onnx'));
    writeFileSync(join(place, 'x.npz'), npz({ x: npy(floats(64 * size, 1), [64, size]) }));
    mkdirSync(join(place, 'out'));
    mkdirSync(join(place, 'tmp'));
    const out = join(place, 'out', 'int4.onnx');
    writeFileSync(out, 'of an earlier run');
    const args = [join(place, 'float.onnx'), '--calibration', join(place, 'x.npz'), '--out', out];
    const child = spawn(process.execPath, [CLI, 'quantize', ...args, '--method', 'int4-weights'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, TMPDIR: join(place, 'tmp') },
    });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (!child.killed && said.includes('fitting 1 weight ')) child.kill('SIGINT');
    });
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(130);
    // It was stopped at work, not after it.
    expect(said).not.toContain('100 %');
    expect(readdirSync(join(place, 'out'))).toEqual(['int4.onnx']);
    expect(readFileSync(out, 'utf8')).toBe('of an earlier run');
    expect(readdirSync(join(place, 'tmp'))).toEqual([]);
  });
});
