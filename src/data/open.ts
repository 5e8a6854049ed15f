/** The room's door: a data configuration becomes a Dataset. */

import type { DataFormat } from '../config/choices.js';
import type { DataConfig, InputConfig } from '../config/config.js';
import { UserError } from '../errors.js';
import { shownPath } from '../system/shown-path.js';
import { shuffledIndices } from '../tensor/random.js';
import type { Feeds } from '../tensor/tensor.js';
import type { ValueMeta } from '../tensor/value-meta.js';
import { fedInstead, withDerived } from './derived-inputs.js';
import { EarlyReads, rawBytes } from './early-reads.js';
import { guessFormat } from './format.js';
import { resolveInputs } from './images/input-defaults.js';
import { placedMask } from './images/place-mask.js';
import { placementIn, prepare } from './images/preprocess.js';
import { assertOptionsRead, assertPath, readsRecordings } from './options-read.js';
import { type Binding, bindInputs } from './samples/binding.js';
import type { Preparation, Sample, StoredDataset } from './samples/dataset.js';
import type { Placement } from './samples/placement.js';
import { readAhead } from './samples/read-ahead.js';
import { type RawSample, type Source, UndecodableSample } from './samples/source.js';
import { fixedBatch } from './samples/stack.js';
import { assertNoTokens, unreadSettings } from './settings-read.js';
import { shownContents } from './shown-content.js';
import { sideOf } from './split.js';
import { stackedSingles } from './stacked-singles.js';
import type { TextRows } from './text/text-rows.js';

/** Samples being decoded or waiting: as many as libuv decodes at once by default, so that memory stays bounded. */
const READ_AHEAD = 4;
/** Undecodable samples named in an error. */
const NAMED = 5;

type OpenSource = (data: DataConfig, bindings: readonly Binding[]) => Promise<Source>;

/** Each loaded when it is needed: their libraries take longer to load than most data to open. */
const SOURCES: Record<DataFormat, () => Promise<OpenSource>> = {
  'image-folder': async () => imageSource,
  npz: async () => (await import('./formats/arrays/npz.js')).npzSource,
  npy: async () => (await import('./formats/arrays/npy.js')).npySource,
  'onnx-tests': async () => (await import('./formats/arrays/onnx-tests.js')).onnxTestsSource,
  jsonl: async () => (await import('./formats/jsonl.js')).jsonlSource,
  idx: async () => (await import('./formats/arrays/idx.js')).idxSource,
  csv: async () => (await import('./formats/csv.js')).csvSource,
  coco: async () => (await import('./formats/coco.js')).cocoSource,
  yolo: async () => (await import('./formats/yolo-labels.js')).yoloSource,
  voc: async () => (await import('./formats/voc.js')).vocSource,
  'text-lines': async () => (await import('./formats/text-lines.js')).textLinesSource,
  conll: onlyWithTokenizer,
  squad: onlyWithTokenizer,
  text: onlyWithTokenizer,
  beir: onlyWithTokenizer,
  speech: async () => (await import('./audio/speech-source.js')).speechSource,
};

/** Formats of texts alone. */
async function onlyWithTokenizer(): Promise<OpenSource> {
  return async ({ path }) => {
    throw new UserError(
      'data.needs-tokenizer',
      `${path} holds texts: name the model's tokenizer, \`data: { tokenizer: tokenizer.json }\` (--tokenizer on the command line).`,
    );
  };
}

/** Formats that hold texts. */
const TEXTS: Partial<Record<DataFormat, () => Promise<(data: DataConfig) => Promise<TextRows>>>> = {
  jsonl: async () => {
    const { textTable } = await import('./text/text-table.js');
    return (data) => textTable(data, 'jsonl');
  },
  csv: async () => {
    const { textTable } = await import('./text/text-table.js');
    return (data) => textTable(data, 'csv');
  },
  conll: async () => (await import('./text/word-tags.js')).conllRows,
  squad: async () => (await import('./text/answers.js')).squadRows,
  text: async () => (await import('./text/plain-text.js')).plainTextRows,
  beir: async () => (await import('./text/queries.js')).beirRows,
};

/** Images in class folders, or images with masks. */
async function imageSource(data: DataConfig, bindings: readonly Binding[]): Promise<Source> {
  const { masks } = data;
  if (masks === null)
    return await (await import('./formats/image-folder.js')).imageFolderSource(data, bindings);
  return await (await import('./formats/masked-images.js')).maskedImagesSource({ ...data, masks }, bindings);
}

/**
 * Opens the data for a model with these inputs. The samples come in a fixed random order (`seed`; `shuffledIndices` says
 * how), of which `limit` takes the first ones. The first sample is read and prepared at once, so that data that doesn't fit
 * the model is refused before any work. Throws UserError.
 */
export async function openDataset(config: DataConfig, inputs: readonly ValueMeta[]): Promise<StoredDataset> {
  return await open(config, inputs, null);
}

/** The same for calibration: where the model's batch is fixed above 1, single samples are stacked to it. */
export async function openCalibration(
  config: DataConfig,
  inputs: readonly ValueMeta[],
): Promise<StoredDataset> {
  const size = fixedBatch(inputs);
  if (size === 1) return await openDataset(config, inputs);
  return stackedSingles(await open(config, inputs, size), inputs, size);
}

/** @param stack samples that the model takes at once, where single ones may be stacked; else null. */
async function open(
  config: DataConfig,
  inputs: readonly ValueMeta[],
  stack: number | null,
): Promise<StoredDataset> {
  assertNoTokens(config, inputs);
  const { data, warnings } = await resolveInputs(config, inputs);
  const format = data.format ?? (await guessFormat(data.path));
  await assertPath(data.path, format);
  assertOptionsRead(data, format);
  const bindings = bindInputs(data, inputs).map((binding) => ({ ...binding, takesSingles: stack !== null }));
  const source = await openSource(data, { format, bindings });
  if (source.length === 0) {
    throw new UserError(
      'data.empty',
      `${data.path} holds no samples (read as ${format}). Correct the data's \`path\` or \`format\`.`,
    );
  }
  const order = await orderOf(source, data);
  await source.settle?.(order);
  const early = new EarlyReads(source);
  const { ignore } = data;
  const reader = { source, order, bindings, ignore, read: (index: number) => early.read(index) };
  const raw = await firstRaw(reader);
  const unread = unreadSettings(raw, { config, inputs, format, bindings });
  const first = prepareSample(raw, order[0]!, reader);
  const firstBytes = rawBytes(raw);
  return {
    // Reports are read elsewhere: no absolute paths in them.
    description: `${format} ${shownPath(data.path)}${data.split === null ? '' : `, split for ${data.split.part}`}`,
    length: order.length,
    labelled: source.labelled,
    classes: source.classes,
    classIndices: source.classIndices,
    ...(source.classNames ? { classNames: source.classNames } : {}),
    preparations: bindings.map((binding) => preparationOf(binding, raw)),
    warnings: [...warnings, ...(source.warnings ?? []), ...fedInstead(bindings, raw), ...unread],
    labelWarnings: source.labelWarnings ?? [],
    ...(source.lateWarnings ? { lateWarnings: () => source.lateWarnings!() } : {}),
    async *samples() {
      yield first;
      yield* samplesOf(reader);
    },
    readEarly: () => early.start(order.subarray(1), firstBytes),
    preparedAs: (input, changes) => preparedAs(reader, input, changes),
    shown: (ids) => shownContents(reader, ids),
    async hashes() {
      const ids = new Map<string, string>();
      const hashed = readAhead(
        order,
        READ_AHEAD,
        async (index) => [await source.hash(index), source.id(index)] as const,
      );
      for await (const [hash, id] of hashed) if (!ids.has(hash)) ids.set(hash, id);
      return ids;
    },
  };
}

/** Texts become tokens in formats that hold texts; where the data hold none, a tokenizer has nothing to do. */
async function openSource(
  data: DataConfig,
  { format, bindings }: { format: DataFormat; bindings: readonly Binding[] },
): Promise<Source> {
  const { text } = data;
  if (readsRecordings(data, format)) return (await SOURCES.speech())(data, bindings);
  if (!text) return (await SOURCES[format]())(data, bindings);
  const open = TEXTS[format];
  if (open === undefined) {
    throw new UserError(
      'data.empty',
      `${data.path} (read as ${format}) holds no texts for the tokenizer. Texts are read from ${Object.keys(TEXTS).join(', ')}; for arrays of token ids remove \`tokenizer\`.`,
    );
  }
  const rows = await (await open())(data);
  const options = { data: { ...data, text }, bindings, rows };
  if (text.task === 'language-model') return (await import('./text/windows.js')).windowSource(options);
  return (await import('./text/token-source.js')).tokenSource(options);
}

interface Reader {
  source: Source;
  /** Value of a mask's pixels without a class. */
  ignore?: number | null;
  /** Indices of the samples in their order. */
  order: Uint32Array;
  bindings: readonly Binding[];
  read(index: number): Promise<RawSample>;
}

/** The samples of this side of a split, or all; shuffled, as many as `limit` says. */
async function orderOf(source: Source, { seed, limit, split, path }: DataConfig): Promise<Uint32Array> {
  const all = shuffledIndices(source.length, seed);
  const side = split === null ? null : await sideOf(source, split, path);
  const own = side === null ? all : all.filter((index) => side[index] === 1);
  return own.subarray(0, limit ?? own.length);
}

/** The first sample as it is stored. Kept: whoever needs a sample, or the first of all, need not read it again. */
async function firstRaw(reader: Reader): Promise<RawSample> {
  try {
    return await reader.read(reader.order[0]!);
  } catch (error) {
    throw await named(error, reader);
  }
}

/** Yields the samples after the first. */
async function* samplesOf(reader: Reader): AsyncGenerator<Sample> {
  const { order, read } = reader;
  const work = async (index: number) => prepareSample(await read(index), index, reader);
  try {
    yield* readAhead(order.subarray(1), READ_AHEAD, work);
  } catch (error) {
    throw await named(error, reader);
  }
}

/** All samples with one input prepared otherwise, read anew: what was begun early is for the others. */
async function* preparedAs(
  reader: Reader,
  input: string,
  changes: Partial<InputConfig>,
): AsyncGenerator<Sample> {
  const { order, source, ignore } = reader;
  const bindings = reader.bindings.map((binding) =>
    binding.input === input ? { ...binding, config: { ...binding.config, ...changes } } : binding,
  );
  yield* readAhead(order, READ_AHEAD, async (index) =>
    prepareSample(await source.read(index), index, { source, bindings, ignore }),
  );
}

function preparationOf({ input, config }: Binding, { values }: RawSample): Preparation {
  const value = values[input];
  if (value === undefined) return { input, config, stored: 'fed', axes: 0 };
  if (value.kind === 'image') return { input, config, stored: 'image', axes: 3 };
  const axes = value.tensor.dims.length;
  if (value.kind === 'feed') return { input, config, stored: 'fed', axes };
  return { input, config, stored: value.tensor.type === 'uint8' ? 'bytes' : 'numbers', axes };
}

/** When a sample doesn't decode, all are tried, and the error names and counts the bad ones. */
async function named(error: unknown, { source, order }: Reader): Promise<unknown> {
  return error instanceof UndecodableSample ? await undecodable(source, order) : error;
}

type PreparedReader = Pick<Reader, 'source' | 'bindings' | 'ignore'>;

function prepareSample(
  { values, label, annotation, mask }: RawSample,
  index: number,
  { source, bindings, ignore = null }: PreparedReader,
): Sample {
  const id = source.id(index);
  const named = `${source.description}, sample ${id}`;
  const feeds: Feeds = {};
  let placement: Placement | null = null;
  for (const binding of bindings) {
    const value = values[binding.input];
    if (value === undefined) continue;
    feeds[binding.input] = prepare(value, binding, named);
    placement ??= placementIn(value, binding, named);
  }
  return {
    id,
    feeds: withDerived(feeds, { bindings, placement }),
    label: mask && placement ? placedMask(mask, placement, { ignore, sample: named }) : label,
    ...(annotation === undefined ? {} : { annotation }),
    ...(placement === null ? {} : { placement }),
  };
}

async function undecodable(source: Source, order: Uint32Array): Promise<UserError> {
  const bad: UndecodableSample[] = [];
  const failures = readAhead(order, READ_AHEAD, (index) =>
    source.read(index).then(
      () => null,
      (error: unknown) => {
        if (error instanceof UndecodableSample) return error;
        throw error;
      },
    ),
  );
  for await (const failure of failures) if (failure) bad.push(failure);
  bad.sort((a, b) => (a.id < b.id ? -1 : 1));
  const named = bad.slice(0, NAMED).map(({ id, reason }) => `  ${id}: ${reason}`);
  const more = bad.length > NAMED ? [`  … and ${bad.length - NAMED} more`] : [];
  return new UserError(
    'data.undecodable',
    [
      `${bad.length} of ${order.length} samples of ${source.description} can't be decoded:`,
      ...named,
      ...more,
      'Repair or remove them: skipping them silently would change what is measured.',
    ].join('\n'),
  );
}
