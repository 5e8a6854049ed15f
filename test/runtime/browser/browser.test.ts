import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { MachineError, UserError } from '../../../src/errors.js';
import { SILENT } from '../../../src/log.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { launchChromium } from '../../../src/runtime/browser/chromium.js';
import { BROWSER_VARIABLE, findBrowser, requireBrowser } from '../../../src/runtime/browser/find-browser.js';
import { loadRuntime } from '../../../src/runtime/load.js';
import { parseProfile, threadsAtWork } from '../../../src/runtime/profile.js';
import { locateWasm } from '../../../src/runtime/provision/provision.js';
import { FeedsFile } from '../../../src/runtime/worker/feeds-file.js';
import { startWorker, type Worker } from '../../../src/runtime/worker/worker.js';
import { processFolder } from '../../../src/system/files/scratch.js';
import { floatsOf } from '../../../src/tensor/tensor.js';
import { doubleConvolution, giantOutput, matMulModel, modelFolder } from '../models.js';

const folder = modelFolder();
afterAll(() => folder.remove());
const runtime = await loadRuntime({ locateWasm: (build) => locateWasm({ log: SILENT, build }) });
const browser = findBrowser();
const missing = browser ? '' : ' (skipped: no Chromium or Chrome on PATH)';

const open = (
  model: string,
  options: { provider?: string; profile?: boolean; feedsFile?: FeedsFile } = {},
) => {
  const { provider = 'browser-wasm', ...rest } = options;
  return startWorker({ model, runtime, session: { provider, threads: 2 }, ...rest });
};

const x = {
  type: 'float32',
  dims: [1, 64],
  data: Float32Array.from({ length: 64 }, (_, i) => i / 64),
} as const;
const block = { minRuns: 5, minMs: 0, maxMs: Infinity, dropRuns: 1, dropMs: 0 };

describe.skipIf(!browser)(`a session in a browser${missing}`, { timeout: 60_000 }, () => {
  it('answers what a worker is asked, from a page with threads, and leaves nothing behind', async () => {
    // Weights beside the model: the page gets them by their name.
    const file = join(folder.path, 'external.onnx');
    writeModel(matMulModel(2, 64), file, { externalData: 'always' });
    const feedsFile = FeedsFile.open();
    const native = await startWorker({ model: file, runtime, session: {} });
    const worker = await open(file, { profile: true, feedsFile });
    try {
      const { opened } = worker;
      expect(opened.inputs).toEqual([{ name: 'x', type: 'float32', shape: ['batch', 64] }]);
      expect(opened.onnxruntime).toBe(runtime.version);
      expect(opened.threads).toBe(2);
      expect(opened.browser).toMatchObject({ product: expect.stringMatching(/^Chrome\/\d+/), adapter: null });
      expect(opened.browser!.sandboxed).toBe(process.getuid?.() !== 0);

      const expected = floatsOf((await native.call('run', { feeds: { x }, outputs: null })).outputs.y!);
      const stored = feedsFile.store({ x })!;
      const [kept] = (await worker.call('runStored', { feeds: [stored], outputs: ['y'] })).outputs;
      const { outputs } = await worker.call('run', { feeds: { x }, outputs: null });
      for (const computed of [floatsOf(outputs.y!), floatsOf(kept!.y!)]) {
        expect(computed.length).toBe(64);
        for (const [i, value] of computed.entries()) expect(value).toBeCloseTo(expected[i]!, 4);
      }

      await worker.call('feeds', { feeds: { x } });
      const warmUp = { minRuns: 3, minMs: 0, maxMs: 50, windowMs: 1, tolerance: 2 };
      expect((await worker.call('warmUp', warmUp)).firstMs).toBeGreaterThan(0);
      const { durationsMs, wallMs } = await worker.call('block', block);
      expect(durationsMs.length).toBeGreaterThanOrEqual(5);
      expect(wallMs).toBeGreaterThanOrEqual(durationsMs.reduce((sum, ms) => sum + ms, 0) - 0.1);
      expect((await worker.call('memory')).peakBytes).toBeGreaterThanOrEqual(16 * 2 ** 20);
      // Enough rows to share out.
      const rows = { ...x, dims: [256, 64], data: new Float32Array(256 * 64) };
      await worker.call('run', { feeds: { x: rows }, outputs: null });
      const { json } = await worker.call('profile');
      expect(threadsAtWork(json)).toBe(2);
      expect(parseProfile(json).map(({ operator }) => operator)).toEqual(['MatMul', 'MatMul']);
    } finally {
      await worker.close();
      await native.kill();
      feedsFile.close();
    }
    expect(readdirSync(processFolder()).filter((name) => /^(browser|profile)-/.test(name))).toEqual([]);
  });

  it('computes on WebGPU, names the adapter, and refuses half precision where that has none', async ({
    skip,
  }) => {
    const value = (name: string, type: DataType) => makeValue(name, type, [1, 4]);
    const half = makeModel({
      inputs: [value('x', DataType.FLOAT)],
      outputs: [value('y', DataType.FLOAT)],
      nodes: [
        makeNode('Cast', ['x'], ['a'], { attributes: { to: { int: DataType.FLOAT16 } } }),
        makeNode('Neg', ['a'], ['b']),
        makeNode('Cast', ['b'], ['y'], { attributes: { to: { int: DataType.FLOAT } } }),
      ],
    });
    let worker: Worker;
    try {
      worker = await open(folder.write('half.onnx', half), { provider: 'browser-webgpu' });
    } catch (error) {
      // No GPU and no SwiftShader in this browser.
      expect(String(error)).toMatch(/no WebGPU|finds no adapter/);
      return skip('this browser has no WebGPU adapter');
    }
    const { adapter } = worker.opened.browser!;
    const feeds = { x: { type: 'float32', dims: [1, 4], data: Float32Array.of(1, 2, 3, 4) } } as const;
    try {
      expect(adapter!.name).not.toBe('');
      const running = worker.call('run', { feeds, outputs: null });
      if (adapter!.float16) expect([...floatsOf((await running).outputs.y!)]).toEqual([-1, -2, -3, -4]);
      else await expect(running).rejects.toThrow(/half\.onnx: WebGPU's adapter has no half precision/);
    } finally {
      await worker.kill();
    }
  });

  it('names the operator that it has no kernel for, and says so as the user’s error', async () => {
    const file = folder.write('double.onnx', doubleConvolution());
    const opening = open(file);
    await expect(opening).rejects.toThrow(UserError);
    await expect(opening).rejects.toThrow(/for WebAssembly refuses .*double\.onnx: .*Conv/s);
  });

  it('says that the heap is full where a run needs more than 4 GB, and that the browser is gone', async () => {
    const file = folder.write('giant.onnx', giantOutput());
    const worker = await open(file);
    const one = { type: 'float32', dims: [1], data: Float32Array.of(1) } as const;
    await expect(worker.call('run', { feeds: { x: one }, outputs: null })).rejects.toMatchObject({
      failure: 'out-of-memory',
      message: expect.stringMatching(/giant\.onnx: out of memory: more than the 4 GB that WebAssembly can/),
    });
    // Chromium and what it has started of its own, in whichever order.
    const started = readFileSync(`/proc/${worker.pid}/task/${worker.pid}/children`, 'utf8').trim().split(' ');
    for (const pid of started) process.kill(Number(pid), 'SIGKILL');
    // An answer that was on its way may still come.
    const untilItEnds = async () => {
      for (;;) await worker.call('memory');
    };
    await expect(untilItEnds()).rejects.toMatchObject({
      failure: 'crashed',
      message: expect.stringMatching(
        /giant\.onnx: the browser's page crashed \(The browser \S+ ended with SIGKILL/,
      ),
    });
    await worker.kill();
  });
});

describe.skipIf(!browser || process.platform === 'win32')(
  `a browser with other switches${missing}`,
  { timeout: 60_000 },
  () => {
    afterEach(() => {
      vi.unstubAllEnvs();
    });
    const wrapped = (name: string, script: string) => {
      const path = join(folder.path, name);
      writeFileSync(path, `#!/bin/sh\n${script.replace('BROWSER', browser!)}\n`, { mode: 0o755 });
      vi.stubEnv(BROWSER_VARIABLE, path);
    };
    const opening = async (provider: string) => {
      const worker = await open(folder.write('matmul.onnx', matMulModel(1, 64)), { provider });
      await worker.kill();
    };

    it('lacks WebGPU: the machine’s error says so', async ({ skip }) => {
      wrapped(
        'without-webgpu',
        `for a in "$@"; do shift; [ "$a" = --enable-unsafe-webgpu ] && a=--disable-gpu; set -- "$@" "$a"; done; exec BROWSER "$@"`,
      );
      const error = await opening('browser-webgpu').catch((thrown: unknown) => thrown);
      if (error === undefined) return skip('this browser has WebGPU without a GPU, too');
      expect(error).toBeInstanceOf(MachineError);
      expect(String(error)).toMatch(/This browser has no WebGPU|The browser has WebGPU but finds no adapter/);
    });

    it('does not isolate its pages: the machine’s error says so, for there are no threads', async ({
      skip,
    }) => {
      wrapped(
        'not-isolated',
        'exec BROWSER "$@" --disable-features=CrossOriginOpenerPolicy,CrossOriginIsolated,SharedArrayBuffer --single-process',
      );
      const error = await opening('browser-wasm').catch((thrown: unknown) => thrown);
      if (error === undefined) return skip('this browser isolates pages whatever its switches');
      expect(error).toBeInstanceOf(MachineError);
      expect(String(error)).toMatch(/not cross-origin isolated in this browser \(Mozilla.*no threads/);
    });
  },
);

describe.skipIf(!browser)(`a browser${missing}`, { timeout: 60_000 }, () => {
  it('tells that its page crashed', async () => {
    const profile = mkdtempSync(join(tmpdir(), 'quantgate-profile-'));
    let gone: (how: { reason: string }) => void = () => {};
    const told = new Promise<{ reason: string }>((resolve) => {
      gone = resolve;
    });
    const chromium = await launchChromium({ path: browser!, profile, webgpu: false, onGone: gone });
    await chromium.open('chrome://crash').catch(() => undefined);
    expect((await told).reason).toMatch(/crash|abnormal|code/);
    await chromium.kill();
    rmSync(profile, { recursive: true, force: true, maxRetries: 10 });
  });

  it('that is none ends with its own words', async () => {
    const starting = launchChromium({
      path: process.execPath,
      profile: folder.path,
      webgpu: false,
      onGone: () => {},
    });
    await expect(starting).rejects.toThrow(MachineError);
    await expect(starting).rejects.toThrow(
      /The browser \S+ ended with exit code 9.*bad option: --disable-gpu/s,
    );
  });
});

describe('which browser', () => {
  it('is the one that the environment names, else the first on PATH', () => {
    const env = (named: string | undefined, path = '') => ({ [BROWSER_VARIABLE]: named, PATH: path });
    expect(findBrowser(env(process.execPath))).toBe(process.execPath);
    expect(() => findBrowser(env('/nowhere/chromium'))).toThrow(
      /names \/nowhere\/chromium, which does not exist/,
    );
    expect(() => findBrowser(env(folder.path))).toThrow(/no program/);
    expect(findBrowser(env(undefined, folder.path))).toBeNull();
    expect(() => requireBrowser('browser-wasm', env(undefined))).toThrow(
      /'browser-wasm' needs Chromium or Chrome, and none was found on PATH\. Install one/,
    );
  });
});
