import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  channelsToNudge,
  largestPairSum,
  largestPairSums,
  MAX_PAIR_SUM,
  nudgePairs,
  reductionOrder,
} from '../../../src/quantize/integers/saturation.js';
import { quantizeWeight } from '../../../src/quantize/integers/weights.js';
import { matrixLayout, transposedLayout } from '../layouts.js';
import { floats } from '../small-models.js';

const shape = fc.record({
  depth: fc.integer({ min: 1, max: 9 }),
  channels: fc.integer({ min: 1, max: 7 }),
  seed: fc.integer({ min: 1, max: 1e6 }),
});

describe('pairs of a matrix', () => {
  it('sum to the same whether it is walked by rows or by columns', () => {
    fc.assert(
      fc.property(shape, fc.boolean(), ({ depth, channels, seed }, transposed) => {
        const values = floats(depth * channels, seed);
        const layout = transposed ? transposedLayout([channels, depth]) : matrixLayout([depth, channels]);
        const order = reductionOrder(layout)!;
        const expected = Array.from({ length: channels }, (_, channel) =>
          largestPairSum(values, order, channel),
        );
        expect([...largestPairSums(values, order)]).toEqual(expected);
      }),
    );
  });

  it('need nudging in exactly the channels where one passes the bound, and in none after it', () => {
    fc.assert(
      fc.property(shape, ({ depth, channels, seed }) => {
        const values = floats(depth * channels, seed, 90);
        const codes = Int8Array.from(values, Math.round);
        const order = reductionOrder(matrixLayout([depth, channels]))!;
        const named = channelsToNudge(codes, order);
        for (let channel = 0; channel < channels; channel++) {
          expect(largestPairSum(codes, order, channel) > MAX_PAIR_SUM).toBe(named.includes(channel));
          nudgePairs(codes, values, { order, index: channel, scale: 1 });
        }
        expect(channelsToNudge(codes, order)).toEqual([]);
      }),
    );
  });

  it('never pass the bound in a quantized weight', () => {
    fc.assert(
      fc.property(shape, fc.boolean(), ({ depth, channels, seed }, perChannel) => {
        const dims = [depth, channels];
        const order = reductionOrder(matrixLayout(dims))!;
        const { data } = quantizeWeight(floats(depth * channels, seed), dims, {
          type: 'int8',
          axis: perChannel ? 1 : null,
          symmetric: true,
          pairs: order,
        });
        expect(channelsToNudge(data as Int8Array, order)).toEqual([]);
      }),
    );
  });
});
