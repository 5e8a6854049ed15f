/** Made-up samples for models that read only token ids: enough to see which channels are outliers, which is a property of the
 *  weights. Never good enough for ranges that the model will be held to. */
import type { Dataset, Sample } from '../../data/samples/dataset.js';
import type { Model } from '../../onnx/model.js';
import { tableLookups } from '../../onnx/query/table-rows.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { type TensorType, tensorType } from '../../onnx/tensor/tensor-type.js';
import { elementCount } from '../../tensor/dims.js';
import type { Tensor } from '../../tensor/tensor.js';

const SAMPLES = 4;
/** Length of dimensions that the model leaves open, but the first, which is 1. */
const LENGTH = 48;
/** Share of each row that is text; the rest is padding (id 0, mask 0). */
const TEXT = 0.75;
/** Tables up to this many rows hold token types: their first row is taken throughout. */
const MOST_TYPES = 8;

/** null when an input is not int64 (or int32), or none of them indexes an embedding table. */
export function syntheticTokens(model: Model): Dataset | null {
  const { graph } = model;
  const rowsByInput = new Map<string, number>();
  for (const { name } of graph.inputs) {
    const rows = tableLookups(graph, name).map((lookup) => lookup.rows);
    if (rows.length > 0) rowsByInput.set(name, Math.min(...rows));
  }
  const inputs = graph.inputs.map((input) => ({ name: input.name, type: tensorType(input) }));
  const isInteger = (type: number | undefined) => type === DataType.INT64 || type === DataType.INT32;
  if (rowsByInput.size === 0 || !inputs.every(({ type }) => isInteger(type?.dataType))) return null;
  return {
    description: 'made-up tokens',
    length: SAMPLES,
    labelled: false,
    classes: null,
    async *samples(): AsyncIterable<Sample> {
      const next = generator();
      for (let i = 0; i < SAMPLES; i++) {
        const feeds = inputs.map(({ name, type }) => [name, tokens(type!, rowsByInput.get(name), next)]);
        yield { id: `synthetic[${i}]`, feeds: Object.fromEntries(feeds), label: null };
      }
    },
  };
}

/** Ids below `rows`; ones, padded with zeros, where the input indexes no table (a mask). */
function tokens({ dataType, shape }: TensorType, rows: number | undefined, next: () => number): Tensor {
  const dims = (shape ?? [1, LENGTH]).map((dim, axis) =>
    typeof dim === 'number' && dim > 0 ? dim : axis === 0 ? 1 : LENGTH,
  );
  const length = dims.at(-1) ?? 1;
  const values = Array.from({ length: elementCount(dims) }, (_, i) => {
    if (i % length >= length * TEXT) return 0;
    if (rows === undefined) return 1;
    return rows <= MOST_TYPES ? 0 : Math.floor(next() * rows);
  });
  return dataType === DataType.INT32
    ? { type: 'int32', dims, data: Int32Array.from(values) }
    : { type: 'int64', dims, data: BigInt64Array.from(values, BigInt) };
}

/** Numbers in [0, 1), always the same ones (Park and Miller's minimal standard generator). */
function generator(): () => number {
  let state = 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
