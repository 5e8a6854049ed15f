/** Samples read ahead of who asks for them, each prepared as the model takes it. */
import type { InputConfig } from '../config/data-config.js';
import { UserError } from '../errors.js';
import type { Feeds } from '../tensor/tensor.js';
import { withDerived } from './derived-inputs.js';
import { placedMask } from './images/place-mask.js';
import { placementIn, prepare } from './images/preprocess.js';
import type { Binding } from './samples/binding.js';
import type { Sample } from './samples/dataset.js';
import type { Placement } from './samples/placement.js';
import { readAhead } from './samples/read-ahead.js';
import { type RawSample, type Source, UndecodableSample } from './samples/source.js';

/** Samples being decoded or waiting: as many as libuv decodes at once by default, so that memory stays bounded. */
export const READ_AHEAD = 4;
/** Undecodable samples named in an error. */
const NAMED = 5;

export interface Reader {
  source: Source;
  /** Value of a mask's pixels without a class. */
  ignore?: number | null;
  /** Indices of the samples in their order. */
  order: Uint32Array;
  bindings: readonly Binding[];
  read(index: number): Promise<RawSample>;
}

/** The first sample as it is stored. Kept: whoever needs a sample, or the first of all, need not read it again. */
export async function firstRaw(reader: Reader): Promise<RawSample> {
  try {
    return await reader.read(reader.order[0]!);
  } catch (error) {
    throw await named(error, reader);
  }
}

/** Yields the samples after the first. */
export async function* samplesOf(reader: Reader): AsyncGenerator<Sample> {
  const { order, read } = reader;
  const work = async (index: number) => prepareSample(await read(index), index, reader);
  try {
    yield* readAhead(order.subarray(1), READ_AHEAD, work);
  } catch (error) {
    throw await named(error, reader);
  }
}

/** All samples with one input prepared otherwise, read anew: what was begun early is for the others. */
export async function* preparedAs(
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

/** When a sample doesn't decode, all are tried, and the error names and counts the bad ones. */
async function named(error: unknown, { source, order }: Reader): Promise<unknown> {
  return error instanceof UndecodableSample ? await undecodable(source, order) : error;
}

type PreparedReader = Pick<Reader, 'source' | 'bindings' | 'ignore'>;

export function prepareSample(
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
