import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import { encodeModel } from '../../src/onnx/file/write.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { fromHalf, halfBits, halfValue, toHalf } from '../../src/tensor/half.js';
import { runtime, smallModel } from '../quantize/small-models.js';

const isNaNHalf = (bits: number) => (bits & 0x7c00) === 0x7c00 && (bits & 0x3ff) !== 0;

describe('half precision', () => {
  it('gives every one of the 65,536 halves back unchanged', () => {
    const wrong = [];
    for (let bits = 0; bits < 65_536; bits++) {
      const back = halfBits(halfValue(bits));
      if (isNaNHalf(bits) ? !isNaNHalf(back) : back !== bits) wrong.push(bits);
    }
    expect(wrong).toEqual([]);
  });

  it('rounds halfway values to the even neighbour, in normals, subnormals and at the borders', () => {
    expect(halfBits(1 + 2 ** -11)).toBe(0x3c00);
    expect(halfBits(1 + 3 * 2 ** -11)).toBe(0x3c02);
    expect(halfBits(2 ** -25)).toBe(0);
    expect(halfBits(2 ** -25 * 1.0001)).toBe(1);
    expect(halfBits(3 * 2 ** -25)).toBe(2);
    expect(halfBits(2 ** -14 - 2 ** -26)).toBe(0x400);
    expect(halfBits(65_519.996)).toBe(0x7bff);
    expect(halfBits(65_520)).toBe(0x7c00);
    expect(halfBits(-0)).toBe(0x8000);
    expect(halfBits(Number.NEGATIVE_INFINITY)).toBe(0xfc00);
  });

  it('is the nearest half for any float', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, min: -65_504, max: 65_504 }), (value) => {
        const bits = halfBits(value);
        const error = Math.abs(halfValue(bits) - value);
        for (const neighbour of [bits - 1, bits + 1]) {
          if ((neighbour & 0x7c00) !== 0x7c00 && (neighbour & 0x8000) === (bits & 0x8000)) {
            expect(error).toBeLessThanOrEqual(Math.abs(halfValue(neighbour) - value));
          }
        }
      }),
    );
  });

  it("equals ONNX Runtime's Cast bit for bit", async () => {
    const values = new Float32Array(40_000);
    const words = new Uint32Array(values.buffer);
    for (let i = 0, state = 1; i < words.length; i++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      // Exponents around the half range, where all the cases are; NaN's payload is nobody's promise.
      words[i] = ((state & 0x807fffff) | ((98 + (i % 48)) << 23)) >>> 0;
    }
    const model = smallModel({
      inputs: [makeValue('x', DataType.FLOAT, ['n'])],
      outputs: [makeValue('y', DataType.FLOAT16, ['n'])],
      nodes: [makeNode('Cast', ['x'], ['y'], { attributes: { to: { int: DataType.FLOAT16 } } })],
    });
    const session = await runtime.open(encodeModel(model));
    const { y } = await session.run({ x: { type: 'float32', dims: [values.length], data: values } });
    await session.release();
    expect(
      Buffer.compare(
        Buffer.from(toHalf(values).buffer),
        Buffer.from((y!.data as Uint16Array).slice().buffer),
      ),
    ).toBe(0);
    expect(fromHalf(toHalf(values.subarray(0, 4)))).toHaveLength(4);
  });
});
