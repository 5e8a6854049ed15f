/** A model whose layers stand in both branches of an If, as those of merged decoders do, and what it is shown. */
import { create } from '@bufbuild/protobuf';
import { type GraphProto, GraphProtoSchema, type NodeProto, type TensorProto } from 'onnx-buf';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import type { Feeds } from '../../src/tensor/tensor.js';
import { floats, floatValue, type Quantized, run, smallModel, sqnr, weight } from './small-models.js';

export const DEPTH = 160;
export const LAYERS = 2;

interface MergedOptions {
  /** Weights stand in the graph around the branches, as exporters merge them; else each branch has a copy. */
  shared?: boolean;
  /** The step's copies are others than the whole text's. */
  different?: boolean;
}

/** A stack of layers for a whole text, and one for a step after a cache, which is added to what comes in; both have the same weights. */
export function merged({ shared = true, different = false }: MergedOptions = {}): Model {
  const weights = (prefix: string): TensorProto[] =>
    Array.from({ length: LAYERS }, (_, layer) =>
      weight(`${prefix}w${layer}`, [DEPTH, DEPTH], (different && prefix === 'step_' ? 31 : 11) + layer),
    );
  const branch = (name: string, before: NodeProto[], from: string): GraphProto => {
    const prefix = shared ? '' : `${name}_`;
    const layers = Array.from({ length: LAYERS }, (_, layer) => {
      const input = layer === 0 ? from : `${name}_r${layer - 1}`;
      const output = layer === LAYERS - 1 ? `${name}_y` : `${name}_a${layer}`;
      const product = makeNode('MatMul', [input, `${prefix}w${layer}`], [output], {
        name: `${name}_product${layer}`,
      });
      return layer === LAYERS - 1
        ? [product]
        : [product, makeNode('Relu', [output], [`${name}_r${layer}`], { name: `${name}_relu${layer}` })];
    });
    return create(GraphProtoSchema, {
      name,
      node: [...before, ...layers.flat()],
      output: [makeValue(`${name}_y`)],
      initializer: shared ? [] : weights(prefix),
    });
  };
  const added = makeNode('Add', ['loud', 'past'], ['step_x'], { name: 'step_add' });
  return smallModel({
    inputs: [
      floatValue('x', ['rows', DEPTH]),
      floatValue('past', [1, DEPTH]),
      makeValue('use_cache_branch', DataType.BOOL, [1]),
    ],
    nodes: [
      makeNode('Add', ['x', 'x'], ['loud'], { name: 'doubled' }),
      makeNode('If', ['use_cache_branch'], ['y'], {
        name: 'choice',
        attributes: {
          then_branch: { graph: branch('step', [added], 'step_x') },
          else_branch: { graph: branch('whole', [], 'loud') },
        },
      }),
    ],
    initializers: shared ? weights('') : [],
  });
}

interface SampleOptions {
  seed: number;
  /** half: every other sample is one step after a cache. */
  steps: 'all' | 'none' | 'half';
  /** A channel is a hundred times as loud as the others. */
  outlier?: boolean;
}

/** Inputs that go together, as those of real layers do, in steps otherwise than in whole texts. */
export function samples(count: number, { seed, steps, outlier = false }: SampleOptions): Feeds[] {
  const hidden = 6;
  const mixes = [floats(hidden * DEPTH, 77), floats(hidden * DEPTH, 78)] as const;
  return Array.from({ length: count }, (_, sample) => {
    const isStep = steps === 'all' || (steps === 'half' && sample % 2 === 1);
    const rows = isStep ? 1 : 8;
    const mix = mixes[isStep ? 1 : 0];
    const causes = floats(rows * hidden, seed + sample);
    const data = floats(rows * DEPTH, seed + 500 + sample, 0.1);
    for (let at = 0; at < data.length; at++) {
      for (let h = 0; h < hidden; h++)
        data[at]! += causes[Math.floor(at / DEPTH) * hidden + h]! * mix[h * DEPTH + (at % DEPTH)]!;
      if (outlier && at % DEPTH === 5) data[at]! *= 100;
    }
    return {
      x: { type: 'float32' as const, dims: [rows, DEPTH], data },
      past: { type: 'float32' as const, dims: [1, DEPTH], data: data.slice(0, DEPTH) },
      use_cache_branch: { type: 'bool' as const, dims: [1], data: Uint8Array.of(isStep ? 1 : 0) },
    };
  });
}

/** In all, over samples that nothing was fitted to. */
export async function heldOut(
  { file, float }: Quantized,
  steps: 'all' | 'none',
  { outlier = false } = {},
): Promise<number> {
  const [expected, found]: [number[], number[]] = [[], []];
  for (const feeds of samples(6, { seed: 9000, steps, outlier })) {
    expected.push(...((await run(float, feeds)).y!.data as Float32Array));
    found.push(...((await run(file, feeds)).y!.data as Float32Array));
  }
  return sqnr(expected, found);
}
