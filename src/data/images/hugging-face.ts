/** Hugging Face's `preprocessor_config.json`: what it says of images, as our own settings. */

import type { Filter } from '../../config/choices.js';
import type { Resize } from '../../config/data-config.js';
import { UserError } from '../../errors.js';
import { parseJson } from '../../system/files/text-file.js';
import { type Family, familyOf } from './hugging-face-families.js';
import type { InputDefaults } from './input-presets.js';

export interface Preprocessor {
  defaults: InputDefaults;
  /** Keys that say something about images which is not done here. */
  unknown: string[];
  /** Masks count from 1, with 0 for no class. */
  reducesLabels: boolean;
}

type Json = Record<string, unknown>;

/** `PIL.Image.Resampling` by number. */
const FILTERS: Record<number, Filter> = { 0: 'nearest', 1: 'lanczos', 2: 'bilinear', 3: 'bicubic', 4: 'box' };

/** Keys that are read, or that say nothing about pixels. */
const KNOWN = new Set(
  (
    'do_resize size max_size resample do_center_crop crop_size crop_pct do_rescale rescale_factor do_normalize image_mean image_std ' +
    'do_pad pad_size do_flip_channel_order do_flip_channels do_convert_rgb include_top rescale_offset image_processor_type feature_extractor_type processor_class _processor_class ' +
    'format do_convert_annotations return_segmentation_masks do_reduce_labels reduce_labels ignore_index _valid_processor_keys ' +
    'num_labels auto_map device disable_grouping data_format input_data_format default_to_square return_tensors use_square_size model_type'
  ).split(' '),
);

/** @param file for messages. Throws UserError for a text that is no such file, and for values that aren't what they should be. */
export function readPreprocessor(text: string, file: string): Preprocessor {
  const json = parse(text, file);
  const type = String(json.image_processor_type ?? json.feature_extractor_type ?? '');
  const { family, known } = familyOf(type);
  const reader = { json, family, type, file };
  const unknown = Object.keys(json).filter((key) => !KNOWN.has(key));
  if (!known) unknown.unshift(`image_processor_type: ${type}`);
  if (json.do_pad === true && json.pad_size === undefined && !/detr|yolos/i.test(type))
    unknown.push('do_pad');
  const reducesLabels = json.do_reduce_labels === true || json.reduce_labels === true;
  const resample = json.resample ?? family.resample;
  const filter = FILTERS[resample as number];
  if (filter === undefined) unknown.push(`resample: ${String(resample)}`);
  return {
    defaults: { ...placing(reader), cropRounding: 'down', filter: filter ?? 'bilinear', ...values(reader) },
    unknown,
    reducesLabels,
  };
}

interface Reader {
  json: Json;
  family: Family;
  type: string;
  file: string;
}

function parse(text: string, file: string): Json {
  try {
    const json = parseJson(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) return json as Json;
  } catch (error) {
    throw new UserError('data.preprocessor-file', `${file} is no JSON: ${(error as Error).message}`);
  }
  throw new UserError(
    'data.preprocessor-file',
    `${file} is no preprocessor_config.json: it holds no mapping.`,
  );
}

function placing(reader: Reader): InputDefaults {
  const { json, family, type, file } = reader;
  const cropped = (json.do_center_crop ?? family.crop !== null) as boolean;
  const crop = cropped ? cropSize(reader) : null;
  const pad =
    json.do_pad !== false && json.pad_size !== undefined ? pairOf(json.pad_size, reader, 'pad_size') : null;
  const padded = pad && {
    pad: { size: pad, multiple: null, fill: 'mean' as const, align: 'top-left' as const },
  };
  if (json.do_resize === false) return { crop, ...padded };
  if (/^convnext/i.test(type)) return convNext(reader);
  if (family.share !== undefined) {
    const share = numberOf(json.crop_pct ?? family.share, file, 'crop_pct');
    return { resize: Math.trunc(sideOf(json.size ?? family.size, reader) / share), crop, ...padded };
  }
  return { resize: resizeOf(json.size ?? family.size, reader), crop, ...padded };
}

/** Below 384 pixels: the shorter side to size ÷ crop_pct, then the centre; else squeezed into the square (`ConvNextImageProcessor.resize`). */
function convNext(reader: Reader): InputDefaults {
  const { json, family, file } = reader;
  const side = sideOf(json.size ?? family.size, reader);
  if (side >= 384) return { resize: [side, side] };
  const share = numberOf(json.crop_pct ?? 224 / 256, file, 'crop_pct');
  return { resize: Math.trunc(side / share), crop: [side, side] };
}

function sideOf(size: unknown, { file }: Reader): number {
  const value =
    typeof size === 'object' && size !== null
      ? ((size as Json).shortest_edge ?? (size as Json).height)
      : size;
  return pixelsOf(value, file, 'size');
}

function resizeOf(size: unknown, reader: Reader): Resize {
  const { json, family, file } = reader;
  const number = (value: unknown) => pixelsOf(value, file, 'size');
  const multiple = family.multiple === undefined ? {} : { multiple: family.multiple };
  if (typeof size === 'number') {
    if (json.max_size !== undefined)
      return { shorter: number(size), longer: pixelsOf(json.max_size, file, 'max_size'), ...multiple };
    return (json.default_to_square ?? family.square) ? [number(size), number(size)] : number(size);
  }
  if (Array.isArray(size) && size.length === 2) return [number(size[0]), number(size[1])];
  const { height, width, shortest_edge: shorter, longest_edge: longer, ...most } = (size ?? {}) as Json;
  if (height !== undefined && width !== undefined) return [number(height), number(width)];
  if (shorter !== undefined && longer !== undefined)
    return { shorter: number(shorter), longer: number(longer), ...multiple };
  if (most.max_height !== undefined && most.max_height === most.max_width)
    return { longer: number(most.max_height) };
  if (shorter !== undefined) return number(shorter);
  if (longer !== undefined) return { longer: number(longer) };
  throw new UserError(
    'data.preprocessor-file',
    `${file}: \`size\` is ${JSON.stringify(size)}; expected height and width, shortest_edge or longest_edge.`,
  );
}

function cropSize(reader: Reader): [number, number] {
  const { json, family } = reader;
  return pairOf(json.crop_size ?? family.crop ?? json.size ?? family.size, reader, 'crop_size');
}

function pairOf(value: unknown, { file }: Reader, key: string): [number, number] {
  if (typeof value === 'number') return [pixelsOf(value, file, key), pixelsOf(value, file, key)];
  if (Array.isArray(value) && value.length === 2)
    return [pixelsOf(value[0], file, key), pixelsOf(value[1], file, key)];
  const { height, width, shortest_edge: edge } = (value ?? {}) as Json;
  return [pixelsOf(height ?? edge, file, key), pixelsOf(width ?? edge, file, key)];
}

/** A length in pixels. */
function pixelsOf(value: unknown, file: string, key: string): number {
  if (Number.isSafeInteger(value) && (value as number) > 0) return value as number;
  throw new UserError(
    'data.preprocessor-file',
    `${file}: \`${key}\` is ${JSON.stringify(value)}; expected a whole number of pixels.`,
  );
}

function numberOf(value: unknown, file: string, key: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  throw new UserError(
    'data.preprocessor-file',
    `${file}: \`${key}\` is ${JSON.stringify(value)}; expected a number above 0.`,
  );
}

/** 1 ÷ 255 as files write it. */
const IS_255TH = (factor: number) => Math.abs(factor * 255 - 1) < 1e-6;

function values({ json, family, file }: Reader): InputDefaults {
  const factor =
    json.rescale_factor === undefined ? 1 / 255 : numberOf(json.rescale_factor, file, 'rescale_factor');
  const rescale = json.do_rescale !== false;
  const scale = rescale ? (IS_255TH(factor) ? true : factor) : false;
  const flips = json.do_flip_channel_order ?? json.do_flip_channels ?? family.flips ?? false;
  const channels = flips === true ? ({ channels: 'bgr' } as const) : {};
  const normalize = json.do_normalize ?? family.normalize ?? true;
  if (normalize === false) return { scale, ...channels };
  const numbers = (key: 'image_mean' | 'image_std', fallback: readonly number[]): number[] => {
    const value = json[key] ?? fallback;
    const list = Array.isArray(value) ? value : [value];
    if (list.every((one) => typeof one === 'number' && Number.isFinite(one))) return list as number[];
    throw new UserError(
      'data.preprocessor-file',
      `${file}: \`${key}\` is ${JSON.stringify(value)}; expected numbers.`,
    );
  };
  const [mean, std] = [numbers('image_mean', family.mean), numbers('image_std', family.std)];
  // EfficientNet's: one is taken off after rescaling, and the deviation divides once more.
  const offset = json.rescale_offset === true ? 1 : 0;
  const again = (json.include_top ?? family.twice ?? false) === true;
  return {
    scale,
    ...channels,
    mean: mean.map((value) => value + offset),
    std: again ? std.map((value) => value * value) : std,
  };
}
