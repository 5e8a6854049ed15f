/** Two linear layers with an activation between them, and inputs that a fit of their weights gains from. */
import { makeNode } from '../../src/onnx/build.js';
import type { Model } from '../../src/onnx/model.js';
import type { Feeds } from '../../src/tensor/tensor.js';
import { floats, floatValue, smallModel, weight } from './small-models.js';

/** Inputs of the first layer. */
export const DEPTH = 160;

export function twoProducts(): Model {
  return smallModel({
    inputs: [floatValue('x', ['rows', DEPTH])],
    nodes: [
      makeNode('MatMul', ['x', 'w1'], ['a'], { name: 'first' }),
      makeNode('Relu', ['a'], ['r']),
      makeNode('MatMul', ['r', 'w2'], ['y'], { name: 'second' }),
    ],
    initializers: [weight('w1', [DEPTH, 192]), weight('w2', [192, 144], 5)],
  });
}

/** Inputs that go together, as those of real layers do: so the errors of their weights add up, or cancel out.
 *  @param causes how many of them make all inputs of a row. @param noise what each input has of its own. */
export function samplesWithCauses(
  count: number,
  seed: number,
  { rows, causes: hidden, noise }: { rows: number; causes: number; noise: number },
): Feeds[] {
  const mix = floats(hidden * DEPTH, 77);
  return Array.from({ length: count }, (_, sample) => {
    const causes = floats(rows * hidden, seed + sample);
    const data = floats(rows * DEPTH, seed + 500 + sample, noise);
    for (let row = 0; row < rows; row++) {
      for (let k = 0; k < DEPTH; k++)
        for (let h = 0; h < hidden; h++)
          data[row * DEPTH + k]! += causes[row * hidden + h]! * mix[h * DEPTH + k]!;
    }
    return { x: { type: 'float32' as const, dims: [rows, DEPTH], data } };
  });
}
