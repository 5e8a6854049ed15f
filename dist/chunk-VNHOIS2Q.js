import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  tensorType
} from "./chunk-RPSENMCZ.js";
import {
  elementTypeName
} from "./chunk-OEIIXWBO.js";

// src/onnx/interface.ts
function modelInputs(model) {
  return model.graph.inputs.map(valueMeta);
}
function modelOutputs(model) {
  return model.graph.outputs.map(valueMeta);
}
function valueMeta(value) {
  const type = tensorType(value);
  if (!type) return { name: value.name, type: null, shape: null };
  return { name: value.name, type: elementTypeName(type.dataType), shape: type.shape ?? [] };
}

export {
  modelInputs,
  modelOutputs
};
