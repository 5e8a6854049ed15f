/** Providers in a browser, from the command line to the report; needs Chromium or Chrome, and skips visibly without. */
import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { DataType } from '../../src/onnx/element-type.js';
import type { Model } from '../../src/onnx/model.js';
import { makeTensor } from '../../src/onnx/tensor.js';
import { writeModel } from '../../src/onnx/write.js';
import { findBrowser } from '../../src/runtime/browser/find-browser.js';
import type { Report } from '../../src/terms/report.js';
import { CLI, EXAMPLE, type Outcome, quantgate } from './command-line.js';

const browser = findBrowser();
const folder = mkdtempSync(join(tmpdir(), 'quantgate-browser-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

/** Every file that is measured starts a browser: a busy machine takes seconds for each. */
const TIMEOUT_MS = 300_000;
/** The user of that name on Debian and Alpine. */
const NOBODY = 65534;
const MODEL = join(EXAMPLE, 'digits.onnx');
const DATA = join(EXAMPLE, 'data/evaluation.npz');

function started(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Outcome {
  const env = { ...process.env, NO_COLOR: '1', ...environment };
  return quantgate(args, { env, timeout: TIMEOUT_MS });
}

const bench = (model: string, provider: string, environment?: NodeJS.ProcessEnv) =>
  started(['bench', model, '--provider', provider, '--budget', '1s', '--json'], environment);

describe.skipIf(!browser)(
  `the command line with a browser${browser ? '' : ' (skipped: no Chromium or Chrome on PATH)'}`,
  { timeout: TIMEOUT_MS },
  () => {
    it('runs, judges and reports what a page of it computes', () => {
      const config = join(folder, 'quantgate.yml');
      writeFileSync(
        config,
        `version: 1
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
`,
      );
      const { status, stdout, stderr } = started([
        ...['run', '--config', config, '--out', join(folder, 'out'), '--json'],
      ]);
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
        { provider: 'browser-wasm', product: expect.stringMatching(/^Chrome\/\d+/) },
      ]);
    });

    it('evaluates in it', () => {
      const { status, stdout, stderr } = started([
        ...['eval', MODEL, '--provider', 'browser-wasm', '--task', 'classification', '--data', DATA],
        ...['--limit', '20', '--from', 'images', '--mean', '0.1307', '--std', '0.3081', '--json'],
      ]);
      expect(status, stderr).toBe(0);
      const { measurements } = JSON.parse(stdout) as Pick<Report, 'measurements'>;
      expect(measurements.find(({ metric }) => metric === 'accuracy.top1')).toMatchObject({
        provider: 'browser-wasm',
        value: 1,
      });
    });

    it('starts it in its sandbox where we are not root', (context) => {
      // The tests' own temporary folder is closed to other users.
      const home = mkdtempSync(join(dirname(tmpdir()), 'quantgate-nobody-'));
      onTestFinished(() => rmSync(home, { recursive: true, force: true, maxRetries: 10 }));
      const root = process.getuid?.() === 0;
      if (root) chownSync(home, NOBODY, NOBODY);
      const [command, ...args] = [
        ...(root ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'] : []),
        ...[process.execPath, CLI, 'bench', MODEL, '--provider', 'browser-wasm', '--budget', '1s', '--json'],
      ];
      const { status, stdout, stderr, error } = spawnSync(command!, args, {
        cwd: home,
        encoding: 'utf8',
        timeout: TIMEOUT_MS,
        env: { ...process.env, HOME: home, TMPDIR: home, XDG_CACHE_HOME: home, NO_COLOR: '1' },
      });
      const refused =
        error?.message ?? /can’t build its sandbox|setpriv:.*|EACCES|permission denied/i.exec(stderr)?.[0];
      if (status !== 0 && refused) return context.skip(`not possible here: ${refused}`);
      expect(status, stderr).toBe(0);
      const { measurements } = JSON.parse(stdout) as Pick<Report, 'measurements'>;
      expect(measurements.find(({ metric }) => metric === 'latency.p50')).toMatchObject({
        provider: 'browser-wasm',
        value: expect.any(Number),
      });
    });

    it('names the operator that the browser’s ONNX Runtime lacks, and a model too large for WebAssembly', () => {
      const write = (name: string, model: Model) => {
        writeModel(model, join(folder, name));
        return join(folder, name);
      };
      const double = (name: string) => makeValue(name, DataType.DOUBLE, [1, 1, 4, 4]);
      const lacking = write(
        'lacking.onnx',
        makeModel({
          inputs: [double('x')],
          outputs: [double('y')],
          nodes: [makeNode('Conv', ['x', 'w'], ['y'])],
          initializers: [makeTensor('w', DataType.DOUBLE, [1, 1, 1, 1], Float64Array.of(1))],
        }),
      );
      const refused = bench(lacking, 'browser-wasm');
      expect(refused.status).toBe(2);
      expect(refused.stderr).toMatch(/for WebAssembly refuses \S*lacking\.onnx: .*implementation for Conv/);

      const giant = write(
        'giant.onnx',
        makeModel({
          inputs: [makeValue('x', DataType.FLOAT, [1])],
          outputs: [makeValue('y', DataType.FLOAT, ['n'])],
          nodes: [makeNode('Expand', ['x', 'shape'], ['h']), makeNode('Neg', ['h'], ['y'])],
          initializers: [makeTensor('shape', DataType.INT64, [1], BigInt64Array.of(1_200_000_000n))],
        }),
      );
      const full = bench(giant, 'browser-wasm');
      expect(full.status).toBe(3);
      expect(full.stderr).toMatch(
        /giant\.onnx: out of memory: more than the 4 GB that WebAssembly can address/,
      );
    });

    it.skipIf(process.platform === 'win32')('says what a browser lacks', (context) => {
      /** The browser with other switches. */
      const wrapped = (name: string, script: string) => {
        const path = join(folder, name);
        writeFileSync(path, `#!/bin/sh\n${script.replace('BROWSER', browser!)}\n`, { mode: 0o755 });
        return { QUANTGATE_BROWSER: path };
      };
      const withoutWebGpu = wrapped(
        'without-webgpu',
        `for a in "$@"; do shift; [ "$a" = --enable-unsafe-webgpu ] && a=--disable-gpu; set -- "$@" "$a"; done; exec BROWSER "$@"`,
      );
      const gpu = bench(MODEL, 'browser-webgpu', withoutWebGpu);
      if (gpu.status === 0) return context.skip('this browser has WebGPU without a GPU, too');
      expect(gpu.status).toBe(3);
      expect(gpu.stderr).toMatch(/This browser has no WebGPU|The browser has WebGPU but finds no adapter/);

      const open = wrapped(
        'not-isolated',
        'exec BROWSER "$@" --disable-features=CrossOriginOpenerPolicy,CrossOriginIsolated,SharedArrayBuffer --single-process',
      );
      const isolated = bench(MODEL, 'browser-wasm', open);
      if (isolated.status === 0) return context.skip('this browser isolates pages whatever its switches');
      expect(isolated.status).toBe(3);
      expect(isolated.stderr).toMatch(
        /The page is not cross-origin isolated in this browser \(Mozilla.*no threads/,
      );
    });
  },
);

describe.skipIf(process.platform !== 'linux')('the command line without a browser', () => {
  it('says what to install, or what is wrong with the one that is named', () => {
    const none = bench(MODEL, 'browser-wasm', { QUANTGATE_BROWSER: '', PATH: folder });
    expect(none.status).toBe(3);
    expect(none.stderr).toMatch(/'browser-wasm' needs Chromium or Chrome, and none was found on PATH/);

    const absent = bench(MODEL, 'browser-wasm', { QUANTGATE_BROWSER: '/nowhere/chromium' });
    expect(absent.status).toBe(2);
    expect(absent.stderr).toMatch(/QUANTGATE_BROWSER names \/nowhere\/chromium, which does not exist/);

    const other = bench(MODEL, 'browser-wasm', { QUANTGATE_BROWSER: '/bin/true' });
    expect(other.status).toBe(3);
    expect(other.stderr).toMatch(/The browser \/bin\/true ended with exit code 0/);
  });
});
