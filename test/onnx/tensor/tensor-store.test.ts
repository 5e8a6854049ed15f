import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../src/onnx/build.js';
import { copyModel } from '../../../src/onnx/edit/copy-model.js';
import { decodeModel } from '../../../src/onnx/file/read.js';
import { encodeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { TensorStore } from '../../../src/onnx/tensor/tensor-store.js';
import { processFolder } from '../../../src/system/files/scratch.js';
import { sameBytes } from '../../../src/tensor/same-bytes.js';
import { floatValue, smallModel } from '../../quantize/small-models.js';

const LARGE = 2 ** 16;
const values = (from: number) => Float32Array.from({ length: LARGE }, (_, at) => from + at);

/** y = x · w, w one column. */
function model() {
  const made = smallModel({
    inputs: [floatValue('x', ['rows', LARGE])],
    nodes: [makeNode('MatMul', ['x', 'w'], ['y'])],
    initializers: [makeTensor('w', DataType.FLOAT, [LARGE, 1], values(0))],
  });
  made.graph.keepOutside(new TensorStore());
  return made;
}

describe('large constants of a graph that keeps them outside', () => {
  it('are out of memory once they are set, and read as before', () => {
    const { graph } = model();
    graph.setInitializer(makeTensor('w', DataType.FLOAT, [LARGE, 1], values(1)));
    const second = graph.addConstant('other', DataType.FLOAT, [LARGE, 1], values(2));
    expect(graph.constant('w')!.rawData.length).toBe(0);
    expect(sameBytes(graph.floats('w'), values(1))).toBe(true);
    expect(sameBytes(graph.floats(second), values(2))).toBe(true);
    expect(sameBytes(graph.floats('w'), values(1))).toBe(true);
  });

  it('go into the file that is written, and into copies of the model', () => {
    const made = model();
    made.graph.setInitializer(makeTensor('w', DataType.FLOAT, [LARGE, 1], values(1)));
    const copy = copyModel(made);
    copy.graph.setInitializer(makeTensor('w', DataType.FLOAT, [LARGE, 1], values(5)));
    const read = (from: typeof made) => decodeModel(encodeModel(from), 'm', null).graph.floats('w');
    expect(sameBytes(read(made), values(1))).toBe(true);
    expect(sameBytes(read(copy), values(5))).toBe(true);
    expect(copy.graph.constant('w')!.rawData.length).toBe(0);
  });

  it('leave small ones in memory', () => {
    const { graph } = model();
    const small = graph.addConstant('small', DataType.FLOAT, [2], Float32Array.of(1, 2));
    expect(graph.constant(small)!.rawData.length).toBe(8);
  });

  it.skipIf(process.platform === 'win32')(
    'have a file without a name: nothing is left of it, however the process ends',
    () => {
      model();
      expect(readdirSync(processFolder()).filter((name) => name.startsWith('tensors'))).toEqual([]);
    },
  );
});
