import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../../src/onnx/build.js';
import { readModel } from '../../../../src/onnx/file/read.js';
import { DataType } from '../../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../../src/onnx/tensor/tensor.js';
import {
  conv,
  quantizeSmall,
  run,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../../small-models.js';

const scalar = (name: string, value: number) => makeTensor(name, DataType.FLOAT, [1], Float32Array.of(value));

/** conv → h-swish spelled out → · s → + shift → padded conv, as text recognizers have it. */
function block(shift: number, gain = 1) {
  return smallModel({
    nodes: [
      conv('x', 'c', { weight: 'w' }),
      makeNode('Mul', ['c', 'gain'], ['g']),
      makeNode('Add', ['g', 'three'], ['a']),
      makeNode('Clip', ['a', 'zero', 'six'], ['k']),
      makeNode('Mul', ['g', 'k'], ['p']),
      makeNode('Div', ['p', 'six'], ['d']),
      makeNode('Mul', ['d', 's'], ['e']),
      makeNode('Add', ['e', 'shift'], ['f']),
      conv('f', 'y', { weight: 'w2' }),
    ],
    initializers: [
      weight('w', [8, 4, 3, 3]),
      weight('w2', [8, 8, 3, 3], 5),
      makeTensor('three', DataType.FLOAT, [], Float32Array.of(3)),
      makeTensor('zero', DataType.FLOAT, [], Float32Array.of(0)),
      makeTensor('six', DataType.FLOAT, [], Float32Array.of(6)),
      scalar('s', 0.4),
      scalar('shift', shift),
      scalar('gain', gain),
    ],
  });
}

const sample = samplesOf([1, 4, 8, 8], 9).at(-1)!;

async function quantized(shift: number, gain = 1) {
  using place = scratch();
  const { result, float, file } = await quantizeSmall(block(shift, gain), place);
  const [before, after] = [await run(float, sample), await run(file, sample)];
  const operators = readModel(file)
    .graph.topologicalNodes()
    .map(({ opType }) => opType)
    .filter((opType) => !opType.endsWith('Linear'));
  return {
    result,
    operators,
    sqnr: sqnr(before.y!.data as Float32Array, after.y!.data as Float32Array),
    border: borderError(before.y!.data as Float32Array, after.y!.data as Float32Array),
  };
}

/** Mean error in the outermost pixels relative to the standard deviation of the whole. */
function borderError(a: Float32Array, b: Float32Array): number {
  let [sum, count, square] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [row, column] = [Math.floor(i / 8) % 8, i % 8];
    square += a[i]! ** 2;
    if (row > 0 && row < 7 && column > 0 && column < 7) continue;
    sum += Math.abs(a[i]! - b[i]!);
    count++;
  }
  return sum / count / Math.sqrt(square / a.length);
}

describe('h-swish in 8 bits', () => {
  it('becomes a Clip and QLinearMul, which the runtime fuses', async () => {
    const { result, operators, sqnr: db } = await quantized(0, 2);
    expect(operators).toEqual(['Conv', 'Clip', 'Mul', 'Conv']);
    const became = Object.fromEntries(result.decisions.map(({ opType, became }) => [opType, became]));
    expect(became.HardSigmoid).toBe('QLinearMul');
    expect(result.notes.map(({ code }) => code)).not.toContain('quantize.not-fused');
    expect(db).toBeGreaterThan(30);
  });

  it('needs no Clip where the input stays under 3', async () => {
    const { operators, sqnr: db } = await quantized(0, 0.1);
    expect(operators).toEqual(['Conv', 'Mul', 'Conv']);
    expect(db).toBeGreaterThan(25);
  });

  it('keeps its gate exact where the input goes far beyond 3', async () => {
    const { sqnr: db } = await quantized(0, 40);
    expect(db).toBeGreaterThan(30);
  });
});

describe('a constant added to an 8-bit tensor', () => {
  it.each([0.7, -0.9, 0.02, 5])('is only another zero-point: %d', async (shift) => {
    const { operators, sqnr: db, border } = await quantized(shift);
    expect(operators).toEqual(['Conv', 'Clip', 'Mul', 'Conv']);
    expect(db).toBeGreaterThan(26);
    // Zero padding must still mean zero after the addition.
    expect(border).toBeLessThan(0.06);
  });
});
