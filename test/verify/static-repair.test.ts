/** The repair of int8-static: from what its first file found out. */
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultQuantize } from '../../src/config/defaults.js';
import type { Dataset } from '../../src/data/samples/dataset.js';
import { SILENT } from '../../src/log.js';
import { makeNode } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { Evidence } from '../../src/quantize/method/evidence.js';
import { quantizeModel } from '../../src/quantize/quantize.js';
import { quantizeVerified } from '../../src/verify/verified-variant.js';
import { clockedRuntime } from '../quantize/clock.js';
import {
  conv,
  dataset,
  floatValue,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  weight,
} from '../quantize/small-models.js';

/** Convolutions of which the second makes a channel much larger than the others, which the third passes over: its name is that of an operator
 *  type. */
function withLargeChannel(): Model {
  const channels = 16;
  const large = floatsOf(weight('v', [channels, channels, 3, 3]).rawData);
  large.subarray(0, channels * 9).forEach((value, at) => {
    large[at] = 2000 * value;
  });
  const passing = floatsOf(weight('u', [channels, channels, 3, 3], 3).rawData);
  for (let output = 0; output < channels; output++)
    passing.fill(0, output * channels * 9, output * channels * 9 + 9);
  const dims = [channels, channels, 3, 3];
  return smallModel({
    inputs: [floatValue('x', [1, 4, 16, 16])],
    nodes: [
      conv('x', 'a', { weight: 'w' }),
      conv('a', 'b', { weight: 'v' }),
      { ...conv('b', 'c', { weight: 'u' }), name: 'Conv' },
      conv('c', 'd', { weight: 't' }),
      conv('d', 'e', { weight: 't' }),
      conv('e', 'f', { weight: 't' }),
      makeNode('Tanh', ['f'], ['y']),
    ],
    initializers: [
      weight('w', [channels, 4, 3, 3], 4),
      makeTensor('v', DataType.FLOAT, dims, large),
      makeTensor('u', DataType.FLOAT, dims, passing),
      weight('t', dims, 5),
    ],
  });
}

function floatsOf(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes.slice().buffer);
}

/** How often its samples were asked for. */
function counted(data: Dataset): Dataset & { reads: number } {
  return {
    ...data,
    reads: 0,
    samples() {
      this.reads++;
      return data.samples();
    },
  };
}

async function made(repair: boolean) {
  using place = scratch();
  const model = join(place.directory, 'float.onnx');
  writeModel(withLargeChannel(), model);
  const out = join(place.directory, 'q.onnx');
  // Whether 8 bits pay on this machine is no matter here.
  const timed = clockedRuntime((file) => (file.endsWith('q.onnx') ? 5 : 10));
  const calibration = counted(dataset(samplesOf([1, 4, 16, 16], 8)));
  const result = await quantizeVerified({
    model,
    out,
    options: { ...defaultQuantize('int8-static') },
    target: 'cpu',
    calibration,
    context: { runtime: timed, log: SILENT, threads: 1 },
    verify: true,
    repair,
  });
  const became = Object.fromEntries(result.decisions.map(({ node, became }) => [node, became]));
  return { ...result, became, reads: calibration.reads };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a repair of int8-static', () => {
  it('knows what a file would take with layers left as they are: more, and float for what is left', async () => {
    using place = scratch();
    const model = join(place.directory, 'model.onnx');
    writeModel(withLargeChannel(), model);
    const evidence = new Evidence();
    const options = { ...defaultQuantize('int8-static', {}), rounding: 'nearest' as const };
    const { provenance } = await quantizeModel({
      ...{ model, out: join(place.directory, 'out.onnx'), options, target: 'cpu', evidence },
      calibration: dataset(samplesOf([1, 4, 16, 16])),
      context: { runtime, log: SILENT, threads: 1 },
      verify: false,
    });
    const { float, planned } = provenance.estimate as Record<'float' | 'planned', number>;
    const costOf = (leftNames: string[]) => evidence.plannedCost!({ ...options, leftNames });
    expect(costOf([])).toBeCloseTo(planned);
    expect(costOf(['b'])).toBeGreaterThan(planned);
    const all = ['a', 'b', 'Conv', 'd', 'e', 'f'];
    expect(costOf(all)).toBeCloseTo(float);
    expect([...evidence.leastCosts!.keys()].toSorted()).toEqual(all.toSorted());
    for (const [name, least] of evidence.leastCosts!)
      expect(costOf([name]) - planned).toBeGreaterThanOrEqual(least);
    evidence.close();
  });

  it('reads no sample again, and leaves a layer named like an operator type without others of that type', async () => {
    const plain = await made(false);
    const repaired = await made(true);
    expect(plain.verification.sqnr).toBeLessThan(15);
    expect(repaired.verification.sqnr).toBeGreaterThan(15);
    expect(repaired.verification.repaired).toContain('Conv');
    expect(Object.values(repaired.became)).toContain('QLinearConv');
    expect(repaired.reads).toBe(plain.reads);
  });
});
