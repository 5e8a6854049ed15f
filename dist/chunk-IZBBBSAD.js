import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  FETCH_LFS,
  isLfsPointer
} from "./chunk-57WIVW7N.js";
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType,
  ModelProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataType,
  create,
  dimsOf,
  fromBinary,
  makeTensor,
  tensorValues
} from "./chunk-OEIIXWBO.js";
import {
  fromHalf
} from "./chunk-B4R2XIPD.js";
import {
  UserError,
  codeOf,
  messageOf
} from "./chunk-IYM25C4U.js";

// src/onnx/read.ts
import { readFileSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

// src/onnx/attributes.ts
function attribute(node, name) {
  return node.attribute.find((candidate) => candidate.name === name);
}
function intAttribute(node, name, fallback) {
  const found = attribute(node, name);
  return found ? Number(found.i) : fallback;
}
function floatAttribute(node, name, fallback) {
  return attribute(node, name)?.f ?? fallback;
}
function stringAttribute(node, name, fallback) {
  const found = attribute(node, name);
  return found ? new TextDecoder().decode(found.s) : fallback;
}
function intsAttribute(node, name) {
  return attribute(node, name)?.ints.map(Number);
}
function tensorAttribute(node, name) {
  return attribute(node, name)?.t;
}
function setAttribute(node, name, value) {
  const made = makeAttribute(name, value);
  const index = node.attribute.findIndex((candidate) => candidate.name === name);
  if (index < 0) node.attribute.push(made);
  else node.attribute[index] = made;
}
function removeAttribute(node, name) {
  node.attribute = node.attribute.filter((candidate) => candidate.name !== name);
}
function makeAttribute(name, value) {
  if ("int" in value) return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i: BigInt(value.int) });
  if ("float" in value) return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOAT, f: value.float });
  if ("string" in value) {
    return create(AttributeProtoSchema, {
      name,
      type: AttributeProto_AttributeType.STRING,
      s: new TextEncoder().encode(value.string)
    });
  }
  if ("ints" in value)
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INTS, ints: value.ints.map(BigInt) });
  if ("floats" in value)
    return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.FLOATS, floats: [...value.floats] });
  if ("tensor" in value) return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.TENSOR, t: value.tensor });
  return create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.GRAPH, g: value.graph });
}
function subgraphsOf(node) {
  return node.attribute.flatMap(
    (candidate) => candidate.g ? [candidate.g, ...candidate.graphs] : candidate.graphs
  );
}

// src/onnx/node.ts
function inputOf(node, index) {
  return node.input[index] ?? "";
}
function outputOf(node, index = 0) {
  return node.output[index] ?? "";
}

// src/onnx/constant-node.ts
function constantTensor(node) {
  const name = outputOf(node);
  const value = tensorAttribute(node, "value");
  if (value) return value;
  const float = attribute(node, "value_float");
  if (float) return makeTensor(name, TensorProto_DataType.FLOAT, [], Float32Array.of(float.f));
  const floats = attribute(node, "value_floats");
  if (floats)
    return makeTensor(name, TensorProto_DataType.FLOAT, [floats.floats.length], Float32Array.from(floats.floats));
  const int = attribute(node, "value_int");
  if (int) return makeTensor(name, TensorProto_DataType.INT64, [], BigInt64Array.of(int.i));
  const ints = attribute(node, "value_ints");
  if (ints) return makeTensor(name, TensorProto_DataType.INT64, [ints.ints.length], BigInt64Array.from(ints.ints));
  return void 0;
}

// src/onnx/scopes.ts
function referencesOf(node) {
  const names = node.input.filter((name) => name !== "");
  for (const graph of subgraphsOf(node)) names.push(...outerReferences(graph));
  return names;
}
function outerReferences(graph) {
  const defined = /* @__PURE__ */ new Set([
    ...graph.input.map((value) => value.name),
    ...graph.initializer.map((tensor) => tensor.name),
    ...graph.node.flatMap((node) => node.output)
  ]);
  const read = /* @__PURE__ */ new Set([
    ...graph.node.flatMap(referencesOf),
    ...graph.output.map((value) => value.name)
  ]);
  return [...read].filter((name) => name !== "" && !defined.has(name));
}
function addDefinedNames(graph, names) {
  for (const value of graph.input) names.add(value.name);
  for (const tensor of graph.initializer) names.add(tensor.name);
  for (const node of graph.node) {
    names.add(node.name);
    for (const name of node.output) names.add(name);
    for (const inner of subgraphsOf(node)) addDefinedNames(inner, names);
  }
}
function renameReads(node, from, to) {
  node.input = node.input.map((name) => name === from ? to : name);
  for (const graph of subgraphsOf(node)) {
    if (!outerReferences(graph).includes(from)) continue;
    for (const inner of graph.node) renameReads(inner, from, to);
    for (const output of graph.output) if (output.name === from) output.name = to;
  }
}

// src/onnx/graph.ts
var Graph = class {
  #proto;
  /** Folder of the model file, for external tensor data; null for a model in memory. */
  directory;
  #nodes;
  #initializers = /* @__PURE__ */ new Map();
  #producers = /* @__PURE__ */ new Map();
  /** Counted: a node may read the same value twice. */
  #consumers = /* @__PURE__ */ new Map();
  #names = /* @__PURE__ */ new Set();
  #nodeNames = /* @__PURE__ */ new Set();
  #inputs;
  #outputs;
  /** Around this graph, where it is a body: what is named here is named there too. */
  #outer;
  #lastConstant;
  constructor(proto, directory, outer) {
    this.#proto = proto;
    this.#outer = outer;
    this.directory = directory;
    this.#nodes = new Set(proto.node);
    for (const tensor of proto.initializer) {
      this.#initializers.set(tensor.name, tensor);
      this.#names.add(tensor.name);
    }
    this.#inputs = new Set(
      proto.input.map((value) => value.name).filter((name) => !this.#initializers.has(name))
    );
    this.#outputs = new Set(proto.output.map((value) => value.name));
    for (const value of [...proto.input, ...proto.output, ...proto.valueInfo]) this.#names.add(value.name);
    for (const node of this.#nodes) this.#index(node);
  }
  /** Every node, in insertion order (write() sorts topologically). Safe to edit while iterating. */
  get nodes() {
    return [...this.#nodes];
  }
  /** Inputs that a caller must feed: those without an initializer. */
  get inputs() {
    return this.#proto.input.filter((value) => this.#inputs.has(value.name));
  }
  get outputs() {
    return this.#proto.output;
  }
  get valueInfo() {
    return this.#proto.valueInfo;
  }
  get initializers() {
    return this.#initializers;
  }
  isInput(name) {
    return this.#inputs.has(name);
  }
  isOutput(name) {
    return this.#outputs.has(name);
  }
  /** The node that writes a value; undefined for inputs and initializers. */
  producer(name) {
    return this.#producers.get(name);
  }
  /** The nodes that read a value, those whose subgraphs read it included. Graph outputs are not nodes: see isOutput. */
  consumers(name) {
    return [...this.#consumers.get(name)?.keys() ?? []];
  }
  /** The one node that reads a value; undefined when several do, none does, or the value is an output of the graph. */
  onlyReader(name) {
    const readers = this.#consumers.get(name);
    if (readers?.size !== 1 || this.#outputs.has(name)) return void 0;
    const [reader] = readers.keys();
    return reader;
  }
  /** The constant behind a name: an initializer, or the value of a Constant node. undefined if it isn't constant. */
  constant(name) {
    const initializer = this.#initializers.get(name);
    if (initializer) return initializer;
    const node = this.#producers.get(name);
    return node && node.opType === "Constant" && node.domain === "" ? constantTensor(node) : void 0;
  }
  /** Values of the constant behind a name (a view: read-only), or undefined if it isn't a numeric constant. */
  constantValues(name) {
    const tensor = this.constant(name);
    if (!tensor || tensor.dataType === TensorProto_DataType.STRING) return void 0;
    if (this.#lastConstant?.tensor !== tensor || this.#lastConstant.bytes !== tensor.rawData)
      this.#lastConstant = { tensor, bytes: tensor.rawData, values: tensorValues(tensor, this.directory) };
    return this.#lastConstant.values;
  }
  /** Whether a name is a constant of float32: `floats` has its values. */
  isFloats(name) {
    return this.constant(name)?.dataType === TensorProto_DataType.FLOAT;
  }
  /** Values of a float32 constant (a view: read-only). @throws Error when the name is none. */
  floats(name) {
    const values = this.isFloats(name) ? this.constantValues(name) : void 0;
    if (!(values instanceof Float32Array)) throw new Error(`'${name}' is no constant of float32`);
    return values;
  }
  /** Whether a name is a constant of float32 or half: `realValues` has its values. */
  isReal(name) {
    const type = this.constant(name)?.dataType;
    return type === TensorProto_DataType.FLOAT || type === TensorProto_DataType.FLOAT16;
  }
  /** Values of a constant of float32 (a view: read-only) or half, as float32. @throws Error when the name is none. */
  realValues(name) {
    if (this.constant(name)?.dataType !== TensorProto_DataType.FLOAT16) return this.floats(name);
    return fromHalf(this.constantValues(name));
  }
  /** Shape of a constant. @throws Error when the name is none. */
  dims(name) {
    const tensor = this.constant(name);
    if (!tensor) throw new Error(`'${name}' is not constant`);
    return dimsOf(tensor);
  }
  /** A name that no value and no node of this graph or its subgraphs has ever had: what is added is named alike in both worlds. */
  freshName(base) {
    let name = base;
    if (this.#outer) name = this.#outer.freshName(base);
    for (let i = 1; this.#names.has(name) || name === ""; i++) name = `${base}_${i}`;
    this.#names.add(name);
    return name;
  }
  /** Adds a node; one whose name another has gets a fresh name, for ONNX Runtime wants them to differ. */
  addNode(node) {
    if (node.name !== "" && this.#nodeNames.has(node.name)) node.name = this.freshName(node.name);
    this.#nodes.add(node);
    this.#index(node);
    return node;
  }
  removeNode(node) {
    if (!this.#nodes.delete(node)) return;
    this.#nodeNames.delete(node.name);
    for (const name of node.output) if (this.#producers.get(name) === node) this.#producers.delete(name);
    for (const name of referencesOf(node)) this.#consumers.get(name)?.delete(node);
  }
  /** Puts nodes where one was: the order of the others stays. */
  replaceNode(node, replacement) {
    const order = [...this.#nodes];
    order.splice(order.indexOf(node), 1, ...replacement);
    this.removeNode(node);
    this.#nodes.clear();
    for (const each of order) this.#nodes.add(each);
    for (const made of replacement) this.#index(made);
  }
  /** Makes one input of a node read another value ('' to omit it). */
  setInput(node, index, name) {
    this.#unindexInputs(node);
    while (node.input.length <= index) node.input.push("");
    node.input[index] = name;
    while (node.input.length > 0 && node.input.at(-1) === "") node.input.pop();
    this.#indexInputs(node);
  }
  /** Makes one output of a node write under another name. */
  setOutput(node, index, name) {
    const old = node.output[index];
    if (old !== void 0 && this.#producers.get(old) === node) this.#producers.delete(old);
    node.output[index] = name;
    this.#names.add(name);
    if (name !== "") this.#producers.set(name, node);
  }
  /** Makes every node that reads `from` (or only those in `among`) read `to` instead, subgraphs included. Graph outputs keep their names. */
  replaceUses(from, to, among) {
    for (const node of this.consumers(from)) {
      if (among && !among.has(node)) continue;
      this.#unindexInputs(node);
      renameReads(node, from, to);
      this.#indexInputs(node);
    }
  }
  /** Lets `edit` change a node's subgraphs, and takes note of what they read afterwards. */
  editSubgraphs(node, edit) {
    this.#unindexInputs(node);
    edit();
    this.#index(node);
  }
  /** Adds or replaces an initializer of the tensor's name. */
  setInitializer(tensor) {
    this.#initializers.set(tensor.name, tensor);
    this.#names.add(tensor.name);
  }
  /** Adds an initializer under a fresh name made from `base`, and gives that name back. */
  addConstant(base, dataType, dims, values) {
    const name = this.freshName(base);
    this.setInitializer(makeTensor(name, dataType, dims, values));
    return name;
  }
  removeInitializer(name) {
    this.#initializers.delete(name);
    this.#proto.input = this.#proto.input.filter((value) => value.name !== name || this.#inputs.has(name));
  }
  addInput(value) {
    this.#proto.input.push(value);
    this.#inputs.add(value.name);
    this.#names.add(value.name);
  }
  addOutput(value) {
    this.#proto.output.push(value);
    this.#outputs.add(value.name);
    this.#names.add(value.name);
  }
  /** Removes graph outputs that `drop` says; the nodes behind them stay until prune. */
  removeOutputs(drop) {
    this.#proto.output = this.#proto.output.filter((value) => !drop(value));
    this.#outputs.clear();
    for (const value of this.#proto.output) this.#outputs.add(value.name);
  }
  /** Declared types and shapes of inner values; they go stale when types change, so transforms clear or replace them. */
  setValueInfo(values) {
    this.#proto.valueInfo = [...values];
  }
  /** Removes nodes and initializers that no output needs. */
  prune() {
    const needed = /* @__PURE__ */ new Set();
    const queue = [...this.#outputs];
    const seen = new Set(queue);
    for (let name = queue.pop(); name !== void 0; name = queue.pop()) {
      const node = this.#producers.get(name);
      if (!node || needed.has(node)) continue;
      needed.add(node);
      for (const input of referencesOf(node)) {
        if (seen.has(input)) continue;
        seen.add(input);
        queue.push(input);
      }
    }
    for (const node of this.nodes) if (!needed.has(node)) this.removeNode(node);
    for (const name of [...this.#initializers.keys()]) if (!seen.has(name)) this.removeInitializer(name);
  }
  /** The nodes in an order where every value is written before it is read: insertion order if it is one.
   *  @throws Error when the graph has a cycle. */
  topologicalNodes() {
    if (this.#isSorted()) return [...this.#nodes];
    const waiting = /* @__PURE__ */ new Map();
    const ready = [];
    const sorted = [];
    for (const node of this.#nodes) {
      const producers = new Set(referencesOf(node).map((name) => this.#producers.get(name)));
      producers.delete(void 0);
      waiting.set(node, producers.size);
    }
    const position = new Map([...this.#nodes].map((node, index) => [node, index]));
    for (const [node, count] of waiting) if (count === 0) ready.push(node);
    ready.reverse();
    for (let node = ready.pop(); node !== void 0; node = ready.pop()) {
      sorted.push(node);
      const unblocked = [];
      for (const consumer of new Set(node.output.flatMap((name) => this.consumers(name)))) {
        const left = waiting.get(consumer) - 1;
        waiting.set(consumer, left);
        if (left === 0) unblocked.push(consumer);
      }
      unblocked.sort((a, b) => position.get(b) - position.get(a));
      ready.push(...unblocked);
    }
    if (sorted.length !== this.#nodes.size) throw new Error(`graph '${this.#proto.name}' has a cycle`);
    return sorted;
  }
  /** Writes nodes and initializers back into the message, ready to be encoded. */
  commit() {
    this.#proto.node = this.topologicalNodes();
    this.#proto.initializer = [...this.#initializers.values()];
    return this.#proto;
  }
  #isSorted() {
    const written = /* @__PURE__ */ new Set();
    for (const node of this.#nodes) {
      for (const name of referencesOf(node)) {
        const producer = this.#producers.get(name);
        if (producer && !written.has(producer)) return false;
      }
      written.add(node);
    }
    return true;
  }
  #index(node) {
    for (const name of node.output) {
      if (name === "") continue;
      this.#producers.set(name, node);
      this.#names.add(name);
    }
    this.#names.add(node.name);
    this.#nodeNames.add(node.name);
    for (const graph of subgraphsOf(node)) addDefinedNames(graph, this.#names);
    this.#indexInputs(node);
  }
  #indexInputs(node) {
    for (const name of referencesOf(node)) {
      let readers = this.#consumers.get(name);
      if (!readers) {
        readers = /* @__PURE__ */ new Map();
        this.#consumers.set(name, readers);
      }
      readers.set(node, (readers.get(node) ?? 0) + 1);
      this.#names.add(name);
    }
  }
  #unindexInputs(node) {
    for (const name of referencesOf(node)) this.#consumers.get(name)?.delete(node);
  }
};

// src/onnx/model.ts
var Model = class {
  proto;
  graph;
  /** @param directory folder of the model file, for external tensor data; null for a model in memory.
   *  @param outer the graph around this one, where it is a body that is looked at as a model. */
  constructor(proto, directory, outer) {
    if (!proto.graph) throw new Error("a model without a graph");
    this.proto = proto;
    this.graph = new Graph(proto.graph, directory, outer);
  }
  /** Version of an imported operator set; 0 if the model doesn't import it. '' and 'ai.onnx' are the same domain. */
  opset(domain = "") {
    const found = this.proto.opsetImport.find(
      (entry) => canonicalDomain(entry.domain) === canonicalDomain(domain)
    );
    return found ? Number(found.version) : 0;
  }
  /** Imports an operator set, or changes the version of one imported. */
  setOpset(domain, version) {
    const found = this.proto.opsetImport.find(
      (entry) => canonicalDomain(entry.domain) === canonicalDomain(domain)
    );
    if (found) found.version = BigInt(version);
    else this.proto.opsetImport.push(create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) }));
  }
  /** Drops the imports of all operator sets but those used, which are named by their canonical domains. */
  dropUnusedOpsets(used) {
    this.proto.opsetImport = this.proto.opsetImport.filter(
      (entry) => used.has(canonicalDomain(entry.domain))
    );
  }
  metadata(key) {
    return this.proto.metadataProps.find((entry) => entry.key === key)?.value;
  }
  setMetadata(key, value) {
    const found = this.proto.metadataProps.find((entry) => entry.key === key);
    if (found) found.value = value;
    else this.proto.metadataProps.push(create(StringStringEntryProtoSchema, { key, value }));
  }
};
function canonicalDomain(domain) {
  return domain === "ai.onnx" ? "" : domain;
}

// src/onnx/read.ts
var MAX_PROTOBUF_BYTES = 2 ** 31 - 1;
function readModel(path) {
  return decodeModel(readModelBytes(path), path, dirname(resolve(path)));
}
function readModelBytes(path) {
  let size;
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) {
      throw new UserError(`${path} is a folder, not an ONNX model: name the .onnx file in it.`);
    }
    size = stat.size;
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`Model file ${path} can't be read: ${reasonOf(error)}. Check the path.`);
  }
  if (size === 0) {
    throw new UserError(`Model file ${path} is empty: copy, download or export it again.`);
  }
  if (size > MAX_PROTOBUF_BYTES) {
    throw new UserError(
      `Model file ${path} is over 2 GiB: protobuf can't hold that. Save its weights as external data.`
    );
  }
  const buffer = readFileSync(path);
  const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  if (isLfsPointer(bytes)) {
    throw new UserError(`Model file ${path} is a Git LFS pointer, not the model. Fetch it: ${FETCH_LFS}.`);
  }
  return bytes;
}
function decodeModel(bytes, name, directory) {
  let proto;
  try {
    proto = fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    throw new UserError(
      `${name} is not a readable ONNX model (truncated or another format): ${messageOf(error)}. ${NEXT_STEP}`
    );
  }
  if (!proto.graph || proto.irVersion <= 0n || proto.opsetImport.length + proto.graph.node.length === 0) {
    throw new UserError(
      `${name} is not an ONNX model (truncated or another format): it decodes to no graph. ${NEXT_STEP}`
    );
  }
  return new Model(proto, directory);
}
var NEXT_STEP = "Compare its size with the original and copy, download or export it again; other formats (PyTorch, TensorFlow, ORT) must be exported to ONNX first.";
function reasonOf(error) {
  const code = codeOf(error);
  if (code === "ENOENT") return "no such file";
  if (code === "EACCES") return "permission denied";
  return messageOf(error);
}

export {
  attribute,
  intAttribute,
  floatAttribute,
  stringAttribute,
  intsAttribute,
  tensorAttribute,
  setAttribute,
  removeAttribute,
  makeAttribute,
  subgraphsOf,
  inputOf,
  outputOf,
  referencesOf,
  outerReferences,
  renameReads,
  Graph,
  Model,
  canonicalDomain,
  MAX_PROTOBUF_BYTES,
  readModel,
  decodeModel
};
