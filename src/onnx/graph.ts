/** A graph with an index of producers and consumers that stays true while it is edited. */
import type { GraphProto, NodeProto, TensorProto, ValueInfoProto } from 'onnx-buf';
import { fromHalf } from '../tensor/half.js';
import type { NumericArray } from '../tensor/tensor.js';
import { constantTensor } from './constant-node.js';
import { GraphIndex } from './graph-index.js';
import { renameReads } from './scopes.js';
import { sortedNodes } from './sorted-nodes.js';
import { DataType } from './tensor/element-type.js';
import { dimsOf, makeTensor, tensorValues } from './tensor/tensor.js';
import type { TensorStore } from './tensor/tensor-store.js';

/** Smaller initializers stay in memory, wherever others are kept. */
const STORED_BYTES = 2 ** 18;

/** Names are values' identity in ONNX; '' is an omitted input or output and is never indexed.
 *  Edit through the methods: node.input and node.output must not be assigned directly. */
export class Graph {
  readonly #proto: GraphProto;
  /** Folder of the model file, for external tensor data; null for a model in memory. */
  readonly directory: string | null;
  readonly #nodes: Set<NodeProto>;
  readonly #initializers = new Map<string, TensorProto>();
  readonly #index: GraphIndex;
  readonly #inputs: Set<string>;
  readonly #outputs: Set<string>;
  /** Around this graph, where it is a body: what is named here is named there too. */
  readonly #outer: Pick<Graph, 'freshName'> | undefined;
  #store: TensorStore | null = null;
  #lastConstant: { tensor: TensorProto; bytes: Uint8Array; values: NumericArray } | undefined;

  constructor(proto: GraphProto, directory: string | null, outer?: Pick<Graph, 'freshName'>) {
    this.#proto = proto;
    this.#outer = outer;
    this.directory = directory;
    this.#nodes = new Set(proto.node);
    for (const tensor of proto.initializer) this.#initializers.set(tensor.name, tensor);
    this.#inputs = new Set(
      proto.input.map((value) => value.name).filter((name) => !this.#initializers.has(name)),
    );
    this.#outputs = new Set(proto.output.map((value) => value.name));
    this.#index = new GraphIndex(proto);
  }

  /** Every node, in insertion order (write() sorts topologically). Safe to edit while iterating. */
  get nodes(): readonly NodeProto[] {
    return [...this.#nodes];
  }

  /** Inputs that a caller must feed: those without an initializer. */
  get inputs(): readonly ValueInfoProto[] {
    return this.#proto.input.filter((value) => this.#inputs.has(value.name));
  }

  get outputs(): readonly ValueInfoProto[] {
    return this.#proto.output;
  }

  get valueInfo(): readonly ValueInfoProto[] {
    return this.#proto.valueInfo;
  }

  get initializers(): ReadonlyMap<string, TensorProto> {
    return this.#initializers;
  }

  isInput(name: string): boolean {
    return this.#inputs.has(name);
  }

  isOutput(name: string): boolean {
    return this.#outputs.has(name);
  }

  /** The node that writes a value; undefined for inputs and initializers. */
  producer(name: string): NodeProto | undefined {
    return this.#index.producers.get(name);
  }

  /** The nodes that read a value, those whose subgraphs read it included. Graph outputs are not nodes: see isOutput. */
  consumers(name: string): readonly NodeProto[] {
    return [...(this.#index.consumers(name)?.keys() ?? [])];
  }

  /** The one node that reads a value; undefined when several do, none does, or the value is an output of the graph. */
  onlyReader(name: string): NodeProto | undefined {
    const readers = this.#index.consumers(name);
    if (readers?.size !== 1 || this.#outputs.has(name)) return undefined;
    const [reader] = readers.keys();
    return reader;
  }

  /** The constant behind a name: an initializer, or the value of a Constant node. undefined if it isn't constant. */
  constant(name: string): TensorProto | undefined {
    const initializer = this.#initializers.get(name);
    if (initializer) return initializer;
    const node = this.producer(name);
    return node && node.opType === 'Constant' && node.domain === '' ? constantTensor(node) : undefined;
  }

  /** Values of the constant behind a name (a view: read-only), or undefined if it isn't a numeric constant. */
  constantValues(name: string): NumericArray | undefined {
    const tensor = this.constant(name);
    if (!tensor || tensor.dataType === DataType.STRING) return undefined;
    // Asked for several times in a row, and a copy where the file's bytes are not aligned.
    if (this.#lastConstant?.tensor !== tensor || this.#lastConstant.bytes !== tensor.rawData)
      this.#lastConstant = { tensor, bytes: tensor.rawData, values: tensorValues(tensor, this.directory) };
    return this.#lastConstant.values;
  }

  /** Whether a name is a constant of float32: `floats` has its values. */
  isFloats(name: string): boolean {
    return this.constant(name)?.dataType === DataType.FLOAT;
  }

  /** Values of a float32 constant (a view: read-only). @throws Error when the name is none. */
  floats(name: string): Float32Array {
    const values = this.isFloats(name) ? this.constantValues(name) : undefined;
    if (!(values instanceof Float32Array)) throw new Error(`'${name}' is no constant of float32`);
    return values;
  }

  /** Whether a name is a constant of float32 or half: `realValues` has its values. */
  isReal(name: string): boolean {
    const type = this.constant(name)?.dataType;
    return type === DataType.FLOAT || type === DataType.FLOAT16;
  }

  /** Values of a constant of float32 (a view: read-only) or half, as float32. @throws Error when the name is none. */
  realValues(name: string): Float32Array {
    if (this.constant(name)?.dataType !== DataType.FLOAT16) return this.floats(name);
    return fromHalf(this.constantValues(name) as Uint16Array);
  }

  /** Shape of a constant. @throws Error when the name is none. */
  dims(name: string): number[] {
    const tensor = this.constant(name);
    if (!tensor) throw new Error(`'${name}' is not constant`);
    return dimsOf(tensor);
  }

  /** A name that no value and no node of this graph or its subgraphs has ever had: what is added is named alike in both worlds. */
  freshName(base: string): string {
    let name = base;
    if (this.#outer) name = this.#outer.freshName(base);
    for (let i = 1; this.#index.isTaken(name) || name === ''; i++) name = `${base}_${i}`;
    this.#index.takeName(name);
    return name;
  }

  /** Adds a node; one whose name another has gets a fresh name, for ONNX Runtime wants them to differ. */
  addNode(node: NodeProto): NodeProto {
    if (node.name !== '' && this.#index.isNodeName(node.name)) node.name = this.freshName(node.name);
    this.#nodes.add(node);
    this.#index.add(node);
    return node;
  }

  removeNode(node: NodeProto): void {
    if (this.#nodes.delete(node)) this.#index.remove(node);
  }

  /** Puts nodes where one was: the order of the others stays. */
  replaceNode(node: NodeProto, replacement: readonly NodeProto[]): void {
    const order = [...this.#nodes];
    order.splice(order.indexOf(node), 1, ...replacement);
    this.removeNode(node);
    this.#nodes.clear();
    for (const each of order) this.#nodes.add(each);
    for (const made of replacement) this.#index.add(made);
  }

  /** Makes one input of a node read another value ('' to omit it). */
  setInput(node: NodeProto, index: number, name: string): void {
    this.#index.removeReads(node);
    while (node.input.length <= index) node.input.push('');
    node.input[index] = name;
    while (node.input.length > 0 && node.input.at(-1) === '') node.input.pop();
    this.#index.addReads(node);
  }

  /** Makes one output of a node write under another name. */
  setOutput(node: NodeProto, index: number, name: string): void {
    const old = node.output[index];
    if (old !== undefined) this.#index.removeOutput(node, old);
    node.output[index] = name;
    if (name !== '') this.#index.addOutput(node, name);
  }

  /** Makes every node that reads `from` (or only those in `among`) read `to` instead, subgraphs included. Graph outputs keep their names. */
  replaceUses(from: string, to: string, among?: ReadonlySet<NodeProto>): void {
    for (const node of this.consumers(from)) {
      if (among && !among.has(node)) continue;
      this.#index.removeReads(node);
      renameReads(node, from, to);
      this.#index.addReads(node);
    }
  }

  /** Lets `edit` change a node's subgraphs and what the node itself reads, and takes note of what both read afterwards. */
  editSubgraphs(node: NodeProto, edit: () => void): void {
    this.#index.removeReads(node);
    edit();
    this.#index.add(node);
  }

  /** Keeps the bytes of large initializers that are set from now on in a file. */
  keepOutside(store: TensorStore): void {
    this.#store = store;
  }

  /** Where large initializers are kept; null: in memory. */
  get store(): TensorStore | null {
    return this.#store;
  }

  /** Adds or replaces an initializer of the tensor's name. */
  setInitializer(tensor: TensorProto): void {
    if (tensor.rawData.length >= STORED_BYTES) this.#store?.take(tensor);
    this.#initializers.set(tensor.name, tensor);
    this.#index.takeName(tensor.name);
  }

  /** Adds an initializer under a fresh name made from `base`, and gives that name back. */
  addConstant(base: string, dataType: DataType, dims: readonly number[], values: NumericArray): string {
    const name = this.freshName(base);
    this.setInitializer(makeTensor(name, dataType, dims, values));
    return name;
  }

  removeInitializer(name: string): void {
    this.#initializers.delete(name);
    this.#proto.input = this.#proto.input.filter((value) => value.name !== name || this.#inputs.has(name));
  }

  addInput(value: ValueInfoProto): void {
    this.#proto.input.push(value);
    this.#inputs.add(value.name);
    this.#index.takeName(value.name);
  }

  /** Removes a graph input; nodes that read it are the caller's. */
  removeInput(name: string): void {
    this.#proto.input = this.#proto.input.filter((value) => value.name !== name);
    this.#inputs.delete(name);
  }

  addOutput(value: ValueInfoProto): void {
    this.#proto.output.push(value);
    this.#outputs.add(value.name);
    this.#index.takeName(value.name);
  }

  /** Removes graph outputs that `drop` says; the nodes behind them stay until prune. */
  removeOutputs(drop: (value: ValueInfoProto) => boolean): void {
    this.#proto.output = this.#proto.output.filter((value) => !drop(value));
    this.#outputs.clear();
    for (const value of this.#proto.output) this.#outputs.add(value.name);
  }

  /** Declared types and shapes of inner values; they go stale when types change, so transforms clear or replace them. */
  setValueInfo(values: readonly ValueInfoProto[]): void {
    this.#proto.valueInfo = [...values];
  }

  /** Removes nodes and initializers that no output needs. */
  prune(): void {
    const { names, nodes } = this.#index.neededBy(this.#outputs);
    for (const node of this.nodes) if (!nodes.has(node)) this.removeNode(node);
    for (const name of [...this.#initializers.keys()]) if (!names.has(name)) this.removeInitializer(name);
  }

  /** The nodes in an order where every value is written before it is read: insertion order if it is one.
   *  @throws Error when the graph has a cycle. */
  topologicalNodes(): NodeProto[] {
    const sorted = sortedNodes(this.#nodes, this.#index.producers);
    if (sorted.length !== this.#nodes.size) throw new Error(`graph '${this.#proto.name}' has a cycle`);
    return sorted;
  }

  /** A node that needs what it writes itself, or what nodes write that wait for such a one; undefined where there is none. */
  get unsortable(): NodeProto | undefined {
    const sorted = new Set(sortedNodes(this.#nodes, this.#index.producers));
    return this.nodes.find((node) => !sorted.has(node));
  }

  /** Writes nodes and initializers back into the message, ready to be encoded. */
  commit(): GraphProto {
    this.#proto.node = this.topologicalNodes();
    this.#proto.initializer = [...this.#initializers.values()];
    return this.#proto;
  }
}
