/** Dynamically quantized products in branches of an If are smoothed and fitted by what the branches read. */
import { statSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { subgraphsOf } from '../../../src/onnx/attributes.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { Evidence } from '../../../src/quantize/method/evidence.js';
import { DEPTH, heldOut, LAYERS, merged, samples } from '../merged-branches.js';
import { type Quantized, quantizeSmall, scratch } from '../small-models.js';

const codes = ({ result }: Quantized) => result.notes.map(({ code }) => code);

const productsIn = ({ file }: Quantized) =>
  readModel(file)
    .graph.nodes.flatMap(subgraphsOf)
    .flatMap(({ node }) => node)
    .filter(({ opType }) => opType === 'MatMulInteger');

describe('int8-dynamic of branches', () => {
  it.each([{ shared: true }, { shared: false }])(
    'fits a weight of both once, to what both read (in the graph around them: $shared)',
    async (options) => {
      using place = scratch();
      const make = (rounding: 'nearest' | null, evidence = new Evidence()) =>
        quantizeSmall(merged(options), place, {
          method: 'int8-dynamic',
          rounding,
          samples: samples(40, { seed: 100, steps: 'half' }),
          evidence,
        });
      const nearest = await make('nearest');
      expect(codes(nearest)).not.toContain('quantize.weights-fitted');
      const known = { whole: await heldOut(nearest, 'none'), step: await heldOut(nearest, 'all') };
      const evidence = new Evidence();
      const fitted = await make(null, evidence);
      expect(fitted.result.notes.find(({ code }) => code === 'quantize.weights-fitted')?.message).toContain(
        `median of ${LAYERS} layers`,
      );
      expect(productsIn(fitted)).toHaveLength(2 * LAYERS);
      const gained = { whole: await heldOut(fitted, 'none'), step: await heldOut(fitted, 'all') };
      expect(gained.whole).toBeGreaterThan(known.whole + 2);
      expect(gained.step).toBeGreaterThan(known.step + 2);
      expect([...evidence.fittedIntegersInBodies.values()]).toHaveLength(LAYERS);
      const again = await make(null, evidence);
      expect(await heldOut(again, 'none')).toBe(gained.whole);
      expect(codes(again)).toContain('quantize.weights-fitted');
    },
  );

  it.each([
    { shared: true, steps: 'half' },
    { shared: false, steps: 'half' },
    { shared: true, steps: 'none' },
  ] as const)(
    'smooths what both branches read by the same factors, and stores the weights once: $shared, steps: $steps',
    async ({ shared, steps }) => {
      using place = scratch();
      const make = async (smoothQuant: boolean) => {
        const made = await quantizeSmall(merged({ shared }), place, {
          method: 'int8-dynamic',
          smoothQuant,
          rounding: 'nearest',
          samples: samples(20, { seed: 100, steps, outlier: true }),
        });
        return {
          size: statSync(made.file).size,
          products: productsIn(made).length,
          smoothed: (made.result.provenance.smoothed as unknown[]).length,
          whole: await heldOut(made, 'none', { outlier: true }),
          step: await heldOut(made, 'all', { outlier: true }),
        };
      };
      const [plain, smoothed] = [await make(false), await make(true)];
      expect([plain.smoothed, plain.products, smoothed.products]).toEqual([0, 2 * LAYERS, 2 * LAYERS]);
      expect(smoothed.smoothed).toBeGreaterThanOrEqual(2);
      expect(smoothed.whole).toBeGreaterThan(plain.whole + 3);
      expect(smoothed.step).toBeGreaterThan(plain.step + 3);
      // Less than a weight more.
      expect(smoothed.size - plain.size).toBeLessThan((DEPTH * DEPTH) / 4);
    },
  );

  it('keeps the nearest integers where no sample takes a branch, and says so', async () => {
    using place = scratch();
    const made = await quantizeSmall(merged({ shared: false, different: true }), place, {
      method: 'int8-dynamic',
      samples: samples(20, { seed: 100, steps: 'none' }),
    });
    const unseen = made.result.notes.find(({ code }) => code === 'quantize.weights-unseen');
    expect(unseen?.message).toMatch(/step_w0.*step_w1/);
  });

  it('says why nothing is fitted where a rule keeps what branches hold', async () => {
    using place = scratch();
    const made = await quantizeSmall(merged(), place, {
      method: 'int8-dynamic',
      include: null,
      exclude: ['MatMul'],
      rounding: 'adaptive',
      samples: samples(8, { seed: 100, steps: 'half' }),
    });
    const note = made.result.notes.find(({ code }) => code === 'quantize.ignored-option');
    expect(note?.message).toContain('`exclude`');
  });
});
