import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makePlain } from '../../../src/auto/candidates/plain-method.js';
import { applyStages } from '../../../src/auto/plan/apply-plan.js';
import { makeNode } from '../../../src/onnx/build.js';
import { quantizeModel } from '../../../src/quantize/quantize.js';
import { floatValue, run, samplesOf, scratch, smallModel, weight } from '../../quantize/small-models.js';
import { requestFor } from '../auto-request.js';

/** A convolution, a product that pays in 8 bits and one that is too small to. */
const network = () =>
  smallModel({
    inputs: [floatValue('x', [1, 16, 12, 12])],
    nodes: [
      makeNode('Conv', ['x', 'k'], ['c'], {
        name: 'convolution',
        attributes: { pads: { ints: [1, 1, 1, 1] } },
      }),
      makeNode('Relu', ['c'], ['r']),
      makeNode('GlobalAveragePool', ['r'], ['p']),
      makeNode('Flatten', ['p'], ['f']),
      makeNode('MatMul', ['f', 'large'], ['m'], { name: 'large product' }),
      makeNode('MatMul', ['m', 'small'], ['y'], { name: 'small product' }),
    ],
    initializers: [
      weight('k', [64, 16, 3, 3], 1),
      weight('large', [64, 512], 2),
      weight('small', [512, 16], 3),
    ],
  });

/** The network's file, and what makes one of it at `out`, and another at `again`. */
function requestIn(directory: string) {
  const [out, again] = ['plain', 'again'].map((name) => join(directory, `${name}.onnx`)) as [string, string];
  // Whether the file is faster depends on the machine.
  const request = { ...requestFor(network(), directory, { shape: [1, 16, 12, 12] }), verify: false };
  return { request, out, again };
}

it.each(['int8-static', 'int8-dynamic', 'int8-weights'] as const)(
  'the stages that tell what %s did make the same file again',
  async (method) => {
    using place = scratch();
    const { request, out, again } = requestIn(place.directory);
    const plain = await makePlain(method, { ...request, out }, quantizeModel);
    const stages = plain!.stages;
    expect(stages[0]!.method).toBe(method);
    await applyStages({ ...request, out: again }, stages);
    expect(readFileSync(again).equals(readFileSync(out))).toBe(true);
  },
);

it.each(['int8-dynamic', 'int8-weights'] as const)(
  'the stages that tell what a repaired %s did keep in 12 bits the weights that it left',
  async (method) => {
    using place = scratch();
    const { request, out, again } = requestIn(place.directory);
    const plain = await makePlain(method, { ...request, out }, (asked) =>
      quantizeModel({ ...asked, options: { ...asked.options, leftNames: ['convolution'] } }),
    );
    expect(plain!.stages.at(-1)).toEqual({ method: 'fine-weights', operators: ['convolution'] });
    await applyStages({ ...request, out: again }, plain!.stages);
    const [sample] = samplesOf([1, 16, 12, 12]);
    expect(await run(again, sample!)).toEqual(await run(out, sample!));
    expect(statSync(again).size).toBe(statSync(out).size);
  },
);
