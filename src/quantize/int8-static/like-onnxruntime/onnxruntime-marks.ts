/** What `onnxruntime.quantization.quantize_static` makes of a model with its defaults: int8 affine activations around every operator
 *  that it knows, int8 symmetric weights per tensor, int32 biases, MinMax. For comparison: on a CPU the result is usually slower
 *  than float.
 *
 *  Marks tensors operator by operator, in the rules and the order of onnxruntime 1.30 (qdq_quantizer.py, operators/), then puts
 *  Q/DQ around every marked tensor, under the same names. */
import type { NodeProto } from 'onnx-buf';
import { attribute, floatAttribute, removeAttribute, stringAttribute } from '../../../onnx/attributes.js';
import { DataType } from '../../../onnx/element-type.js';
import type { Graph } from '../../../onnx/graph.js';
import { canonicalDomain } from '../../../onnx/model.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import { dimsOf } from '../../../onnx/tensor.js';
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

/** Every input and output. */
const WHOLE = [
  'ArgMax',
  'Add',
  'Mul',
  'LeakyRelu',
  'Sigmoid',
  'GlobalAveragePool',
  'Concat',
  'Softmax',
  'CumSum',
];
/** The output takes over the input's parameters, if the input has any. */
const DIRECT = [
  'Reshape',
  'Transpose',
  'Squeeze',
  'Unsqueeze',
  'Flatten',
  'Resize',
  'MaxPool',
  'AveragePool',
  'Slice',
  'TopK',
];
const NORMALIZATION = ['InstanceNormalization', 'LayerNormalization', 'BatchNormalization'];

/** Marks tensors and takes out the Relu and Clip nodes that quantization replaces. Edits the graph.
 *  @param excluded operators that the options leave out. */
export function markLikeOnnxRuntime(
  { model, types }: PreparedModel,
  excluded: (node: NodeProto) => boolean,
): Marks {
  const { graph } = model;
  const marks: Marks = { tensors: new Map(), biases: new Map(), nodes: new Set() };
  const isFloat = (name: string): boolean =>
    name !== '' && (graph.initializers.get(name) ?? types.get(name))?.dataType === DataType.FLOAT;
  const mark = (name: string, made: Mark): void => {
    if (isFloat(name) && !marks.tensors.has(name)) marks.tensors.set(name, made);
  };
  const activation = (name: string): void => mark(name, { kind: 'activation' });
  // The output of a Constant node is a tensor like any other to it.
  const weight = (name: string): void =>
    mark(name, { kind: graph.initializers.has(name) ? 'weight' : 'activation' });
  const same = (name: string, as: string): void => mark(name, { kind: 'same', as });
  const bias = (node: NodeProto, beta = 1): void => {
    const name = node.input[2];
    if (!name || !graph.initializers.has(name)) return;
    // A bias that several operators share is copied for each: its scale differs.
    const own = marks.biases.has(name) ? copyInitializer(graph, name) : name;
    if (own !== name) graph.setInput(node, 2, own);
    marks.biases.set(own, { node, input: inputOf(node, 0), weight: inputOf(node, 1), beta });
  };
  for (const node of graph.nodes) {
    if (canonicalDomain(node.domain) !== '' || excluded(node)) continue;
    const [first = ''] = node.input;
    const before = marks.tensors.size;
    const { opType } = node;
    if (WHOLE.includes(opType)) for (const name of [...node.input, ...node.output]) activation(name);
    else if (DIRECT.includes(opType)) {
      if (marks.tensors.has(first)) same(outputOf(node), first);
    } else if (opType === 'Relu' || opType === 'Clip') {
      if (!marks.tensors.has(first)) continue;
      if (takesOverOutput(graph, node)) {
        marks.tensors.delete(first);
        const producer = graph.producer(first)!;
        graph.removeNode(node);
        graph.setOutput(producer, producer.output.indexOf(first), outputOf(node));
      } else activation(first);
      activation(outputOf(node));
    } else if (opType === 'Conv' || opType === 'ConvTranspose' || opType === 'Gemm') {
      activation(first);
      activation(outputOf(node));
      weight(inputOf(node, 1));
      bias(node, opType === 'Gemm' ? floatAttribute(node, 'beta', 1) : 1);
      if (opType === 'Gemm' && node.input[2]) removeAttribute(node, 'beta');
    } else if (opType === 'MatMul') {
      for (const name of [...node.input, ...node.output]) {
        if (graph.initializers.has(name)) weight(name);
        else activation(name);
      }
    } else if (NORMALIZATION.includes(opType)) {
      activation(first);
      if (graph.initializers.has(inputOf(node, 1))) weight(inputOf(node, 1));
      else activation(inputOf(node, 1));
      bias(node);
      for (const name of node.output) activation(name);
    } else if (opType === 'Pad') {
      for (const name of node.input) activation(name);
      if (padsWithKnownValue(node, graph)) same(outputOf(node), first);
      else activation(outputOf(node));
    } else if (opType === 'Split') {
      activation(first);
      for (const name of node.output) same(name, first);
    } else if (opType === 'Gather' || opType === 'GatherElements') {
      if (graph.initializers.has(first)) activation(first);
      if (marks.tensors.has(first)) same(outputOf(node), first);
    } else if (opType === 'Where' && node.input.slice(1, 3).every((name) => marks.tensors.has(name))) {
      activation(outputOf(node));
    }
    if (marks.tensors.size > before || marks.tensors.has(outputOf(node))) marks.nodes.add(node);
  }
  return marks;
}

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
