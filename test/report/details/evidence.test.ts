import { describe, expect, it } from 'vitest';
import { evidenceOf } from '../../../src/report/details/evidence.js';
import { measurement, PASSING } from '../sample-reports.js';

const MODEL = { ...PASSING.models[0]!, variants: [] };
const timing = { launches: 11, msPerLaunch: 1765, stopped: 'budget', outputs: 'preallocated' };

describe('how figures came about', () => {
  it('is told in words, once for all figures of one pass', () => {
    const evidence = evidenceOf(MODEL, [
      measurement('latency.p50', 'ms', 1, { details: { ...timing, ratioDeviation: 0.0624 } }),
      measurement('latency.p90', 'ms', 2, { details: { ...timing, ratioDeviation: 0.0624 } }),
      measurement('throughput', 'per-second', 3, { details: { ...timing, ratioDeviation: 0.0624 } }),
    ]);
    expect(evidence).toEqual([
      {
        subject: 'latency and throughput of int8',
        text:
          "11 launches of 1.76 s each; stopped by the budget; outputs preallocated; the ratio's standard deviation from " +
          'launch to launch is 6.2%',
        object: null,
      },
    ]);
  });

  it('tells what the first launches asked for', () => {
    const told = (more: Record<string, unknown>) =>
      evidenceOf(MODEL, [
        measurement('latency.p50', 'ms', 1, {
          details: { ...timing, stopped: 'launches', planned: 70, ...more },
        }),
      ])[0]!;
    expect(told({ pilotHalfWidth: 0.083 })).toEqual({
      subject: 'latency of int8',
      text: '11 launches of 1.76 s each; stopped after as many launches as are made at most; the first launches knew the ratio to ±8.3% and asked for 70 launches; outputs preallocated',
      object: null,
    });
    expect(told({}).text).toContain('; the first launches asked for 70 launches; ');
  });

  it('names every output where there are several, and none where there is one', () => {
    const of = (outputs: Record<string, unknown>) =>
      evidenceOf(MODEL, [measurement('fidelity.sqnr', 'dB', 30, { details: { outputs } })]);
    const boxes = { sqnr: 30, cosine: 0.9995, maxAbs: 0.25 };
    expect(of({ boxes })).toEqual([]);
    expect(
      of({ boxes: { ...boxes, kl: 0.0025 }, classes: { sqnr: null, cosine: null, maxAbs: null, kl: null } }),
    ).toEqual([
      {
        subject: 'fidelity of int8',
        text: 'boxes: SQNR 30.0 dB, cosine 0.99950, largest error 0.250, KL divergence 0.00250; classes: the same',
        object: null,
      },
    ]);
  });

  it('tells how many of several threads had work, and nothing else of placement', () => {
    const of = (threads: number) =>
      evidenceOf(MODEL, [
        {
          ...measurement('placement.fallback', 'count', 0, {
            details: { operators: [], transfers: 0, threadsAtWork: 1 },
          }),
          threads,
        },
      ]);
    expect(of(4)).toEqual([{ subject: 'placement of int8', text: '1 of 4 threads had work', object: null }]);
    expect(of(1)).toEqual([]);
  });

  it('keeps what it has no words for as it came', () => {
    const details = { launches: 'many', baselineBytes: 1000, outputs: { a: null }, stopped: 'toString' };
    expect(evidenceOf(MODEL, [measurement('memory.peak', 'bytes', 1, { details })])).toEqual([
      {
        subject: 'memory of int8',
        text: 'a model of one node peaks at 1.00 kB',
        object: { launches: 'many', outputs: { a: null }, stopped: 'toString' },
      },
    ]);
  });

  it('has nothing to tell of figures without details', () => {
    expect(evidenceOf(MODEL, [measurement('size.file', 'bytes', 1)])).toEqual([]);
  });
});

describe('what a variant was made with', () => {
  const madeWith = (provenance: Record<string, unknown>) =>
    evidenceOf(
      { ...PASSING.models[0]!, variants: [{ ...PASSING.models[0]!.variants[0]!, provenance }] },
      [],
    )[0]!;

  it('is told in words', () => {
    expect(
      madeWith({
        quantgate: '0.1.0',
        scheme: {
          activation: { type: 'uint8', symmetry: 'affine' },
          weight: { perChannel: true, saturationSafe: true, fullRange: false },
          calibrator: 'minmax',
        },
        percentile: 99.99,
        calibrationSamples: 200,
        rewrites: { 'batch-norm': 2 },
        recovery: { equalized: 3, biasCorrection: true, adaptiveRounding: false },
        runtime: '1.30.0',
        estimate: { float: 1000, planned: 370 },
      }),
    ).toMatchObject({
      text:
        'activations uint8, affine; weights with a scale per channel, saturation-safe; calibrator minmax; ranges hold 99.99 % of the values that ' +
        'samples gave; 200 calibration samples; 3 layers equalized, biases corrected; rewritten in float: 2 × batch-norm; planned for 0.37× of ' +
        "the original's time; quantgate 0.1.0; ONNX Runtime 1.30.0",
      object: null,
    });
    expect(
      madeWith({ bits: 4, blockSize: 32, symmetric: false, rounding: 'gptq', rewrites: {} }),
    ).toMatchObject({
      text: '4 bits in blocks of 32, with zero-points; fitted to the calibration data (gptq)',
      object: null,
    });
    expect(madeWith({ rounding: 'nearest', ranges: 'full' })).toMatchObject({
      text: "rounded to the nearest; within the blocks' full ranges",
      object: null,
    });
    const mixed = { eightBits: ['a', 'b'], sqnr: 40.2, judgedOn: 'held-out' };
    expect(madeWith({ rounding: 'gptq', mixed })).toMatchObject({
      text: 'fitted to the calibration data (gptq); 8 bits in 2 layers (a, b)',
      object: null,
    });
    const kept = { eightBits: [], float: ['1', '2', '3', '4', '5', '6'], sqnr: 40.2, judgedOn: 'held-out' };
    expect(madeWith({ mixed: kept }).text).toBe('6 layers (1, 2, 3, 4, 5 and 1 more) left as they were');
    expect(madeWith({ mixed: { ...mixed, eightBits: [] } }).text).toBe('8 bits in no layer');
    expect(madeWith({ command: ['python', 'export.py'] })).toMatchObject({
      text: 'the command python export.py',
      object: null,
    });
  });

  it('stays as it came where it has no words', () => {
    const odd = {
      rewrites: 3,
      scheme: [],
      recovery: 'all',
      command: 'x',
      percentile: null,
      estimate: { float: 0 },
      own: { a: 1 },
    };
    expect(madeWith(odd)).toMatchObject({ text: null, object: odd });
  });
});
