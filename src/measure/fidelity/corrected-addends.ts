/** Products whose mean error a constant takes up behind them (quantize/gptq/mean-error.ts): alone they are off by that mean, and what reads them is not. */
import type { NodeProto } from 'onnx-buf';
import { makeNode } from '../../onnx/build.js';
import { copyModel } from '../../onnx/edit/copy-model.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { outputOf } from '../../onnx/node.js';
import { isWeightedOperator, readWeighted } from '../../onnx/query/weighted.js';
import { DataType } from '../../onnx/tensor/element-type.js';

/** A variant's sum of a product and a constant that differs from the original's. */
interface CorrectedSum {
  add: NodeProto;
  product: string;
  addend: string;
  /** The original's. */
  before: { values: Float32Array; dims: readonly number[] };
  after: Float32Array;
}

/** The variant with such products as their readers take them: each gets what its constant took up, and the constant is the original's again. What the sums
 *  give stays. The variant itself where it has none; it is not changed. */
export function withOwnAddends(original: Graph, variant: Model): Model {
  if (correctedSums(original, variant.graph).length === 0) return variant;
  const model = copyModel(variant);
  const { graph } = model;
  for (const { add, product, addend, before, after } of correctedSums(original, graph)) {
    const difference = after.map((value, at) => value - valueAt(before.values, at));
    const producer = graph.producer(product)!;
    const off = graph.freshName(`${product}_uncorrected`);
    graph.setOutput(producer, producer.output.indexOf(product), off);
    const taken = graph.addConstant(`${product}_mean_error`, DataType.FLOAT, [after.length], difference);
    graph.addNode(makeNode('Add', [off, taken], [product]));
    const own = graph.addConstant(`${addend}_own`, DataType.FLOAT, before.dims, before.values);
    graph.setInput(add, add.input.indexOf(addend), own);
  }
  return model;
}

function correctedSums(original: Graph, variant: Graph): CorrectedSum[] {
  return original.nodes.flatMap((node) => {
    const product = outputOf(node);
    const producer = variant.producer(product);
    // Around a product in float, constants may be scaled as it is.
    if (!producer || !readWeighted(original, node) || isWeightedOperator(producer)) return [];
    const [own, add] = [sumOf(product, original), sumOf(product, variant)];
    if (!own || !add || outputOf(own.node) !== outputOf(add.node)) return [];
    if (!original.isReal(own.addend) || !variant.isFloats(add.addend)) return [];
    const before = { values: original.realValues(own.addend), dims: original.dims(own.addend) };
    const after = variant.floats(add.addend);
    if (before.dims.slice(0, -1).some((dim) => dim !== 1)) return [];
    if (before.values.length !== after.length && before.values.length !== 1) return [];
    if (after.every((value, at) => value === valueAt(before.values, at))) return [];
    return [{ add: add.node, product, addend: add.addend, before, after }];
  });
}

/** The Add that alone reads a product, and what it adds. */
function sumOf(product: string, graph: Graph): { node: NodeProto; addend: string } | null {
  const node = graph.onlyReader(product);
  if (node?.opType !== 'Add' || node.domain !== '') return null;
  return { node, addend: node.input.find((name) => name !== product) ?? '' };
}

/** Of a constant that has one value for each channel, or one for all. */
function valueAt(values: Float32Array, channel: number): number {
  return values[values.length === 1 ? 0 : channel]!;
}
