/** The room's door: a data configuration becomes a Dataset. */

import { stat } from 'node:fs/promises';
import type { DataConfig, DataFormat } from '../config/config.js';
import { UserError } from '../errors.js';
import { shownPath } from '../system/shown-path.js';
import { shuffledIndices } from '../tensor/random.js';
import type { Feeds } from '../tensor/tensor.js';
import type { ValueMeta } from '../tensor/value-meta.js';
import { EarlyReads, rawBytes } from './early-reads.js';
import { guessFormat } from './format.js';
import { prepare } from './images/preprocess.js';
import { readAhead } from './read-ahead.js';
import { type Binding, bindInputs } from './samples/binding.js';
import type { Sample, StoredDataset } from './samples/dataset.js';
import { type RawSample, type Source, UndecodableSample } from './samples/source.js';

/** Samples being decoded or waiting: as many as libuv decodes at once by default, so that memory stays bounded. */
const READ_AHEAD = 4;
/** Undecodable samples named in an error. */
const NAMED = 5;

type OpenSource = (data: DataConfig, bindings: readonly Binding[]) => Promise<Source>;

/** Each loaded when it is needed: their libraries take longer to load than most data to open. */
const SOURCES: Record<DataFormat, () => Promise<OpenSource>> = {
  'image-folder': async () => (await import('./formats/image-folder.js')).imageFolderSource,
  npz: async () => (await import('./formats/npz.js')).npzSource,
  npy: async () => (await import('./formats/npy.js')).npySource,
  'onnx-tests': async () => (await import('./formats/onnx-tests.js')).onnxTestsSource,
  jsonl: async () => (await import('./formats/jsonl.js')).jsonlSource,
  idx: async () => (await import('./formats/idx.js')).idxSource,
  csv: async () => (await import('./formats/csv.js')).csvSource,
};

/**
 * Opens the data for a model with these inputs. The samples come in a fixed random order (`seed`; `shuffledIndices` says
 * how), of which `limit` takes the first ones. The first sample is read and prepared at once, so that data that doesn't fit
 * the model is refused before any work. Throws UserError.
 */
export async function openDataset(data: DataConfig, inputs: readonly ValueMeta[]): Promise<StoredDataset> {
  const format = data.format ?? (await guessFormat(data.path));
  await assertPath(data.path, format);
  const bindings = bindInputs(data, inputs);
  const openSource = await SOURCES[format]();
  const source = await openSource(data, bindings);
  if (source.length === 0) {
    throw new UserError(
      `${data.path} holds no samples (read as ${format}). Correct the data's \`path\` or \`format\`.`,
    );
  }
  const order = shuffledIndices(source.length, data.seed).subarray(0, data.limit ?? source.length);
  const early = new EarlyReads(source);
  const reader = { source, order, bindings, read: (index: number) => early.read(index) };
  const [first, firstBytes] = await firstSample(reader);
  return {
    // Reports are read elsewhere: no absolute paths in them.
    description: `${format} ${shownPath(data.path)}`,
    length: order.length,
    labelled: source.labelled,
    classes: source.classes,
    async *samples() {
      yield first;
      yield* samplesOf(reader);
    },
    readEarly: () => early.start(order.subarray(1), firstBytes),
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

interface Reader {
  source: Source;
  /** Indices of the samples in their order. */
  order: Uint32Array;
  bindings: readonly Binding[];
  read(index: number): Promise<RawSample>;
}

/** The first sample and its bytes before preprocessing. Kept: whoever needs a sample, or the first of all, need not read it again. */
async function firstSample(reader: Reader): Promise<[Sample, number]> {
  const index = reader.order[0]!;
  try {
    const raw = await reader.read(index);
    return [prepareSample(raw, index, reader), rawBytes(raw)];
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

/** When a sample doesn't decode, all are tried, and the error names and counts the bad ones. */
async function named(error: unknown, { source, order }: Reader): Promise<unknown> {
  return error instanceof UndecodableSample ? await undecodable(source, order) : error;
}

function prepareSample({ values, label }: RawSample, index: number, { source, bindings }: Reader): Sample {
  const id = source.id(index);
  const feeds: Feeds = {};
  for (const binding of bindings) {
    feeds[binding.input] = prepare(values[binding.input]!, binding, `${source.description}, sample ${id}`);
  }
  return { id, feeds, label };
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
    [
      `${bad.length} of ${order.length} samples of ${source.description} can't be decoded:`,
      ...named,
      ...more,
      'Repair or remove them: skipping them silently would change what is measured.',
    ].join('\n'),
  );
}

/** Formats that are one file, one folder, or either. */
const NEEDS: Partial<Record<DataFormat, 'file' | 'folder'>> = {
  'image-folder': 'folder',
  'onnx-tests': 'folder',
  npz: 'file',
  jsonl: 'file',
  csv: 'file',
};

async function assertPath(path: string, format: DataFormat): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw new UserError(`${path} does not exist. Correct the data's \`path\`.`);
  const kind = found.isDirectory() ? 'folder' : 'file';
  const needed = NEEDS[format];
  if (needed !== undefined && needed !== kind) {
    throw new UserError(
      `${path} is a ${kind}, but ${format} is a ${needed}. Correct the data's \`path\` or \`format\`.`,
    );
  }
}
