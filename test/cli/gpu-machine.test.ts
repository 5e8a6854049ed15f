/** Whole runs on machines with an NVIDIA GPU, made of fakes: what goes wrong there, as the user sees it. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Diagnosis } from '../../src/measure/doctor.js';
import type { Report } from '../../src/terms/report.js';
import { A10G_THROTTLED, PROCESSES } from '../measure/fixtures/nvidia-smi.js';
import { FAILED_BUILD, HELP_8, HELP_11, STARVED_BUILD } from '../runtime/fixtures/trtexec.js';
import { EXAMPLE, ROOT } from './command-line.js';
import { GpuMachine } from './gpu-machine.js';

// Whole runs, each of a dozen processes or more.
vi.setConfig({ testTimeout: 180_000 });

let machine: GpuMachine;
const newMachine = () => {
  machine = new GpuMachine();
  return machine;
};
afterEach(() => machine.remove());

const LATENCY = { 'latency.p50': { 'max-ratio': 9 } };
const codes = (report: Report | null) => report!.notes.map(({ code }) => code);
const found = (report: Report | null, variant: string, metric: string) =>
  report!.measurements.find(
    (entry) => entry.variant === variant && entry.metric === metric && entry.provider !== 'cpu',
  );

/** What the self-test workflow prints of the last run. */
const selfTest = (provider: string, report = join(machine.folder, 'out', 'quantgate-report.json')) =>
  execFileSync(process.execPath, [join(ROOT, 'scripts', 'gpu-selftest.mjs'), report, provider], {
    encoding: 'utf8',
  });

describe('a GPU that another process uses', () => {
  it('makes latency inconclusive, naming the process, and leaves the rest judged', () => {
    const { report, status } = newMachine()
      .say('processes', PROCESSES)
      .run({
        benchmark: { providers: ['cuda'] },
        thresholds: { ...LATENCY, 'memory.gpu': { max: '4 GiB' }, 'fidelity.sqnr': { min: '30 dB' } },
      });
    expect(status).toBe(0);
    const verdicts = Object.fromEntries(report!.checks.map((check) => [check.metric, check]));
    expect(verdicts['latency.p50']).toMatchObject({ verdict: 'inconclusive' });
    expect(verdicts['latency.p50']!.reason).toContain('/usr/bin/python3 (pid 12345)');
    expect(verdicts['memory.gpu']).toMatchObject({ verdict: 'skipped' });
    expect(verdicts['fidelity.sqnr']).toMatchObject({ verdict: 'pass' });
    expect(codes(report)).toContain('noise.gpu-shared');
    expect(selfTest('cuda')).toMatch(/\| what was seen on the GPU \| noise\.gpu-shared: .*python3/);
    expect(selfTest('cuda')).toMatch(/\| memory on the GPU \| original: skipped: nvidia-smi does not tell/);
  });
});

describe('nvidia-smi that shows no more memory in use than before', () => {
  it('tells nothing of memory.gpu: it is skipped, and the rest is judged', () => {
    const { report, status } = newMachine().run({
      benchmark: { providers: ['cpu', 'cuda'] },
      thresholds: { 'memory.gpu': { max: '4 GiB' }, 'fidelity.sqnr': { min: '30 dB' } },
    });
    expect(status).toBe(0);
    const verdicts = report!.checks.map(({ metric, provider, verdict }) => [metric, provider, verdict]);
    expect(verdicts).toContainEqual(['memory.gpu', 'cuda', 'skipped']);
    expect(verdicts).toContainEqual(['fidelity.sqnr', 'cpu', 'pass']);
    expect(verdicts).toContainEqual(['fidelity.sqnr', 'cuda', 'pass']);
    expect(codes(report)).not.toContain('noise.gpu-shared');
  });
});

describe('nvidia-smi that hangs', () => {
  it('costs one wait, not one for every look, and the run says that nobody watched', () => {
    const { report, status } = newMachine()
      .say('hangs', '')
      .run({
        benchmark: { providers: ['cuda'] },
        thresholds: { ...LATENCY, 'memory.gpu': { max: '4 GiB' } },
      });
    expect(status).toBe(0);
    expect(machine.calls('asked')).toHaveLength(1);
    expect(codes(report)).toContain('noise.gpu-unseen');
    expect(report!.checks.find(({ metric }) => metric === 'memory.gpu')).toMatchObject({
      verdict: 'skipped',
    });
  });
});

describe('trtexec', () => {
  const variants = ['int8', 'fp16'];
  const onTensorRt = { variants, benchmark: { providers: ['tensorrt'] }, thresholds: LATENCY };

  it('builds, times and is judged by its engines: int8 TensorRT-shaped without being told', () => {
    const { report, status } = newMachine().withTrtexec().run(onTensorRt);
    expect(status).toBe(0);
    expect(found(report, 'int8', 'latency.p50')).toMatchObject({
      value: 1,
      ratio: { value: expect.closeTo(0.5, 9) },
    });
    expect(found(report, 'original', 'latency.end-to-end')!.value).toBeCloseTo(2.25, 9);
    expect(found(report, 'int8', 'fidelity.sqnr')!.value).toBeGreaterThan(20);
    expect(codes(report)).toContain('latency.trtexec');
    expect(codes(report)).not.toContain('tensorrt.engine-not-judged');
    expect(codes(report).filter((code) => code.startsWith('provider.'))).toEqual([]);
    const builds = machine.calls('trtexec-asked').filter((call) => call.includes('--onnx='));
    expect(builds).toHaveLength(3);
    for (const build of builds) expect(build).toMatch(/--stronglyTyped/);
    const answers = selfTest('tensorrt');
    expect(answers).toMatch(/\| the GPU \| Tesla T4, driver 550\.90\.07 \|/);
    expect(answers).toMatch(
      /\| latency p50 \| original: 2\.000 ms; int8: 1\.000 ms \(0\.50×\); fp16: 2\.000 ms/,
    );
    expect(answers).toMatch(/\| timed by trtexec \| .*trtexec 10\.3\.0/);
    expect(answers).toMatch(/\| engines judged for accuracy \| yes \|/);
  });

  it('of version 11 is given no precision, of version 8 what each file needs', () => {
    const original = join(EXAMPLE, 'digits.onnx');
    const int8 = join(newMachine().folder, 'int8.onnx');
    const config = ['--config', join(EXAMPLE, 'quantgate.yml'), '--calibration-limit', '8'];
    const made = machine.quantgate(['quantize', original, '--out', int8, '--preset', 'tensorrt', ...config]);
    expect(made.status, made.stderr).toBe(0);
    const builds = (help: string) => {
      rmSync(join(machine.folder, 'trtexec-asked'), { force: true });
      const bench = ['bench', original, int8, '--provider', 'tensorrt', '--budget', '1ms'];
      const { status, stderr } = machine.withTrtexec(help).quantgate(bench);
      expect(status, stderr).toBe(0);
      const calls = machine.calls('trtexec-asked').filter((call) => call.includes('--onnx='));
      return calls.map((call) => (call.match(/--(int8|fp16|stronglyTyped)\b/g) ?? []).join(' '));
    };
    expect(builds(HELP_11)).toEqual(['', '']);
    expect(builds(HELP_8)).toEqual(['', '--int8 --fp16']);
  });

  it('that refuses a variant makes it invalid, with the line that names the operator', () => {
    const failures = [{ when: 'models/digits/int8', output: FAILED_BUILD }];
    const { report, status } = newMachine()
      .withTrtexec()
      .say('trtexec-fails', JSON.stringify(failures))
      .run(onTensorRt);
    expect(status).toBe(1);
    const verdicts = report!.checks.map(({ variant, verdict }) => [variant, verdict]);
    expect(verdicts).toEqual([
      ['int8', 'invalid'],
      ['fp16', 'pass'],
    ]);
    expect(report!.checks[0]!.reason).toContain('Could not find any implementation for node /model/Mod');
  });

  it('that crashes or runs out of memory on a variant makes only that invalid', () => {
    const failures = [
      { when: 'models/digits/int8', output: 'Segmentation fault\n', signal: 'SIGSEGV' },
      {
        when: '2.engine --exportTimes',
        output:
          '[E] Error[1]: [defaultAllocator.cpp::allocate::31] Error Code 1: Cuda Runtime (out of memory)\n',
      },
    ];
    const { report, status } = newMachine()
      .withTrtexec()
      .say('trtexec-fails', JSON.stringify(failures))
      .run(onTensorRt);
    expect(status).toBe(1);
    const reasons = report!.checks.map(({ verdict, reason }) => `${verdict}: ${reason}`);
    expect(reasons[0]).toMatch(/^invalid: .*trtexec was ended by SIGSEGV/);
    expect(reasons[1]).toMatch(/^invalid: .*out of memory.*nvidia-smi lists it/);
  });

  it.each([
    [
      2,
      'refuses the original',
      FAILED_BUILD,
      /Could not find any implementation for node \/model\/Mod.*measure without tensorrt/,
    ],
    [
      3,
      'finds an old driver',
      '[E] Error[6]: [runtime.cpp] CUDA initialization failure with error: 35\n&&&& FAILED\n',
      /the NVIDIA driver is older than the CUDA runtime needs/,
    ],
    [
      3,
      'finds no memory for the original',
      STARVED_BUILD,
      /out of memory.*Requested size was 8589934592 bytes.*choose another with benchmark\.device/,
    ],
  ])('ends the run with exit code %i when it %s', (code, _what, output, message) => {
    const failures = [{ when: 'digits.onnx', output }];
    const { status, stderr } = newMachine()
      .withTrtexec()
      .say('trtexec-fails', JSON.stringify(failures))
      .run({ ...onTensorRt, variants: ['fp16'] });
    expect(stderr).toMatch(message);
    expect(status).toBe(code);
  });
});

describe('doctor', () => {
  it('tells the GPU and what holds it down, what opens, and which trtexec is found', () => {
    const { status, stdout } = newMachine()
      .withTrtexec()
      .say('gpus', A10G_THROTTLED)
      .quantgate(['doctor', '--json']);
    expect(status).toBe(0);
    const { gpus, providers, trtexec, problems } = JSON.parse(stdout) as Diagnosis;
    expect(gpus).toMatchObject([
      { name: 'NVIDIA A10G', throttling: ['power cap', 'thermal limit (software)'] },
    ]);
    expect(providers).toContainEqual({ name: 'cuda', opens: true, reason: null });
    expect(trtexec).toBe(`10.3.0 (${join(machine.folder, 'bin', 'trtexec')})`);
    expect(problems.join()).toMatch(/Persistence mode of NVIDIA A10G is off.*held down by power cap/);
  });
});

describe('a GPU that runs out of memory', () => {
  const text = 'CUDA failure 2: out of memory ; GPU=0 ; expr=cudaMalloc((void**)&p, size);';

  it('on the original ends the run with exit code 3', () => {
    const { status, stderr } = newMachine()
      .providersFail({ message: text, when: 'digits.onnx', at: 'run' })
      .run({ benchmark: { providers: ['cuda'] }, thresholds: LATENCY });
    expect(stderr).toMatch(/The original model can't be measured.*out of memory/);
    expect(status).toBe(3);
  });

  it('on a variant makes that invalid', () => {
    const { status, report } = newMachine()
      .providersFail({ message: text, when: 'fp16' })
      .run({ benchmark: { providers: ['cuda'] }, thresholds: LATENCY });
    expect(status).toBe(1);
    expect(report!.checks[0]).toMatchObject({ variant: 'fp16', verdict: 'invalid' });
    expect(report!.checks[0]!.reason).toMatch(/Out of memory while opening .*nvidia-smi lists it/);
  });
});

describe('a provider that does not open ends the run with exit code 3 before anything is quantized', () => {
  const LOADING = 'OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library';
  const missing = (library: string) =>
    `[E:onnxruntime:Default, provider_bridge_ort.cc:1992 TryGetProviderInfo_CUDA] Failed to load library libonnxruntime_providers_cuda.so with error: ${library}: cannot open shared object file: No such file or directory`;
  it.each([
    [
      'no driver',
      { message: LOADING, native: missing('libcuda.so.1') },
      /libcuda\.so\.1 is missing: install the NVIDIA driver/,
    ],
    [
      'a driver too old',
      { message: 'CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version ; GPU=-1' },
      /driver is older than the CUDA runtime needs: update the driver/,
    ],
    [
      'another CUDA major',
      { message: LOADING, native: missing('libcublasLt.so.12') },
      /libcublasLt\.so\.12 is missing: install the CUDA toolkit of that major version/,
    ],
    [
      'no cuDNN',
      { message: LOADING, native: missing('libcudnn.so.9') },
      /libcudnn\.so\.9 is missing: install cuDNN 9/,
    ],
    [
      'a GPU without memory left',
      { message: 'CUDA failure 2: out of memory ; GPU=0 ; expr=cudaMalloc' },
      /Out of memory.*cuda.*nvidia-smi lists it.*benchmark\.device/,
    ],
  ])('%s', (_what, failure, message) => {
    const { status, stderr } = newMachine()
      .providersFail(failure)
      .run({ benchmark: { providers: ['cuda'] } });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/quantizing/);
    expect(status).toBe(3);
    expect(selfTest('cuda')).toContain('No report: the log');
  });
});
