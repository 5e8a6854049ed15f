/** A machine with an NVIDIA GPU, made of fakes: nvidia-smi, trtexec and the GPU providers of onnxruntime-node. The rest is real. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Report } from '../../src/terms/report.js';
import { T4_IDLE } from '../measure/fixtures/nvidia-smi.js';
import { HELP_10 } from '../runtime/fixtures/trtexec.js';
import { EXAMPLE, type Outcome, quantgate } from './command-line.js';

/** Replaced by one of this process: the lock of a GPU holds on the whole machine, and other test runs have theirs. */
const T4_UUID = 'GPU-5f8e1c2a-6c1d-9b1e-3c5e-0f2b7a9d4e11';
const FIXTURES = join(import.meta.dirname, 'fixtures');

export interface ProviderFailure {
  /** What cuda and tensorrt throw for models whose path holds `when` (default: all). */
  message: string;
  when?: string;
  /** On opening a session, or on every run. */
  at?: 'open' | 'run';
  /** What ONNX Runtime's own log says before. */
  native?: string;
}

export class GpuMachine {
  readonly folder = mkdtempSync(join(tmpdir(), 'quantgate-gpu-machine-'));
  private readonly bin = join(this.folder, 'bin');
  private readonly runtime = join(this.folder, 'onnxruntime-node');

  constructor() {
    const libraries = join(this.runtime, 'bin', 'napi-v6', process.platform, process.arch);
    for (const directory of [this.bin, libraries]) mkdirSync(directory, { recursive: true });
    for (const name of ['shared', 'cuda', 'tensorrt'])
      writeFileSync(join(libraries, `libonnxruntime_providers_${name}.so`), '');
    copyFileSync(join(FIXTURES, 'fake-nvidia-smi.sh'), join(this.bin, 'nvidia-smi'));
    copyFileSync(join(FIXTURES, 'fake-onnxruntime.cjs'), join(this.runtime, 'index.js'));
    const manifest = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
    const { version } = JSON.parse(readFileSync(join(manifest, 'package.json'), 'utf8'));
    writeFileSync(
      join(this.runtime, 'package.json'),
      JSON.stringify({ name: 'onnxruntime-node', version, main: 'index.js' }),
    );
    this.say('gpus', T4_IDLE);
    this.say('processes', '');
    this.say('list', '');
  }

  /** Sets what nvidia-smi or trtexec answers: `gpus`, `processes`, `list`, `hangs`, `fails`, `trtexec-help`, `trtexec-fails`. */
  say(file: string, text: string): this {
    writeFileSync(join(this.folder, file), text.replaceAll(T4_UUID, `GPU-${process.pid}`));
    return this;
  }

  withTrtexec(help: string = HELP_10): this {
    copyFileSync(join(FIXTURES, 'fake-trtexec.cjs'), join(this.bin, 'trtexec'));
    return this.say('trtexec-help', help);
  }

  /** What nvidia-smi ('asked') or trtexec ('trtexec-asked') was called with, call by call. */
  calls(file: 'asked' | 'trtexec-asked'): string[] {
    const path = join(this.folder, file);
    return existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  }

  providersFail(failure: ProviderFailure): this {
    return this.say('provider-error', JSON.stringify(failure));
  }

  quantgate(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Outcome {
    const failure = join(this.folder, 'provider-error');
    return quantgate([...args, '--onnxruntime-path', this.runtime], {
      env: {
        ...process.env,
        NO_COLOR: '1',
        CUDA_VISIBLE_DEVICES: '',
        QUANTGATE_TRTEXEC: '',
        REAL_ONNXRUNTIME: createRequire(import.meta.url).resolve('onnxruntime-node'),
        FAKE_GPU: this.folder,
        FAKE_PROVIDER_ERROR: existsSync(failure) ? failure : '',
        PATH: `${this.bin}${delimiter}${process.env.PATH}`,
        ...environment,
      },
    });
  }

  /** The pipeline on the digits example with a few samples. */
  run(
    config: Record<string, unknown>,
    environment: NodeJS.ProcessEnv = {},
  ): Outcome & { report: Report | null } {
    const path = join(this.folder, 'quantgate.json');
    const { variants = [{ name: 'fp16', method: 'float16' }], benchmark, ...rest } = config;
    const data = join(EXAMPLE, 'data');
    writeFileSync(
      path,
      JSON.stringify({
        version: 1,
        models: [
          {
            name: 'digits',
            path: join(EXAMPLE, 'digits.onnx'),
            task: 'classification',
            data: {
              calibration: { path: join(data, 'calibration.npz'), limit: 8 },
              evaluation: { path: join(data, 'evaluation.npz'), limit: 8 },
              inputs: { image: { from: 'images', mean: [0.1307], std: [0.3081] } },
            },
            variants,
          },
        ],
        // Fewer processes and one launch are enough where nothing is decided by intervals.
        confidence: 0.8,
        benchmark: { budget: '1ms', ...(benchmark as object) },
        ...rest,
      }),
    );
    const outcome = this.quantgate(
      ['run', '--config', path, '--out', join(this.folder, 'out'), '--json'],
      environment,
    );
    return { ...outcome, report: outcome.stdout.startsWith('{') ? JSON.parse(outcome.stdout) : null };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
