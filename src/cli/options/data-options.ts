/** Data and their preprocessing given on the command line: the keys of `data` and `input` in quantgate.yml as options. */
import { type Command, Option } from 'commander';
import type { DataFormat, Filter } from '../../config/choices.js';
import { DATA_FORMATS, FILTERS, INPUT_PRESETS, type InputPreset } from '../../config/choices.js';
import type { Align, AudioConfig, Resize } from '../../config/data-config.js';
import type { RawPad } from '../../config/raw.js';
import { UserError } from '../../errors.js';
import type { DataOptions, InputOptions } from '../../library/options/data.js';
import {
  type PixelSize,
  parseClassNames,
  parseColumns,
  parseFill,
  parseNumbers,
  parsePad,
  parsePositive,
  parseResize,
  parseScale,
  parseSize,
  parseWhole,
} from './data-values.js';

export interface DataFlags {
  path?: string | undefined;
  limit?: number | undefined;
  format?: DataFormat;
  /** Of the samples, as many as calibrate. */
  split?: number;
  seed?: number;
  labels?: string;
  images?: string;
  masks?: string;
  ignore?: number;
  classOrder?: DataOptions['classOrder'];
  classNames?: string[];
  tokenizer?: string;
  maxLength?: number;
  text?: string | string[];
  audioFeatures?: NonNullable<AudioConfig['features']>;
  samplingRate?: number;
  from?: string;
  inputPreset?: InputPreset;
  preprocessor?: string;
  resize?: Resize;
  filter?: Filter;
  letterbox?: PixelSize;
  crop?: PixelSize;
  pad?: Pick<RawPad, 'size' | 'multiple'>;
  /** Of letterbox or pad. */
  fill?: number | number[] | 'mean';
  align?: Align;
  mean?: number[];
  std?: number[];
  scale?: boolean | number;
  channels?: 'rgb' | 'bgr';
  layout?: 'NCHW' | 'NHWC';
}

/** Adds the options to a command that reads samples. */
export function addInputOptions(command: Command): Command {
  return addPixelOptions(addTextOptions(addSourceOptions(command)));
}

function addSourceOptions(command: Command): Command {
  return command
    .optionsGroup('Data:')
    .addOption(
      new Option('--format <format>', 'of the data (default: guessed from the path)').choices(DATA_FORMATS),
    )
    .option('--split <n>', 'one set for both: so many samples calibrate, the others evaluate', parsePositive)
    .option('--seed <n>', 'of the fixed shuffle (default: 0)', parseWhole)
    .option('--labels <name>', 'array or column with the labels (default: labels)')
    .option('--images <dir>', 'folder of the images that the data name')
    .option('--masks <dir>', 'segmentation: folder of PNG files, a class index per pixel')
    .option('--ignore <n>', "value of a mask's pixels without a class", parseWhole)
    .addOption(
      new Option('--class-order <order>', 'how names of classes become indices').choices([
        'index',
        'name',
        'number',
      ]),
    )
    .option('--class-names <names>', "the model's classes in their order: cat,dog", parseClassNames);
}

function addTextOptions(command: Command): Command {
  return command
    .optionsGroup('Texts and recordings:')
    .option('--tokenizer <file>', 'tokenizer.json, for data that are texts')
    .option('--max-length <n>', 'tokens of a text at most (default: what the model takes)', parsePositive)
    .option(
      '--text <columns>',
      'column of the text, or the two of a pair: premise,hypothesis (default: guessed by name)',
      parseColumns,
    )
    .addOption(
      new Option('--audio-features <kind>', 'what the model takes of recordings').choices([
        'waveform',
        'normalized',
        'whisper',
        'kaldi',
      ]),
    )
    .option('--sampling-rate <hz>', 'of recordings, as the model takes them (default: 16000)', parsePositive);
}

function addPixelOptions(command: Command): Command {
  return command
    .optionsGroup('Preprocessing:')
    .option('--from <name>', "array or column that the model's input reads (default: the input's name)")
    .addOption(
      new Option('--input-preset <name>', "images: the field's usual preprocessing").choices(INPUT_PRESETS),
    )
    .option('--preprocessor <file>', "images: Hugging Face's preprocessor_config.json")
    .option('--resize <size>', 'images: shorter side, or HEIGHTxWIDTH, or longer=N', parseResize)
    .addOption(
      new Option('--filter <name>', 'images: how they are resized (default: bilinear)').choices(FILTERS),
    )
    .option('--letterbox <size>', 'images: resized to fit, the rest filled', parseSize)
    .option('--crop <size>', 'images: centre crop, N or HEIGHTxWIDTH', parseSize)
    .option('--pad <size>', 'images: filled up to N, HEIGHTxWIDTH or multiple=N', parsePad)
    .option(
      '--fill <levels>',
      'level around the image, 0 to 255, one or one per channel (default: 114 for --letterbox, 0 for --pad)',
      parseFill,
    )
    .addOption(
      new Option(
        '--align <where>',
        'where the image lies (default: center for --letterbox, top-left for --pad)',
      ).choices(['center', 'top-left']),
    )
    .option('--mean <numbers>', 'subtracted, one or one per channel: 0.485,0.456,0.406', parseNumbers)
    .option('--std <numbers>', 'divided by, one or one per channel', parseNumbers)
    .option(
      '--scale <scale>',
      'true (divide by 255), false, or a number to multiply by (default: true for 8-bit sources)',
      parseScale,
    )
    .addOption(
      new Option('--channels <order>', 'images: order of the colours (default: rgb)').choices(['rgb', 'bgr']),
    )
    .addOption(
      new Option(
        '--layout <layout>',
        "order of the tensor's axes (default: as the model's input says)",
      ).choices(['NCHW', 'NHWC']),
    );
}

/** As the library takes them; undefined: no flag is about data. @throws UserError for --fill or --align of nothing. */
export function dataOptions(flags: DataFlags): DataOptions | undefined {
  const { path, limit, format, split, seed, labels, images, masks, ignore } = flags;
  const { classOrder, classNames, tokenizer, maxLength, text } = flags;
  return given<DataOptions>({
    ...{ path, limit, format, seed, labels, images, masks, ignore, classOrder, classNames },
    ...{ tokenizer, maxLength, text },
    split: split === undefined ? undefined : { calibration: split },
    audio: given({ features: flags.audioFeatures, samplingRate: flags.samplingRate }),
    input: inputOptions(flags),
  });
}

function inputOptions(flags: DataFlags): InputOptions | undefined {
  const { from, inputPreset, preprocessor, resize, filter, crop, letterbox, pad, fill, align } = flags;
  const { mean, std, scale, channels, layout } = flags;
  const filled = given({ fill, align });
  if (filled !== undefined && letterbox === undefined && pad === undefined)
    throw new UserError(
      'usage.invalid-value',
      `--${Object.keys(filled)[0]} is about what --letterbox and --pad fill: give one of them with it.`,
    );
  return given<InputOptions>({
    ...{ from, preset: inputPreset, preprocessor, resize, filter, crop },
    ...{ mean, std, scale, channels, layout },
    // What doesn't fit a letterbox (fill: mean) the schema refuses.
    letterbox:
      letterbox && filled ? ({ size: letterbox, ...filled } as InputOptions['letterbox']) : letterbox,
    pad: pad && { ...pad, ...filled },
  });
}

/** What is not undefined; undefined: nothing is. */
function given<T extends object>(options: T): T | undefined {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as T);
}
