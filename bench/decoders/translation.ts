/**
 * A translator as Marian trains them (Junczys-Dowmunt et al., 2018) as ONNX: a transformer's encoder, and a decoder whose layers carry a cell from token to
 * token (a simpler simple recurrent unit: Kim et al., 2019) where others attend to themselves. One table holds the tokens of both languages and is the head.
 */
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import type { Variable } from './ctranslate2.js';
import { GraphWriter, turned } from './graph-writer.js';

const HEADS = 8;
const EPSILON = 1e-6;
/** More tokens than any sample here has. */
const POSITIONS = 256;

type Weights = ReadonlyMap<string, Variable>;

/** `input_ids` [batch, length] → `states` [batch, length, width]. */
export function translationEncoder(weights: Weights): Model {
  const writer = new TranslationWriter(weights);
  let x = writer.embedded();
  for (let layer = 1; weights.has(`encoder_l${layer}_ffn_W1`); layer++) {
    x = writer.attended(x, x, `encoder_l${layer}_self`);
    x = writer.feedForward(x, `encoder_l${layer}_ffn`);
  }
  writer.node('Identity', [x], { output: 'states' });
  return makeModel({
    inputs: [makeValue('input_ids', DataType.INT64, ['batch', 'length'])],
    outputs: [makeValue('states', DataType.FLOAT, ['batch', 'length', writer.width])],
    nodes: writer.nodes,
    initializers: writer.initializers,
  });
}

/** The token that stands before every translation: a row of zeros behind the vocabulary's. */
export function startToken(weights: Weights): number {
  return weights.get('Wemb')!.dims[0]!;
}

/** `input_ids` [batch, length] and `encoder_hidden_states` [batch, states, width] → `logits` [batch, length, vocabulary].
 *  @param tied whether the head reads the table of tokens, turned while it runs; default: it has a copy, turned beforehand, as exporters give it. */
export function translationDecoder(weights: Weights, { tied = false }: { tied?: boolean } = {}): Model {
  const writer = new TranslationWriter(weights);
  let x = writer.embedded();
  for (let layer = 1; weights.has(`decoder_l${layer}_ffn_W1`); layer++) {
    x = writer.recurrent(x, `decoder_l${layer}_rnn`);
    x = writer.attended(x, 'encoder_hidden_states', `decoder_l${layer}_context`);
    x = writer.feedForward(x, `decoder_l${layer}_ffn`);
  }
  writer.head(x, tied);
  return makeModel({
    inputs: [
      makeValue('input_ids', DataType.INT64, ['batch', 'length']),
      makeValue('encoder_hidden_states', DataType.FLOAT, ['batch', 'states', writer.width]),
    ],
    outputs: [makeValue('logits', DataType.FLOAT, ['batch', 'length', startToken(weights) + 1])],
    nodes: writer.nodes,
    initializers: writer.initializers,
  });
}

class TranslationWriter extends GraphWriter {
  readonly #weights: Weights;
  readonly width: number;

  constructor(weights: Weights) {
    super();
    this.#weights = weights;
    this.width = weights.get('Wemb')!.dims[1]!;
  }

  /** Tokens and where they stand. */
  embedded(): string {
    const tokens = this.node('Gather', [this.#table(), 'input_ids']);
    const scaled = this.node('Mul', [tokens, this.number(Math.sqrt(this.width))]);
    const length = this.node('Slice', [
      this.node('Shape', ['input_ids']),
      this.integers([1]),
      this.integers([2]),
    ]);
    const all = this.floats('positions', [POSITIONS, this.width], positions(this.width));
    return this.node('Add', [scaled, this.node('Slice', [all, this.integers([0]), length])]);
  }

  attended(x: string, states: string, name: string): string {
    const [query, key, value] = ['q', 'k', 'v'].map((part) =>
      this.#affine(part === 'q' ? x : states, `${name}_W${part}`, `${name}_b${part}`),
    ) as [string, string, string];
    const mixed = this.softmaxAttention({ query, key, value }, { width: this.width, heads: HEADS });
    return this.#normed(x, this.#affine(mixed, `${name}_Wo`, `${name}_bo`), `${name}_Wo_ln`);
  }

  feedForward(x: string, name: string): string {
    const inner = this.node('Relu', [this.#affine(x, `${name}_W1`, `${name}_b1`)]);
    return this.#normed(x, this.#affine(inner, `${name}_W2`, `${name}_b2`), `${name}_ffn_ln`);
  }

  /** Each token's cell is a share of the one before and the rest of its own. */
  recurrent(x: string, name: string): string {
    const share = this.node('Sigmoid', [this.#affine(x, `${name}_Wf`, `${name}_bf`)]);
    const rest = this.node('Sub', [this.number(1), share]);
    const own = this.node('Mul', [rest, this.node('MatMul', [x, this.#own(`${name}_W`)])]);
    const batch = this.node('Slice', [
      this.node('Shape', ['input_ids']),
      this.integers([0]),
      this.integers([1]),
    ]);
    const none = this.node('ConstantOfShape', [
      this.node('Concat', [batch, this.integers([this.width])], { axis: { int: 0 } }),
    ]);
    const cells = `${name}_cells`;
    this.nodes.push(
      makeNode('Scan', [none, share, own], [`${name}_last`, cells], {
        name: cells,
        attributes: {
          body: { graph: cellStep() },
          num_scan_inputs: { int: 2 },
          scan_input_axes: { ints: [1, 1] },
          scan_output_axes: { ints: [1] },
        },
      }),
    );
    return this.#normed(x, this.node('Relu', [cells]), `${name}_ffn_ln`);
  }

  head(x: string, tied: boolean): void {
    const { dims, values } = this.#tokens();
    const [tokens, width] = dims as [number, number];
    const table = tied
      ? this.node('Transpose', [this.#table()], { perm: { ints: [1, 0] } })
      : this.floats('proj_out', [width, tokens], turned(values, tokens, width));
    const bias = new Float32Array(tokens);
    bias.set(this.#weights.get('decoder_ff_logit_out_b')!.values);
    const product = this.node('MatMul', [x, table]);
    this.node('Add', [product, this.floats('logit_bias', [tokens], bias)], { output: 'logits' });
  }

  #table(): string {
    const { dims, values } = this.#tokens();
    return this.floats('Wemb', dims, values);
  }

  /** The table with the row of the start. */
  #tokens(): Variable {
    const { dims, values } = this.#weights.get('Wemb')!;
    const longer = new Float32Array(values.length + this.width);
    longer.set(values);
    return { dims: [dims[0]! + 1, this.width], values: longer };
  }

  #own(name: string): string {
    const { dims, values } = this.#weights.get(name)!;
    return this.floats(name, dims, values);
  }

  /** Of a row [1, n] as [n]. */
  #row(name: string): string {
    const { values } = this.#weights.get(name)!;
    return this.floats(name, [values.length], values);
  }

  #affine(x: string, weight: string, bias: string): string {
    return this.node('Add', [this.node('MatMul', [x, this.#own(weight)]), this.#row(bias)]);
  }

  #normed(x: string, added: string, name: string): string {
    const sum = this.node('Add', [x, added]);
    return this.node('LayerNormalization', [sum, this.#row(`${name}_scale`), this.#row(`${name}_bias`)], {
      epsilon: { float: EPSILON },
    });
  }
}

/** `cell`, `share` and `own` [batch, width] → the next cell, twice: carried, and given out. */
function cellStep() {
  const value = (name: string) => makeValue(name, DataType.FLOAT, ['batch', 'width']);
  return makeModel({
    inputs: [value('cell'), value('share'), value('own')],
    outputs: [value('next'), value('given')],
    nodes: [
      makeNode('Mul', ['share', 'cell'], ['kept']),
      makeNode('Add', ['kept', 'own'], ['next']),
      makeNode('Identity', ['next'], ['given']),
    ],
  }).proto.graph!;
}

/** Sines in a row's first half, cosines in its second. */
function positions(width: number): Float32Array {
  const half = width / 2;
  const values = new Float32Array(POSITIONS * width);
  for (let position = 0; position < POSITIONS; position++) {
    for (let at = 0; at < half; at++) {
      const angle = position * 10_000 ** (-at / (half - 1));
      values[position * width + at] = Math.sin(angle);
      values[position * width + half + at] = Math.cos(angle);
    }
  }
  return values;
}
