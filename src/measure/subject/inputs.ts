/** What a model is timed on: the user's sample repeated to the batch, or seeded values shaped by the inputs' names. */

import { didYouMean } from '../../config/file/nearest.js';
import { UserError } from '../../errors.js';
import { elementCount } from '../../tensor/dims.js';
import { allocate, isNumericType } from '../../tensor/elements.js';
import { uniformRandom } from '../../tensor/random.js';
import type { ElementType, Feeds, Tensor, TensorData } from '../../tensor/tensor.js';
import type { ValueMeta } from '../../tensor/value-meta.js';

export interface TimingInputs {
  batch: number;
  /** Values of symbolic dimensions (`benchmark.shapes`). */
  shapes: Readonly<Record<string, number>>;
  /** One sample of the user's data; null: seeded values. */
  sample: Feeds | null;
}

/** Same inputs for every variant and run: the values of a fixed-seed generator. */
const SEED = 0x5eed;

/** Sizes assumed for symbolic dimensions that nothing else decides, by name. */
const ASSUMED_SIZES: readonly [RegExp, number][] = [
  [/past/i, 0],
  [/seq|len|token|time|^t$/i, 128],
  [/height|width|^h$|^w$|size/i, 224],
];

/** One tensor per model input. Throws UserError when an input's shape can't be met (a fixed batch, a sample that doesn't fit). */
export function timingFeeds(inputs: readonly ValueMeta[], options: TimingInputs): Feeds {
  const random = uniformRandom(SEED);
  const feeds: Feeds = {};
  for (const input of inputs) {
    if (!input.type || !input.shape) {
      throw new UserError(
        'model.input-not-tensor',
        `Input '${input.name}' is not a tensor: quantgate can't make values for it.`,
      );
    }
    const sample = options.sample?.[input.name];
    feeds[input.name] = sample
      ? repeated(sample, input, options.batch)
      : seeded(input, shapeOf(input, options), random);
  }
  return feeds;
}

/** Throws UserError for a size that is given for a dimension of no input: it would be ignored. `option` is where it was written. */
export function assertShapesKnown(
  shapes: TimingInputs['shapes'],
  inputs: readonly ValueMeta[],
  option: string,
): void {
  const wrong = unknownShape(shapes, inputs);
  if (wrong !== null) throw new UserError('model.unknown-dimension', `${option}: ${wrong}`);
}

/** What is wrong with a size that is given for a dimension of no input; null: there is none. */
export function unknownShape(shapes: TimingInputs['shapes'], inputs: readonly ValueMeta[]): string | null {
  const known = new Set(inputs.flatMap(({ shape }) => shape ?? []).filter((dim) => typeof dim === 'string'));
  const name = Object.keys(shapes).find((one) => !known.has(one));
  if (name === undefined) return null;
  const names = [...known].filter((dim) => dim !== '');
  return (
    `no input has a dimension '${name}'${didYouMean(name, names)}; ` +
    (names.length === 0
      ? 'no dimension has a name. Remove it.'
      : `those with a name are ${names.map((dim) => `'${dim}'`).join(', ')}.`)
  );
}

/** Numbers for every symbolic dimension. */
function shapeOf(input: ValueMeta, options: TimingInputs): number[] {
  return input.shape!.map((dim, axis) => {
    if (typeof dim === 'string' && options.shapes[dim] !== undefined) return options.shapes[dim];
    if (isBatchAxis(dim, axis, input)) return options.batch;
    if (typeof dim === 'number') {
      if (axis === 0 && options.batch !== 1 && dim !== options.batch)
        throw fixedBatch(input, dim, options.batch);
      return dim;
    }
    const byName = ASSUMED_SIZES.find(([pattern]) => pattern.test(dim));
    if (byName) return byName[1];
    // An image without names: N, C, H, W.
    return input.shape!.length === 4 && axis >= 2 ? 224 : 1;
  });
}

function isBatchAxis(dim: number | string, axis: number, input: ValueMeta): boolean {
  if (typeof dim === 'number') return false;
  if (/batch|^n$/i.test(dim)) return true;
  return axis === 0 && input.shape!.length > 1 && !ASSUMED_SIZES.some(([pattern]) => pattern.test(dim));
}

function fixedBatch(input: ValueMeta, dim: number, batch: number): UserError {
  return new UserError(
    'model.fixed-batch',
    `Input '${input.name}' has a fixed first dimension of ${dim}: batch ${batch} can't be measured. ` +
      'Export the model with a dynamic batch axis, or take that batch out of benchmark.batch.',
  );
}

/** The sample, repeated along its first axis. */
function repeated(sample: Tensor, input: ValueMeta, batch: number): Tensor {
  const first = input.shape![0];
  if (batch === 1 || sample.dims.length === 0) return sample;
  if (typeof first === 'number' && first !== batch) throw fixedBatch(input, first, batch);
  if (sample.dims[0] !== 1) return sample;
  const size = sample.data.length;
  const data = newData(sample.type, size * batch);
  for (let i = 0; i < batch; i++) {
    if (Array.isArray(data)) data.push(...(sample.data as string[]));
    else (data as Float32Array).set(sample.data as Float32Array, i * size);
  }
  return { type: sample.type, dims: [batch, ...sample.dims.slice(1)], data };
}

/** Values that are made up for one input: a gigabyte of float32. */
const MOST_MADE_UP = 2 ** 28;

function seeded(input: ValueMeta, dims: number[], random: () => number): Tensor {
  const type = input.type!;
  const length = elementCount(dims);
  if (length > MOST_MADE_UP) {
    throw new UserError(
      'measure.shapes',
      `Input '${input.name}' is declared as ${dims.join(' × ')}: so many values are not made up. Give samples, or declare the size that it has.`,
    );
  }
  const data = newData(type, length);
  const value = seededValue(input.name, type, dims.at(-1) ?? 1, random);
  for (let i = 0; i < length; i++) (data as unknown[])[i] = value(i);
  return { type, dims, data };
}

/** Values an input of this name and type may sensibly hold. */
function seededValue(
  name: string,
  type: ElementType,
  lastDim: number,
  random: () => number,
): (index: number) => number | bigint | string {
  const integer = (make: (index: number) => number) =>
    type === 'int64' || type === 'uint64' ? (index: number) => BigInt(make(index)) : make;
  switch (type) {
    case 'float32':
    case 'float64':
      return () => random() * 2 - 1;
    case 'float16':
      // Bits of a value in [0.5, 1).
      return () => 0x3800 | Math.floor(random() * 0x400);
    case 'uint8':
      return () => Math.floor(random() * 256);
    case 'bool':
      return () => 1;
    case 'string':
      return () => '';
    case 'int4':
    case 'uint4':
      return () => 0;
    default:
      if (/mask/i.test(name)) return integer(() => 1);
      if (/type|segment/i.test(name)) return integer(() => 0);
      if (/position/i.test(name)) return integer((index) => index % lastDim);
      // Token ids and indices: small ones exist in every vocabulary.
      return integer(() => Math.floor(random() * 10));
  }
}

function newData(type: ElementType, length: number): TensorData {
  if (type === 'string') return [];
  // Packed 4-bit integers are held as bytes.
  return isNumericType(type) ? allocate(type, length) : new Uint8Array(length);
}
