/** Everyone who quantizes a model here: each method of quantgate, and ONNX Runtime's quantizer for Python. */
import { join } from 'node:path';
import { METHODS as OWN_METHODS } from '../../src/config/choices.js';
import type { Note } from '../../src/terms/measurement.js';
import { type Cost, runCommand } from '../peers/command.js';
import { pythonOf } from '../peers/environment.js';
import { CLI, PEERS } from '../peers/repository.js';

export const METHODS = [...OWN_METHODS, 'python-static', 'python-dynamic'] as const;
export type MethodName = (typeof METHODS)[number];

/** auto measures on a clock: it runs when it is asked for. */
export const DEFAULT_METHODS = METHODS.filter((name) => name !== 'auto');

export interface Made {
  method: MethodName;
  file: string;
  /** null: it failed. */
  cost: Cost | null;
  /** What quantgate said of it: codes of its notes. */
  notes: readonly string[];
  failed: string | null;
}

export interface ToQuantize {
  model: string;
  /** Folder of ONNX test sets. */
  calibration: string;
  /** Where the file goes. */
  folder: string;
  threads: number;
  /** A method that takes longer has failed. */
  limitMs: number;
}

/** Lets one method quantize a model, in a process of its own. A failure is a result. */
export function quantize(method: MethodName, task: ToQuantize): Made {
  const file = join(task.folder, `${method}.onnx`);
  try {
    const { seconds, cpuSeconds, peakBytes, stdout } = method.startsWith('python-')
      ? quantizeInPython(method, file, task)
      : quantizeHere(method, file, task);
    const notes = method.startsWith('python-') ? [] : (JSON.parse(stdout) as { notes: Note[] }).notes;
    return {
      method,
      file,
      cost: { seconds, cpuSeconds, peakBytes },
      notes: notes.map(({ code }) => code),
      failed: null,
    };
  } catch (error) {
    return { method, file, cost: null, notes: [], failed: (error as Error).message };
  }
}

/** A method that had no time left. */
export function notMade(method: MethodName, folder: string): Made {
  const failed = 'not made: the time of its row was used up';
  return { method, file: join(folder, `${method}.onnx`), cost: null, notes: [], failed };
}

function quantizeHere(method: MethodName, file: string, task: ToQuantize) {
  const { model, calibration, threads, limitMs } = task;
  const data = ['--calibration', calibration];
  const output = ['--threads', String(threads), '--json', '--quiet'];
  const command = [CLI, 'quantize', model, '--out', file, '--method', method, ...data, ...output];
  return runCommand(process.execPath, command, { limitMs });
}

function quantizeInPython(method: MethodName, file: string, task: ToQuantize) {
  const { model, calibration, folder, limitMs } = task;
  const script = join(PEERS, 'python', 'quantize_onnxruntime.py');
  const options =
    method === 'python-dynamic'
      ? ['--configuration', 'default', '--dynamic']
      : ['--configuration', 'best', '--samples', JSON.stringify({ format: 'onnx-tests', path: calibration })];
  // Its shape inference leaves files where it runs.
  return runCommand(pythonOf('onnxruntime'), [script, model, file, ...options], {
    directory: folder,
    limitMs,
  });
}
