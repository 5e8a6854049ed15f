/** Whatever happens on the way, what lies under the file's name is complete and checked, or what was there before. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Interrupted, UserError } from '../../src/errors.js';
import { SILENT } from '../../src/log.js';
import { makeNode } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import type { QuantizeRequest } from '../../src/quantize/method/request.js';
import { quantizeModel } from '../../src/quantize/quantize.js';
import type { Runtime } from '../../src/runtime/runtime.js';
import { conv, DEFAULTS, dataset, runtime, samplesOf, scratch, smallModel, weight } from './small-models.js';

const network = smallModel({
  nodes: [
    conv('x', 'c', { weight: 'w' }),
    makeNode('Relu', ['c'], ['r']),
    conv('r', 's', { weight: 'v' }),
    makeNode('Sigmoid', ['s'], ['y']),
  ],
  initializers: [weight('w', [8, 4, 3, 3]), weight('v', [8, 8, 3, 3], 2)],
});

function requestIn(directory: string, changes: Partial<QuantizeRequest> = {}): QuantizeRequest {
  const model = join(directory, 'float.onnx');
  writeModel(network, model);
  return {
    model,
    out: join(directory, 'int8.onnx'),
    options: { ...DEFAULTS, include: ['*'] },
    target: 'cpu',
    calibration: dataset(samplesOf([1, 4, 8, 8])),
    context: { runtime, log: SILENT },
    verify: true,
    ...changes,
  };
}

/** A runtime that breaks when the finished file is checked. */
function breaking(error: Error): Runtime {
  const broken: Runtime = Object.create(runtime);
  broken.open = (model, options) =>
    options?.graphOptimizationLevel === 'extended' ? Promise.reject(error) : runtime.open(model, options);
  return broken;
}

describe('the file that is made', () => {
  it.each([new Interrupted('interrupted'), new UserError('model.refused', 'refused'), new Error('a bug')])(
    'is not there before it was checked: %s',
    async (error) => {
      using place = scratch();
      const request = requestIn(place.directory, { context: { runtime: breaking(error), log: SILENT } });
      await expect(quantizeModel(request)).rejects.toThrow(error.message);
      expect(readdirSync(place.directory)).toEqual(['float.onnx']);
      writeFileSync(request.out, 'made before');
      await expect(quantizeModel(request)).rejects.toThrow(error.message);
      expect(readFileSync(request.out, 'utf8')).toBe('made before');
    },
  );

  it('replaces what was there, and leaves nothing beside it', async () => {
    using place = scratch();
    const request = requestIn(place.directory);
    writeFileSync(request.out, 'made before');
    // A process that is gone left this.
    writeFileSync(`${request.out}.999999999.tmp`, '');
    const { file } = await quantizeModel(request);
    expect(file).toBe(request.out);
    expect(readdirSync(place.directory).sort()).toEqual(['float.onnx', 'int8.onnx']);
    await (await runtime.open(file)).release();
  });

  it('is refused by its own name where it can not be written', async () => {
    using place = scratch();
    const out = join(place.directory, 'missing', 'int8.onnx');
    await expect(quantizeModel(requestIn(place.directory, { out }))).rejects.toThrow(
      new RegExp(`Model ${out} can't be written: ENOENT`),
    );
  });
});
