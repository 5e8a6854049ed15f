/** What `onnxruntime.quantization.quantize_static` makes of a model with its defaults: int8 affine activations around every operator
 *  that it knows, int8 symmetric weights per tensor, int32 biases, MinMax. For comparison: on a CPU the result is usually slower
 *  than float.
 *
 *  Marks tensors operator by operator, in the rules and the order of onnxruntime 1.30 (qdq_quantizer.py, operators/), then puts
 *  Q/DQ around every marked tensor, under the same names. */
import type { NodeProto } from 'onnx-buf';
import { attribute, floatAttribute, removeAttribute, stringAttribute } from '../../../onnx/attributes.js';
import type { Graph } from '../../../onnx/graph.js';
import { canonicalDomain } from '../../../onnx/model.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { dimsOf } from '../../../onnx/tensor/tensor.js';
import type { PreparedModel } from '../../prepare/prepare.js';

type Mark = { kind: 'activation' | 'weight' } | { kind: 'same'; as: string };

interface BiasMark {
  node: NodeProto;
  input: string;
  weight: string;
  beta: number;
}

export interface Marks {
  /** In the order in which they were made. */
  tensors: Map<string, Mark>;
  biases: Map<string, BiasMark>;
  /** Operators that were quantized. */
  nodes: Set<NodeProto>;
}

/** Marks tensors and takes out the Relu and Clip nodes that quantization replaces. Edits the graph.
 *  @param excluded operators that the options leave out. */
export function markLikeOnnxRuntime(prepared: PreparedModel, excluded: (node: NodeProto) => boolean): Marks {
  const marker = new Marker(prepared);
  const { tensors, nodes } = marker.marks;
  for (const node of prepared.model.graph.nodes) {
    const mark = canonicalDomain(node.domain) === '' ? RULES.get(node.opType) : undefined;
    if (!mark || excluded(node)) continue;
    const before = tensors.size;
    mark(node, marker);
    if (tensors.size > before || tensors.has(outputOf(node))) nodes.add(node);
  }
  return marker.marks;
}

class Marker {
  readonly marks: Marks = { tensors: new Map(), biases: new Map(), nodes: new Set() };
  readonly graph: Graph;
  readonly #types: PreparedModel['types'];

  constructor({ model, types }: PreparedModel) {
    this.graph = model.graph;
    this.#types = types;
  }

  isMarked(name: string): boolean {
    return this.marks.tensors.has(name);
  }

  isInitializer(name: string): boolean {
    return this.graph.initializers.has(name);
  }

  activation(name: string): void {
    this.#mark(name, { kind: 'activation' });
  }

  /** The output of a Constant node is a tensor like any other to it. */
  weight(name: string): void {
    this.#mark(name, { kind: this.isInitializer(name) ? 'weight' : 'activation' });
  }

  /** The tensor takes over the parameters of another. */
  same(name: string, as: string): void {
    this.#mark(name, { kind: 'same', as });
  }

  bias(node: NodeProto, beta = 1): void {
    const name = node.input[2];
    if (!name || !this.isInitializer(name)) return;
    const { biases } = this.marks;
    // A bias that several operators share is copied for each: its scale differs.
    const own = biases.has(name) ? copyInitializer(this.graph, name) : name;
    if (own !== name) this.graph.setInput(node, 2, own);
    biases.set(own, { node, input: inputOf(node, 0), weight: inputOf(node, 1), beta });
  }

  #mark(name: string, mark: Mark): void {
    const { tensors } = this.marks;
    if (this.#isFloat(name) && !tensors.has(name)) tensors.set(name, mark);
  }

  #isFloat(name: string): boolean {
    const type = this.graph.initializers.get(name) ?? this.#types.get(name);
    return name !== '' && type?.dataType === DataType.FLOAT;
  }
}

/** What onnxruntime does with an operator. */
type Rule = (node: NodeProto, marker: Marker) => void;

/** Every input and output. */
const whole: Rule = (node, marker) => {
  for (const name of [...node.input, ...node.output]) marker.activation(name);
};

/** The output takes over the input's parameters, if the input has any. */
const direct: Rule = (node, marker) => {
  const input = inputOf(node, 0);
  if (marker.isMarked(input)) marker.same(outputOf(node), input);
};

const clamp: Rule = (node, marker) => {
  const { graph, marks } = marker;
  const input = inputOf(node, 0);
  if (!marker.isMarked(input)) return;
  if (takesOverOutput(graph, node)) {
    marks.tensors.delete(input);
    const producer = graph.producer(input)!;
    graph.removeNode(node);
    graph.setOutput(producer, producer.output.indexOf(input), outputOf(node));
  } else marker.activation(input);
  marker.activation(outputOf(node));
};

const weighted: Rule = (node, marker) => {
  const isGemm = node.opType === 'Gemm';
  marker.activation(inputOf(node, 0));
  marker.activation(outputOf(node));
  marker.weight(inputOf(node, 1));
  marker.bias(node, isGemm ? floatAttribute(node, 'beta', 1) : 1);
  if (isGemm && node.input[2]) removeAttribute(node, 'beta');
};

const product: Rule = (node, marker) => {
  for (const name of [...node.input, ...node.output]) marker.weight(name);
};

const normalization: Rule = (node, marker) => {
  marker.activation(inputOf(node, 0));
  marker.weight(inputOf(node, 1));
  marker.bias(node);
  for (const name of node.output) marker.activation(name);
};

const pad: Rule = (node, marker) => {
  for (const name of node.input) marker.activation(name);
  if (padsWithKnownValue(node, marker.graph)) marker.same(outputOf(node), inputOf(node, 0));
  else marker.activation(outputOf(node));
};

const split: Rule = (node, marker) => {
  marker.activation(inputOf(node, 0));
  for (const name of node.output) marker.same(name, inputOf(node, 0));
};

const gather: Rule = (node, marker) => {
  if (marker.isInitializer(inputOf(node, 0))) marker.activation(inputOf(node, 0));
  direct(node, marker);
};

const where: Rule = (node, marker) => {
  if (node.input.slice(1, 3).every((name) => marker.isMarked(name))) marker.activation(outputOf(node));
};

/** By operator. */
const RULES: ReadonlyMap<string, Rule> = new Map(
  [
    ['ArgMax Add Mul LeakyRelu Sigmoid GlobalAveragePool Concat Softmax CumSum', whole] as const,
    ['Reshape Transpose Squeeze Unsqueeze Flatten Resize MaxPool AveragePool Slice TopK', direct] as const,
    ['Relu Clip', clamp] as const,
    ['Conv ConvTranspose Gemm', weighted] as const,
    ['MatMul', product] as const,
    ['InstanceNormalization LayerNormalization BatchNormalization', normalization] as const,
    ['Pad', pad] as const,
    ['Split', split] as const,
    ['Gather GatherElements', gather] as const,
    ['Where', where] as const,
  ].flatMap(([operators, rule]) => operators.split(' ').map((opType) => [opType, rule] as const)),
);

/** Whether what precedes a Relu or Clip may write its output instead. */
function takesOverOutput(graph: Graph, node: NodeProto): boolean {
  const input = inputOf(node, 0);
  return (
    graph.producer(input) !== undefined && graph.onlyReader(input) !== undefined && !graph.isInput(input)
  );
}

function padsWithKnownValue(node: NodeProto, graph: Graph): boolean {
  if (stringAttribute(node, 'mode', 'constant') !== 'constant') return true;
  const value = node.input[2] ? graph.constantValues(node.input[2]) : [attribute(node, 'value')?.f ?? 0];
  return value !== undefined && Number(value[0]) === 0;
}

function copyInitializer(graph: Graph, name: string): string {
  const tensor = graph.initializers.get(name)!;
  const values = graph.constantValues(name)!;
  return graph.addConstant(`${name}0`, tensor.dataType, dimsOf(tensor), values.slice() as typeof values);
}

/** Activations whose ranges have to be observed. */
export function tensorsToObserve({ tensors }: Marks, graph: Graph): string[] {
  return [...tensors]
    .filter(([name, { kind }]) => kind === 'activation' && !graph.initializers.has(name))
    .map(([name]) => name);
}
