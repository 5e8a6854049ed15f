/** Products whose mean error a constant takes up behind them (quantize/gptq/mean-error.ts): alone they are off by that mean, and what reads them is not. */
import { makeNode } from '../../onnx/build.js';
import { copyModel } from '../../onnx/edit/copy-model.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { outputOf } from '../../onnx/node.js';
import { additionTo } from '../../onnx/query/addition.js';
import { isWeightedOperator, readWeighted } from '../../onnx/query/weighted.js';
import { DataType } from '../../onnx/tensor/element-type.js';

/** A variant's sum of a product and a constant that differs from the original's. */
interface CorrectedSum {
  product: string;
  addend: string;
  /** The original's. */
  before: { values: Float32Array; dims: readonly number[] };
  after: Float32Array;
}

/** The variant with such products as their readers take them: each gets what its constant took up, and the constant is the original's again. What the sums
 *  give stays. The variant itself where it has none; it is not changed. */
export function withOwnAddends(original: Graph, variant: Model): Model {
  const corrected = correctedSums(original, variant.graph);
  if (corrected.length === 0) return variant;
  const model = copyModel(variant);
  const { graph } = model;
  for (const { product, addend, before, after } of corrected) {
    const { node: add } = additionTo(product, graph)!;
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
    const [own, add] = [additionTo(product, original), additionTo(product, variant)];
    if (!own || !add || outputOf(own.node) !== outputOf(add.node)) return [];
    if (!original.isReal(own.addend) || !variant.isFloats(add.addend)) return [];
    const before = { values: original.realValues(own.addend), dims: original.dims(own.addend) };
    const after = variant.floats(add.addend);
    if (before.dims.slice(0, -1).some((dim) => dim !== 1)) return [];
    if (before.values.length !== after.length && before.values.length !== 1) return [];
    if (after.every((value, at) => value === valueAt(before.values, at))) return [];
    return [{ product, addend: add.addend, before, after }];
  });
}

/** Of a constant that has one value for each channel, or one for all. */
function valueAt(values: Float32Array, channel: number): number {
  return values[values.length === 1 ? 0 : channel]!;
}
