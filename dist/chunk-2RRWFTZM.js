import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  readModel
} from "./chunk-IZBBBSAD.js";
import "./chunk-57WIVW7N.js";
import {
  dimsOf
} from "./chunk-OEIIXWBO.js";
import "./chunk-B4R2XIPD.js";
import "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/runtime/optimized-graph.ts
function readOptimizedGraph(path) {
  const { graph } = readModel(path);
  return graph.nodes.map((node) => ({
    name: node.name,
    operator: node.opType,
    constants: node.input.map((name) => {
      const tensor = graph.constant(name);
      return tensor ? dimsOf(tensor) : null;
    })
  }));
}
export {
  readOptimizedGraph
};
