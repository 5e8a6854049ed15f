/** A model's `data:`: one set or two, how it is split, and what all of it becomes: images, texts, recordings. */
import { isAbsolute, resolve } from 'node:path';
import type { ModelConfig } from '../config.js';
import type { DataConfig, InputConfig, TextConfig } from '../data-config.js';
import { defaultData, defaultText } from '../defaults.js';
import type { Path, Problems } from '../file/problems.js';
import { list, type RawData, type RawSource } from '../raw.js';
import { readInput } from './inputs.js';

interface Place {
  /** Folder that paths refer to. */
  directory: string;
  problems: Problems;
  /** Of `data`. */
  path: Path;
}

/** Evaluation and calibration data; null: none. Adds problems for what contradicts. */
export function readData(raw: RawData, place: Place): ModelConfig['data'] {
  if (raw.input !== undefined && raw.inputs !== undefined) {
    place.problems.add(
      [...place.path, 'inputs'],
      'config.conflict',
      "give 'input' for the model's only input or 'inputs' by name, not both",
    );
  }
  const inputs: Record<string, InputConfig> = {};
  if (raw.input !== undefined)
    inputs[''] = readInput(raw.input, { ...place, path: [...place.path, 'input'] });
  for (const [name, input] of Object.entries(raw.inputs ?? {})) {
    inputs[name] = readInput(input, { ...place, path: [...place.path, 'inputs', name] });
  }
  const text = readText(raw, place);
  const source = (value: string | RawSource | undefined): DataConfig | null => {
    if (value === undefined) return null;
    const {
      path,
      images,
      masks,
      'class-order': classOrder = null,
      ...rest
    }: RawSource = typeof value === 'string' ? { path: value } : value;
    const absolute = (file: string) => (isAbsolute(file) ? file : resolve(place.directory, file));
    return defaultData(absolute(path), {
      ...rest,
      images: images === undefined ? null : absolute(images),
      masks: masks === undefined ? null : absolute(masks),
      classNames: raw['class-names'] ?? null,
      classOrder,
      inputs: structuredClone(inputs),
      ...(text ? { text } : {}),
      ...(raw.audio
        ? {
            audio: { features: raw.audio.features ?? null, samplingRate: raw.audio['sampling-rate'] ?? null },
          }
        : {}),
    });
  };
  const { split } = readSplit(raw, place);
  const evaluation = source(raw.evaluation ?? raw.path);
  if (split === null) return { evaluation, calibration: source(raw.calibration) };
  return {
    evaluation: evaluation && { ...evaluation, split: { part: 'evaluation', calibration: split } },
    calibration: evaluation && {
      ...structuredClone(evaluation),
      limit: null,
      split: { part: 'calibration', calibration: split },
    },
  };
}

/** How many samples calibrate. Adds problems for data that are named twice. */
function readSplit(raw: RawData, { problems, path }: Place): { split: number | null } {
  const refuse = (key: string, why: string) => problems.add([...path, key], 'config.conflict', why);
  if (raw.path !== undefined && raw.evaluation !== undefined)
    refuse('path', "'evaluation' names the data already; remove one of them");
  if (raw.path !== undefined && raw.split === undefined)
    refuse('path', "one set is split in two: say how, 'split: { calibration: 200 }', or write 'evaluation'");
  if (raw.split !== undefined && raw.calibration !== undefined)
    refuse('calibration', "'split' takes the calibration samples out of the others; remove one of them");
  if (raw.split !== undefined && raw.path === undefined && raw.evaluation === undefined)
    refuse('split', "there is nothing to split: give a 'path'");
  return { split: raw.split?.calibration ?? null };
}

/** null: no tokenizer, and so no texts. */
function readText(raw: RawData, { directory, problems, path }: Place): TextConfig | null {
  const { tokenizer, 'max-length': maxLength = null, text } = raw;
  if (tokenizer !== undefined) {
    const columns = text === undefined ? null : list(text);
    return defaultText(resolve(directory, tokenizer), { maxLength, columns });
  }
  for (const key of ['max-length', 'text'] as const) {
    if (raw[key] !== undefined && !problems.touches([...path, key]))
      problems.add(
        [...path, key],
        'config.conflict',
        "texts become tokens by a 'tokenizer': give one, or remove this",
      );
  }
  return null;
}
