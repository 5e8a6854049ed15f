import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Interrupted } from '../../../src/errors.js';
import { SILENT } from '../../../src/log.js';
import { makeNode } from '../../../src/onnx/build.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import { quantizeModel } from '../../../src/quantize/quantize.js';
import { DEFAULTS, floatValue, runtime, scratch, smallModel, weight } from '../small-models.js';

it('rounding to the nearest says how far it is, and ends between two weights when it is interrupted', async () => {
  using place = scratch();
  const float = join(place.directory, 'float.onnx');
  const names = ['x', 'a', 'b', 'y'];
  writeModel(
    smallModel({
      inputs: [floatValue('x', ['rows', 160])],
      nodes: names.slice(1).map((name, at) => makeNode('MatMul', [names[at]!, `w${at}`], [name])),
      initializers: [0, 1, 2].map((at) => weight(`w${at}`, [160, 160], at + 1)),
    }),
    float,
  );
  const stop = new AbortController();
  const steps: [number, number][] = [];
  const progress = (_: string, done: number, total: number) => {
    steps.push([done, total]);
    if (done === 2) stop.abort();
  };
  const out = join(place.directory, 'q.onnx');
  const made = quantizeModel({
    model: float,
    out,
    options: { ...DEFAULTS, method: 'int4-weights' },
    target: 'cpu',
    calibration: null,
    context: { runtime, log: { ...SILENT, progress }, signal: stop.signal },
    verify: true,
  });
  await expect(made).rejects.toThrow(Interrupted);
  expect(steps).toEqual([
    [1, 3],
    [2, 3],
  ]);
  expect(existsSync(out)).toBe(false);
  expect(readdirSync(place.directory)).toEqual(['float.onnx']);
});
