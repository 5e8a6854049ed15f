import { mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../../src/errors.js';
import { makeModel, makeNode, makeValue } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { readModelInPlace, readModelOutline, readOutlineProto } from '../../../src/onnx/file/read-outline.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor, tensorByteLength } from '../../../src/onnx/tensor/tensor.js';

const directory = mkdtempSync(join(tmpdir(), 'quantgate-outline-'));
const path = join(directory, 'large.onnx');
const wide = 1024;
writeModel(
  makeModel({
    inputs: [makeValue('x', DataType.FLOAT, ['batch', wide])],
    outputs: [makeValue('y', DataType.FLOAT, ['batch', wide])],
    nodes: [makeNode('MatMul', ['x', 'w'], ['p']), makeNode('Reshape', ['p', 'shape'], ['y'])],
    initializers: [
      makeTensor('w', DataType.FLOAT, [wide, wide], new Float32Array(wide * wide).fill(0.5)),
      makeTensor('shape', DataType.INT64, [2], BigInt64Array.of(-1n, BigInt(wide))),
    ],
  }),
  path,
);
afterAll(() => rmSync(directory, { recursive: true }));

describe('the outline of a model', () => {
  it('is the model but for the bytes of its large tensors', () => {
    const [whole, outline] = [readModel(path), readModelOutline(path)];
    expect(outline.graph.constant('w')!.rawData).toHaveLength(0);
    expect(tensorByteLength(outline.graph.constant('w')!)).toBe(4 * wide * wide);
    expect(outline.graph.constantValues('shape')).toEqual(BigInt64Array.of(-1n, BigInt(wide)));
    const withoutData = whole.proto.graph!.initializer.find(({ name }) => name === 'w')!;
    withoutData.rawData = new Uint8Array();
    expect(outline.proto).toEqual(whole.proto);
    expect(readOutlineProto(path).graph!.initializer).toEqual(whole.proto.graph!.initializer);
  });

  it('of a small file is the whole model', () => {
    const small = join(directory, 'small.onnx');
    writeModel(
      makeModel({
        inputs: [makeValue('x', DataType.FLOAT, [2])],
        outputs: [makeValue('y', DataType.FLOAT, [2])],
        nodes: [makeNode('Add', ['x', 'b'], ['y'])],
        initializers: [makeTensor('b', DataType.FLOAT, [2], Float32Array.of(1, 2))],
      }),
      small,
    );
    expect(readModelOutline(small).graph.constantValues('b')).toEqual(Float32Array.of(1, 2));
  });

  it('is refused with the words of the whole reading: truncated, no model, no file', () => {
    const broken = join(directory, 'broken.onnx');
    writeFileSync(broken, readFileSync(path));
    truncateSync(broken, 3 * wide * wide);
    const noise = join(directory, 'noise.onnx');
    writeFileSync(noise, Buffer.alloc(2 ** 21, 0x5a));
    for (const file of [broken, noise, join(directory, 'absent.onnx'), directory]) {
      const said = (read: (file: string) => unknown): string => {
        try {
          read(file);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
          return (error as Error).message;
        }
        throw new Error(`${file} was read`);
      };
      expect(said(readModelOutline)).toBe(said(readModel));
    }
  });
});

describe('a model whose weights stay in its file', () => {
  it('is the same model, and is written with them', () => {
    const [whole, inPlace] = [readModel(path), readModelInPlace(path)];
    expect(inPlace.graph.constant('w')!.rawData).toHaveLength(0);
    expect(inPlace.graph.floats('w')).toEqual(whole.graph.floats('w'));
    expect(inPlace.graph.constantValues('shape')).toEqual(BigInt64Array.of(-1n, BigInt(wide)));
    const copy = join(directory, 'copy.onnx');
    writeModel(inPlace, copy);
    expect(readFileSync(copy).equals(readFileSync(path))).toBe(true);
  });

  it('is read whole behind a link, where external data are not looked for', () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'quantgate-link-'));
    try {
      const link = join(elsewhere, 'link.onnx');
      symlinkSync(path, link);
      expect(readModelInPlace(link).graph.constant('w')!.rawData).toHaveLength(4 * wide * wide);
    } finally {
      rmSync(elsewhere, { recursive: true });
    }
  });
});
