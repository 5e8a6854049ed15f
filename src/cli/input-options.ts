/** Preprocessing given on the command line: the keys of `input` in quantgate.yml as options. */
import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DataConfig, Filter, InputConfig, InputPreset, Resize } from '../config/config.js';
import { DEFAULT_INPUT } from '../config/defaults.js';
import { readInput } from '../config/inputs.js';
import { Problems } from '../config/problems.js';
import type { RawInput } from '../config/raw.js';
import { UserError } from '../errors.js';

export interface InputOptions {
  images?: string;
  inputPreset?: InputPreset;
  preprocessor?: string;
  resize?: Resize;
  filter?: Filter;
  letterbox?: number | [number, number];
  crop?: number | [number, number];
  mean?: number[];
  std?: number[];
  scale?: boolean | number;
  channels?: 'rgb' | 'bgr';
  layout?: 'NCHW' | 'NHWC';
}

const PRESETS: readonly InputPreset[] = ['imagenet', 'imagenet-bicubic', 'clip', 'yolo', 'caffe'];
const FILTERS: readonly Filter[] = ['bilinear', 'bicubic', 'lanczos', 'nearest', 'box', 'opencv-bilinear'];

/** Adds the options to a command that reads images. */
export function addInputOptions(command: Command): Command {
  return command
    .option('--images <dir>', 'folder of the images that the data name')
    .addOption(
      new Option('--input-preset <name>', "images: the field's usual preprocessing").choices(PRESETS),
    )
    .option('--preprocessor <file>', "images: Hugging Face's preprocessor_config.json")
    .option('--resize <size>', 'images: shorter side, or HEIGHTxWIDTH, or longer=N', resizeOption)
    .addOption(new Option('--filter <name>', 'images: how they are resized').choices(FILTERS))
    .option('--letterbox <size>', 'images: resized to fit, the rest filled', size)
    .option('--crop <size>', 'images: centre crop, N or HEIGHTxWIDTH', size)
    .option('--mean <numbers>', 'subtracted, one or one per channel: 0.485,0.456,0.406', numbers)
    .option('--std <numbers>', 'divided by, one or one per channel', numbers)
    .option('--scale <scale>', 'true (divide by 255), false, or a number to multiply by', scale)
    .addOption(new Option('--channels <order>', 'images: order of the colours').choices(['rgb', 'bgr']))
    .addOption(new Option('--layout <layout>', "order of the tensor's axes").choices(['NCHW', 'NHWC']));
}

/** The data with every input prepared as the options say; what they don't say stays. Throws UserError, also where there are no data to prepare. */
export function withInputOptions<T extends DataConfig | null>(
  data: T,
  options: InputOptions,
  dataOption: string,
): T {
  const prepared = withPreparation(data, options, dataOption);
  if (options.images === undefined) return prepared;
  if (prepared === null)
    throw new UserError(`--images goes with data, but there are none: give ${dataOption} PATH with it.`);
  return { ...prepared, images: resolve(options.images) };
}

function withPreparation<T extends DataConfig | null>(data: T, options: InputOptions, dataOption: string): T {
  const raw: RawInput = {
    preset: options.inputPreset,
    preprocessor: options.preprocessor,
    resize: options.resize,
    filter: options.filter,
    letterbox: options.letterbox,
    crop: options.crop,
    mean: options.mean,
    std: options.std,
    scale: options.scale,
    channels: options.channels,
    layout: options.layout,
  };
  const given = Object.keys(raw).find((key) => raw[key as keyof RawInput] !== undefined);
  if (given === undefined) return data;
  if (data === null) {
    const option = given === 'preset' ? 'input-preset' : given;
    throw new UserError(`--${option} prepares samples, but there are none: give ${dataOption} PATH with it.`);
  }
  const problems = new Problems(() => null);
  const own = readInput(raw, { directory: process.cwd(), problems, path: [] });
  const [problem] = problems.list;
  if (problem) throw new UserError(`--${problem.path}: ${problem.message}.`);
  const inputs = Object.keys(data.inputs).length === 0 ? { '': DEFAULT_INPUT } : data.inputs;
  return {
    ...data,
    inputs: Object.fromEntries(Object.entries(inputs).map(([name, config]) => [name, merged(config, own)])),
  };
}

/** A size given on the command line replaces the config's ways to a size. */
function merged(config: InputConfig, own: InputConfig): InputConfig {
  const kept = { ...config };
  if (own.letterbox !== null) Object.assign(kept, { resize: null, crop: null, pad: null });
  if (own.resize !== null || own.crop !== null) kept.letterbox = null;
  if (own.preset !== null) kept.preprocessor = null;
  if (own.preprocessor !== null) kept.preset = null;
  const said = Object.entries(own).filter(([, value]) => value !== null);
  return { ...kept, ...Object.fromEntries(said) };
}

function resizeOption(text: string): Resize {
  const match = /^(longer|shorter)=(\d+)$/.exec(text);
  if (match) return { [match[1]!]: positive(match[2]!) } as Resize;
  return size(text);
}

function size(text: string): number | [number, number] {
  const match = /^(\d+)x(\d+)$/.exec(text);
  return match ? [positive(match[1]!), positive(match[2]!)] : positive(text);
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError('Give whole pixels: 224, or HEIGHTxWIDTH such as 480x640.');
  }
  return value;
}

function numbers(text: string): number[] {
  const values = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (values.every(Number.isFinite)) return values;
  throw new InvalidArgumentError('Give a number, or one per channel: 0.485,0.456,0.406.');
}

function scale(text: string): boolean | number {
  if (text === 'true' || text === 'false') return text === 'true';
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError('Give true, false, or a number above 0.');
}
