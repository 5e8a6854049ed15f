import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  readModelOutline
} from "./chunk-QBQKLG2U.js";
import {
  tensorsOf
} from "./chunk-MK6PZPSP.js";
import {
  intAttribute,
  outputOf,
  subgraphsOf,
  tensorAttribute
} from "./chunk-IZBBBSAD.js";
import {
  TensorProto_DataLocation,
  TensorProto_DataType,
  elementCount,
  externalLocation,
  externalPath
} from "./chunk-OEIIXWBO.js";

// src/onnx/weights.ts
import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
function weightsOf(model) {
  const found = [];
  if (model.graph) addWeights(found, model.graph, []);
  for (const { node } of model.functions) addWeights(found, { node, initializer: [] }, []);
  return found;
}
function parameterCount(weights) {
  let count = 0;
  for (const { tensor, values } of weights) if (!NOT_WEIGHTS.has(tensor.dataType)) count += values;
  return count;
}
var NOT_WEIGHTS = /* @__PURE__ */ new Set([TensorProto_DataType.INT64, TensorProto_DataType.BOOL, TensorProto_DataType.STRING]);
function externalLocations(model) {
  const locations = /* @__PURE__ */ new Set();
  for (const tensor of tensorsOf(model)) {
    if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL) locations.add(externalLocation(tensor).location);
  }
  return [...locations];
}
function filesOf(file, outline = readModelOutline(file)) {
  const path = resolve(file);
  const external = externalLocations(outline.proto).map((location) => externalPath(location, dirname(path)));
  return [.../* @__PURE__ */ new Set([path, ...external])];
}
async function modelBytes(file, outline) {
  let bytes = 0;
  for (const path of filesOf(file, outline)) bytes += (await stat(path)).size;
  return bytes;
}
function addWeights(found, graph, outer) {
  const own = /* @__PURE__ */ new Map();
  const add = (name, tensor) => {
    const weight = { name, tensor, values: elementCount(tensor.dims) };
    own.set(name, weight);
    found.push(weight);
  };
  for (const tensor of graph.initializer) add(tensor.name, tensor);
  for (const node of graph.node) {
    const constant = node.opType === "Constant" ? tensorAttribute(node, "value") : void 0;
    if (constant) add(outputOf(node), constant);
  }
  const scopes = [own, ...outer];
  for (const node of graph.node) {
    countPacked(node, scopes);
    for (const body of subgraphsOf(node)) addWeights(found, body, scopes);
  }
}
var matrix = (node) => intAttribute(node, "K", 0) * intAttribute(node, "N", 0);
var PACKED = {
  MatMulNBits: { weight: 1, scales: 2, zeroPoints: 3, values: matrix },
  MatMulBnb4: { weight: 1, values: matrix },
  GatherBlockQuantized: {
    weight: 0,
    scales: 2,
    zeroPoints: 3,
    values: (node, stored) => stored * 8 / intAttribute(node, "bits", 4)
  }
};
function countPacked(node, scopes) {
  const packing = node.domain === "com.microsoft" ? PACKED[node.opType] : void 0;
  if (!packing) return;
  const weightAt = (position) => {
    const name = node.input[position ?? -1] ?? "";
    return scopes.find((scope) => scope.has(name))?.get(name);
  };
  const [weight, scales, zeroPoints] = [packing.weight, packing.scales, packing.zeroPoints].map(weightAt);
  if (weight?.tensor.dataType === TensorProto_DataType.UINT8) {
    weight.values = packing.values(node, elementCount(weight.tensor.dims));
  }
  if (zeroPoints?.tensor.dataType === TensorProto_DataType.UINT8 && scales) zeroPoints.values = scales.values;
}

export {
  weightsOf,
  parameterCount,
  externalLocations,
  filesOf,
  modelBytes
};
