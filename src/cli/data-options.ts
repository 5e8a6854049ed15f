/** Data and their preprocessing given on the command line: the keys of `data` and `input` in quantgate.yml as options. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { DataFormat, Filter, InputPreset, Resize } from '../config/config.js';
import type { DataOptions, InputOptions } from '../library/data.js';

export interface DataFlags {
  path?: string | undefined;
  limit?: number | undefined;
  tokenizer?: string;
  maxLength?: number;
  images?: string;
  format?: DataFormat;
  masks?: string;
  classNames?: string[];
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

/** Every format: tsc finds one that is missing here. */
const FORMATS = {
  'image-folder': true,
  npz: true,
  npy: true,
  'onnx-tests': true,
  jsonl: true,
  idx: true,
  csv: true,
  coco: true,
  yolo: true,
  voc: true,
  'text-lines': true,
  conll: true,
  squad: true,
  text: true,
  beir: true,
  speech: true,
} satisfies Record<DataFormat, true>;

/** Adds the options to a command that reads images. */
export function addInputOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', 'of the data (default: guessed from the path)').choices(
        Object.keys(FORMATS),
      ),
    )
    .option('--images <dir>', 'folder of the images that the data name')
    .option('--masks <dir>', 'segmentation: folder of PNG files, a class index per pixel')
    .option('--class-names <names>', "the model's classes in their order: cat,dog", names)
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

/** As the library takes them; undefined: no flag is about data. */
export function dataOptions(flags: DataFlags): DataOptions | undefined {
  const {
    path,
    limit,
    tokenizer,
    maxLength,
    images,
    format,
    masks,
    classNames,
    inputPreset,
    preprocessor,
    resize,
    filter,
  } = flags;
  const { letterbox, crop, mean, std, scale, channels, layout } = flags;
  const input = given<InputOptions>({
    ...{ preset: inputPreset, preprocessor, resize, filter, letterbox },
    ...{ crop, mean, std, scale, channels, layout },
  });
  return given<DataOptions>({ path, format, limit, tokenizer, maxLength, images, masks, classNames, input });
}

/** What is not undefined; undefined: nothing is. */
function given<T extends object>(options: T): T | undefined {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as T);
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

function names(text: string): string[] {
  const values = text.split(',').map((part) => part.trim());
  if (values.every((name) => name !== '')) return values;
  throw new InvalidArgumentError('Give the names of the classes, parted by commas: cat,dog.');
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
