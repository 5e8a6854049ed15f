/** One step of an LSTM that an exporter has spelled out in pieces, as TensorFlow and PyTorch's LSTMCell do:
 *
 *    z = x·W + h·R + b;  i, f, g, o = split(z), in any order;  c' = σ(f) ∘ c + σ(i) ∘ tanh(g);  h' = σ(o) ∘ tanh(c') */
import type { NodeProto } from 'onnx-buf';
import { intAttribute } from '../../../onnx/attributes.js';
import { fromEnd } from '../../../onnx/axis.js';
import type { Graph } from '../../../onnx/graph.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import { readWeighted, type Weighted } from '../../../onnx/query/weighted.js';
import type { SymbolicShapes } from '../../../onnx/shapes/symbolic-shapes.js';

/** Gates in the order of ONNX's LSTM. */
export const GATES = ['input', 'output', 'forget', 'cell'] as const;
export type Gate = (typeof GATES)[number];

export interface LstmCell {
  hidden: number;
  /** Which of the four parts of z each gate is. */
  part: Record<Gate, number>;
  /** The products that read the input and the state, [depth, 4 · hidden] each. */
  products: [input: Weighted, state: Weighted];
  /** Constants of z, each [4 · hidden]. */
  biases: string[];
  /** Names: the cell's state before and after the step, and the output. */
  before: string;
  after: string;
  output: string;
  /** All pieces. */
  nodes: NodeProto[];
}

interface Reading {
  graph: Graph;
  shapes: SymbolicShapes['shapes'];
}

/** The cell whose gates a Split gives; null: it gives none. */
export function readLstmCell(split: NodeProto, reading: Reading): LstmCell | null {
  const { graph, shapes } = reading;
  const sum = inputOf(split, 0);
  const shape = shapes.get(sum);
  if (split.opType !== 'Split' || split.domain !== '' || split.output.length !== 4 || shape?.length !== 2)
    return null;
  const hidden = Number(shapes.get(outputOf(split))?.[1]);
  const isEven = split.output.every((name) => shapes.get(name)?.[1] === hidden);
  if (fromEnd(intAttribute(split, 'axis', 0), 2) !== 1 || shape[1] !== 4 * hidden || !isEven) return null;
  const gated = readGates(split, graph);
  const terms = gated && readTerms(sum, split, { graph, width: 4 * hidden });
  if (!gated || !terms) return null;
  const [first, second] = terms.products;
  const products = second.inputs === hidden ? ([first, second] as const) : ([second, first] as const);
  const batch = shape[0];
  const isAligned = [products[0].input, products[1].input, gated.before].every((name) => {
    const own = shapes.get(name);
    return own?.length === 2 && own[0] === batch;
  });
  if (products[1].inputs !== hidden || shapes.get(gated.before)?.[1] !== hidden || !isAligned) return null;
  const nodes = [split, ...gated.nodes, ...terms.nodes];
  return { hidden, ...gated, products: [...products], biases: terms.biases, nodes };
}

type Gates = Pick<LstmCell, 'part' | 'before' | 'after' | 'output' | 'nodes'>;

function readGates(split: NodeProto, graph: Graph): Gates | null {
  const activations = split.output.map((name) => only(graph, name));
  const cell = activations.findIndex((node) => node?.opType === 'Tanh');
  const sigmoids = activations.flatMap((node, index) => (node?.opType === 'Sigmoid' ? [index] : []));
  if (cell < 0 || sigmoids.length !== 3) return null;
  const products = activations.map((node) => only(graph, outputOf(node!)));
  if (products.some((node) => node?.opType !== 'Mul')) return null;
  const input = sigmoids.find((index) => products[index] === products[cell]);
  const add = input === undefined ? undefined : only(graph, outputOf(products[input]!));
  if (input === undefined || add?.opType !== 'Add') return null;
  const forget = sigmoids.find(
    (index) =>
      index !== input &&
      add.input.includes(outputOf(products[index]!)) &&
      only(graph, outputOf(products[index]!)),
  );
  const output = sigmoids.find((index) => index !== input && index !== forget);
  if (forget === undefined || output === undefined) return null;
  const after = outputOf(add);
  const squashed = otherInput(products[output]!, outputOf(activations[output]!));
  const tanh = graph.producer(squashed);
  const isClosed = tanh?.opType === 'Tanh' && tanh.domain === '' && inputOf(tanh, 0) === after;
  if (!isClosed || only(graph, squashed) !== products[output]) return null;
  return {
    part: { input, output, forget, cell },
    before: otherInput(products[forget]!, outputOf(activations[forget]!)),
    after,
    output: outputOf(products[output]!),
    nodes: [...activations, products[input], products[forget], products[output], add, tanh] as NodeProto[],
  };
}

/** The node of the default domain that alone reads a value, which the model doesn't give out. */
function only(graph: Graph, name: string): NodeProto | undefined {
  const reader = graph.isOutput(name) ? undefined : graph.onlyReader(name);
  return reader?.domain === '' && graph.consumers(name).length === 1 ? reader : undefined;
}

function otherInput(node: NodeProto, name: string): string {
  return inputOf(node, 0) === name ? inputOf(node, 1) : inputOf(node, 0);
}

interface Terms {
  products: [Weighted, Weighted];
  biases: string[];
  nodes: NodeProto[];
}

/** What a sum adds up: two products with weights of their own, and constants. */
function readTerms(
  sum: string,
  reader: NodeProto,
  { graph, width }: { graph: Graph; width: number },
): Terms | null {
  const products: Weighted[] = [];
  const [biases, nodes]: [string[], NodeProto[]] = [[], []];
  const read = (name: string, by: NodeProto): boolean => {
    if (isBias(graph, name, width)) return biases.push(name) > 0;
    const node = graph.producer(name);
    if (node?.domain !== '' || only(graph, name) !== by) return false;
    nodes.push(node);
    if (node.opType === 'Add') return node.input.every((term) => read(term, node));
    const product = readProduct(graph, node, width);
    if (!product) return false;
    products.push(product);
    // ONNX Runtime makes Gemm of MatMul and Add, whatever is added.
    return product.bias === '' || read(product.bias, node);
  };
  if (!read(sum, reader) || products.length !== 2) return null;
  return { products: products as [Weighted, Weighted], biases, nodes };
}

function isBias(graph: Graph, name: string, width: number): boolean {
  if (!graph.isFloats(name)) return false;
  const dims = graph.dims(name);
  return dims.length <= 2 && dims.at(-1) === width && dims.slice(0, -1).every((dim) => dim === 1);
}

function readProduct(graph: Graph, node: NodeProto, width: number): Weighted | null {
  const weighted = node.opType === 'MatMul' || node.opType === 'Gemm' ? readWeighted(graph, node) : null;
  if (weighted?.dims.length !== 2 || weighted.outputs !== width) return null;
  const isPlain = weighted.alpha === 1 && weighted.beta === 1 && !weighted.transA;
  const isOwn = graph.consumers(weighted.weight).length === 1 && !graph.isOutput(weighted.weight);
  return isPlain && isOwn && graph.isFloats(weighted.weight) ? weighted : null;
}
