/**
 * What a runner that has only an NVIDIA driver waits for: ONNX Runtime's CUDA provider and NVIDIA's libraries fetched into an empty cache, and
 * found there again; then a session on CUDA is opened with them.
 *
 *   node bench/run.mjs provision-cuda [--cuda 13] [--driver 580.65.06] [--keep DIR]
 *
 * It also works on a machine without a driver, which is then claimed to be there: the session ends with what the first library lacks, the
 * driver's libcuda.so.1.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../src/errors.js';
import { SILENT } from '../src/log.js';
import { probeProvider } from '../src/machine/provider-probe.js';
import { loadRuntime } from '../src/runtime/load.js';
import { locateCuda, planCuda, thisCudaMachine } from '../src/runtime/provision/cuda/cuda.js';
import { locateRuntime, thisMachine } from '../src/runtime/provision/provision.js';
import { CUDA_CHOICES, type CudaChoice } from '../src/terms/provider.js';

const { values } = parseArgs({
  options: {
    cuda: { type: 'string', default: '13' },
    driver: { type: 'string', default: '580.65.06' },
    keep: { type: 'string' },
  },
});
const cuda = CUDA_CHOICES.find((choice) => choice === values.cuda) as CudaChoice;
const cacheDir = values.keep ? resolve(values.keep) : mkdtempSync(join(tmpdir(), 'quantgate-bench-cuda-'));
const options = { cacheDir, cuda, log: { ...SILENT, info: (text: string) => console.error(text) } };
const machine = { ...thisCudaMachine(), above: null };
machine.driver = async () => (await thisCudaMachine().driver()) ?? values.driver;

/** Runs `work` and prints how long it took. */
async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const result = await work();
  console.log(`${what}: ${((performance.now() - started) / 1000).toFixed(1)} s`);
  return result;
}

try {
  const base = await locateRuntime({ ...options, path: null }, { ...thisMachine(), above: null });
  const { fetch } = await planCuda(base, options, machine);
  const sum = (key: 'downloadBytes' | 'diskBytes') =>
    Math.round(fetch.reduce((total, one) => total + (one[key] ?? 0), 0) / 1e6);
  for (const { what } of fetch) console.log(`  ${what}`);
  console.log(
    `to fetch: ${sum('downloadBytes')} MB, on disk ${sum('diskBytes')} MB (npm's packages besides)`,
  );
  const cold = await timed('cold', () => locateCuda(base, options, machine));
  await timed('warm', () => locateCuda(base, options, machine));
  const runtime = await loadRuntime({ path: base, locateCuda: async () => cold });
  try {
    const right = (await probeProvider('cuda', { context: { runtime, log: SILENT } })).computes;
    console.log(`a session on CUDA ${right ? 'opens and computes' : 'computes wrong results'}`);
  } catch (error) {
    console.log(`a session on CUDA: ${messageOf(error)}`);
  }
} finally {
  if (!values.keep) rmSync(cacheDir, { recursive: true, force: true });
}
