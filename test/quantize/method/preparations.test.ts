/** A model that is prepared once for several files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { makeNode } from '../../../src/onnx/build.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import { staticPrologue } from '../../../src/quantize/int8-static/prologue.js';
import { Preparations, type StaticModel } from '../../../src/quantize/method/preparations.js';
import { quantizeModel } from '../../../src/quantize/quantize.js';
import {
  conv,
  DEFAULTS,
  dataset,
  floatValue,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  weight,
} from '../small-models.js';

const SHAPE = [1, 16, 16, 16];
const context = { runtime, log: SILENT, threads: 1 };

const network = () =>
  smallModel({
    inputs: [floatValue('x', SHAPE)],
    nodes: [conv('x', 'a', { weight: 'v' }), makeNode('Relu', ['a'], ['r']), conv('r', 'y', { weight: 'w' })],
    initializers: [weight('v', [16, 16, 3, 3], 1), weight('w', [16, 16, 3, 3], 2)],
  });

describe('preparations', () => {
  it('give every file what it would have alone, whatever files before it did', async () => {
    using place = scratch();
    const model = join(place.directory, 'model.onnx');
    writeModel(network(), model);
    const preparations = new Preparations(model);
    const made = async (name: string, include: string[] | null, shared: boolean) => {
      const out = join(place.directory, `${name}.onnx`);
      const options = { ...DEFAULTS, method: 'int8-static' as const, include, rounding: 'nearest' as const };
      const calibration = dataset(samplesOf(SHAPE));
      const request = { model, out, options, calibration, context, target: 'cpu' as const, verify: false };
      await quantizeModel({ ...request, ...(shared && { preparations }) });
      return readFileSync(out);
    };
    const layers = [['Conv'], ['y'], ['Conv'], ['y']];
    for (const [index, include] of layers.entries()) {
      // Channels are equalized, which changes weights.
      const [own, shared] = [await made('own', include, false), await made(`${index}`, include, true)];
      expect(shared.equals(own)).toBe(true);
    }
  });

  it('are of one model, target and sample', async () => {
    using place = scratch();
    const model = join(place.directory, 'model.onnx');
    writeModel(network(), model);
    const [first, second] = samplesOf(SHAPE, 2);
    const { types, widened, ...own } = await staticPrologue({
      model,
      options: DEFAULTS,
      target: 'cpu',
      context,
    });
    const made: StaticModel = {
      model: own.model,
      types,
      widened: widened ?? null,
      rewrites: {},
      declared: types,
      notes: [],
    };
    const preparations = new Preparations(model);
    let count = 0;
    const prepare = async () => {
      count++;
      return made;
    };
    const asked = { model, target: 'cpu' as const, sample: first! };
    const copy = await preparations.of(asked, prepare);
    await preparations.of({ ...asked, sample: structuredClone(first!) }, prepare);
    expect(count).toBe(1);
    expect(copy.model).not.toBe(made.model);
    for (const other of [
      { ...asked, sample: second! },
      { ...asked, target: 'wasm' as const },
      { ...asked, keepsSharing: true },
      { ...asked, inputShapes: new Map([['x', SHAPE]]) },
      { ...asked, model: join(place.directory, 'other.onnx') },
    ])
      await preparations.of(other, prepare);
    expect(count).toBe(6);
    // The first one is kept.
    await preparations.of(asked, prepare);
    expect(count).toBe(6);
  });
});
