/**
 * NVIDIA's trtexec: builds TensorRT engines and times them, with the INT8 that onnxruntime-node cannot switch on.
 * Not run on a GPU so far: written after its sources, its help texts and public logs.
 */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { MachineError, messageOf, UserError } from '../errors.js';
import { runProgram } from '../system/process/run-program.js';
import { knownCause } from './provider-error.js';

/** Runs trtexec with arguments; gives exit code, the signal that ended it instead, and everything it printed. */
export type RunTrtexec = (
  args: readonly string[],
) => Promise<{ code: number; signal?: NodeJS.Signals; output: string }>;

export interface Trtexec {
  run: RunTrtexec;
  version: TensorRtVersion;
  /** Options that this version's help names, e.g. '--stronglyTyped'. */
  options: ReadonlySet<string>;
}

export interface TensorRtVersion {
  major: number;
  minor: number;
  patch: number;
}

/** Where NVIDIA's packages and containers put it when it isn't on PATH. */
const USUAL_PLACES = ['/usr/src/tensorrt/bin/trtexec', '/opt/tensorrt/bin/trtexec'];

/** An engine of a large model takes many minutes to build. */
const TIMEOUT_MS = 60 * 60_000;

/** Names a trtexec that isn't on PATH. Not a key of quantgate.yml: a pull request must not say what runs on the machine. */
export const TRTEXEC_VARIABLE = 'QUANTGATE_TRTEXEC';

/** trtexec's path; null where there is none. `environment` is process.env unless a test says otherwise. Throws UserError for a given path without one. */
export function findTrtexec(environment: NodeJS.ProcessEnv = process.env): string | null {
  const given = environment[TRTEXEC_VARIABLE];
  if (given) {
    if (existsSync(given)) return given;
    throw new UserError(
      'tensorrt.no-trtexec',
      `${TRTEXEC_VARIABLE} names ${given}, which does not exist. Correct it, or unset it.`,
    );
  }
  const onPath = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  return [...onPath.map((folder) => join(folder, 'trtexec')), ...USUAL_PLACES].find(canBeRun) ?? null;
}

function canBeRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** What it may print: much more than any log of a build. */
const MAX_OUTPUT_BYTES = 64 * 2 ** 20;

/** Runs the trtexec at `command`. The result throws Interrupted, MachineError when it can't be run or takes too long. */
export function trtexecRunner(
  command: string,
  { signal, timeoutMs = TIMEOUT_MS }: { signal?: AbortSignal; timeoutMs?: number } = {},
): RunTrtexec {
  return async (args) => {
    const stdout = { limitBytes: MAX_OUTPUT_BYTES };
    const end = await runProgram(command, args, { signal, timeoutMs, stdout, keptLength: MAX_OUTPUT_BYTES });
    if (end.startError !== null)
      throw new MachineError('tensorrt.no-trtexec', `${command} could not be run: ${end.startError}`);
    if (end.stopped === 'output') {
      throw new MachineError(
        'tensorrt.trtexec-failed',
        `${command}: more than ${MAX_OUTPUT_BYTES} bytes of output; it was stopped.`,
      );
    }
    if (end.stopped !== null) {
      throw new MachineError(
        'tensorrt.trtexec-failed',
        `${command}: no end after ${timeoutMs / 1000} s; it was stopped.`,
      );
    }
    const output = `${end.stdout}\n${end.stderr}`;
    return end.signal ? { code: 1, signal: end.signal, output } : { code: end.exitCode ?? 0, output };
  };
}

/** Asks trtexec for its version and options. Throws MachineError when it can't tell. */
export async function openTrtexec(run: RunTrtexec): Promise<Trtexec> {
  const { output } = await run(['--help']);
  const version = parseVersion(output) ?? parseVersion((await run(['--version'])).output);
  if (!version) {
    const said = output.trim().split('\n').at(-1) ?? '';
    throw new MachineError(
      'tensorrt.trtexec-failed',
      `trtexec does not tell its version${knownCause(output)}: ${said}`,
    );
  }
  return { run, version, options: new Set(output.match(/--[A-Za-z][A-Za-z0-9]*/g) ?? []) };
}

/** '[TensorRT v101401]' → 10.14.1; up to version 9 one digit each: '[TensorRT v8601]' → 8.6.1; or spelled with points. */
export function parseVersion(output: string): TensorRtVersion | null {
  const digits = /\[TensorRT v(\d{4,})\]/.exec(output)?.[1];
  if (!digits) {
    const [, major, minor, patch] = /(?:TensorRT|version)\D{0,12}(\d+)\.(\d+)\.(\d+)/i.exec(output) ?? [];
    return major ? { major: Number(major), minor: Number(minor), patch: Number(patch) } : null;
  }
  const number = Number(digits);
  return digits.length >= 6
    ? { major: Math.floor(number / 10_000), minor: Math.floor(number / 100) % 100, patch: number % 100 }
    : { major: Math.floor(number / 1_000), minor: Math.floor(number / 100) % 10, patch: number % 100 };
}

export interface EngineRequest {
  /** The ONNX file. */
  model: string;
  /** Where the engine goes. */
  engine: string;
  /** Shape of every input. */
  shapes: Readonly<Record<string, readonly number[]>>;
  /** What the model's types ask of a builder that doesn't read them itself. */
  precision: { int8: boolean; float16: boolean };
  deviceId?: number;
}

/** Builds an engine. Throws UserError when TensorRT refuses the model, quoting its line, MachineError when the machine is to blame. */
export async function buildEngine(trtexec: Trtexec, request: EngineRequest): Promise<void> {
  const result = await trtexec.run(buildArguments(trtexec, request));
  if (!failed(result)) return;
  const cause = machineCause(result);
  if (cause)
    throw new MachineError(
      'tensorrt.engine-refused',
      `TensorRT can't build an engine of ${request.model}${cause}`,
    );
  throw new UserError(
    'tensorrt.engine-refused',
    `TensorRT can't build an engine of ${request.model}: ${failureLine(result.output)}. If the original's engine builds, exclude that operator from quantization; else measure without tensorrt.`,
  );
}

type TrtexecResult = Awaited<ReturnType<RunTrtexec>>;

const failed = ({ code, signal, output }: TrtexecResult): boolean =>
  code !== 0 || signal !== undefined || /&&&& FAILED/.test(output);

/** What is wrong with the machine, with the line that says so; null: the model is to blame. */
function machineCause({ signal, output }: TrtexecResult): string | null {
  const line = failureLine(output);
  // An operator without memory for its kernels is named as one without any implementation, further down.
  const starved = errorLines(output).find((error) => OUT_OF_MEMORY.test(error));
  if (starved) {
    return `: out of memory: ${starved}. Stop what else uses the GPU (nvidia-smi lists it), or choose another with benchmark.device.`;
  }
  const known = knownCause(output);
  if (known) return `${known}: ${line}`;
  if (NO_DEVICE.test(output)) return `: ${line}. CUDA does not start: see what nvidia-smi says.`;
  return signal ? `: trtexec was ended by ${signal}: ${line}` : null;
}

const OUT_OF_MEMORY = /out of memory|insufficient memory|OutOfMemory/i;
const NO_DEVICE = /CUDA initialization failure|Cuda failure|Cannot find (a )?CUDA device/i;

/**
 * From version 10 on the engine is strongly typed: it computes in the types that the file says (the only way from version 11 on, which
 * has no precision options). Before that, INT8 and float16 have to be allowed.
 */
export function buildArguments(
  trtexec: Pick<Trtexec, 'version' | 'options'>,
  request: EngineRequest,
): string[] {
  const shapes = shapeList(request.shapes);
  return [
    `--onnx=${request.model}`,
    `--saveEngine=${request.engine}`,
    ...(shapes ? [`--minShapes=${shapes}`, `--optShapes=${shapes}`, `--maxShapes=${shapes}`] : []),
    ...typing(trtexec, request.precision),
    ...(trtexec.options.has('--skipInference') ? ['--skipInference'] : ['--buildOnly']),
    ...device(request.deviceId),
  ];
}

function typing(
  { version, options }: Pick<Trtexec, 'version' | 'options'>,
  { int8, float16 }: EngineRequest['precision'],
): string[] {
  if (version.major >= 11) return [];
  if (version.major === 10 && options.has('--stronglyTyped')) return ['--stronglyTyped'];
  return [...(int8 ? ['--int8'] : []), ...(float16 || int8 ? ['--fp16'] : [])];
}

export interface TimingRequest {
  engine: string;
  shapes: Readonly<Record<string, readonly number[]>>;
  /** Where the JSON of times goes. */
  times: string;
  /** Copies to and from the device are part of each run. */
  transfers: boolean;
  warmUpMs: number;
  durationS: number;
  deviceId?: number;
}

/** Times an engine: GPU milliseconds of each run. Throws MachineError when it doesn't run. */
export async function timeEngine(trtexec: Trtexec, request: TimingRequest): Promise<Float64Array> {
  // Another engine's times must not be taken for this one's.
  await rm(request.times, { force: true });
  const result = await trtexec.run(timeArguments(trtexec, request));
  if (failed(result)) {
    const why = machineCause(result) ?? `: ${failureLine(result.output)}`;
    throw new MachineError('tensorrt.trtexec-failed', `trtexec can't run the engine ${request.engine}${why}`);
  }
  const times = await readFile(request.times, 'utf8').catch((error: unknown) => {
    throw new MachineError(
      'tensorrt.trtexec-failed',
      `trtexec wrote no times to ${request.times}: ${messageOf(error)}`,
    );
  });
  return parseTimes(times, request.transfers);
}

export function timeArguments({ options }: Pick<Trtexec, 'options'>, request: TimingRequest): string[] {
  const shapes = shapeList(request.shapes);
  // Newer versions leave the copies out unless told, older ones include them unless told.
  const transfers = options.has('--includeDataTransfers')
    ? request.transfers
      ? ['--includeDataTransfers']
      : []
    : request.transfers
      ? []
      : ['--noDataTransfers'];
  return [
    `--loadEngine=${request.engine}`,
    `--exportTimes=${request.times}`,
    `--warmUp=${request.warmUpMs}`,
    `--duration=${request.durationS}`,
    '--iterations=10',
    ...(shapes ? [`--shapes=${shapes}`] : []),
    ...transfers,
    ...device(request.deviceId),
  ];
}

const device = (id: number | undefined) => (id === undefined ? [] : [`--device=${id}`]);

function shapeList(shapes: TimingRequest['shapes']): string {
  return Object.entries(shapes)
    .map(([name, dims]) => `${name}:${dims.join('x')}`)
    .join(',');
}

/** --exportTimes: `latencyMs` = H2D + compute + D2H; without the copies `computeMs` alone. Throws MachineError for anything else. */
export function parseTimes(json: string, transfers: boolean): Float64Array {
  const key = transfers ? 'latencyMs' : 'computeMs';
  let entries: unknown;
  try {
    entries = JSON.parse(json);
  } catch (error) {
    throw new MachineError('tensorrt.trtexec-failed', `trtexec's times can't be read: ${messageOf(error)}`);
  }
  const times = Array.isArray(entries)
    ? entries.map((entry: Record<string, unknown>) => Number(entry?.[key]))
    : [];
  if (times.length === 0 || times.some((ms) => !(ms > 0))) {
    throw new MachineError('tensorrt.trtexec-failed', `trtexec's times hold no ${key}`);
  }
  return Float64Array.from(times);
}

/** The line that says why: of the errors the first that gives a node's or operator's reason, else that names one, else the first. */
export function failureLine(output: string): string {
  const errors = errorLines(output);
  const telling =
    errors.find((line) => REASON.test(line)) ??
    errors.find((line) => /node|operator|layer|unsupported|memory/i.test(line));
  return telling ?? errors[0] ?? (output.trim().split('\n').at(-1) || 'it printed nothing');
}

/** What TensorRT's parser and builder say of one operator ("While parsing node number 4" comes before, without the reason). */
const REASON = /In node \d+|UNSUPPORTED_|No importer registered|Could not find any implementation/;

const errorLines = (output: string): string[] =>
  output
    .split('\n')
    .filter((line) => /\[E\]/.test(line))
    .map((line) => line.replace(/^.*?\[E\]\s*(\[TRT\]\s*)?/, '').trim());
