import { describe, expect, it } from 'vitest';
import { makeNode, makeValue } from '../../../../src/onnx/build.js';
import { readModel } from '../../../../src/onnx/file/read.js';
import { readWeighted } from '../../../../src/onnx/query/weighted.js';
import { dimsOf } from '../../../../src/onnx/tensor/tensor.js';
import { paddedChannels } from '../../../../src/quantize/int8-static/placement/channel-padding.js';
import {
  conv,
  floatValue,
  quantizeSmall,
  run,
  samplesOf,
  scratch,
  smallModel,
  weight,
} from '../../small-models.js';

const SHAPE = [1, 3, 12, 12];

/** Photographs: no pixel is negative, so that zero is the lowest level. */
const photographs = (count: number, brightness = 1) =>
  samplesOf(SHAPE, count).map(({ x }) => ({
    x: { ...x!, data: Float32Array.from(x!.data as Float32Array, (value) => Math.abs(value) * brightness) },
  }));
/** Half as bright as those for calibration: of its levels (at most 128) no two products saturate 16 bits on a CPU without VNNI,
 *  where the kernels of three and four channels add other pairs. */
const sample = photographs(9, 0.5).at(-1)!;

/** A photograph's first convolutions. */
function photograph({ channels = 16, opset = 17 } = {}) {
  return smallModel({
    inputs: [floatValue('x', SHAPE)],
    nodes: [
      conv('x', 'c', { weight: 'w', bias: 'b' }),
      makeNode('Relu', ['c'], ['r']),
      conv('r', 'y', { weight: 'w2' }),
    ],
    initializers: [
      weight('w', [channels, 3, 3, 3]),
      weight('b', [channels], 3),
      weight('w2', [16, channels, 3, 3], 5),
    ],
    opset,
  });
}

async function quantized(model: ReturnType<typeof photograph>, target: 'cpu' | 'arm64') {
  using place = scratch();
  const { result, file } = await quantizeSmall(model, place, {
    samples: photographs(8),
    saturationSafe: false,
    // Chosen by running candidates, which saturate on some CPUs.
    biasCorrection: false,
    rounding: 'nearest',
    target,
  });
  const { graph } = readModel(file);
  return {
    operators: graph.topologicalNodes().map(({ opType }) => opType),
    weights: [...graph.initializers.values()].map(dimsOf).filter(({ length }) => length === 4),
    notes: result.notes.map(({ code }) => code),
    output: (await run(file, sample)).y!.data,
  };
}

describe('a convolution that reads the model’s input', () => {
  it('gets zero channels until they come in fours, and not another bit comes out', async () => {
    const padded = await quantized(photograph(), 'cpu');
    const plain = await quantized(photograph(), 'arm64');
    expect(padded.operators.filter((opType) => opType === 'Pad')).toHaveLength(1);
    expect(padded.weights).toContainEqual([16, 4, 3, 3]);
    expect(padded.notes).not.toContain('quantize.not-fused');
    expect(plain.operators).not.toContain('Pad');
    expect(padded.output).toEqual(plain.output);
  });

  it('gets them in old models too, whose opset is raised to where Pad takes 8-bit integers', async () => {
    const { operators, notes } = await quantized(photograph({ opset: 9 }), 'cpu');
    expect(operators).toContain('Pad');
    expect(notes).toContain('quantize.opset-raised');
  });

  it('stays as it is with fewer output channels than the kernel takes, and behind other operators', () => {
    const channels = ({ graph }: ReturnType<typeof photograph>, output: string) =>
      paddedChannels(readWeighted(graph, graph.producer(output)!)!, graph);
    expect(channels(photograph(), 'c')).toBe(4);
    expect(channels(photograph({ channels: 8 }), 'c')).toBeNull();
    expect(channels(photograph(), 'y')).toBeNull();
  });

  it('shares its image with a reader that needs no padding', async () => {
    const model = smallModel({
      inputs: [floatValue('x', SHAPE)],
      outputs: [makeValue('y'), makeValue('z')],
      nodes: [
        conv('x', 'c', { weight: 'w' }),
        conv('x', 'd', { weight: 'few' }),
        makeNode('Relu', ['c'], ['r']),
        makeNode('Relu', ['d'], ['s']),
        conv('r', 'y', { weight: 'w2' }),
        conv('s', 'z', { weight: 'w3' }),
      ],
      initializers: [
        weight('w', [16, 3, 3, 3]),
        weight('few', [8, 3, 3, 3], 2),
        weight('w2', [16, 16, 3, 3], 5),
        weight('w3', [16, 8, 3, 3], 6),
      ],
    });
    const { operators, notes } = await quantized(model, 'cpu');
    expect(operators.filter((opType) => opType === 'Pad')).toHaveLength(1);
    expect(notes).not.toContain('quantize.not-fused');
  });
});
