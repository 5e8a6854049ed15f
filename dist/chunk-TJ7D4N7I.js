import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  tensorType
} from "./chunk-BVHWY5TI.js";
import {
  readModelOutline
} from "./chunk-QBQKLG2U.js";
import {
  encodeModel,
  makeNode,
  makeValue,
  writeModel
} from "./chunk-MK6PZPSP.js";
import {
  Model,
  canonicalDomain,
  inputOf,
  outputOf,
  readModel,
  subgraphsOf,
  tensorAttribute
} from "./chunk-IZBBBSAD.js";
import {
  scratchFolder
} from "./chunk-65YWRPIP.js";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProtoSchema,
  TensorProto_DataLocation,
  TensorProto_DataType,
  ValueInfoProtoSchema,
  clone,
  create,
  dataTypeOf,
  dimsOf,
  elementCount,
  externalLocation,
  makeTensor,
  tensorByteLength,
  tensorValues
} from "./chunk-OEIIXWBO.js";
import {
  fromBfloat16,
  fromHalf
} from "./chunk-B4R2XIPD.js";
import {
  MachineError,
  UserError,
  messageOf
} from "./chunk-IYM25C4U.js";

// src/data/samples/stack.ts
function fixedBatch(inputs) {
  const sizes = new Set(inputs.map(({ shape }) => shape?.[0]));
  const [size] = sizes;
  return sizes.size === 1 && typeof size === "number" && size > 1 ? size : 1;
}
function stack(samples, inputs, last = {}) {
  return Object.fromEntries(
    inputs.map(({ name }) => [
      name,
      concatenate(
        samples.map((feeds) => feeds[name]),
        last[name]
      )
    ])
  );
}
function concatenate(tensors, last) {
  const [{ type, dims, data }] = tensors;
  if (Array.isArray(data)) {
    return {
      type,
      dims: [tensors.length, ...dims.slice(1)],
      data: tensors.flatMap((tensor) => tensor.data)
    };
  }
  const Typed = data.constructor;
  const length = data.length * tensors.length;
  const fits = last?.type === type && last.data.length === length;
  const stacked = fits ? last.data : new Typed(length);
  tensors.forEach((tensor, index) => {
    stacked.set(tensor.data, index * data.length);
  });
  return { type, dims: [tensors.length, ...dims.slice(1)], data: stacked };
}

// src/quantize/calibrate/observed-model.ts
import { rmSync } from "node:fs";
import { join } from "node:path";

// src/runtime/runtime.ts
var SPIN_WITHIN_RUNS = { "session.force_spinning_stop": "1" };

// src/quantize/calibrate/observed-model.ts
async function openObserved(model, observation, options) {
  const directory = scratchFolder("observe");
  try {
    const path = join(directory, "observed.onnx");
    const externalData = process.platform === "win32" ? "auto" : "always";
    writeModel(withObservation(model, observation), path, { durable: false, externalData });
    return await options.context.runtime.open(path, {
      // Calibration spends its time in float inference: the fastest kernels halve it.
      graphOptimizationLevel: options.graphOptimizationLevel ?? "all",
      threads: options.context.threads,
      // Between runs other threads decode samples and this one counts: workers that wait must not burn their time.
      configEntries: SPIN_WITHIN_RUNS,
      // A stack that the model doesn't take (stacked.ts) is no news.
      silent: true
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
function withObservation(model, { nodes, initializers, outputs }) {
  const graph = model.graph.commit();
  const observed = new Model(
    create(ModelProtoSchema, {
      irVersion: model.proto.irVersion,
      opsetImport: [...model.proto.opsetImport],
      functions: model.proto.functions,
      graph: create(GraphProtoSchema, {
        name: graph.name,
        node: [...graph.node, ...nodes],
        initializer: [...graph.initializer, ...initializers],
        input: [...graph.input],
        output: outputs
      })
    }),
    model.graph.directory
  );
  observed.graph.prune();
  return observed;
}

// src/onnx/copy-model.ts
function copyModel(model) {
  const graph = model.graph.commit();
  const { $typeName: _, $unknown: __, graph: ___, ...rest } = model.proto;
  return new Model(
    create(ModelProtoSchema, {
      ...rest,
      opsetImport: model.proto.opsetImport.map((entry) => clone(OperatorSetIdProtoSchema, entry)),
      metadataProps: [...model.proto.metadataProps],
      graph: create(GraphProtoSchema, {
        name: graph.name,
        docString: graph.docString,
        node: graph.node.map((node) => clone(NodeProtoSchema, node)),
        initializer: [...graph.initializer],
        sparseInitializer: [...graph.sparseInitializer],
        input: graph.input.map((value) => clone(ValueInfoProtoSchema, value)),
        output: graph.output.map((value) => clone(ValueInfoProtoSchema, value)),
        valueInfo: [...graph.valueInfo],
        quantizationAnnotation: [...graph.quantizationAnnotation],
        metadataProps: [...graph.metadataProps]
      })
    }),
    model.graph.directory
  );
}

// src/onnx/widen.ts
var TYPE_ATTRIBUTES = {
  Cast: "to",
  RandomNormal: "dtype",
  RandomNormalLike: "dtype",
  RandomUniform: "dtype",
  RandomUniformLike: "dtype",
  EyeLike: "dtype",
  Bernoulli: "dtype",
  SequenceEmpty: "dtype",
  HannWindow: "output_datatype",
  HammingWindow: "output_datatype",
  BlackmanWindow: "output_datatype",
  MelWeightMatrix: "output_datatype",
  LayerNormalization: "stash_type",
  RMSNormalization: "stash_type"
};
var HANDS_ON = /* @__PURE__ */ new Set(["Cast", "Gather", "Identity"]);
function narrowFloatOf({ graph, functions }) {
  const found = [];
  const constants = /* @__PURE__ */ new Map();
  const read = /* @__PURE__ */ new Set();
  const visit = ({ node, input, output, initializer }) => {
    for (const { name, dataType } of initializer) constants.set(name, dataType);
    for (const value of [...input, ...output]) found.push(tensorType(value)?.dataType ?? 0);
    for (const one of node) {
      found.push(Number(typeAttribute(one)?.i ?? 0));
      const constant = one.opType === "Constant" ? tensorAttribute(one, "value") : void 0;
      if (constant) constants.set(outputOf(one), constant.dataType);
      if (!HANDS_ON.has(one.opType)) for (const name of one.input) read.add(name);
      for (const body of subgraphsOf(one)) visit(body);
    }
  };
  if (graph) visit(graph);
  for (const { node } of functions) visit({ node, input: [], output: [], initializer: [] });
  for (const [name, type] of constants) if (read.has(name)) found.push(type);
  const [halves, brains] = [TensorProto_DataType.FLOAT16, TensorProto_DataType.BFLOAT16].map(
    (type) => found.filter((one) => one === type).length
  );
  if (halves + brains === 0) return null;
  return halves >= brains ? TensorProto_DataType.FLOAT16 : TensorProto_DataType.BFLOAT16;
}
function isNarrow(type) {
  return type === TensorProto_DataType.FLOAT16 || type === TensorProto_DataType.BFLOAT16;
}
function typeAttribute(node) {
  const name = TYPE_ATTRIBUTES[node.opType];
  return name === void 0 ? void 0 : node.attribute.find((attribute) => attribute.name === name);
}
function widen(model) {
  const { graph, proto } = model;
  const { directory } = graph;
  for (const tensor of [...graph.initializers.values()])
    if (isNarrow(tensor.dataType)) graph.setInitializer(wide(tensor, directory));
  widenNodes(graph.nodes, directory);
  for (const { node } of proto.functions) widenNodes(node, directory);
  graph.setValueInfo([]);
  for (const value of graph.inputs) castInput(model, value);
  for (const value of graph.outputs) castOutput(model, value);
}
function widenNodes(nodes, directory) {
  for (const node of nodes) {
    const type = typeAttribute(node);
    if (type && isNarrow(Number(type.i))) type.i = BigInt(TensorProto_DataType.FLOAT);
    for (const attribute of node.attribute) {
      if (attribute.t && isNarrow(attribute.t.dataType)) attribute.t = wide(attribute.t, directory);
    }
    for (const body of subgraphsOf(node)) widenBody(body, directory);
  }
}
function widenBody(body, directory) {
  body.initializer = body.initializer.map(
    (tensor) => isNarrow(tensor.dataType) ? wide(tensor, directory) : tensor
  );
  body.valueInfo = [];
  for (const { type } of [...body.input, ...body.output])
    if (type?.value.case === "tensorType" && isNarrow(type.value.value.elemType))
      type.value.value.elemType = TensorProto_DataType.FLOAT;
  widenNodes(body.node, directory);
}
function wide(tensor, directory) {
  const bits = tensorValues(tensor, directory);
  const values = tensor.dataType === TensorProto_DataType.FLOAT16 ? fromHalf(bits) : fromBfloat16(bits);
  return makeTensor(tensor.name, TensorProto_DataType.FLOAT, dimsOf(tensor), values);
}
function castInput({ graph }, value) {
  if (!isNarrow(tensorType(value)?.dataType)) return;
  const { name } = value;
  const float = graph.freshName(`${name}_float`);
  const readers = new Set(graph.consumers(name));
  graph.replaceUses(name, float, readers);
  graph.addNode(cast(name, float, TensorProto_DataType.FLOAT));
}
function castOutput({ graph }, value) {
  const type = tensorType(value)?.dataType;
  const { name } = value;
  const producer = graph.producer(name);
  if (!isNarrow(type) || !producer) return;
  const float = graph.freshName(`${name}_float`);
  graph.setOutput(producer, producer.output.indexOf(name), float);
  graph.replaceUses(name, float);
  graph.addNode(cast(float, name, type));
}
function cast(from, to, dataType) {
  return makeNode("Cast", [from], [to], { name: `${to}_cast`, attributes: { to: { int: dataType } } });
}

// src/quantize/prepare/basic-dump.ts
import { existsSync, readFileSync, rmSync as rmSync2 } from "node:fs";
import { dirname, join as join2, resolve } from "node:path";

// src/onnx/densify.ts
function densify(graph, directory) {
  const { sparseInitializer } = graph;
  graph.initializer = [...graph.initializer, ...sparseInitializer.map((sparse) => dense(sparse, directory))];
  graph.sparseInitializer = [];
  return sparseInitializer.length;
}
function dense({ values, indices, dims }, directory) {
  if (!values || !indices)
    throw new UserError(`A sparse initializer has no ${values ? "indices" : "values"}.`);
  const shape = dims.map(Number);
  const stored = tensorValues(values, directory);
  const result = new stored.constructor(elementCount(shape));
  const at = indices.dataType === TensorProto_DataType.INT64 ? tensorValues(indices, directory) : [];
  const rank = dimsOf(indices).length === 2 ? shape.length : 1;
  for (let i = 0; i < stored.length; i++) {
    let index = 0;
    for (let axis = 0; axis < rank; axis++) {
      index = (rank === 1 ? 0 : index * shape[axis]) + Number(at[i * rank + axis]);
    }
    if (!(index >= 0 && index < result.length)) {
      throw new UserError(
        `Sparse initializer '${values.name}' has an index outside of its ${result.length} values.`
      );
    }
    result[index] = stored[i];
  }
  return makeTensor(values.name, values.dataType, shape, result);
}

// src/quantize/prepare/lifted-weights.ts
var SMALLEST_BYTES = 65536;
var LARGEST_READ_BYTES = 2 ** 26;
var READS = { MatMul: 1, Gather: 0 };
var LOOKS_INTO_PRODUCTS = /* @__PURE__ */ new Set(["BatchNormalization", "DequantizeLinear"]);
function liftableWeights(model) {
  const { graph, proto } = model;
  const lifted = /* @__PURE__ */ new Map();
  if (hasBodies(model)) return lifted;
  const replaceable = new Set(proto.irVersion < 4n ? [] : proto.graph.input.map(({ name }) => name));
  const takesProducts = graph.nodes.some(({ opType }) => LOOKS_INTO_PRODUCTS.has(opType));
  for (const [name, tensor] of graph.initializers) {
    if (tensor.dataType !== TensorProto_DataType.FLOAT || tensorByteLength(tensor) < SMALLEST_BYTES) continue;
    if (replaceable.has(name) || graph.isOutput(name)) continue;
    const readers = graph.consumers(name);
    if (readers.length > 0 && readers.every((node) => onlyReads(node, name, takesProducts)))
      lifted.set(name, tensor);
  }
  let readBytes = 0;
  for (const [name, tensor] of graph.initializers)
    if (!lifted.has(name) && tensor.dataLocation === TensorProto_DataLocation.EXTERNAL)
      readBytes += tensorByteLength(tensor);
  return readBytes > LARGEST_READ_BYTES ? /* @__PURE__ */ new Map() : lifted;
}
function hasBodies({ graph, proto }) {
  return proto.functions.length > 0 || graph.nodes.some((node) => subgraphsOf(node).length > 0);
}
function onlyReads(node, name, takesProducts) {
  const position = canonicalDomain(node.domain) === "" ? READS[node.opType] : void 0;
  if (position === void 0 || node.opType === "MatMul" && takesProducts) return false;
  return node.input.every((input, i) => input === name === (i === position));
}
var FLOAT_BYTES = 4;
function alignInPlace(tensor) {
  const { buffer, byteOffset, byteLength } = tensor.rawData;
  const back = byteOffset % FLOAT_BYTES;
  if (back === 0 || byteLength < SMALLEST_BYTES) return;
  const bytes = new Uint8Array(buffer);
  bytes.copyWithin(byteOffset - back, byteOffset, byteOffset + byteLength);
  tensor.rawData = bytes.subarray(byteOffset - back, byteOffset - back + byteLength);
}
function withoutWeights(model, lifted) {
  const graph = model.graph.commit();
  return new Model(
    create(ModelProtoSchema, {
      ...model.proto,
      graph: create(GraphProtoSchema, {
        ...graph,
        initializer: graph.initializer.filter(({ name }) => !lifted.has(name)),
        input: [
          // Before IR 4 weights are inputs already, of whatever shape.
          ...graph.input.filter(({ name }) => !lifted.has(name)),
          ...[...lifted.values()].map((tensor) => makeValue(tensor.name, tensor.dataType, dimsOf(tensor)))
        ]
      })
    }),
    model.graph.directory
  );
}
var FACTORS = 2;
function foldedWeights({ graph }, lifted) {
  const folded = /* @__PURE__ */ new Set();
  for (const node of graph.nodes) {
    const factors = node.input.slice(0, FACTORS);
    if (factors.every((name) => lifted.has(name) || graph.constant(name))) {
      for (const name of factors) if (lifted.has(name)) folded.add(name);
    }
  }
  return [...folded];
}
function withWeights(dump2, lifted) {
  const { graph, proto } = dump2;
  const read = [...lifted.values()].filter(({ name }) => graph.consumers(name).length > 0);
  const kept = graph.commit();
  return new Model(
    create(ModelProtoSchema, {
      ...proto,
      graph: create(GraphProtoSchema, {
        ...kept,
        initializer: [...kept.initializer, ...read],
        input: kept.input.filter(({ name }) => !lifted.has(name))
      })
    }),
    graph.directory
  );
}

// src/quantize/prepare/copy-cost.ts
var LARGEST_COPY_BYTES = 4096;
function isLargeConstant(graph, name) {
  const tensor = graph.constant(name);
  return tensor !== void 0 && tensorByteLength(tensor) > LARGEST_COPY_BYTES;
}

// src/quantize/prepare/shared-convolutions.ts
var WITHOUT_NORMALIZATION_FUSION = { "optimization.disable_specified_optimizers": "ConvBNFusion" };
function wouldCopyConvolutions(graph) {
  return graph.nodes.some((node) => {
    if (node.opType !== "Conv" || !isNormalized(graph, node)) return false;
    const weight = inputOf(node, 1);
    return graph.consumers(weight).length > 1 && isLargeConstant(graph, weight);
  });
}
function isNormalized(graph, node) {
  return graph.onlyReader(outputOf(node))?.opType === "BatchNormalization";
}

// src/quantize/prepare/basic-dump.ts
async function basicDump(path, options) {
  const narrow = narrowFloatOf(outlineOf(path).proto);
  if (narrow === null) return { model: await dumped(path, options), widened: null };
  const model = readModel(path);
  if (options.narrowFloats !== "float32") return { model, widened: null };
  densify(model.proto.graph, model.graph.directory);
  const wide2 = new Model(model.proto, model.graph.directory);
  widen(wide2);
  if (isTooLargeToDump(wide2)) return { model: wide2, widened: narrow };
  const { runtime } = options.context;
  const keepsSharing = options.keepsSharing === true && wouldCopyConvolutions(wide2.graph);
  const { directory } = wide2.graph;
  return {
    model: await dump(encodeModel(wide2), { runtime, apart: false, keepsSharing, directory }),
    widened: narrow
  };
}
function outlineOf(path) {
  try {
    return readModelOutline(path);
  } catch {
    return { proto: create(ModelProtoSchema, {}) };
  }
}
async function dumped(path, options) {
  try {
    const outline = readModelOutline(path);
    const { runtime } = options.context;
    if (outline.proto.graph.sparseInitializer.length > 0) return await dumpDense(path, runtime);
    const apart = mayPartWeights(outline);
    const keepsSharing = options.keepsSharing === true && wouldCopyConvolutions(outline.graph);
    return await dumpWithoutWeights(path, outline, { ...options, apart, keepsSharing }) ?? await dump(path, { runtime, apart, keepsSharing, directory: dirname(resolve(path)) });
  } catch (error) {
    const model = readModel(path);
    if (!isTooLargeToDump(model)) throw error;
    options.context.log.debug(
      `${path} can't be prepared by ONNX Runtime (${messageOf(error)}): it is taken as it is.`
    );
    return model;
  }
}
async function dumpDense(path, runtime) {
  const { proto, graph } = readModel(path);
  densify(proto.graph, graph.directory);
  const { directory } = graph;
  return await dump(encodeModel(new Model(proto, directory)), { runtime, apart: false, directory });
}
async function dumpWithoutWeights(path, outline, { context: { runtime, log }, apart, keepsSharing }) {
  const names = liftableWeights(outline);
  if (names.size === 0) return null;
  const model = readModel(path);
  const lifted = new Map([...model.graph.initializers].filter(([name]) => names.has(name)));
  for (const tensor of lifted.values()) alignInPlace(tensor);
  const { directory } = model.graph;
  try {
    while (lifted.size > 0) {
      const skeleton = encodeModel(withoutWeights(model, lifted));
      const dumped2 = await dump(skeleton, { runtime, apart, keepsSharing, directory });
      const folded = foldedWeights(dumped2, lifted);
      if (folded.length === 0) return withWeights(dumped2, lifted);
      for (const name of folded) lifted.delete(name);
    }
    return null;
  } catch (error) {
    log.debug(`${path} can't be prepared without its weights (${messageOf(error)}).`);
    return null;
  }
}
async function dump(model, {
  runtime,
  apart,
  keepsSharing = false,
  directory
}) {
  const scratch = scratchFolder("prepare");
  try {
    const optimizedModelPath = join2(scratch, "basic.onnx");
    const session = await runtime.open(model, {
      graphOptimizationLevel: "basic",
      optimizedModelPath,
      threads: 1,
      configEntries: {
        // Nothing is ever run: weights need not be rearranged for the kernels.
        "session.disable_prepacking": "1",
        ...apart ? WEIGHTS_APART : {},
        ...keepsSharing ? WITHOUT_NORMALIZATION_FUSION : {}
      }
    });
    const inputs = new Set(session.inputs.map(({ name }) => name));
    await session.release();
    const { proto } = readModel(optimizedModelPath);
    if (apart) takeWeightsIn(proto.graph, join2(scratch, WEIGHTS_FILE));
    return withInputs(new Model(proto, directory), inputs);
  } finally {
    rmSync2(scratch, { recursive: true, force: true });
  }
}
var WEIGHTS_FILE = "basic.data";
var WEIGHTS_APART = {
  "session.optimized_model_external_initializers_file_name": WEIGHTS_FILE,
  "session.optimized_model_external_initializers_min_size_in_bytes": "1024"
};
function mayPartWeights(model) {
  return !hasBodies(model) && [...model.graph.initializers.values()].every(
    ({ dataLocation }) => dataLocation !== TensorProto_DataLocation.EXTERNAL
  );
}
function takeWeightsIn(graph, file) {
  if (!existsSync(file)) return;
  const buffer = readFileSync(file);
  const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  graph.initializer = graph.initializer.map((tensor) => takenIn(tensor, bytes));
}
function takenIn(tensor, bytes) {
  if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) return tensor;
  const { name, dims, dataType, docString } = tensor;
  const { location, offset } = externalLocation(tensor);
  const end = offset + tensorByteLength(tensor);
  if (end > bytes.length) {
    throw new MachineError(
      `ONNX Runtime could not write all weights of the model that it prepared (${location}): make room for a copy of the model in the temporary folder, or name another one with TMPDIR.`
    );
  }
  const rawData = bytes.subarray(offset, end);
  return create(TensorProtoSchema, { name, dims, dataType, rawData, docString: docString || void 0 });
}
function withInputs(model, inputs) {
  const { graph, proto } = model;
  const stray = new Set(graph.inputs.map(({ name }) => name).filter((name) => !inputs.has(name)));
  if (stray.size === 0 || !proto.graph) return model;
  proto.graph.input = proto.graph.input.filter(({ name }) => !stray.has(name));
  return new Model(proto, graph.directory);
}
function isTooLargeToDump(model) {
  let bytes = 0;
  for (const tensor of model.graph.initializers.values()) bytes += tensorByteLength(tensor);
  return bytes > 2 ** 30;
}

// src/quantize/prepare/prepare.ts
var SHAPE_CONSTANT_BYTES = 65536;
async function prepareModel(path, options) {
  const { model, widened } = await basicDump(path, options);
  separateInitializers(model);
  shortenDomains(model.graph.nodes);
  renameInsertedCasts(model.graph);
  liftConstants(model.graph);
  cleanOpsets(model);
  return { model, types: await inferTypes(model, options), widened };
}
function separateInitializers(model) {
  if (model.proto.irVersion >= 4n) return;
  model.proto.irVersion = 4n;
  const graph = model.proto.graph;
  graph.input = graph.input.filter((value) => model.graph.isInput(value.name));
}
function liftConstants(graph) {
  for (const node of graph.nodes) {
    const name = node.output[0];
    if (node.opType !== "Constant" || node.domain !== "" || !name || graph.isOutput(name)) continue;
    const tensor = graph.constant(name);
    if (!tensor) continue;
    graph.removeNode(node);
    graph.setInitializer(
      tensor.name === name ? tensor : Object.assign(Object.create(Object.getPrototypeOf(tensor)), tensor, { name })
    );
  }
}
function shortenDomains(nodes) {
  for (const node of nodes) {
    node.domain = canonicalDomain(node.domain);
    for (const body of subgraphsOf(node)) shortenDomains(body.node);
  }
}
function renameInsertedCasts(graph) {
  for (const node of graph.nodes) {
    for (const [index, name] of node.output.entries()) {
      if (!name.startsWith("InsertedPrecisionFreeCast_") || graph.isOutput(name)) continue;
      const renamed = graph.freshName(name.replace("InsertedPrecisionFreeCast", "Cast"));
      graph.setOutput(node, index, renamed);
      graph.replaceUses(name, renamed);
    }
  }
}
function cleanOpsets(model) {
  const used = /* @__PURE__ */ new Set([""]);
  const visit = (node) => {
    used.add(canonicalDomain(node.domain));
    for (const graph of subgraphsOf(node)) for (const inner of graph.node) visit(inner);
  };
  for (const node of model.graph.nodes) visit(node);
  for (const { node } of model.proto.functions) for (const inner of node) visit(inner);
  model.dropUnusedOpsets(used);
}
async function inferTypes(model, { context: { runtime }, inputShapes }) {
  const { graph } = model;
  const types = /* @__PURE__ */ new Map();
  for (const tensor of graph.initializers.values()) {
    types.set(tensor.name, { dataType: tensor.dataType, shape: dimsOf(tensor) });
  }
  const session = await openProbe(model, { runtime, inputShapes });
  for (const { name, type, shape } of [...session.inputs, ...session.outputs]) {
    if (type !== null) types.set(name, { dataType: dataTypeOf(type), shape: shape ? [...shape] : null });
  }
  await session.release();
  return types;
}
async function openProbe(model, { runtime, inputShapes }) {
  const open = (largestConstantBytes, shapes) => runtime.open(encodeModel(typeProbe(model, { largestConstantBytes, inputShapes: shapes })), PROBE_SESSION);
  try {
    return await open(SHAPE_CONSTANT_BYTES, inputShapes);
  } catch {
    try {
      return await open(Number.POSITIVE_INFINITY, inputShapes);
    } catch (error) {
      if (!inputShapes) throw error;
      return await openProbe(model, { runtime, inputShapes: void 0 });
    }
  }
}
var PROBE_SESSION = { graphOptimizationLevel: "disabled", threads: 1 };
function typeProbe(model, { largestConstantBytes, inputShapes }) {
  const { graph } = model;
  const committed = graph.commit();
  const weights = committed.initializer.filter((tensor) => tensorByteLength(tensor) > largestConstantBytes);
  const declared = new Set(committed.output.map((value) => value.name));
  const inner = committed.node.flatMap((node) => node.output).filter((name) => name !== "" && !declared.has(name));
  const weightNames = new Set(weights.map((tensor) => tensor.name));
  const probe = create(ModelProtoSchema, {
    irVersion: model.proto.irVersion,
    opsetImport: model.proto.opsetImport,
    functions: model.proto.functions,
    graph: create(GraphProtoSchema, {
      name: committed.name,
      node: committed.node,
      input: [
        ...committed.input.filter((value) => !weightNames.has(value.name)).map((value) => withShape(value, inputShapes?.get(value.name))),
        ...weights.map((tensor) => makeValue(tensor.name, tensor.dataType, dimsOf(tensor)))
      ],
      output: [...committed.output, ...inner.map((name) => makeValue(name))],
      initializer: committed.initializer.filter((tensor) => !weightNames.has(tensor.name))
    })
  });
  return new Model(probe, graph.directory);
}
function withShape(value, shape) {
  const type = tensorType(value);
  return shape && type ? makeValue(value.name, type.dataType, shape) : value;
}

export {
  fixedBatch,
  stack,
  SPIN_WITHIN_RUNS,
  copyModel,
  narrowFloatOf,
  widen,
  hasBodies,
  isLargeConstant,
  wouldCopyConvolutions,
  prepareModel,
  liftConstants,
  inferTypes,
  openObserved
};
