/** Whisper (Radford et al., 2022) as ONNX: encoder and decoder out of CTranslate2's weights, in the form that exporters give them. */
import { makeModel, makeValue } from '../../src/onnx/build.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import type { Variable } from './ctranslate2.js';
import { GraphWriter, turned } from './graph-writer.js';

/** Width of an attention head, of every size of Whisper. */
const HEAD = 64;
const EPSILON = 1e-5;
const MELS = 80;
/** 30 s: frames of the spectrogram, and what the encoder makes of them. */
const [FRAMES, STATES] = [3000, 1500];

type Weights = ReadonlyMap<string, Variable>;

/** `mel` [batch, 80, 3000] → `states` [batch, 1500, width]. */
export function whisperEncoder(weights: Weights): Model {
  const writer = new WhisperWriter(weights);
  const convolved = ['conv1', 'conv2'].reduce((x, name, index) => {
    const stride = index + 1;
    const parts = [writer.own(`encoder/${name}/weight`), writer.own(`encoder/${name}/bias`)];
    return writer.gelu(
      writer.node('Conv', [x, ...parts], {
        kernel_shape: { ints: [3] },
        strides: { ints: [stride] },
        pads: { ints: [1, 1] },
      }),
    );
  }, 'mel');
  let x = writer.node('Transpose', [convolved], { perm: { ints: [0, 2, 1] } });
  x = writer.node('Add', [x, writer.own('encoder/position_encodings/encodings')]);
  for (let layer = 0; weights.has(`encoder/layer_${layer}/ffn/linear_0/weight`); layer++) {
    x = writer.selfAttention(x, `encoder/layer_${layer}/self_attention`, null);
    x = writer.feedForward(x, `encoder/layer_${layer}/ffn`);
  }
  writer.layerNorm(x, 'encoder/layer_norm', 'states');
  return makeModel({
    inputs: [makeValue('mel', DataType.FLOAT, ['batch', MELS, FRAMES])],
    outputs: [makeValue('states', DataType.FLOAT, ['batch', STATES, writer.width])],
    nodes: writer.nodes,
    initializers: writer.initializers,
  });
}

/** `input_ids` [batch, length] and `encoder_hidden_states` [batch, states, width] → `logits` [batch, length, vocabulary]. */
export function whisperDecoder(weights: Weights): Model {
  const writer = new WhisperWriter(weights);
  const embedded = writer.node('Gather', [writer.own('decoder/embeddings/weight'), 'input_ids']);
  const shape = writer.node('Shape', ['input_ids']);
  const length = writer.node('Slice', [shape, writer.integers([1]), writer.integers([2])]);
  const positions = writer.node('Slice', [
    writer.own('decoder/position_encodings/encodings'),
    writer.integers([0]),
    length,
    writer.integers([0]),
  ]);
  const mask = writer.causalMask(length);
  let x = writer.node('Add', [embedded, positions]);
  for (let layer = 0; weights.has(`decoder/layer_${layer}/ffn/linear_0/weight`); layer++) {
    x = writer.selfAttention(x, `decoder/layer_${layer}/self_attention`, mask);
    x = writer.crossAttention(x, `decoder/layer_${layer}/attention`, 'encoder_hidden_states');
    x = writer.feedForward(x, `decoder/layer_${layer}/ffn`);
  }
  x = writer.layerNorm(x, 'decoder/layer_norm');
  const { dims, values } = weights.get('decoder/projection/weight')!;
  const [vocabulary, width] = dims as [number, number];
  const table = writer.floats('proj_out', [width, vocabulary], turned(values, vocabulary, width));
  writer.node('MatMul', [x, table], { output: 'logits' });
  return makeModel({
    inputs: [
      makeValue('input_ids', DataType.INT64, ['batch', 'length']),
      makeValue('encoder_hidden_states', DataType.FLOAT, ['batch', 'states', width]),
    ],
    outputs: [makeValue('logits', DataType.FLOAT, ['batch', 'length', vocabulary])],
    nodes: writer.nodes,
    initializers: writer.initializers,
  });
}

/** Rows of a fused projection that are one of its parts: of `count` parts the `index`th. */
interface PartOf {
  index: number;
  count: number;
}

class WhisperWriter extends GraphWriter {
  readonly #weights: Weights;
  readonly width: number;

  constructor(weights: Weights) {
    super();
    this.#weights = weights;
    this.width = weights.get('encoder/layer_norm/gamma')!.dims[0]!;
  }

  /** A variable as it is. */
  own(name: string): string {
    const { dims, values } = this.#weights.get(name)!;
    return this.floats(name, dims, values);
  }

  layerNorm(x: string, name: string, output?: string): string {
    return this.node('LayerNormalization', [x, this.own(`${name}/gamma`), this.own(`${name}/beta`)], {
      epsilon: { float: EPSILON },
      ...(output && { output }),
    });
  }

  /** With the error function, as Whisper was trained. */
  gelu(x: string): string {
    const scaled = this.node('Div', [x, this.number(Math.fround(Math.SQRT2))]);
    const risen = this.node('Add', [this.node('Erf', [scaled]), this.number(1)]);
    return this.node('Mul', [this.node('Mul', [x, risen]), this.number(0.5)]);
  }

  feedForward(x: string, name: string): string {
    const inner = this.gelu(this.#linear(this.layerNorm(x, `${name}/layer_norm`), `${name}/linear_0`));
    return this.node('Add', [x, this.#linear(inner, `${name}/linear_1`)]);
  }

  selfAttention(x: string, name: string, mask: string | null): string {
    const normed = this.layerNorm(x, `${name}/layer_norm`);
    const [query, key, value] = [0, 1, 2].map((index) =>
      this.#linear(normed, `${name}/linear_0`, { index, count: 3 }),
    ) as [string, string, string];
    const mixed = this.softmaxAttention(
      { query, key, value },
      { width: this.width, heads: this.width / HEAD, mask },
    );
    return this.node('Add', [x, this.#linear(mixed, `${name}/linear_1`)]);
  }

  crossAttention(x: string, name: string, states: string): string {
    const query = this.#linear(this.layerNorm(x, `${name}/layer_norm`), `${name}/linear_0`);
    const [key, value] = [0, 1].map((index) =>
      this.#linear(states, `${name}/linear_1`, { index, count: 2 }),
    ) as [string, string];
    const mixed = this.softmaxAttention(
      { query, key, value },
      { width: this.width, heads: this.width / HEAD },
    );
    return this.node('Add', [x, this.#linear(mixed, `${name}/linear_2`)]);
  }

  /** [length, length]: what lies ahead is not seen. */
  causalMask(length: string): string {
    const square = this.node('Concat', [length, length], { axis: { int: 0 } });
    const ahead = this.node('ConstantOfShape', [square]);
    const hidden = this.node('Add', [ahead, this.number(-1e9)]);
    return this.node('Trilu', [hidden, this.integer(1)], { upper: { int: 1 } });
  }

  #linear(x: string, name: string, { index, count }: PartOf = { index: 0, count: 1 }): string {
    const { dims, values } = this.#weights.get(`${name}/weight`)!;
    const [channels, depth] = [dims[0]! / count, dims[1]!];
    const own = values.subarray(index * channels * depth, (index + 1) * channels * depth);
    const part = count === 1 ? name : `${name}/${index}`;
    const weight = this.floats(`${part}/weight`, [depth, channels], turned(own, channels, depth));
    const bias = this.#weights.get(`${name}/bias`)!.values.slice(index * channels, (index + 1) * channels);
    const product = this.node('MatMul', [x, weight]);
    return this.node('Add', [this.floats(`${part}/bias`, [channels], bias), product]);
  }
}
