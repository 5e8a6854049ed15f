/** Large products in bodies of If: decoders whose branches are with and without a cache have all of theirs there. */
import { statSync } from 'node:fs';
import { create } from '@bufbuild/protobuf';
import { type GraphProto, GraphProtoSchema, type NodeProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { subgraphsOf } from '../../../src/onnx/attributes.js';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { readModel } from '../../../src/onnx/file/read.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../../src/onnx/tensor/tensor.js';
import type { Runtime } from '../../../src/runtime/runtime.js';
import { DEPTH, heldOut, LAYERS, merged, samples } from '../merged-branches.js';
import {
  floatValue,
  type Quantized,
  quantizeSmall,
  runtime,
  scratch,
  smallModel,
  weight,
} from '../small-models.js';

function productsIn(file: string): NodeProto[] {
  return readModel(file)
    .graph.nodes.flatMap(subgraphsOf)
    .flatMap(({ node }) => node)
    .filter(({ opType }) => opType === 'MatMulNBits');
}

const codes = ({ result }: Quantized) => result.notes.map(({ code }) => code);

describe('int4-weights of branches', () => {
  it.each([{ shared: true }, { shared: false }])(
    'fits a weight of both once, to what both read (in the graph around them: $shared)',
    async (options) => {
      using place = scratch();
      const make = (rounding: 'nearest' | 'gptq') =>
        quantizeSmall(merged(options), place, {
          method: 'int4-weights',
          rounding,
          samples: samples(40, { seed: 100, steps: 'half' }),
        });
      const nearest = await make('nearest');
      const known = { whole: await heldOut(nearest, 'none'), step: await heldOut(nearest, 'all') };
      const { size } = statSync(nearest.file);
      const fitted = await make('gptq');
      expect(codes(fitted)).toContain('quantize.weights-fitted');
      expect(productsIn(fitted.file)).toHaveLength(2 * LAYERS);
      expect(await heldOut(fitted, 'none')).toBeGreaterThan(known.whole + 3);
      expect(await heldOut(fitted, 'all')).toBeGreaterThan(known.step + 3);
      expect(Math.abs(statSync(fitted.file).size - size)).toBeLessThan(0.02 * size);
    },
  );

  it('keeps the nearest codes where no sample takes a branch, and says so', async () => {
    using place = scratch();
    const model = merged({ shared: false, different: true });
    const made = await quantizeSmall(model, place, {
      method: 'int4-weights',
      samples: samples(20, { seed: 100, steps: 'none' }),
    });
    const unseen = made.result.notes.find(({ code }) => code === 'quantize.weights-unseen');
    expect(unseen?.message).toMatch(/step_w0.*step_w1/);
    expect(codes(made)).toContain('quantize.weights-fitted');
    expect(productsIn(made.file)).toHaveLength(2 * LAYERS);
  });

  it("says which keep the nearest codes where a branch can't be watched", async () => {
    using place = scratch();
    const blind: Runtime = {
      ...runtime,
      async open(model, options) {
        if (String(model).endsWith('observed.onnx')) throw new Error('no session');
        return await runtime.open(model, options);
      },
    };
    const made = await quantizeSmall(merged(), place, {
      method: 'int4-weights',
      samples: samples(20, { seed: 100, steps: 'half' }),
      clocked: blind,
    });
    const note = made.result.notes.find(({ code }) => code === 'quantize.subgraphs-unseen');
    expect(note?.message).toContain(`${LAYERS} weights stand`);
    expect(codes(made)).not.toContain('quantize.weights-fitted');
    expect(productsIn(made.file)).toHaveLength(2 * LAYERS);
  });

  it('fits what stands in a branch of a branch, beside a weight that two Ifs read', async () => {
    using place = scratch();
    const graph = (node: NodeProto[], output: string) =>
      create(GraphProtoSchema, { name: output, node, output: [makeValue(output)] });
    const chosen = (name: string, then: GraphProto, other: GraphProto) =>
      makeNode('If', ['use_cache_branch'], [name], {
        name,
        attributes: { then_branch: { graph: then }, else_branch: { graph: other } },
      });
    const product = (input: string, by: string, output: string) =>
      makeNode('MatMul', [input, by], [output], { name: output });
    const handed = (name: string) => graph([makeNode('Identity', ['x'], [name], { name })], name);
    const inner = chosen('deep', handed('deep_x'), graph([product('outer', 'w0', 'deep_y')], 'deep_y'));
    const first = graph([product('x', 'both', 'outer'), inner], 'deep');
    const model = smallModel({
      inputs: [
        floatValue('x', ['rows', DEPTH]),
        floatValue('past', [1, DEPTH]),
        makeValue('use_cache_branch', DataType.BOOL, [1]),
      ],
      nodes: [
        chosen('one', handed('one_x'), first),
        chosen('two', handed('two_x'), graph([product('x', 'both', 'two_y')], 'two_y')),
        makeNode('Add', ['one', 'two'], ['y']),
      ],
      initializers: [weight('both', [DEPTH, DEPTH], 3), weight('w0', [DEPTH, DEPTH], 5)],
    });
    const made = await quantizeSmall(model, place, {
      method: 'int4-weights',
      samples: samples(20, { seed: 100, steps: 'none' }),
    });
    const note = made.result.notes.find(({ code }) => code === 'quantize.weights-fitted');
    expect(note?.message).toContain('(one layer)');
  });

  it('says that what stands in a Loop keeps the nearest codes', async () => {
    using place = scratch();
    const body = create(GraphProtoSchema, {
      name: 'turn',
      node: [
        makeNode('Identity', ['going'], ['goes'], { name: 'goes' }),
        makeNode('MatMul', ['state', 'w'], ['next'], { name: 'product' }),
      ],
      input: [
        makeValue('turn', DataType.INT64, []),
        makeValue('going', DataType.BOOL, []),
        floatValue('state', ['rows', DEPTH]),
      ],
      output: [makeValue('goes', DataType.BOOL, []), floatValue('next', ['rows', DEPTH])],
    });
    const model = smallModel({
      inputs: [floatValue('x', ['rows', DEPTH])],
      nodes: [
        makeNode('Loop', ['turns', '', 'x'], ['y'], { name: 'loop', attributes: { body: { graph: body } } }),
      ],
      initializers: [
        makeTensor('turns', DataType.INT64, [], BigInt64Array.of(2n)),
        weight('w', [DEPTH, DEPTH]),
      ],
    });
    const made = await quantizeSmall(model, place, {
      method: 'int4-weights',
      samples: samples(8, { seed: 100, steps: 'none' }).map(({ x }) => ({ x: x! })),
    });
    const note = made.result.notes.find(({ code }) => code === 'quantize.subgraphs-unseen');
    expect(note?.message).toContain('One weight stands');
    expect(productsIn(made.file)).toHaveLength(1);
  });

  it('gives 8 bits to those that a floor needs', async () => {
    using place = scratch();
    const make = (minSqnr: number | null) =>
      quantizeSmall(merged(), place, {
        method: 'int4-weights',
        minSqnr,
        samples: samples(40, { seed: 100, steps: 'half' }),
      });
    const plain = await make(null);
    const known = Math.min(await heldOut(plain, 'none'), await heldOut(plain, 'all'));
    const floored = await make(known + 8);
    expect(codes(floored)).toContain('quantize.mixed-precision');
    expect(codes(floored)).not.toContain('quantize.floor-not-reached');
    const bits = productsIn(floored.file).map(({ attribute }) =>
      Number(attribute.find(({ name }) => name === 'bits')!.i),
    );
    expect(bits).toContain(8);
  });
});
