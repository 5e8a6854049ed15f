import { expect, it } from 'vitest';
import { chooseFactors } from '../../../src/quantize/int8-dynamic/smoothing/smoothing-factors.js';

/** One channel of 64 is loud, which smoothing evens out; `quiet` is the largest value of the first. */
function factorsWith(quiet: number): Float32Array {
  const depth = 64;
  const max = new Float32Array(depth).fill(1);
  max[0] = quiet;
  max[1] = 200;
  const observed = {
    min: max.map((value) => -value),
    max,
    meanSquare: Float64Array.from(max, (m) => (m * m) / 9),
  };
  const weight = {
    values: Float32Array.from({ length: depth * 32 }, (_, i) => ((i * 7919) % 1000) / 1000 - 0.5),
    channels: 32,
  };
  return chooseFactors([weight], { observed, saturationSafe: true })!.factors;
}

it('takes a channel that was silent on the calibration data for one as loud as the others', () => {
  const factors = factorsWith(0);
  expect(factors[0]! / factors[2]!).toBeGreaterThan(0.5);
  expect(factors[1]! / factors[2]!).toBeGreaterThan(5);
});

it('magnifies a channel that hardly spoke no further than 32 times', () => {
  const factors = factorsWith(1e-6);
  expect(factors[0]! / factors[2]!).toBeGreaterThan(1 / 33);
});
