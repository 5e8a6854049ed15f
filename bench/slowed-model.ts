/** A model made slower by real work in its graph. */
import { makeNode, makeValue } from '../src/onnx/build.js';
import { readModel } from '../src/onnx/file/read.js';
import { writeModel } from '../src/onnx/file/write.js';
import { DataType } from '../src/onnx/tensor/element-type.js';

/** Writes to `file` the model of `source` with `links` more matrix products of 64 × 64, which end in an output of their own. */
export function writeSlowedModel(source: string, file: string, links: number): void {
  const model = readModel(source);
  const { graph } = model;
  const weight = graph.addConstant(
    'slow/weight',
    DataType.FLOAT,
    [64, 64],
    Float32Array.from({ length: 64 * 64 }, (_, i) => Math.sin(i) / 8),
  );
  const seed = graph.addConstant('slow/seed', DataType.FLOAT, [64, 64], new Float32Array(64 * 64).fill(0.5));
  // Tied to the input, or constant folding would do the work once and for all.
  const tied = graph.freshName('slow/tied');
  graph.addNode(
    makeNode('ReduceMax', [graph.inputs[0]!.name], [tied], { attributes: { keepdims: { int: 0 } } }),
  );
  let value = graph.freshName('slow/start');
  graph.addNode(makeNode('Add', [seed, tied], [value]));
  for (let link = 0; link < links; link++) {
    const next = graph.freshName('slow/link');
    graph.addNode(makeNode('MatMul', [value, weight], [next]));
    value = next;
  }
  graph.addOutput(makeValue(value, DataType.FLOAT, [64, 64]));
  writeModel(model, file);
}
