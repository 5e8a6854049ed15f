/** What int8-static tells the check that follows it. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { makeNode } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { Evidence } from '../../../src/quantize/method/evidence.js';
import { quantizeModel } from '../../../src/quantize/quantize.js';
import { verifyFile } from '../../../src/verify/proof/verify-file.js';
import {
  conv,
  DEFAULTS,
  dataset,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  weight,
} from '../small-models.js';

const SHAPE = [1, 4, 8, 8];

describe('the evidence of int8-static', () => {
  it('holds what the original gives for the first samples, and that the file ran at `extended`', async () => {
    using place = scratch();
    const [model, out] = [join(place.directory, 'float.onnx'), join(place.directory, 'int8.onnx')];
    const nodes = [
      conv('x', 'a', { weight: 'wa' }),
      conv('a', 'b', { weight: 'wb' }),
      makeNode('Exp', ['b'], ['y']),
    ];
    const initializers = [weight('wa', [8, 4, 3, 3]), weight('wb', [8, 8, 3, 3])];
    writeModel(smallModel({ nodes, initializers }), model);
    const samples = samplesOf(SHAPE, 20);
    const evidence = new Evidence();
    await quantizeModel({
      model,
      out,
      options: { ...DEFAULTS, include: ['*'] },
      target: 'cpu',
      calibration: dataset(samples),
      context: { runtime, log: SILENT, threads: 1 },
      verify: true,
      evidence,
    });
    expect([...evidence.ranAt]).toEqual(['extended']);
    const known = [...evidence.originals].slice(0, 8);
    expect(known.map(([feeds]) => feeds.x!.data)).toEqual(samples.slice(0, 8).map(({ x }) => x!.data));
    const [feeds, outputs] = known[3]!;
    expect(outputs.y!.data).toEqual((await run(model, feeds)).y!.data);
  });
});

describe('int8-static made again', () => {
  it('with other samples takes their ranges, and keeps the integers of its weights', async () => {
    using place = scratch();
    const [model, out, again] = ['float', 'int8', 'again'].map((name) =>
      join(place.directory, `${name}.onnx`),
    );
    const nodes = [conv('x', 'a', { weight: 'wa' }), conv('a', 'y', { weight: 'wb' })];
    const initializers = [weight('wa', [8, 4, 3, 3]), weight('wb', [8, 8, 3, 3])];
    writeModel(smallModel({ nodes, initializers }), model!);
    const samples = samplesOf(SHAPE, 20);
    const louder = samples.map(({ x }) => ({
      x: { ...x!, data: Float32Array.from(x!.data as Float32Array, (value) => 3 * value) },
    }));
    const evidence = new Evidence();
    const request = {
      model: model!,
      out: out!,
      options: { ...DEFAULTS, include: ['*'] },
      target: 'cpu' as const,
      calibration: dataset(samples),
      context: { runtime, log: SILENT, threads: 1 },
      verify: true,
      evidence,
    };
    await quantizeModel(request);
    await evidence.remake!({
      ...request,
      calibration: dataset(louder),
      verify: false,
      isTry: true,
      out: again!,
    });
    const constants = (file: string) => readModel(file).proto.graph!.initializer;
    const kernels = (file: string) =>
      constants(file)
        .filter(({ dataType }) => dataType === DataType.INT8)
        .map(({ rawData }) => [...rawData]);
    expect(kernels(again!)).toEqual(kernels(out!));
    expect(kernels(out!)).not.toEqual([]);
    const ofInput = (file: string) => {
      const { graph } = readModel(file);
      const node = graph.nodes.find(({ opType, input }) => opType === 'QuantizeLinear' && input[0] === 'x')!;
      return graph.floats(node.input[1]!)[0]!;
    };
    expect(ofInput(again!) / ofInput(out!)).toBeCloseTo(3);
  });
});

describe('the check of a file', () => {
  it('compares with what is known of the original instead of running it', async () => {
    using place = scratch();
    const model = join(place.directory, 'float.onnx');
    writeModel(smallModel({ nodes: [makeNode('Relu', ['x'], ['y'])] }), model);
    const samples = samplesOf(SHAPE, 2);
    const request = { original: model, file: model, target: 'cpu' as const, samples, representative: true };
    const context = { runtime, log: SILENT, threads: 1 };
    const expected = samples.map(({ x }): (typeof samples)[0] => ({
      y: { ...x!, data: Float32Array.from(x!.data as Float32Array, (value) => 2 * Math.max(0, value)) },
    }));
    const { sqnr, samples: count } = await verifyFile({ ...request, floor: 15, context, expected });
    // Half of the signal is missing.
    expect(sqnr).toBeCloseTo(10 * Math.log10(4));
    expect(count).toBe(2);
  });

  it('counts levels at which the file has run already', async () => {
    using place = scratch();
    const model = join(place.directory, 'float.onnx');
    writeModel(smallModel({ nodes: [makeNode('Relu', ['x'], ['y'])] }), model);
    const { levels, state } = await verifyFile({
      original: model,
      file: model,
      target: 'cpu',
      samples: samplesOf(SHAPE, 1),
      representative: true,
      ranAt: new Set(['extended']),
      floor: 15,
      context: { runtime, log: SILENT, threads: 1 },
    });
    expect({ levels, state }).toEqual({ levels: ['disabled', 'basic', 'extended', 'all'], state: 'full' });
  });
});
