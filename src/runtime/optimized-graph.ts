/** The graph as ONNX Runtime optimized it, reduced to what placement asks: operators and the shapes of their constants. */
import { readModel } from '../onnx/file/read.js';
import { dimsOf } from '../onnx/tensor/tensor.js';
import type { OptimizedNode } from './optimized-node.js';

/** Reads a dump of `optimizedModelPath`. Throws UserError when it isn't ONNX. */
export function readOptimizedGraph(path: string): OptimizedNode[] {
  const { graph } = readModel(path);
  return graph.nodes.map((node) => ({
    name: node.name,
    operator: node.opType,
    constants: node.input.map((name) => {
      const tensor = graph.constant(name);
      return tensor ? dimsOf(tensor) : null;
    }),
  }));
}
