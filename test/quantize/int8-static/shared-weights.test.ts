/** A weight with several readers is stored once, whatever each of them reads. */
import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import {
  conv,
  floatValue,
  type Quantized,
  quantizeSmall,
  run,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../small-models.js';

const LEVELS = [0, 1, 2];

/** A head of two convolutions over an image and its halves, as detectors have it. */
const sharedHead = () =>
  smallModel({
    inputs: [floatValue('x', [1, 32, 16, 16])],
    outputs: LEVELS.map((level) => floatValue(`y${level}`, [1, 32, 1, 1])),
    nodes: LEVELS.flatMap((level) => [
      ...(level > 0 ? [pool(level === 1 ? 'x' : `p${level - 1}`, `p${level}`)] : []),
      conv(level === 0 ? 'x' : `p${level}`, `a${level}`, { weight: 'wa', bias: 'ba' }),
      makeNode('Relu', [`a${level}`], [`r${level}`]),
      conv(`r${level}`, `b${level}`, { weight: 'wb', bias: 'bb' }),
      makeNode('GlobalAveragePool', [`b${level}`], [`y${level}`]),
    ]),
    initializers: [
      weight('wa', [32, 32, 3, 3], 2),
      weight('ba', [32], 3),
      weight('wb', [32, 32, 3, 3], 4),
      weight('bb', [32], 5),
    ],
  });

const pool = (input: string, output: string) =>
  makeNode('AveragePool', [input], [output], {
    attributes: { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } },
  });

const samples = samplesOf([1, 32, 16, 16], 4);

const sizeRatio = ({ file, float }: Quantized) => statSync(file).size / statSync(float).size;

async function worstSqnr({ file, float }: Quantized): Promise<number> {
  const [feeds] = samplesOf([1, 32, 16, 16], 1);
  const [expected, actual] = [await run(float, feeds!), await run(file, feeds!)];
  const ratios = Object.entries(expected).map(([name, { data }]) =>
    sqnr(data as Float32Array, actual[name]!.data as Float32Array),
  );
  return Math.min(...ratios);
}

/** Names of 8-bit weights of convolutions, one for each reader. */
const weightsRead = (file: string) => {
  const { graph } = readModel(file);
  return graph.nodes
    .filter(({ opType }) => opType === 'Conv')
    .map(({ input }) => graph.producer(input[1]!)!.input[0]!);
};

describe('int8-static on shared weights', () => {
  it.each([
    ['by default', {}],
    ['with equalization', { equalization: true }],
    ['with adaptive rounding', { rounding: 'adaptive' as const }],
  ])('stores a weight once for all readers, %s', async (_, options) => {
    using place = scratch();
    const quantized = await quantizeSmall(sharedHead(), place, { samples, ...options });
    expect(weightsRead(quantized.file)).toHaveLength(6);
    expect(new Set(weightsRead(quantized.file)).size).toBe(2);
    expect(sizeRatio(quantized)).toBeLessThan(0.5);
    expect(await worstSqnr(quantized)).toBeGreaterThan(30);
  });
});
