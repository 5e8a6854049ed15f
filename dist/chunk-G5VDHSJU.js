import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  dimsOf,
  readModel
} from "./chunk-52QLCQB2.js";
import "./chunk-LXM5IL34.js";

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
