import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../src/onnx/build.js';
import { encodeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import {
  type BlockFormat,
  dequantizeBlocks,
  packRows,
  quantizeBlocks,
} from '../../../src/quantize/integers/block-quantize.js';
import { floats, floatValue, runtime, smallModel, sqnr } from '../small-models.js';

/** Weights as ONNX Runtime's MatMulNBits sees them: the product with the identity. */
async function asRuntimeSees(
  values: Float32Array,
  depth: number,
  format: BlockFormat,
): Promise<Float32Array> {
  const { bits, blockSize } = format;
  const rows = values.length / depth;
  const { codes, scales, zeroPoints, blocks } = quantizeBlocks(values, depth, format);
  const bytes = bits === 4 ? packRows(codes, blockSize) : codes;
  const initializers = [
    makeTensor('b', DataType.UINT8, [rows, blocks, (blockSize * bits) / 8], bytes),
    makeTensor('s', DataType.FLOAT, [rows, blocks], scales),
  ];
  if (!format.symmetric)
    initializers.push(
      makeTensor('z', DataType.UINT8, [rows, Math.ceil(blocks / 2)], packRows(zeroPoints, blocks, 8)),
    );
  const model = smallModel({
    inputs: [floatValue('x', [depth, depth])],
    nodes: [
      makeNode('MatMulNBits', ['x', 'b', 's', ...(format.symmetric ? [] : ['z'])], ['y'], {
        domain: 'com.microsoft',
        attributes: {
          K: { int: depth },
          N: { int: rows },
          bits: { int: bits },
          block_size: { int: blockSize },
        },
      }),
    ],
    initializers,
  });
  model.setOpset('com.microsoft', 1);
  const identity = new Float32Array(depth * depth);
  for (let i = 0; i < depth; i++) identity[i * depth + i] = 1;
  const session = await runtime.open(encodeModel(model));
  const { y } = await session.run({ x: { type: 'float32', dims: [depth, depth], data: identity } });
  await session.release();
  const product = y!.data as Float32Array;
  return Float32Array.from(
    { length: values.length },
    (_, i) => product[(i % depth) * rows + Math.floor(i / depth)]!,
  );
}

describe('block-wise rounding', () => {
  it.each([
    ['8 bits', { bits: 8, blockSize: 32, symmetric: true }, 96],
    ['4 bits', { bits: 4, blockSize: 32, symmetric: false }, 64],
    ['4 bits, an odd number of blocks', { bits: 4, blockSize: 16, symmetric: false }, 48],
    ['4 bits, a last block that is not full', { bits: 4, blockSize: 32, symmetric: false }, 72],
    ['4 bits, symmetric', { bits: 4, blockSize: 32, symmetric: true }, 64],
  ] as const)('is laid out as MatMulNBits reads it: %s', async (_, format, depth) => {
    const values = floats(depth * 6, 3).map((value, i) => value * (1 + (i % 7)));
    const expected = dequantizeBlocks(quantizeBlocks(values, depth, format), depth);
    const seen = await asRuntimeSees(values, depth, format);
    expect(sqnr(expected, seen)).toBeGreaterThan(100);
    expect(sqnr(values, seen)).toBeGreaterThan(format.bits === 8 ? 40 : 18);
  });

  it('is never further off than half a step of the plain range in 8 bits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), {
          minLength: 1,
          maxLength: 70,
        }),
        (list) => {
          const values = Float32Array.from(list);
          const back = dequantizeBlocks(
            quantizeBlocks(values, values.length, { bits: 8, blockSize: 128, symmetric: true }),
            values.length,
          );
          const step = Math.max(...list.map(Math.abs)) / 127;
          values.forEach((value, i) => {
            expect(Math.abs(value - back[i]!)).toBeLessThanOrEqual(step * 0.5001 + 1e-37);
          });
        },
      ),
    );
  });

  it('is better in 4 bits than rounding to the full range', () => {
    const values = floats(32 * 64, 9).map((value) => value ** 3);
    const searched = dequantizeBlocks(
      quantizeBlocks(values, 32, { bits: 4, blockSize: 32, symmetric: false }),
      32,
    );
    const plain = values.map((value, i) => {
      const block = values.subarray(i - (i % 32), i - (i % 32) + 32);
      const min = Math.min(0, ...block);
      const scale = (Math.max(0, ...block) - min) / 15;
      return min + Math.round((value - min) / scale) * scale;
    });
    expect(sqnr(values, searched)).toBeGreaterThan(sqnr(values, plain) + 0.5);
  });

  it('keeps the full range where nothing is known of the inputs: its scale is that of plain rounding', () => {
    const values = floats(32 * 64, 9).map((value) => value ** 3);
    const scalesOf = (symmetric: boolean) =>
      quantizeBlocks(values, 32, { bits: 4, blockSize: 32, symmetric }, { keepsRange: true }).scales;
    const ranges = Array.from({ length: 64 }, (_, block) => {
      const own = values.subarray(block * 32, (block + 1) * 32);
      return [Math.min(0, ...own), Math.max(0, ...own)] as const;
    });
    expect([...scalesOf(false)]).toEqual(ranges.map(([min, max]) => Math.fround((max - min) / 15)));
    const largest = ranges.map(([min, max]) => Math.fround(Math.max(-min, max) / 8));
    expect([...scalesOf(true)].map(Math.abs)).toEqual(largest);
  });

  it('spends precision where the importance is', () => {
    const values = floats(32, 4);
    const importance = Array.from({ length: 32 }, (_, i) => (i === 5 ? 1000 : 1));
    const format = { bits: 4, blockSize: 32, symmetric: false } as const;
    const error = (weights: number[] | null) =>
      Math.abs(
        dequantizeBlocks(quantizeBlocks(values, 32, format, { importance: weights }), 32)[5]! - values[5]!,
      );
    expect(error(importance)).toBeLessThanOrEqual(error(null));
  });

  it('keeps a block of zeros zero', () => {
    for (const bits of [4, 8] as const) {
      const back = dequantizeBlocks(
        quantizeBlocks(new Float32Array(40), 40, { bits, blockSize: 32, symmetric: bits === 8 }),
        40,
      );
      expect(back).toEqual(new Float32Array(40));
    }
  });
});

describe('a block of zeros', () => {
  const formats: BlockFormat[] = [
    { bits: 8, blockSize: 4, symmetric: true },
    { bits: 4, blockSize: 4, symmetric: true },
    { bits: 4, blockSize: 4, symmetric: false },
  ];

  it.each(formats)(
    'has scale 0 in $bits bits (symmetric: $symmetric), so that nothing comes of it in any kernel',
    (format) => {
      const values = Float32Array.of(0, 0, 0, 0, 1, -1, 0.5, 0);
      const { scales, zeroPoints, codes } = quantizeBlocks(values, 8, format);
      expect([...codes.subarray(0, 4)]).toEqual(new Array(4).fill(zeroPoints[0]));
      expect(scales[0]).toBe(0);
      expect(Math.abs(scales[1]!)).toBeGreaterThan(0);
    },
  );

  it.each(formats)(
    'is what values too small for a scale become in $bits bits (symmetric: $symmetric)',
    (format) => {
      const values = new Float32Array(4).fill(2 ** -149);
      expect(dequantizeBlocks(quantizeBlocks(values, 4, format), 4)).toEqual(new Float32Array(4));
    },
  );
});
