/** Weights that a graph computes of constants: PyTorch's exporter puts the gates of LSTM and GRU into ONNX's order so. ONNX Runtime folds them when
 *  it opens the model; in the file they are no constants of the layer that reads them. */
import { readModelOutline } from '../../onnx/file/read-outline.js';
import type { Graph } from '../../onnx/graph.js';
import { tensorByteLength } from '../../onnx/tensor/tensor.js';
import { isLargeConstant } from './copy-cost.js';

/** Small constants are folded, too: a few bytes more. */
const MOST_GROWTH = 1.05;

/** Whether preparation has made large constants of what the model in the file computes, and has hardly grown by it.
 *  @param prepared the graph that ONNX Runtime made of the file. */
export function computesWeights(path: string, prepared: Graph): boolean {
  const { graph } = readModelOutline(path);
  const isComputed = (name: string): boolean =>
    graph.producer(name) !== undefined &&
    graph.constant(name) === undefined &&
    isLargeConstant(prepared, name);
  return (
    [...prepared.initializers.keys()].some(isComputed) &&
    weightBytes(prepared) <= MOST_GROWTH * weightBytes(graph)
  );
}

function weightBytes(graph: Graph): number {
  return [...graph.initializers.values()].reduce((sum, tensor) => sum + tensorByteLength(tensor), 0);
}
