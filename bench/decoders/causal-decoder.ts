/**
 * Decoders of language models, weights out of a seed: RMS norms, rotary positions, grouped queries, SwiGLU, caches of keys and values, as Llama's
 * (Touvron et al., 2023), with what Qwen3 and Phi-3 have beside that. The head is the table of tokens with its rows in another order, so that the
 * likeliest next token is clear, and depends on what came before.
 */
import { makeModel, makeValue } from '../../src/onnx/build.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { seededNormal } from '../peers/seeded-images.js';
import { GraphWriter, turned } from './graph-writer.js';

/** `llama`; `qwen` norms each head's queries and keys (Qwen3) and adds to what they and the values are projected to (Qwen2); `phi` projects
 *  queries, keys and values at once, and gate and up at once (Phi-3). */
export const FAMILIES = ['llama', 'qwen', 'phi'] as const;
export type Family = (typeof FAMILIES)[number];

export interface DecoderSize {
  layers: number;
  width: number;
  /** Of the feed-forward part. */
  inner: number;
  heads: number;
  /** Heads of keys and values. */
  cachedHeads: number;
  vocabulary: number;
  positions: number;
}

const EPSILON = 1e-5;
const ROTARY_BASE = 10_000;
/** How loud a layer's contribution is beside the token's own vector. */
const CONTRIBUTION = 2;
/** Of queries and keys: attention that looks at a few tokens, not at all alike. */
const SHARPNESS = 1.6;
/** Of what is added to queries, keys and values. */
const BIAS = 0.1;
/** The next token's row in the head: one step of this size further in the table. */
const STEP = 7;

/** `input_ids`, `attention_mask`, `position_ids`, `past_key_values.N.key` and `.value` → `logits`, `present.N.key` and `.value`. */
export function causalDecoder(size: DecoderSize, family: Family = 'llama'): Model {
  const writer = new DecoderWriter(size, family);
  const { layers, width, cachedHeads, vocabulary } = size;
  const head = width / size.heads;
  const mask = writer.mask();
  const angles = writer.angles();
  const table = writer.weights('model.embed_tokens.weight', [vocabulary, width], 1);
  let x = writer.node('Gather', [table, 'input_ids']);
  for (let layer = 0; layer < layers; layer++) {
    x = writer.attention(x, layer, { mask, ...angles });
    x = writer.feedForward(x, layer);
  }
  const normed = writer.norm(x, 'model.norm.weight');
  writer.node('MatMul', [normed, writer.head()], { output: 'logits' });
  const caches = (of: string, length: string) =>
    Array.from({ length: layers }, (_, layer) => ['key', 'value'].map((kind) => `${of}.${layer}.${kind}`))
      .flat()
      .map((name) => makeValue(name, DataType.FLOAT, ['batch', cachedHeads, length, head]));
  const whole = (name: string, length: string) => makeValue(name, DataType.INT64, ['batch', length]);
  return makeModel({
    inputs: [
      whole('input_ids', 'length'),
      whole('attention_mask', 'total'),
      whole('position_ids', 'length'),
      ...caches('past_key_values', 'past'),
    ],
    outputs: [
      makeValue('logits', DataType.FLOAT, ['batch', 'length', vocabulary]),
      ...caches('present', 'total'),
    ],
    nodes: writer.nodes,
    initializers: writer.initializers,
  });
}

/** Normal numbers that weights are cut from: their count is a prime, so that no two rows are alike. */
const POOL = 1_048_583;

class DecoderWriter extends GraphWriter {
  readonly #size: DecoderSize;
  readonly #family: Family;
  readonly #pool: Float32Array;
  #at = 0;
  readonly #headWidth: number;

  constructor(size: DecoderSize, family: Family) {
    super();
    this.#size = size;
    this.#family = family;
    this.#headWidth = size.width / size.heads;
    this.#pool = Float32Array.from({ length: POOL }, seededNormal(1));
  }

  weights(name: string, dims: [number, number], deviation: number): string {
    const values = new Float32Array(dims[0] * dims[1]);
    for (let at = 0; at < values.length; at++) {
      values[at] = this.#pool[this.#at]! * deviation;
      this.#at = (this.#at + 1) % POOL;
    }
    return this.floats(name, dims, values);
  }

  /** Of the table's rows: that of token t stands where token t + STEP is scored. */
  head(): string {
    const { vocabulary, width } = this.#size;
    const rows = new Float32Array(vocabulary * width);
    for (let token = 0; token < vocabulary; token++) {
      const scored = (token + STEP) % vocabulary;
      // The table begins the pool.
      for (let k = 0; k < width; k++)
        rows[scored * width + k] = this.#pool[(token * width + k) % POOL]! / width;
    }
    return this.floats('lm_head.weight', [width, vocabulary], turned(rows, vocabulary, width));
  }

  norm(x: string, name: string, width: number = this.#size.width): string {
    const squares = this.node('Pow', [x, this.number(2)]);
    const mean = this.node('ReduceMean', [squares], { axes: { ints: [-1] } });
    const root = this.node('Sqrt', [this.node('Add', [mean, this.number(EPSILON)])]);
    const gain = this.floats(name, [width], new Float32Array(width).fill(1));
    return this.node('Mul', [gain, this.node('Div', [x, root])]);
  }

  /** [batch, 1, length, total]: neither what lies ahead is seen nor padding. */
  mask(): string {
    const past = this.#dimension('past_key_values.0.key', 2);
    const total = this.#dimension('attention_mask', 1);
    const range = (from: string) => this.node('Range', [from, total, this.integer(1)]);
    const queries = this.node('Unsqueeze', [range(past), this.integers([1])]);
    const ahead = this.node('Greater', [range(this.integer(0)), queries]);
    const padding = this.node('Equal', ['attention_mask', this.integer(0)]);
    const hidden = this.node('Or', [ahead, this.node('Unsqueeze', [padding, this.integers([1, 2])])]);
    return this.node('Where', [hidden, this.number(-1e9), this.number(0)]);
  }

  /** Cosines and sines of the positions, [batch, 1, length, head]. */
  angles(): { cosines: string; sines: string } {
    const { positions } = this.#size;
    const half = this.#headWidth / 2;
    const of = (name: string, value: (angle: number) => number) => {
      const table = new Float32Array(positions * this.#headWidth);
      for (let position = 0; position < positions; position++) {
        for (let k = 0; k < this.#headWidth; k++)
          table[position * this.#headWidth + k] = value(position * ROTARY_BASE ** (-(k % half) / half));
      }
      const constant = this.floats(name, [positions, this.#headWidth], table);
      const own = this.node('Gather', [constant, 'position_ids']);
      return this.node('Unsqueeze', [own, this.integers([1])]);
    };
    return { cosines: of('cosines', Math.cos), sines: of('sines', Math.sin) };
  }

  attention(
    x: string,
    layer: number,
    { mask, cosines, sines }: { mask: string; cosines: string; sines: string },
  ): string {
    const { width } = this.#size;
    const name = `model.layers.${layer}.self_attn`;
    const normed = this.norm(x, `model.layers.${layer}.input_layernorm.weight`);
    const [queries, ownKeys, ownValues] = this.#projected(normed, name);
    const query = this.#turnedBy(this.#inHeads(queries!, { name, part: 'q' }), { cosines, sines });
    const cached = (kind: 'key' | 'value', own: string) =>
      this.node('Concat', [`past_key_values.${layer}.${kind}`, own], {
        axis: { int: 2 },
        output: `present.${layer}.${kind}`,
      });
    const keys = cached(
      'key',
      this.#turnedBy(this.#inHeads(ownKeys!, { name, part: 'k' }), { cosines, sines }),
    );
    const values = cached('value', this.#inHeads(ownValues!, { name, part: 'v' }));
    const across = this.node('Transpose', [this.#forAllHeads(keys)], { perm: { ints: [0, 1, 3, 2] } });
    const scores = this.node('Div', [
      this.node('MatMul', [query, across]),
      this.number(Math.sqrt(this.#headWidth)),
    ]);
    const shares = this.node('Softmax', [this.node('Add', [scores, mask])], { axis: { int: -1 } });
    const mixed = this.node('MatMul', [shares, this.#forAllHeads(values)]);
    const joined = this.node('Reshape', [
      this.node('Transpose', [mixed], { perm: { ints: [0, 2, 1, 3] } }),
      this.integers([0, 0, width]),
    ]);
    const weight = this.#linear(`${name}.o_proj.weight`, [width, width]);
    return this.#added(x, this.node('MatMul', [joined, weight]));
  }

  /** Queries, keys and values, [batch, length, heads · head]. */
  #projected(x: string, name: string): string[] {
    const { width, heads, cachedHeads } = this.#size;
    const parts = [
      { part: 'q', depth: heads * this.#headWidth, deviation: SHARPNESS },
      { part: 'k', depth: cachedHeads * this.#headWidth, deviation: SHARPNESS },
      { part: 'v', depth: cachedHeads * this.#headWidth, deviation: 1 },
    ];
    if (this.#family === 'phi') {
      const channels = parts.reduce((sum, { depth }) => sum + depth, 0);
      const weight = this.#linear(`${name}.qkv_proj.weight`, [width, channels], SHARPNESS);
      return this.#apart(
        this.node('MatMul', [x, weight]),
        parts.map(({ depth }) => depth),
      );
    }
    return parts.map(({ part, depth, deviation }) => {
      const product = this.node('MatMul', [
        x,
        this.#linear(`${name}.${part}_proj.weight`, [width, depth], deviation),
      ]);
      if (this.#family !== 'qwen') return product;
      return this.node('Add', [product, this.weights(`${name}.${part}_proj.bias`, [1, depth], BIAS)]);
    });
  }

  #apart(x: string, depths: readonly number[]): string[] {
    return depths.map((depth, index) => {
      const start = depths.slice(0, index).reduce((sum, before) => sum + before, 0);
      const end = start + depth;
      return this.node('Slice', [x, this.integers([start]), this.integers([end]), this.integers([2])]);
    });
  }

  /** [batch, heads, length, head]. */
  #inHeads(x: string, { name, part }: { name: string; part: 'q' | 'k' | 'v' }): string {
    const count = part === 'q' ? this.#size.heads : this.#size.cachedHeads;
    const shaped = this.node('Reshape', [x, this.integers([0, 0, count, this.#headWidth])]);
    const isNormed = this.#family === 'qwen' && part !== 'v';
    const even = isNormed ? this.norm(shaped, `${name}.${part}_norm.weight`, this.#headWidth) : shaped;
    return this.node('Transpose', [even], { perm: { ints: [0, 2, 1, 3] } });
  }

  feedForward(x: string, layer: number): string {
    const { width, inner } = this.#size;
    const name = `model.layers.${layer}`;
    const normed = this.norm(x, `${name}.post_attention_layernorm.weight`);
    const linear = (from: string, part: string, [depth, channels]: [number, number]) =>
      this.node('MatMul', [from, this.#linear(`${name}.mlp.${part}_proj.weight`, [depth, channels])]);
    const [gate, up] =
      this.#family === 'phi'
        ? this.#apart(linear(normed, 'gate_up', [width, 2 * inner]), [inner, inner])
        : ['gate', 'up'].map((part) => linear(normed, part, [width, inner]));
    const opened = this.node('Mul', [gate!, this.node('Sigmoid', [gate!])]);
    const product = this.node('Mul', [opened, up!]);
    return this.#added(x, linear(product, 'down', [inner, width]));
  }

  #linear(name: string, dims: [number, number], deviation = 1): string {
    return this.weights(name, dims, deviation / Math.sqrt(dims[0]));
  }

  #added(x: string, contribution: string): string {
    return this.node('Add', [x, this.node('Mul', [contribution, this.number(CONTRIBUTION)])]);
  }

  /** Su et al. ("RoFormer", 2021), a head's halves turned against each other. */
  #turnedBy(x: string, { cosines, sines }: { cosines: string; sines: string }): string {
    const half = this.#headWidth / 2;
    const part = (from: number, to: number) =>
      this.node('Slice', [x, this.integers([from]), this.integers([to]), this.integers([3])]);
    const crossed = this.node('Concat', [this.node('Neg', [part(half, this.#headWidth)]), part(0, half)], {
      axis: { int: 3 },
    });
    return this.node('Add', [this.node('Mul', [x, cosines]), this.node('Mul', [crossed, sines])]);
  }

  /** Each cached head once for every head of queries that reads it. */
  #forAllHeads(cached: string): string {
    const { heads, cachedHeads } = this.#size;
    if (heads === cachedHeads) return cached;
    const apart = this.node('Unsqueeze', [cached, this.integers([2])]);
    const repeated = this.node('Expand', [apart, this.integers([1, 1, heads / cachedHeads, 1, 1])]);
    return this.node('Reshape', [repeated, this.integers([0, heads, -1, this.#headWidth])]);
  }

  #dimension(name: string, axis: number): string {
    return this.node('Gather', [this.node('Shape', [name]), this.integer(axis)]);
  }
}
