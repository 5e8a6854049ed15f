/** Providers in a browser, from the command line to the report; needs Chromium or Chrome, and skips visibly without.
 *  What its pages answer, refuse and lack: test/runtime/browser. */
import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findBrowser } from '../../src/runtime/browser/find-browser.js';
import type { Report } from '../../src/terms/report.js';
import { CLI, EXAMPLE, type Outcome, quantgate } from './command-line.js';

const browser = findBrowser();
// Beside the tests' own temporary folder, which is closed to other users.
const folder = mkdtempSync(join(dirname(tmpdir()), 'quantgate-browser-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

/** Every file that is measured starts browsers: a busy machine takes seconds for each. */
const TIMEOUT_MS = 300_000;
/** The user of that name on Debian and Alpine. */
const NOBODY = 65534;
const MODEL = join(EXAMPLE, 'digits.onnx');
const DATA = join(EXAMPLE, 'data/evaluation.npz');
const CONFIG = `version: 1
models:
  - name: digits
    path: ${MODEL}
    task: classification
    data:
      evaluation: { path: ${DATA}, limit: 20 }
      inputs: { image: { from: images, mean: [0.1307], std: [0.3081] } }
    variants: [int8-weights]
benchmark: { providers: [browser-wasm], threads: [1], budget: 1s }
thresholds:
  size.brotli: { max-ratio: 0.5 }
  accuracy.top1: { max-drop: 5pp }
`;

/** As another user than root, for whom Chromium has no sandbox; null where that can't be or has no sandbox either. */
function asNobody(args: readonly string[]): Outcome | null {
  chownSync(folder, NOBODY, NOBODY);
  const [command, ...user] = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
  const { status, stdout, stderr, error } = spawnSync(command!, [...user, process.execPath, CLI, ...args], {
    cwd: folder,
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    env: { ...process.env, HOME: folder, TMPDIR: folder, XDG_CACHE_HOME: folder, NO_COLOR: '1' },
  });
  const refused =
    error !== undefined || /can’t build its sandbox|setpriv:|EACCES|permission denied/i.test(stderr);
  return status !== 0 && refused ? null : { status, stdout, stderr };
}

describe.skipIf(!browser)(
  `the command line with a browser${browser ? '' : ' (skipped: no Chromium or Chrome on PATH)'}`,
  { timeout: TIMEOUT_MS },
  () => {
    it('runs, judges and reports what a page of it computes, sandboxed where we are not root', () => {
      const config = join(folder, 'quantgate.yml');
      writeFileSync(config, CONFIG);
      chmodSync(config, 0o644);
      const args = ['run', '--config', config, '--out', join(folder, 'out'), '--json'];
      const root = process.getuid?.() === 0;
      const other = root ? asNobody(args) : null;
      const { status, stdout, stderr } = other ?? quantgate(args, { timeout: TIMEOUT_MS });
      expect(status, stderr).toBe(0);
      const report = JSON.parse(stdout) as Report;
      const measured = new Map(
        report.measurements
          .filter((entry) => entry.variant === 'int8-weights' && entry.status === 'ok')
          .map((entry) => [entry.metric, entry]),
      );
      for (const metric of [
        ...['latency.p50', 'latency.load', 'throughput', 'memory.peak', 'placement.fallback'],
        ...['accuracy.top1', 'fidelity.sqnr'],
      ])
        expect(measured.get(metric), metric).toMatchObject({
          provider: 'browser-wasm',
          value: expect.any(Number),
        });
      expect(measured.get('size.brotli')!.value).toBeGreaterThan(0);
      expect(measured.get('fidelity.sqnr')!.value).toBeGreaterThan(30);
      expect(report.models[0]!.variants).toMatchObject([
        { name: 'original', status: 'ok' },
        { name: 'int8-weights', target: 'wasm', status: 'ok' },
      ]);
      expect(report.checks.map(({ metric, verdict }) => [metric, verdict])).toEqual([
        ['size.brotli', 'pass'],
        ['accuracy.top1', 'pass'],
      ]);
      expect(report.environment.browsers).toMatchObject([
        {
          provider: 'browser-wasm',
          product: expect.stringMatching(/^Chrome\/\d+/),
          sandboxed: !root || other !== null,
        },
      ]);
    });
  },
);

describe.skipIf(process.platform !== 'linux')('the command line without a browser', () => {
  it('says what to install', () => {
    const { status, stderr } = quantgate(['bench', MODEL, '--provider', 'browser-wasm'], {
      env: { ...process.env, NO_COLOR: '1', QUANTGATE_BROWSER: '', PATH: folder },
    });
    expect(status).toBe(3);
    expect(stderr).toMatch(/'browser-wasm' needs Chromium or Chrome, and none was found on PATH/);
  });
});

describe('the command line on wasm', () => {
  it('evaluates there, as it would in a browser', { timeout: TIMEOUT_MS }, () => {
    const { status, stdout, stderr } = quantgate([
      ...['eval', MODEL, '--provider', 'wasm', '--threads', '2', '--task', 'classification', '--data', DATA],
      ...['--limit', '20', '--from', 'images', '--mean', '0.1307', '--std', '0.3081', '--json'],
    ]);
    expect(status, stderr).toBe(0);
    const { measurements } = JSON.parse(stdout) as Pick<Report, 'measurements'>;
    expect(measurements.find(({ metric }) => metric === 'accuracy.top1')).toMatchObject({
      provider: 'wasm',
      value: 1,
    });
  });
});
