import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { QuantizeConfig } from '../../src/config/config.js';
import { defaultQuantize } from '../../src/config/defaults.js';
import { SILENT } from '../../src/log.js';
import { makeNode } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import { quantizeVerified } from '../../src/verify/verified-variant.js';
import {
  dataset,
  floatValue,
  run,
  runtime,
  samplesOf,
  scratch,
  smallModel,
  sqnr,
  weight,
} from '../quantize/small-models.js';
import { samplesWithCauses, twoProducts } from '../quantize/two-products.js';

const KIND = { rows: 5, causes: 6, noise: 0.1 };
const samples = samplesWithCauses(16, 100, KIND);

async function made(place: { directory: string }, options: Partial<QuantizeConfig>) {
  const [file, out] = [join(place.directory, 'float.onnx'), join(place.directory, 'q.onnx')];
  writeModel(twoProducts(), file);
  const { verification, notes } = await quantizeVerified({
    ...{ model: file, out, target: 'cpu', calibration: dataset(samples), verify: true, repair: true },
    options: { ...defaultQuantize('int4-weights'), ...options },
    context: { runtime, log: SILENT, threads: 1 },
  });
  const told = notes.find(({ code }) => code === 'quantize.weights-fitted')?.message ?? '';
  return { verification, told, file, out };
}

describe('the figure of a check on samples that weights were fitted to', () => {
  it('is told as such, and no bound for others is stated', async () => {
    using place = scratch();
    const { verification, told, file, out } = await made(place, {});
    expect(verification).toMatchObject({ state: 'full', fitted: true });
    expect(verification).not.toHaveProperty('bound');
    expect(told).toContain(
      `The SQNR of the check, ${verification.sqnr!.toFixed(1)} dB, is of 16 samples that they saw`,
    );
    const others = samplesWithCauses(8, 9000, KIND);
    const heldOut = [];
    for (const other of others) {
      const [a, b] = [await run(file, other), await run(out, other)];
      heldOut.push(sqnr(a.y!.data as Float32Array, b.y!.data as Float32Array));
    }
    expect(Math.max(...heldOut)).toBeLessThan(verification.sqnr!);
  });

  it.each([
    ['weights are rounded to the nearest', { rounding: 'nearest' }],
    ['samples are set aside for it', { minSqnr: 1 }],
  ] as const)('is none where %s', async (_, options) => {
    using place = scratch();
    const { verification, told } = await made(place, options);
    expect(verification).not.toHaveProperty('fitted');
    expect(verification.bound).toBeLessThan(verification.sqnr!);
    expect(told).not.toContain('that they saw');
  });

  it('is told of the rounding of int8-static, too', async () => {
    using place = scratch();
    const [file, out] = [join(place.directory, 'float.onnx'), join(place.directory, 'q.onnx')];
    const convolution = (x: string, y: string, kernel: string) =>
      makeNode('Conv', [x, kernel], [y], { attributes: { pads: { ints: [1, 1, 1, 1] } } });
    const model = smallModel({
      inputs: [floatValue('x', [1, 4, 8, 8])],
      nodes: [convolution('x', 'a', 'k1'), makeNode('Relu', ['a'], ['r']), convolution('r', 'y', 'k2')],
      initializers: [weight('k1', [32, 4, 3, 3]), weight('k2', [16, 32, 3, 3], 2)],
    });
    writeModel(model, file);
    // Channels that go together: rounding one weight can make another good.
    const pictures = samplesOf([1, 4, 8, 8], 30).map(({ x }) => ({
      x: { ...x!, data: (x!.data as Float32Array).map((value, at, all) => all[at % 64]! + 0.1 * value) },
    }));
    const verified = async (rounding: 'adaptive' | 'nearest') =>
      await quantizeVerified({
        ...{ model: file, out, target: 'cpu', verify: true, repair: true },
        calibration: dataset(pictures),
        options: defaultQuantize('int8-static', { rounding, include: ['Conv'] }),
        context: { runtime, log: SILENT, threads: 1 },
      });
    const { verification, notes } = await verified('adaptive');
    expect(verification).toMatchObject({ state: 'full', fitted: true });
    expect(verification).not.toHaveProperty('bound');
    const told = notes.find(({ code }) => code === 'quantize.adaptive-rounding')?.message;
    const { sqnr: decibels, samples: count } = verification;
    expect(told).toContain(
      `The SQNR of the check, ${decibels!.toFixed(1)} dB, is of ${count} calibration samples, too: others may fare worse`,
    );
    const nearest = await verified('nearest');
    expect(nearest.verification).not.toHaveProperty('fitted');
    expect(nearest.verification).toHaveProperty('bound');
  });
});
