import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { measureSensitivity } from '../../../src/auto/sensitivity/group-sensitivity.js';
import { StaticPlanner } from '../../../src/auto/sensitivity/static-plan.js';
import { SILENT } from '../../../src/log.js';
import { makeNode } from '../../../src/onnx/build.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import { findGroups } from '../../../src/quantize/int8-static/placement/groups.js';
import { prepareModel } from '../../../src/quantize/prepare/prepare.js';
import {
  conv,
  floats,
  floatValue,
  quantizeSmall,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../../quantize/small-models.js';
import { requestFor } from '../auto-request.js';

const samples = samplesOf([1, 4, 8, 8]).map((feeds, i) => ({ id: `${i}`, hash: `${i}`, feeds, label: null }));

/** 'b' has one channel that is a hundred times as loud as the rest and is muted again in 'c': 8 bits drown the others. */
const loud = () => {
  const louder = floats(8 * 8 * 9, 2, 0.3).map((value, i) => (i < 72 ? value * 100 : value));
  const muted = floats(8 * 8 * 9, 3, 0.3).map((value, i) =>
    Math.floor(i / 9) % 8 === 0 ? value / 100 : value,
  );
  return smallModel({
    nodes: [
      conv('x', 'a', { weight: 'k1' }),
      conv('a', 'b', { weight: 'k2' }),
      conv('b', 'c', { weight: 'k3' }),
      makeNode('Relu', ['c'], ['y']),
    ],
    initializers: [
      weight('k1', [8, 4, 3, 3]),
      makeTensor('k2', DataType.FLOAT, [8, 8, 3, 3], louder),
      makeTensor('k3', DataType.FLOAT, [8, 8, 3, 3], muted),
    ],
  });
};

async function sensitivityOf(directory: string) {
  const file = join(directory, 'float.onnx');
  writeModel(loud(), file);
  const prepared = await prepareModel(file, { context: { runtime, log: SILENT } });
  const { model, types } = prepared;
  const { groups } = findGroups(
    { graph: model.graph, types, opset: model.opset() },
    { excluded: () => null },
  );
  const sensitivity = await measureSensitivity({
    prepared,
    groups,
    samples,
    output: 'y',
    context: { runtime, log: SILENT, threads: 1 },
    budgetMs: 5000,
  });
  return new Map([...sensitivity!].map(([group, value]) => [group.node.name, value]));
}

describe('the sensitivity of groups', () => {
  it('is largest for the group whose range is spent on one channel', async () => {
    using place = scratch();
    const sensitivity = await sensitivityOf(place.directory);
    expect(sensitivity.get('b')! / sensitivity.get('a')!).toBeGreaterThan(10);
  });

  it('adds up to the noise of the quantized model', async () => {
    using place = scratch();
    const total = [...(await sensitivityOf(place.directory)).values()].reduce((sum, value) => sum + value, 0);
    const { file, float } = await quantizeSmall(loud(), place, { biasCorrection: false });
    const [a, b] = [await run(float, samples[0]!.feeds), await run(file, samples[0]!.feeds)];
    const seen = sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array);
    expect(Math.abs(-10 * Math.log10(total) - seen)).toBeLessThan(3);
  });
});

describe('plans within a noise budget', () => {
  it('give up the loudest group first, and everything for silence', async () => {
    using place = scratch();
    const file = join(place.directory, 'float.onnx');
    const kernel = (name: string, seed: number) => weight(name, [64, 64, 3, 3], seed);
    const model = smallModel({
      inputs: [floatValue('x', [1, 64, 28, 28])],
      nodes: [
        conv('x', 'a', { weight: 'k1' }),
        conv('a', 'b', { weight: 'k2' }),
        conv('b', 'c', { weight: 'k3' }),
        makeNode('Relu', ['c'], ['y']),
      ],
      initializers: [kernel('k1', 1), kernel('k2', 2), kernel('k3', 3)],
    });
    writeModel(model, file);
    const large = samplesOf([1, 64, 28, 28], 2).map((feeds, i) => ({
      id: `${i}`,
      hash: `${i}`,
      feeds,
      label: null,
    }));
    const request = {
      ...requestFor(model, place.directory, { shape: [1, 64, 28, 28], samples: 2 }),
      verify: false,
    };
    const planner = await StaticPlanner.make({ request, samples: large, directory: place.directory });
    expect(await planner.measureSensitivity('y', 5000)).toBe(true);
    const fastest = planner.fastest();
    expect(fastest).toEqual(expect.arrayContaining(['a', 'b']));
    const quieter = planner.quieter(0.5);
    expect(quieter.length).toBeLessThan(fastest.length);
    expect(fastest).toEqual(expect.arrayContaining(quieter));
    expect(planner.quieter(0)).toEqual([]);
    const measured = await planner.measureCosts();
    const again = await StaticPlanner.make({ request, samples: large, directory: place.directory }, measured);
    expect(measured.groups.size).toBeGreaterThan(0);
    expect(again.fastest()).toEqual(planner.fastest());
  });
});
