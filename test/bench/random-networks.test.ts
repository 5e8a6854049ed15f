/** The seeded networks that peers are compared on: the real architectures, with activations that neither die nor explode. */
import { describe, expect, it } from 'vitest';
import { buildRandomNetwork } from '../../bench/peers/random-networks.js';
import { seededImage } from '../../bench/peers/seeded-images.js';
import { encodeModel } from '../../src/onnx/file/write.js';
import { loadRuntime } from '../../src/runtime/load.js';
import { elementCount } from '../../src/tensor/dims.js';

const runtime = await loadRuntime();

describe('random networks', () => {
  // Weights of torchvision's models; the running statistics of their normalizations are not counted.
  it.each([
    ['mobilenetv2', 3_504_872, 53],
    ['resnet50', 25_557_032, 54],
  ] as const)(
    '%s has the size of the real one, and its answers depend on the image',
    async (name, parameters, weighted) => {
      const model = await buildRandomNetwork(name, { seed: 1, runtime });
      const { initializers, nodes } = model.graph;
      const counted = [...initializers.values()].filter(
        ({ name: tensor }) => !/\.(mean|variance)$|^(zero|six)$/.test(tensor),
      );
      expect(counted.reduce((sum, { dims }) => sum + elementCount(dims), 0)).toBe(parameters);
      expect(nodes.filter(({ opType }) => opType === 'Conv' || opType === 'Gemm')).toHaveLength(weighted);
      const session = await runtime.open(encodeModel(model), { threads: 1 });
      const answers: Float32Array[] = [];
      for (const seed of [1, 2]) {
        const { dims, data } = seededImage(seed);
        const { logits } = await session.run({ input: { type: 'float32', dims, data } });
        answers.push((logits!.data as Float32Array).slice());
      }
      await session.release();
      const [one, other] = answers as [Float32Array, Float32Array];
      const rms = Math.sqrt(one.reduce((sum, value) => sum + value * value, 0) / one.length);
      const difference = Math.sqrt(
        one.reduce((sum, value, i) => sum + (value - other[i]!) ** 2, 0) / one.length,
      );
      expect(rms).toBeGreaterThan(0.1);
      expect(rms).toBeLessThan(10);
      expect(difference / rms).toBeGreaterThan(0.2);
    },
    120_000,
  );
});

describe('seeded images', () => {
  it('are the same for the same seed, differ for others, and are spread like normalized photographs', () => {
    const image = seededImage(3).data;
    expect(seededImage(3).data).toEqual(image);
    expect(seededImage(4).data).not.toEqual(image);
    const mean = image.reduce((sum, value) => sum + value, 0) / image.length;
    const deviation = Math.sqrt(image.reduce((sum, value) => sum + (value - mean) ** 2, 0) / image.length);
    expect(Math.abs(mean)).toBeLessThan(1);
    expect(deviation).toBeGreaterThan(0.3);
    expect(deviation).toBeLessThan(1.5);
  });
});
