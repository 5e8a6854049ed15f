import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../src/onnx/build.js';
import {
  activationParameters,
  tensorsToCalibrate,
} from '../../../src/quantize/int8-static/activation-parameters.js';
import { findGroups } from '../../../src/quantize/int8-static/placement/groups.js';
import { inferTypes } from '../../../src/quantize/prepare/prepare.js';
import { conv, runtime, smallModel, weight } from '../small-models.js';

const UINT8 = { type: 'uint8', symmetry: 'affine' } as const;

/** conv → pooled → transposed → conv: what lies between takes over the first one's range. */
async function chain() {
  const model = smallModel({
    nodes: [
      conv('x', 'a', { weight: 'w' }),
      makeNode('MaxPool', ['a'], ['p'], { attributes: { kernel_shape: { ints: [2, 2] } } }),
      makeNode('Sigmoid', ['p'], ['s']),
      makeNode('Transpose', ['s'], ['t'], { attributes: { perm: { ints: [0, 1, 3, 2] } } }),
      conv('t', 'c', { weight: 'v' }),
      makeNode('Relu', ['c'], ['y']),
    ],
    initializers: [weight('w', [8, 4, 3, 3]), weight('v', [8, 8, 3, 3])],
    outputs: [],
  });
  const { graph } = model;
  const types = await inferTypes(model, { context: { runtime } });
  const { groups } = findGroups({ graph, types, opset: 17 }, { excluded: () => null });
  const of = (...opTypes: string[]) => groups.filter(({ node }) => opTypes.includes(node.opType));
  return { graph, groups, of };
}

describe('activation parameters', () => {
  it('are there for what groups read whose writers were taken back after calibration', async () => {
    const { graph, groups, of } = await chain();
    const calibrated = new Map(tensorsToCalibrate(groups).map((name) => [name, { min: -1, max: 3 }]));
    expect([...calibrated.keys()]).not.toContain('t');
    const whole = activationParameters(groups, calibrated, { graph, scheme: UINT8 });
    for (const rest of [
      of('Conv'),
      of('Conv', 'Transpose'),
      of('Conv', 'Sigmoid'),
      of('MaxPool', 'Transpose'),
    ]) {
      const parameters = activationParameters(rest, calibrated, { graph, scheme: UINT8 });
      for (const name of rest.flatMap(({ inputs }) => inputs)) {
        expect([name, parameters.get(name)]).toEqual([name, whole.get(name)]);
      }
    }
  });
});
