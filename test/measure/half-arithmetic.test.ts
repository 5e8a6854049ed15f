import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { toHalf } from '../../src/tensor/half.js';
import type { Feeds } from '../../src/tensor/tensor.js';
import { dataset, floatValue, samplesOf, scratch, smallModel } from '../quantize/small-models.js';
import { evaluatedFiles } from './evaluated-files.js';

const { FLOAT, FLOAT16 } = DataType;

const scalar = (name: string, value: number, dataType: DataType) =>
  makeTensor(
    name,
    dataType,
    [],
    dataType === FLOAT16 ? toHalf(Float32Array.of(value)) : Float32Array.of(value),
  );

/** y = x · grow · shrink; in half precision between two Casts, or with half inputs and outputs. */
function scaled(
  dataType: DataType,
  { grow, shrink, ends = FLOAT }: { grow: number; shrink: number; ends?: DataType },
): Model {
  const product = [makeNode('Mul', ['a', 'grow'], ['b']), makeNode('Mul', ['b', 'shrink'], ['c'])];
  const casts = (from: string, to: string, to16: DataType) =>
    makeNode('Cast', [from], [to], { attributes: { to: { int: to16 } } });
  return smallModel({
    inputs: [makeValue('x', ends, ['N', 64])],
    outputs: [makeValue('y', ends)],
    nodes: [casts('x', 'a', dataType), ...product, casts('c', 'y', ends)],
    initializers: [scalar('grow', grow, dataType), scalar('shrink', shrink, dataType)],
  });
}

async function judged(
  original: Model,
  variant: Model,
  { provider = 'cpu', samples = samplesOf([1, 64]) }: { provider?: string; samples?: Feeds[] } = {},
) {
  using place = scratch();
  const [file, half] = [join(place.directory, 'float.onnx'), join(place.directory, 'half.onnx')];
  writeModel(original, file);
  writeModel(variant, half);
  const { measurements, notes } = await evaluatedFiles({
    files: { original: file, half },
    evaluation: dataset(samples),
    provider,
    directory: place.directory,
  });
  return { sqnr: measurements.find(({ metric }) => metric === 'fidelity.sqnr')!, notes };
}

describe('half precision on the CPU', () => {
  it('is judged as half precision: what overflows is invalid, though the CPU provider computes it in float32', async () => {
    const [grow, shrink] = [60000, 1 / 60000];
    const { sqnr, notes } = await judged(
      scaled(FLOAT, { grow, shrink }),
      scaled(FLOAT16, { grow, shrink: 1 / 4096 }),
    );
    expect(sqnr.status).toBe('invalid');
    expect(sqnr.reason).toMatch(/infinite/);
    expect(notes.map(({ code, variant }) => [code, variant])).toContainEqual(['accuracy.half', 'half']);
  });

  it('costs what rounding to 11 bits costs, and the figure says in which arithmetic it was taken', async () => {
    const options = { grow: 3, shrink: 0.25 };
    const { sqnr, notes } = await judged(scaled(FLOAT, options), scaled(FLOAT16, options));
    // Three roundings of relative error below 2^-11 each.
    expect(sqnr.value).toBeGreaterThan(62);
    expect(sqnr.value).toBeLessThan(80);
    expect(sqnr.details).toMatchObject({ arithmetic: 'float16' });
    expect(notes[0]!.message).toMatch(/^Judged in half arithmetic.*Size, latency and memory/);
  });

  it('is so too where inputs and outputs are half', async () => {
    const options = { grow: 60000, shrink: 1 / 4096 };
    const halves = { type: 'float16', dims: [1, 64], data: toHalf(new Float32Array(64).fill(2)) } as const;
    const { sqnr } = await judged(
      smallModel({
        inputs: [makeValue('x', FLOAT16, ['N', 64])],
        outputs: [makeValue('y', FLOAT16)],
        nodes: [makeNode('Mul', ['x', 'factor'], ['y'])],
        initializers: [scalar('factor', options.grow * options.shrink, FLOAT16)],
      }),
      scaled(FLOAT16, { ...options, ends: FLOAT16 }),
      { samples: [{ x: halves }] },
    );
    expect(sqnr.status).toBe('invalid');
  });

  it('reads half constants of nodes as well as initializers', async () => {
    const constant = makeNode('Constant', [], ['grow'], {
      attributes: { value: { tensor: scalar('', 60000, FLOAT16) } },
    });
    const options = { grow: 60000, shrink: 1 / 4096 };
    const model = scaled(FLOAT16, options);
    model.graph.removeInitializer('grow');
    model.graph.addNode(constant);
    const { sqnr } = await judged(scaled(FLOAT, options), model);
    expect(sqnr.reason).toMatch(/infinite/);
  });

  it('is told as float32 where bodies of If, Loop or Scan hold it', async () => {
    const options = { grow: 3, shrink: 0.25 };
    const branch = () => {
      const inner = smallModel({
        inputs: [],
        outputs: [makeValue('branch', FLOAT16)],
        nodes: [makeNode('Mul', ['c', 'factor'], ['branch'])],
        initializers: [scalar('factor', 1, FLOAT16)],
      });
      return inner.graph.commit();
    };
    const model = smallModel({
      inputs: [floatValue('x', ['N', 64])],
      nodes: [
        makeNode('Cast', ['x'], ['a'], { attributes: { to: { int: FLOAT16 } } }),
        makeNode('Mul', ['a', 'scale'], ['c']),
        makeNode('If', ['yes'], ['d'], {
          attributes: { then_branch: { graph: branch() }, else_branch: { graph: branch() } },
        }),
        makeNode('Cast', ['d'], ['y'], { attributes: { to: { int: FLOAT } } }),
      ],
      initializers: [scalar('scale', 0.75, FLOAT16), makeTensor('yes', DataType.BOOL, [], Uint8Array.of(1))],
    });
    const { sqnr, notes } = await judged(scaled(FLOAT, options), model);
    expect(sqnr.status).toBe('ok');
    expect(sqnr.details).not.toHaveProperty('arithmetic');
    expect(notes).toMatchObject([{ code: 'accuracy.half-as-float32', level: 'warn', variant: 'half' }]);
  });

  it('is not looked for in a float32 file', async () => {
    const options = { grow: 3, shrink: 0.25 };
    const { notes, sqnr } = await judged(scaled(FLOAT, options), scaled(FLOAT, options));
    expect(notes).toEqual([]);
    expect(sqnr.value).toBeGreaterThan(100);
  });
});
