/** A quantized file and its original in one model, with a switch for each layer: the layer as the file has it, or as the original computes it from
 *  what the file's other layers give. So what a file would give with some layers left as they are is seen without making it. */
import { clone } from '@bufbuild/protobuf';
import { type NodeProto, NodeProtoSchema, type TensorProto } from 'onnx-buf';
import { withOwnAddends } from '../../measure/fidelity/corrected-addends.js';
import { dequantized, quantizeOf } from '../../measure/fidelity/layers.js';
import { intAttribute, subgraphsOf } from '../../onnx/attributes.js';
import { makeNode, makeValue, type NodeOptions } from '../../onnx/build.js';
import { upgradeOpset } from '../../onnx/convert/opset.js';
import { computeReadSide } from '../../onnx/edit/branches.js';
import { copyModel } from '../../onnx/edit/copy-model.js';
import { addSwitch, SWITCH_OPSET } from '../../onnx/edit/switches.js';
import type { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { outputOf } from '../../onnx/node.js';
import { readWeighted } from '../../onnx/query/weighted.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { dimsOf, makeTensor, renamedTensor, tensorValues } from '../../onnx/tensor/tensor.js';
import { nodeLabel } from '../../quantize/method/selection.js';

export interface SwitchedModel {
  model: Model;
  /** Names of the operators of each layer that a repair can change, in the original's order of computation. */
  layers: readonly (readonly string[])[];
}

export interface SwitchOptions {
  /** Tensors that both models compute alike but for the file's rounding: each layer ends in one, or several of one operator. */
  tensors: readonly string[];
  /** Operators that a repair can change; layers without any get no switch. null: any. */
  reduced: ReadonlySet<string> | null;
}

/** Input of truth values, one for each layer: whether it is left as it is. */
export const SWITCHES = 'quantgate_left';

/** @param original is raised to the variant's opset. @param variant with half precision spelled out; it is not changed.
 *  @returns null: the opsets can't be brought together, or no layer can have a switch. */
export function switchedModel(
  original: Model,
  variant: Model,
  { tensors, reduced }: SwitchOptions,
): SwitchedModel | null {
  const opset = variant.opset();
  if (opset < SWITCH_OPSET) return null;
  if (original.opset() !== opset && !upgradeOpset(original, opset).upgraded) return null;
  const model = copyModel(withOwnAddends(original.graph, variant));
  renameInlined(model.graph);
  for (const { domain, version } of original.proto.opsetImport)
    if (model.opset(domain) === 0) model.setOpset(domain, Number(version));
  const switches = new Switches(original.graph, model.graph, reduced);
  const ends = new Set(tensors.filter((name) => isEnd(name, original.graph, model.graph)));
  for (const node of original.graph.topologicalNodes())
    if (node.output.some((name) => ends.has(name))) switches.addLayer(node, ends);
  if (switches.layers.length === 0) return null;
  model.graph.addInput(makeValue(SWITCHES, DataType.BOOL, [switches.layers.length]));
  model.graph.setValueInfo([]);
  model.graph.prune();
  computeReadSide(model.graph, switches.outputs);
  return { model, layers: switches.layers };
}

/** Whether the file reduces what computes a tensor, or the tensor itself: between two such layers there is nothing to leave as it is. */
function isEnd(name: string, original: Graph, variant: Graph): boolean {
  const [node, producer] = [original.producer(name), variant.producer(name)];
  if (!node || !producer) return false;
  if (variant.isOutput(name) || isRoundedToHalf(producer, variant) || quantizeOf(name, variant)) return true;
  return readWeighted(original, node) !== null && !isQuantized(producer, variant);
}

/** What ONNX Runtime calls the values inside of functions (HardSwish) that it resolves: the file has some from its preparation, and the original's
 *  operators would get the same. */
const INLINED = /^_inlfunc_/;

function renameInlined(graph: Graph): void {
  for (const node of graph.nodes) {
    for (const [at, name] of node.output.entries()) {
      if (!INLINED.test(name) || graph.isOutput(name)) continue;
      const other = graph.freshName(name.replace(INLINED, 'resolved_'));
      graph.setOutput(node, at, other);
      graph.replaceUses(name, other);
    }
  }
}

/** A value of the original as layers that are left read it. */
interface Reading {
  name: string;
  /** Operators that compute it, from where the last layers end. */
  operators: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

class Switches {
  readonly layers: string[][] = [];
  /** Names of the values that switches give. */
  readonly outputs = new Set<string>();
  readonly #from: Graph;
  readonly #graph: Graph;
  readonly #reduced: ReadonlySet<string> | null;
  readonly #readings = new Map<string, Reading>();

  constructor(from: Graph, graph: Graph, reduced: ReadonlySet<string> | null) {
    this.#from = from;
    this.#graph = graph;
    this.#reduced = reduced;
  }

  /** Everything from where the last layers end to this node. */
  addLayer(node: NodeProto, ends: ReadonlySet<string>): void {
    const outputs = node.output.filter((name) => ends.has(name) && this.#graph.producer(name));
    if (outputs.length === 0) return;
    const copied = this.#copy(node);
    const isChangeable =
      copied !== null &&
      (this.#reduced === null || [...copied.operators].some((name) => this.#reduced?.has(name)));
    if (!isChangeable) {
      for (const name of outputs)
        this.#readings.set(name, { name: this.#dequantized(name), operators: NONE });
      return;
    }
    const index = this.#graph.addConstant(
      'layer',
      DataType.INT64,
      [],
      BigInt64Array.of(BigInt(this.layers.length)),
    );
    const by = this.#add('Gather', [SWITCHES, index], 'left');
    this.layers.push([...copied.operators].filter((name) => this.#reduced?.has(name) ?? true));
    for (const name of outputs) this.#switch(name, { by, left: copied.outputs.get(name)! });
  }

  /** Readers of the file get what is left rounded as the file rounds what they read; layers that are left, too, get it as it is. */
  #switch(name: string, { by, left }: { by: string; left: string }): void {
    const graph = this.#graph;
    const producer = graph.producer(name)!;
    const isHalf = isRoundedToHalf(producer, graph) && !graph.isOutput(name);
    const rounded = graph.freshName(`${name}_reduced`);
    graph.setOutput(producer, producer.output.indexOf(name), rounded);
    if (isHalf) {
      const chosen = this.#choose(name, by, { on: left, off: rounded });
      const half = this.#add('Cast', [chosen], name, { to: { int: DataType.FLOAT16 } });
      graph.addNode(makeNode('Cast', [half], [name], { attributes: { to: { int: DataType.FLOAT } } }));
      this.#readings.set(name, { name: chosen, operators: NONE });
      return;
    }
    this.#give(name, by, { on: left, off: rounded });
    const seen = this.#dequantized(name);
    if (seen === name) {
      this.#readings.set(name, { name, operators: NONE });
      return;
    }
    const inFloat = graph.consumers(seen).filter((reader) => !isQuantized(reader, graph));
    // Not `left`: one switch alone reads it, so that a run may do without.
    const read = this.#choose(name, by, { on: name, off: seen });
    // What the file computes in float reads what is left as it is, too.
    graph.replaceUses(seen, read, new Set(inFloat));
    this.#readings.set(name, { name: read, operators: NONE });
  }

  /** A tensor of the file as what is left reads it: rounded, where the file quantizes it, though its readers there may take its codes for another's. */
  #dequantized(name: string): string {
    const graph = this.#graph;
    const quantize = quantizeOf(name, graph);
    const seen = dequantized(name, graph);
    if (!quantize || seen !== name) return seen;
    const [, ...parameters] = quantize.input;
    const rounded = graph.freshName(`${name}_rounded`);
    const { domain } = quantize;
    graph.addNode(makeNode('DequantizeLinear', [outputOf(quantize), ...parameters], [rounded], { domain }));
    return rounded;
  }

  /** The node as the original computes it; null where bodies of If, Loop or Scan are on the way. */
  #copy(node: NodeProto): { operators: Set<string>; outputs: Map<string, string> } | null {
    if (subgraphsOf(node).length > 0) return null;
    const read = node.input.map((name) => (name === '' ? { name, operators: NONE } : this.#reading(name)));
    if (read.some((each) => each === null)) return null;
    const operators = new Set(read.flatMap((each) => [...each!.operators]));
    if (node.opType !== 'Constant') operators.add(nodeLabel(node));
    const copy = clone(NodeProtoSchema, node);
    copy.name = this.#graph.freshName(`${nodeLabel(node)}_left`);
    copy.input = read.map((each) => each!.name);
    copy.output = node.output.map((name) => (name === '' ? '' : this.#graph.freshName(`${name}_left`)));
    this.#graph.addNode(copy);
    return { operators, outputs: new Map(node.output.map((name, at) => [name, copy.output[at]!])) };
  }

  #reading(name: string): Reading | null {
    const known = this.#readings.get(name);
    if (known) return known;
    if (this.#from.isInput(name)) return { name, operators: NONE };
    const initializer = this.#from.initializers.get(name);
    if (initializer) return this.#remember(name, { name: this.#constant(initializer), operators: NONE });
    const producer = this.#from.producer(name);
    const copied = producer ? this.#copy(producer) : null;
    if (copied === null) return null;
    for (const [output, as] of copied.outputs)
      if (output !== '') this.#remember(output, { name: as, operators: copied.operators });
    return this.#readings.get(name)!;
  }

  #remember(name: string, reading: Reading): Reading {
    this.#readings.set(name, reading);
    return reading;
  }

  #constant(tensor: TensorProto): string {
    const name = this.#graph.freshName(`${tensor.name}_left`);
    // Relative to another folder than the file's.
    const isOutside = tensor.externalData.length > 0;
    this.#graph.setInitializer(
      isOutside
        ? makeTensor(name, tensor.dataType, dimsOf(tensor), tensorValues(tensor, this.#from.directory))
        : renamedTensor(tensor, name),
    );
    return name;
  }

  #choose(base: string, by: string, values: { on: string; off: string }): string {
    return this.#give(this.#graph.freshName(`${base}_chosen`), by, values);
  }

  #give(output: string, by: string, values: { on: string; off: string }): string {
    this.outputs.add(output);
    return addSwitch(this.#graph, by, { ...values, output });
  }

  #add(
    opType: string,
    input: readonly string[],
    base: string,
    attributes: NonNullable<NodeOptions['attributes']> = {},
  ): string {
    const output = this.#graph.freshName(`${base}_${opType.toLowerCase()}`);
    this.#graph.addNode(makeNode(opType, input, [output], { attributes }));
    return output;
  }
}

/** Whether what a node gives is quantized, behind an activation perhaps. */
function isQuantized({ output }: NodeProto, graph: Graph): boolean {
  const readers = (names: readonly string[]) => names.flatMap((name) => graph.consumers(name));
  const next = readers(output);
  return [...next, ...readers(next.flatMap((node) => node.output))].some(
    ({ opType }) => opType === 'QuantizeLinear',
  );
}

/** Whether a value comes of a pair of Casts, to half and back. */
function isRoundedToHalf(producer: NodeProto, graph: Graph): boolean {
  const before = graph.producer(producer.input[0] ?? '');
  return castsTo(producer, DataType.FLOAT) && before !== undefined && castsTo(before, DataType.FLOAT16);
}

function castsTo(node: NodeProto, type: DataType): boolean {
  return node.opType === 'Cast' && intAttribute(node, 'to', 0) === type;
}
