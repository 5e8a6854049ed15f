/** The room's door: a data configuration becomes a Dataset. */

import type { DataConfig } from '../config/data-config.js';
import { UserError } from '../errors.js';
import { shownPath } from '../system/files/shown-path.js';
import { shuffledIndices } from '../tensor/random.js';
import type { ValueMeta } from '../tensor/value-meta.js';
import { fedInstead } from './derived-inputs.js';
import { EarlyReads, rawBytes } from './early-reads.js';
import { guessFormat } from './format.js';
import { resolveInputs } from './images/input-defaults.js';
import { openSource } from './open-source.js';
import { assertOptionsRead, assertPath } from './options-read.js';
import { firstRaw, preparedAs, prepareSample, READ_AHEAD, samplesOf } from './read-samples.js';
import { type Binding, bindInputs } from './samples/binding.js';
import type { Preparation, StoredDataset } from './samples/dataset.js';
import { readAhead } from './samples/read-ahead.js';
import type { RawSample, Source } from './samples/source.js';
import { fixedBatch } from './samples/stack.js';
import { assertNoTokens, unreadSettings } from './settings-read.js';
import { shownContents } from './shown-content.js';
import { sideOf } from './split.js';
import { stackedSingles } from './stacked-singles.js';

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

/** The samples of this side of a split, or all; shuffled, as many as `limit` says. */
async function orderOf(source: Source, { seed, limit, split, path }: DataConfig): Promise<Uint32Array> {
  const all = shuffledIndices(source.length, seed);
  const side = split === null ? null : await sideOf(source, split, path);
  const own = side === null ? all : all.filter((index) => side[index] === 1);
  return own.subarray(0, limit ?? own.length);
}

function preparationOf({ input, config }: Binding, { values }: RawSample): Preparation {
  const value = values[input];
  if (value === undefined) return { input, config, stored: 'fed', axes: 0 };
  if (value.kind === 'image') return { input, config, stored: 'image', axes: 3 };
  const axes = value.tensor.dims.length;
  if (value.kind === 'feed') return { input, config, stored: 'fed', axes };
  return { input, config, stored: value.tensor.type === 'uint8' ? 'bytes' : 'numbers', axes };
}
