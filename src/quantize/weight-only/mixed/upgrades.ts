/** The layers that may get 8 bits, those first of which a byte saves most. */
import { inputOf } from '../../../onnx/node.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { quantizeBlocks } from '../../integers/block-quantize.js';
import { tablesForBlocks } from '../../layers/embeddings.js';
import { rowsOfTable } from '../../layers/looked-up.js';
import { TABLE_FORMAT } from '../../layers/table-blocks.js';
import { nodeLabel } from '../../method/selection.js';
import type { BodyProduct } from '../products/body-products.js';
import { mixedProductsOf, type Parts } from '../products/parts.js';
import { relativeError, type WeightForms } from './weight-forms.js';

/** 8 bits for one layer, or float32 instead of those. */
export interface Upgrade {
  /** What the user calls its first reader. */
  node: string;
  /** Position among the large products, or name of an embedding table. */
  product?: number;
  table?: string;
  /** What a product holds that stays as it is. */
  holds?: 'float32' | 'float16';
  /** Error power over signal power that it saves, of the layer's output. */
  saved: number;
  /** By which the file grows, nearly. */
  bytes: number;
}

/** A large product of the main graph, or of a body: who has its constants. */
export type MixedProduct = Pick<BodyProduct, 'weight' | 'graph'>;

/** All whose bits are chosen, in the order of their forms. @param inside those in bodies. */
export function mixedProducts(parts: Parts, inside: readonly BodyProduct[]): MixedProduct[] {
  const { graph } = parts.prepared.model;
  const main = mixedProductsOf(parts.prepared, parts).weights.map((weight) => ({ weight, graph }));
  return [...main, ...inside];
}

export function upgradesOf(
  parts: Parts,
  products: readonly MixedProduct[],
  forms: readonly WeightForms[],
): Upgrade[] {
  return [...productUpgrades(products, forms), ...tableUpgrades(parts)].toSorted(
    (a, b) => b.saved / b.bytes - a.saved / a.bytes,
  );
}

function productUpgrades(products: readonly MixedProduct[], forms: readonly WeightForms[]): Upgrade[] {
  return products.flatMap(({ weight: { layers, format } }, product) => {
    const [layer] = layers;
    const { own, eight, saved } = forms[product]!;
    if (eight === null) return [];
    const zeroPoints = format.symmetric ? 0 : layer.channels * Math.ceil(own.blocks.blocks / 2);
    return [{ node: nodeLabel(layer.node), product, saved, bytes: own.blocks.codes.length / 2 - zeroPoints }];
  });
}

/** The products that may stay as they are, those first of which a byte saves most. */
export function floatsOf(products: readonly MixedProduct[], forms: readonly WeightForms[]): Upgrade[] {
  return products
    .flatMap(({ weight: { layers }, graph }, product): Upgrade[] => {
      const [layer] = layers;
      const { eight, left } = forms[product]!;
      if (eight === null) return [];
      const holds = graph.constant(layer.weight)!.dataType === DataType.FLOAT16 ? 'float16' : 'float32';
      // Bytes of a value, less those of its code in 8 bits.
      const bytes = (holds === 'float16' ? 1 : 3) * layer.depth * layer.channels;
      return [{ node: nodeLabel(layer.node), product, holds, saved: left, bytes }];
    })
    .toSorted((a, b) => b.saved / b.bytes - a.saved / a.bytes);
}

/** Rows of a table that tell what it loses. */
const ROWS = 1024;
/** Largest code of symmetric 8-bit rows. */
const LARGEST_CODE = 127;

function tableUpgrades({ prepared, selection }: Parts): Upgrade[] {
  const { graph } = prepared.model;
  return tablesForBlocks(graph, selection).map((table) => {
    const dims = graph.dims(table.name);
    const [rows, columns] = [dims[table.axis]!, dims[1 - table.axis]!];
    const some = evenRows(rowsOfTable(graph, table), rows, columns);
    const blocks = quantizeBlocks(some, columns, TABLE_FORMAT);
    const fourBits = columns / 2 + 4 * blocks.blocks + Math.ceil(blocks.blocks / 2);
    const reader = graph.nodes.find((node) => node.opType === 'Gather' && inputOf(node, 0) === table.name)!;
    return {
      node: nodeLabel(reader),
      table: table.name,
      saved: relativeError(some, blocks, null) - rowError(some, columns),
      // Scales of rows are half or float.
      bytes: rows * (columns + 4 - fourBits),
    };
  });
}

function evenRows(values: Float32Array, rows: number, columns: number): Float32Array {
  const count = Math.min(rows, ROWS);
  const some = new Float32Array(count * columns);
  for (let i = 0; i < count; i++) {
    const row = Math.floor((i * rows) / count);
    some.set(values.subarray(row * columns, (row + 1) * columns), i * columns);
  }
  return some;
}

/** Relative error of rows in 8 bits with one scale each: quantum² ÷ 12 for each value. */
function rowError(values: Float32Array, columns: number): number {
  let [signal, error] = [0, 0];
  for (let start = 0; start < values.length; start += columns) {
    let largest = 0;
    for (const value of values.subarray(start, start + columns)) {
      signal += value * value;
      largest = Math.max(largest, Math.abs(value));
    }
    error += (columns * (largest / LARGEST_CODE) ** 2) / 12;
  }
  return error / (signal || 1);
}
