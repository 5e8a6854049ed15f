import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  partialName,
  removePartials
} from "./chunk-LB3U3NNG.js";
import {
  MAX_PROTOBUF_BYTES,
  Model,
  makeAttribute,
  subgraphsOf
} from "./chunk-IZBBBSAD.js";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  TensorProtoSchema,
  TensorProto_DataLocation,
  TensorShapeProtoSchema,
  TensorShapeProto_DimensionSchema,
  TypeProtoSchema,
  TypeProto_TensorSchema,
  ValueInfoProtoSchema,
  clearField,
  create,
  tensorByteLength,
  tensorBytes,
  toBinary
} from "./chunk-OEIIXWBO.js";
import {
  UserError,
  codeOf,
  messageOf,
  writeError
} from "./chunk-IYM25C4U.js";

// src/onnx/tensors.ts
function* tensorsOf(model) {
  if (model.graph) yield* tensorsOfGraph(model.graph);
  for (const { node } of model.functions) yield* tensorsOfNodes(node);
}
function* tensorsOfGraph(graph) {
  yield* graph.initializer;
  for (const { values, indices } of graph.sparseInitializer) yield* present(values, indices);
  yield* tensorsOfNodes(graph.node);
}
function* tensorsOfNodes(nodes) {
  for (const node of nodes) {
    for (const attribute of node.attribute) yield* tensorsOfAttribute(attribute);
    for (const body of subgraphsOf(node)) yield* tensorsOfGraph(body);
  }
}
function* tensorsOfAttribute({
  t,
  tensors,
  sparseTensor,
  sparseTensors
}) {
  yield* present(t, ...tensors);
  for (const sparse of sparseTensor ? [sparseTensor, ...sparseTensors] : sparseTensors) {
    yield* present(sparse.values, sparse.indices);
  }
}
function present(...tensors) {
  return tensors.filter((tensor) => tensor !== void 0);
}

// src/onnx/write.ts
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
var EXTERNAL_THRESHOLD_BYTES = 1024;
var EXTERNAL_ALIGNMENT_BYTES = 4096;
var MAX_WRITE_BYTES = 2 ** 30;
var HEADROOM_BYTES = 2 ** 24;
var MODEL_GRAPH = 7;
var GRAPH_INITIALIZER = 5;
var TENSOR_RAW_DATA = 9;
function writeModel(model, path, options = {}) {
  const directory = dirname(resolve(path));
  const dataName = `${basename(path)}.data`;
  const weights = [...model.graph.initializers.values()].reduce(
    (sum, tensor) => sum + tensorByteLength(tensor),
    0
  );
  const mode = options.externalData ?? "auto";
  const external = mode === "always" || mode === "auto" && weights > MAX_PROTOBUF_BYTES - HEADROOM_BYTES;
  const targets = [resolve(path), resolve(directory, dataName)];
  for (const target of targets) removePartials(target);
  const temporary = [partialName(targets[0]), partialName(targets[1])];
  try {
    const sync = options.durable === false ? () => {
    } : fsyncSync;
    const located = external ? writeExternal(model, { file: temporary[1], location: dataName, sync }) : void 0;
    writeChunks(temporary[0], modelChunks(model, located), sync);
    if (external) renameSync(temporary[1], targets[1]);
    renameSync(temporary[0], targets[0]);
  } catch (error) {
    for (const file of temporary) rmSync(file, { force: true });
    if (error instanceof UserError || codeOf(error) === void 0) throw error;
    throw writeError(`Model ${path} can't be written: ${messageOf(error)}.`, error);
  }
}
function encodeModel(model) {
  const chunks = modelChunks(model, void 0);
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(bytesOf(chunk), offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
function modelChunks(model, located) {
  const graph = model.graph.commit();
  takeDataInside(model);
  const initializers = graph.initializer.map(
    (tensor) => tensorChunks(located?.get(tensor) ?? tensor, model.graph.directory)
  );
  const smallGraph = toBinary(GraphProtoSchema, without(graph, ["initializer"]));
  const smallModel = toBinary(ModelProtoSchema, without(model.proto, ["graph"]));
  const body = [smallGraph];
  for (const chunks of initializers) body.push(fieldHeader(GRAPH_INITIALIZER, byteLength(chunks)), ...chunks);
  return [smallModel, fieldHeader(MODEL_GRAPH, byteLength(body)), ...body];
}
function takeDataInside({ proto, graph }) {
  for (const tensor of tensorsOf(proto)) {
    if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL || graph.initializers.get(tensor.name) === tensor) continue;
    tensor.rawData = new Uint8Array(tensorBytes(tensor, graph.directory));
    tensor.externalData = [];
    clearField(tensor, TensorProtoSchema.field.dataLocation);
  }
}
function tensorChunks(tensor, directory) {
  const external = tensor.dataLocation === TensorProto_DataLocation.EXTERNAL && !ownLocation.has(tensor);
  if (!external && tensor.rawData.length === 0) return [toBinary(TensorProtoSchema, tensor)];
  const raw = external ? { byteLength: tensorByteLength(tensor), read: () => tensorBytes(tensor, directory) } : tensor.rawData;
  const small = toBinary(TensorProtoSchema, without(tensor, ["rawData", "externalData", "dataLocation"]));
  return [small, fieldHeader(TENSOR_RAW_DATA, raw.byteLength), raw];
}
function without(message, fields) {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(message)), message);
  for (const field of fields) {
    if (Array.isArray(copy[field])) copy[field] = [];
    else delete copy[field];
  }
  return copy;
}
var ownLocation = /* @__PURE__ */ new WeakSet();
function writeExternal(model, { file, location, sync }) {
  const located = /* @__PURE__ */ new Map();
  const fd = openSync(file, "w");
  try {
    let offset = 0;
    for (const tensor of model.graph.initializers.values()) {
      const length = tensorByteLength(tensor);
      if (length < EXTERNAL_THRESHOLD_BYTES || tensor.stringData.length > 0) continue;
      offset = Math.ceil(offset / EXTERNAL_ALIGNMENT_BYTES) * EXTERNAL_ALIGNMENT_BYTES;
      writeAll(fd, tensorBytes(tensor, model.graph.directory), offset);
      const entries = { location, offset: String(offset), length: String(length) };
      const pointer = create(TensorProtoSchema, {
        name: tensor.name,
        dims: tensor.dims,
        dataType: tensor.dataType,
        docString: tensor.docString,
        dataLocation: TensorProto_DataLocation.EXTERNAL,
        externalData: Object.entries(entries).map(
          ([key, value]) => create(StringStringEntryProtoSchema, { key, value })
        )
      });
      ownLocation.add(pointer);
      located.set(tensor, pointer);
      offset += length;
    }
    sync(fd);
  } finally {
    closeSync(fd);
  }
  return located;
}
function writeChunks(file, chunks, sync) {
  const fd = openSync(file, "w");
  try {
    let offset = 0;
    for (const chunk of gathered(chunks)) {
      writeAll(fd, bytesOf(chunk), offset);
      offset += chunk.byteLength;
    }
    sync(fd);
  } finally {
    closeSync(fd);
  }
}
function* gathered(chunks) {
  const limit = 65536;
  let small = [];
  let size = 0;
  for (const chunk of chunks) {
    if (chunk instanceof Uint8Array && chunk.length < limit) {
      small.push(chunk);
      size += chunk.length;
      if (size < limit) continue;
    }
    if (size > 0) yield Buffer.concat(small, size);
    small = [];
    size = 0;
    if (!(chunk instanceof Uint8Array && chunk.length < limit)) yield chunk;
  }
  if (size > 0) yield Buffer.concat(small, size);
}
function writeAll(fd, bytes, position) {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, Math.min(bytes.length - done, MAX_WRITE_BYTES), position + done);
  }
}
function bytesOf(chunk) {
  return chunk instanceof Uint8Array ? chunk : chunk.read();
}
function byteLength(chunks) {
  return chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0);
}
function fieldHeader(field, length) {
  const bytes = [];
  for (let value of [field * 8 + 2, length]) {
    for (; value >= 128; value = Math.floor(value / 128)) bytes.push(value % 128 + 128);
    bytes.push(value);
  }
  return Uint8Array.from(bytes);
}

// src/onnx/build.ts
function makeNode(opType, input, output, options = {}) {
  return create(NodeProtoSchema, {
    opType,
    input: [...input],
    output: [...output],
    name: options.name ?? "",
    domain: options.domain ?? "",
    attribute: Object.entries(options.attributes ?? {}).map(([name, value]) => makeAttribute(name, value))
  });
}
function makeValue(name, dataType, shape) {
  if (dataType === void 0) return create(ValueInfoProtoSchema, { name });
  const tensor = create(TypeProto_TensorSchema, { elemType: dataType });
  if (shape) {
    tensor.shape = create(TensorShapeProtoSchema, {
      dim: shape.map(
        (dim) => create(TensorShapeProto_DimensionSchema, {
          value: typeof dim === "number" ? { case: "dimValue", value: BigInt(dim) } : dim === "" ? { case: void 0 } : { case: "dimParam", value: dim }
        })
      )
    });
  }
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: "tensorType", value: tensor } })
  });
}
function makeModel(parts) {
  const proto = create(ModelProtoSchema, {
    irVersion: BigInt(parts.irVersion ?? 8),
    producerName: "quantgate",
    graph: create(GraphProtoSchema, {
      name: "main",
      input: [...parts.inputs],
      output: [...parts.outputs],
      node: [...parts.nodes],
      initializer: [...parts.initializers ?? []]
    })
  });
  const model = new Model(proto, null);
  for (const [domain, version] of Object.entries(parts.opsets ?? { "": 17 })) model.setOpset(domain, version);
  return model;
}

export {
  tensorsOf,
  writeModel,
  encodeModel,
  fieldHeader,
  makeNode,
  makeValue,
  makeModel
};
