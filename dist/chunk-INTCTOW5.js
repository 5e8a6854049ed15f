import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  encodeModel,
  makeModel,
  makeNode,
  makeValue
} from "./chunk-MK6PZPSP.js";
import {
  TensorProto_DataType
} from "./chunk-OEIIXWBO.js";

// src/onnx/one-node.ts
function oneNodeModel(operator) {
  return encodeModel(
    makeModel({
      inputs: [makeValue("x", TensorProto_DataType.FLOAT, [1])],
      outputs: [makeValue("y", TensorProto_DataType.FLOAT, [1])],
      nodes: [makeNode(operator, ["x"], ["y"])]
    })
  );
}

export {
  oneNodeModel
};
