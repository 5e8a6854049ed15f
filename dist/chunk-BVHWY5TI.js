import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  dimsOf,
  elementTypeName
} from "./chunk-OEIIXWBO.js";

// src/onnx/table-rows.ts
var PASSING = /* @__PURE__ */ new Set(["Cast", "Identity", "Reshape", "Unsqueeze", "Squeeze", "Flatten"]);
function inputTableRows(graph, input) {
  const found = tablesOf(graph, input);
  return found.length > 0 ? Math.min(...found) : null;
}
function tablesOf(graph, value) {
  return graph.consumers(value).flatMap((node) => {
    if (node.opType === "Gather" && node.input[1] === value) {
      const axis = Number(node.attribute.find(({ name }) => name === "axis")?.i ?? 0);
      const table = graph.initializers.get(node.input[0]);
      const dims = table === void 0 ? [] : dimsOf(table);
      return axis === 0 && dims.length === 2 ? [dims[0]] : [];
    }
    return PASSING.has(node.opType) && node.input[0] === value ? tablesOf(graph, node.output[0]) : [];
  });
}

// src/onnx/tensor-type.ts
function tensorType(value) {
  if (value.type?.value.case !== "tensorType") return void 0;
  const { elemType, shape } = value.type.value.value;
  return {
    dataType: elemType,
    shape: shape ? shape.dim.map(
      ({ value: dim }) => dim.case === "dimValue" ? Number(dim.value) : dim.case === "dimParam" ? dim.value : ""
    ) : null
  };
}

// src/onnx/interface.ts
function modelInputs({ graph }) {
  return graph.inputs.map((input) => {
    const tableRows = inputTableRows(graph, input.name);
    return { ...valueMeta(input), ...tableRows === null ? {} : { tableRows } };
  });
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
  tensorType,
  modelInputs,
  modelOutputs
};
