/** `input` and `inputs`: the preprocessing of a model's inputs. */
import { resolve } from 'node:path';
import type { InputConfig, Letterbox, Pad } from '../data-config.js';
import { DEFAULT_INPUT } from '../defaults.js';
import type { Path, Problems } from '../file/problems.js';
import { list, type RawInput } from '../raw.js';

/** Ultralytics' grey. */
const LETTERBOX_FILL = 114;

export interface InputPlace {
  /** Folder that paths are relative to. */
  directory: string;
  problems: Problems;
  path: Path;
}

/** Adds problems for settings that contradict each other. */
export function readInput(raw: RawInput, place: InputPlace): InputConfig {
  const crop = raw.crop === undefined ? null : pair(raw.crop);
  const mean = raw.mean === undefined ? null : list(raw.mean);
  const std = raw.std === undefined ? null : list(raw.std);
  assertSizes(raw, crop, place);
  assertValues(mean, std, place);
  return {
    ...DEFAULT_INPUT,
    from: raw.from ?? null,
    preset: raw.preset ?? null,
    preprocessor: typeof raw.preprocessor === 'string' ? resolve(place.directory, raw.preprocessor) : null,
    resize: raw.resize ?? null,
    filter: raw.filter ?? null,
    letterbox: raw.letterbox === undefined ? null : letterboxOf(raw.letterbox),
    crop,
    pad: raw.pad === undefined ? null : padOf(raw.pad),
    channels: raw.channels ?? null,
    scale: raw.scale ?? null,
    mean,
    std,
    layout: raw.layout ?? null,
  };
}

function assertSizes(raw: RawInput, crop: [number, number] | null, { path, problems }: InputPlace): void {
  if (crop && typeof raw.resize === 'number' && Math.min(...crop) > raw.resize) {
    problems.add(
      [...path, 'crop'],
      'config.invalid-value',
      `a crop of ${crop.join(' × ')} doesn't fit in images whose shorter side is resized to ${raw.resize}`,
    );
  }
  const beside = (['resize', 'crop', 'pad'] as const).find((key) => raw[key] !== undefined);
  if (raw.letterbox !== undefined && beside !== undefined) {
    problems.add(
      [...path, 'letterbox'],
      'config.conflict',
      `it resizes and pads by itself; remove it or '${beside}'`,
    );
  }
}

function assertValues(mean: number[] | null, std: number[] | null, { path, problems }: InputPlace): void {
  if (mean && std && mean.length !== std.length && mean.length > 1 && std.length > 1) {
    problems.add(
      [...path, 'std'],
      'config.invalid-value',
      `${std.length} numbers, but 'mean' has ${mean.length}`,
    );
  }
  if (std?.some((value) => value === 0))
    problems.add([...path, 'std'], 'config.invalid-value', 'values are divided by it: 0 is not allowed');
}

/** [height, width] of one number or two. */
function pair(size: number | [number, number]): [number, number] {
  return typeof size === 'number' ? [size, size] : size;
}

function letterboxOf(raw: NonNullable<RawInput['letterbox']>): Letterbox {
  const {
    size,
    fill = LETTERBOX_FILL,
    align = 'center',
  } = typeof raw === 'number' || Array.isArray(raw) ? { size: raw } : raw;
  return { size: pair(size), fill: list(fill), align };
}

function padOf(raw: NonNullable<RawInput['pad']>): Pad {
  const {
    size,
    multiple = null,
    fill = 0,
    align = 'top-left',
  } = typeof raw === 'number' || Array.isArray(raw) ? { size: raw } : raw;
  return {
    size: size === undefined ? null : pair(size),
    multiple,
    fill: fill === 'mean' ? fill : list(fill),
    align,
  };
}
