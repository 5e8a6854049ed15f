/** `models:`: globs expanded, names given, data and evaluator read. */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, relative, resolve, sep } from 'node:path';
import { MAX_MODELS } from '../../terms/report.js';
import type { BaselineConfig, EvaluatorConfig, ModelConfig } from '../config.js';
import type { DataConfig } from '../data-config.js';
import { DEFAULT_TIMEOUT_MS, dataOfModel, fileKey, modelName } from '../defaults.js';
import { didYouMean } from '../file/nearest.js';
import type { Path, Problems } from '../file/problems.js';
import { parseDuration } from '../quantity.js';
import type { RawBaseline, RawEvaluator, RawModel } from '../raw.js';
import { readData } from './model-data.js';
import { readVariants } from './variants.js';

interface Place {
  directory: string;
  problems: Problems;
  /** Files must be there and fit the text; else (another revision's text) they needn't. Globs match what is there. */
  expand: boolean;
}

/** All models of the file, one per match of a glob. Adds problems for missing files and clashing names. */
export async function readModels(raw: readonly RawModel[], place: Place): Promise<ModelConfig[]> {
  const models: ModelConfig[] = [];
  const taken = new Map<string, number>();
  const folders = new Map<string, string>();
  for (const [index, entry] of raw.entries()) {
    const path = ['models', index];
    if (place.problems.touches([...path, 'path'])) continue;
    const files = await matches(entry.path, { ...place, path: [...path, 'path'] });
    if (entry.baseline && files.some((file) => file.path !== resolve(place.directory, entry.path))) {
      place.problems.add(
        [...path, 'baseline'],
        'config.conflict',
        `a baseline is one model's; write its file as 'path' instead of '${entry.path}'`,
      );
    }
    if (entry.name !== undefined && files.length > 1 && place.expand) {
      place.problems.add(
        [...path, 'name'],
        'config.duplicate-name',
        `one name can't serve the ${files.length} models that '${entry.path}' matches; leave it out`,
      );
    }
    if (place.problems.touches(path)) {
      readParts(entry, { ...place, path });
      continue;
    }
    const parts = readParts(entry, { ...place, path });
    for (const file of files) {
      const name = entry.name ?? file.name;
      const first = taken.get(name);
      // What this revision's files make of another's patterns is no fault of its text: a written name comes first.
      if (first !== undefined && !place.expand && (await tinyglobby()).isDynamicPattern(entry.path)) continue;
      if (first !== undefined && !place.expand && (await tinyglobby()).isDynamicPattern(raw[first]!.path)) {
        models.splice(
          models.findIndex((model) => model.name === name),
          1,
        );
      } else if (first !== undefined) {
        place.problems.add(
          path,
          'config.duplicate-name',
          `models ${first} and ${index} are both named '${name}'; give one a 'name'`,
        );
      }
      const asWritten = place.expand || !(await tinyglobby()).isDynamicPattern(entry.path);
      const sharing = asWritten ? folders.get(fileKey(name)) : undefined;
      if (first === undefined && sharing !== undefined) {
        place.problems.add(
          path,
          'config.duplicate-name',
          `variants of '${sharing}' and '${name}' would be written to one folder; give one a 'name' that differs by more than case or punctuation`,
        );
      }
      if (asWritten) folders.set(fileKey(name), name);
      taken.set(name, index);
      models.push({ name, path: file.path, ...withDataOf(file.path, structuredClone(parts)) });
    }
  }
  if (place.expand && models.length > MAX_MODELS) {
    place.problems.add(
      ['models'],
      'config.invalid-value',
      `there are ${models.length} models, and a report holds at most ${MAX_MODELS}; divide them among several config files`,
    );
  }
  return models;
}

/** Its own config.json names a model's classes. */
function withDataOf<Parts extends Pick<ModelConfig, 'data' | 'task' | 'labelOffset'>>(
  path: string,
  parts: Parts,
): Parts {
  const own = (data: DataConfig | null) => data && dataOfModel(data, { ...parts, path });
  const { evaluation, calibration } = parts.data;
  return { ...parts, data: { evaluation: own(evaluation), calibration: own(calibration) } };
}

/** Everything of a model but its name and path. */
function readParts(raw: RawModel, place: Place & { path: Path }): Omit<ModelConfig, 'name' | 'path'> {
  const { path, problems } = place;
  const at = (key: string): Path => [...path, key];
  const evaluator =
    raw.evaluator === undefined || problems.touches(at('evaluator'))
      ? null
      : readEvaluator(raw.evaluator, { ...place, path: at('evaluator') });
  const task = raw.task ?? (raw.evaluator === undefined ? 'none' : 'custom');
  const known = !problems.touches(at('task'));
  if (known && raw.evaluator !== undefined && task !== 'custom') {
    problems.add(at('task'), 'config.conflict', `an 'evaluator' goes with task custom, not ${task}`);
  }
  if (known && task === 'custom' && raw.evaluator === undefined) {
    problems.add(
      at('task'),
      'config.conflict',
      "task custom needs an 'evaluator' with a 'command' or a 'module'",
    );
  }
  return {
    task,
    output: raw.output ?? null,
    outputs: raw.outputs ?? {},
    decoder: raw.decoder ?? null,
    keys: typeof raw.keys === 'string' ? resolve(place.directory, raw.keys) : null,
    labelOffset: raw['label-offset'] ?? 0,
    evaluator,
    data:
      raw.data === undefined || raw.data === null || problems.touches(at('data'))
        ? { evaluation: null, calibration: null }
        : readData(raw.data, { ...place, path: at('data') }),
    variants:
      raw.variants !== undefined && !Array.isArray(raw.variants)
        ? []
        : readVariants(raw.variants, { ...place, path: at('variants') }),
    baseline: raw.baseline && !problems.touches(at('baseline')) ? readBaseline(raw.baseline, place) : null,
  };
}

/** The file needn't be there: only a revision that is compared with this one reads it. */
function readBaseline(raw: RawBaseline, { directory }: Place): BaselineConfig {
  const hashes = Object.entries(raw['external-data'] ?? {});
  return {
    file: resolve(directory, raw.file),
    sha256: raw.sha256.toLowerCase(),
    externalData: Object.fromEntries(hashes.map(([name, hash]) => [name, hash.toLowerCase()])),
  };
}

interface ModelFile {
  path: string;
  name: string;
}

/** The files that `pattern` means, in a stable order. A file of just this name wins over the pattern it may look like. */
async function matches(pattern: string, place: Place & { path: Path }): Promise<ModelFile[]> {
  const { directory, problems, path } = place;
  const literal = resolve(directory, pattern);
  if (existsSync(literal) || !(await tinyglobby()).isDynamicPattern(pattern)) {
    if (place.expand && !existsSync(literal)) {
      problems.add(
        path,
        'config.no-match',
        `no such file: ${pattern} (looked in ${directory})${await nearby(literal)}`,
      );
    } else if (place.expand && statSync(literal).isDirectory()) {
      problems.add(
        path,
        'config.no-match',
        `'${pattern}' is a folder; write '${pattern.replace(/\/$/, '')}/*.onnx' for its models`,
      );
    }
    return [{ path: literal, name: modelName(literal) }];
  }
  const { glob } = await tinyglobby();
  const found = await glob(pattern, { cwd: directory, absolute: true, expandDirectories: false });
  const files = found.map((file) => resolve(file)).sort();
  if (files.length === 0) {
    if (!place.expand) return [{ path: literal, name: modelName(literal) }];
    problems.add(path, 'config.no-match', `no file matches '${pattern}' (looked in ${directory})`);
  }
  return named(files);
}

/** File names without extension; where two are the same, the folders that tell them apart go in front. */
function named(files: readonly string[]): ModelFile[] {
  const short = files.map(modelName);
  if (new Set(short).size === files.length) return files.map((path, i) => ({ path, name: short[i]! }));
  let root = dirname(files[0]!);
  while (!files.every((file) => file.startsWith(root.endsWith(sep) ? root : root + sep)))
    root = dirname(root);
  return files.map((path, i) => {
    const folders = relative(root, dirname(path)).split(sep).filter(Boolean);
    return { path, name: [...folders, short[i]!].join('-') };
  });
}

/** Loaded when a path is no file: most configs name their model. */
const tinyglobby = () => import('tinyglobby');

async function nearby(file: string): Promise<string> {
  const { glob } = await tinyglobby();
  const others = await glob('*.onnx', { cwd: dirname(file), expandDirectories: false }).catch(() => []);
  return didYouMean(basename(file), others.map((other) => basename(other)).sort());
}

function readEvaluator(raw: RawEvaluator, place: Place & { path: Path }): EvaluatorConfig | null {
  const { path, problems, directory } = place;
  const timeoutMs =
    raw.timeout === undefined
      ? DEFAULT_TIMEOUT_MS
      : problems.attempt([...path, 'timeout'], () => parseDuration(raw.timeout));
  const rest = {
    higherIsBetter: raw['higher-is-better'] ?? true,
    timeoutMs: timeoutMs ?? DEFAULT_TIMEOUT_MS,
  };
  if ((raw.command === undefined) === (raw.module === undefined)) {
    problems.add(path, 'config.conflict', "give either a 'command' or a 'module'");
    return null;
  }
  return raw.command !== undefined
    ? { command: raw.command, ...rest }
    : { module: resolve(directory, raw.module!), ...rest };
}
