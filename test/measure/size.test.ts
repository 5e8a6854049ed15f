import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { measureSize } from '../../src/measure/size.js';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { endlessModel, matMulModel, modelFolder } from '../runtime/models.js';

const folder = modelFolder();
afterAll(() => folder.remove());

describe('size', () => {
  it('is the file’s, its gzip’s, its Brotli’s, and the number of its weights', async () => {
    const file = folder.write('matmul.onnx', matMulModel(3, 32));
    const bytes = readFileSync(file);
    expect(await measureSize(file)).toEqual({
      fileBytes: bytes.length,
      compressedBytes: gzipSync(bytes, { level: 6 }).length,
      brotliBytes: brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }).length,
      parameters: 3 * 32 * 32,
    });
  });

  it('counts weights in Constant nodes, but neither shapes nor flags', async () => {
    const weights = makeTensor('', DataType.FLOAT, [5], new Float32Array(5));
    const shape = makeTensor('', DataType.INT64, [2], BigInt64Array.of(1n, 5n));
    const file = folder.write(
      'constants.onnx',
      makeModel({
        inputs: [],
        outputs: [makeValue('y', DataType.FLOAT, [1, 5])],
        nodes: [
          makeNode('Constant', [], ['w'], { attributes: { value: { tensor: weights } } }),
          makeNode('Constant', [], ['s'], { attributes: { value: { tensor: shape } } }),
          makeNode('Reshape', ['w', 's'], ['y']),
        ],
      }),
    );
    expect((await measureSize(file)).parameters).toBe(5);
    expect((await measureSize(folder.write('loop.onnx', endlessModel()))).parameters).toBe(0);
  });

  it('counts packed 4-bit weights singly', async () => {
    const packed = makeTensor('w', DataType.UINT8, [8, 2, 16], new Uint8Array(8 * 2 * 16));
    const scales = makeTensor('s', DataType.FLOAT, [8, 2], new Float32Array(16));
    const attributes = { K: { int: 64 }, N: { int: 8 }, bits: { int: 4 }, block_size: { int: 32 } };
    const file = folder.write(
      'nbits.onnx',
      makeModel({
        inputs: [makeValue('x', DataType.FLOAT, [1, 64])],
        outputs: [makeValue('y', DataType.FLOAT, [1, 8])],
        nodes: [makeNode('MatMulNBits', ['x', 'w', 's'], ['y'], { domain: 'com.microsoft', attributes })],
        initializers: [packed, scales],
        opsets: { '': 17, 'com.microsoft': 1 },
      }),
    );
    expect((await measureSize(file)).parameters).toBe(64 * 8 + 16);
  });

  it('refuses what is not a model, naming the file', async () => {
    const file = join(folder.path, 'notes.onnx');
    writeFileSync(file, 'just text\n');
    await expect(measureSize(file)).rejects.toThrow(UserError);
    await expect(measureSize(file)).rejects.toThrow(/notes\.onnx/);
  });
});
