/** Products whose mean error a constant takes up behind them (quantize/gptq/mean-error.ts): alone they are off by that mean, and what reads them is not. */
import { intAttribute } from '../../onnx/attributes.js';
import { makeNode } from '../../onnx/build.js';
import { copyModel } from '../../onnx/edit/copy-model.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { inputOf, outputOf } from '../../onnx/node.js';
import { additionTo } from '../../onnx/query/addition.js';
import { addFloatConstant, type FloatConstant, floatConstant } from '../../onnx/query/float-constants.js';
import { isWeightedOperator, readWeighted } from '../../onnx/query/weighted.js';
import { DataType } from '../../onnx/tensor/element-type.js';

/** A variant's sum of a product and a constant that differs from the original's. */
interface CorrectedSum {
  product: string;
  addend: string;
  /** The original's. */
  before: FloatConstant;
  after: FloatConstant;
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
    const { type } = after;
    const difference = after.values.map((value, at) => value - valueAt(before.values, at));
    const producer = graph.producer(product)!;
    const off = graph.freshName(`${product}_uncorrected`);
    graph.setOutput(producer, producer.output.indexOf(product), off);
    const taken = addFloatConstant(graph, `${product}_mean_error`, {
      type,
      dims: [difference.length],
      values: difference,
    });
    graph.addNode(makeNode('Add', [off, taken], [product]));
    const own = addFloatConstant(graph, `${addend}_own`, { ...before, type });
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
    const [before, after] = [constantAddend(original, own.addend), constantAddend(variant, add.addend)];
    if (!before || !after || before.dims.slice(0, -1).some((dim) => dim !== 1)) return [];
    if (before.values.length !== after.values.length && before.values.length !== 1) return [];
    if (after.values.every((value, at) => value === valueAt(before.values, at))) return [];
    return [{ product, addend: add.addend, before, after }];
  });
}

/** A constant, or one that is stored in another type and cast where it is read: as a file in half holds it. */
function constantAddend(graph: Graph, name: string): FloatConstant | null {
  const cast = graph.producer(name);
  if (cast?.opType !== 'Cast' || intAttribute(cast, 'to', 0) !== DataType.FLOAT)
    return floatConstant(graph, name);
  const stored = floatConstant(graph, inputOf(cast, 0));
  return stored && { ...stored, type: DataType.FLOAT };
}

/** Of a constant that has one value for each channel, or one for all. */
function valueAt(values: Float64Array, channel: number): number {
  return values[values.length === 1 ? 0 : channel]!;
}
