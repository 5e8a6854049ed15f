/** A translator of a few values, as Marian stores it, and what its decoder computes. */
import { describe, expect, it } from 'vitest';
import { readMarian } from '../../bench/decoders/marian.js';
import { startToken, translationDecoder } from '../../bench/decoders/translation.js';
import { encodeModel } from '../../src/onnx/file/write.js';
import { floatsOf } from '../../src/tensor/tensor.js';
import { floats, runtime } from '../quantize/small-models.js';

const [WIDTH, INNER, WORDS] = [16, 24, 10];

type Stored = { name: string; type: number; dims: number[]; bytes: Buffer };

const float = (name: string, values: Float32Array): Stored => ({
  name,
  type: 0x404,
  dims: [1, values.length],
  bytes: Buffer.from(values.buffer),
});

/** Integers and a scale behind them, filled up to 256 bytes. @param integers as they lie. */
function integers(name: string, dims: number[], values: Int8Array, scale: number): Stored {
  const bytes = Buffer.alloc(values.length + 256);
  bytes.set(new Uint8Array(values.buffer));
  bytes.writeFloatLE(scale, values.length);
  return { name, type: 0x4101, dims, bytes };
}

function file(stored: readonly Stored[], version = 1n): Buffer {
  const long = (value: number | bigint) => Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
  return Buffer.concat([
    long(version),
    long(stored.length),
    ...stored.flatMap(({ name, type, dims, bytes }) =>
      [name.length + 1, type, dims.length, bytes.length].map(long),
    ),
    ...stored.map(({ name }) => Buffer.from(`${name}\0`)),
    ...stored.map(({ dims }) => Buffer.from(Int32Array.from(dims).buffer)),
    long(8),
    Buffer.alloc(8),
    ...stored.map(({ bytes }) => bytes),
  ]);
}

const seeded = (dims: [number, number], seed: number) =>
  Int8Array.from(floats(dims[0] * dims[1], seed, 100), Math.round);

function decoderFile(): Buffer {
  let seed = 1;
  const matrix = (name: string, dims: [number, number]) => integers(name, dims, seeded(dims, seed++), 200);
  const row = (name: string, length: number) => float(name, floats(length, seed++, 0.3));
  const normalization = (name: string) => [row(`${name}_ln_scale`, WIDTH), row(`${name}_ln_bias`, WIDTH)];
  const own = ['q', 'k', 'v', 'o'].flatMap((part) => [
    matrix(`decoder_l1_context_W${part}`, [WIDTH, WIDTH]),
    row(`decoder_l1_context_b${part}`, WIDTH),
  ]);
  return file([
    matrix('Wemb', [WORDS, WIDTH]),
    row('decoder_ff_logit_out_b', WORDS),
    ...own,
    ...normalization('decoder_l1_context_Wo'),
    matrix('decoder_l1_ffn_W1', [WIDTH, INNER]),
    row('decoder_l1_ffn_b1', INNER),
    matrix('decoder_l1_ffn_W2', [INNER, WIDTH]),
    row('decoder_l1_ffn_b2', WIDTH),
    ...normalization('decoder_l1_ffn_ffn'),
    matrix('decoder_l1_rnn_W', [WIDTH, WIDTH]),
    matrix('decoder_l1_rnn_Wf', [WIDTH, WIDTH]),
    row('decoder_l1_rnn_bf', WIDTH),
    ...normalization('decoder_l1_rnn_ffn'),
  ]);
}

describe("Marian's weights", () => {
  it('are read with the scales behind them; matrices lie turned, the table of tokens does not', () => {
    const values = Int8Array.of(1, 2, 3, 4, 5, 6);
    const read = readMarian(
      file([
        integers('Wemb', [2, 3], values, 2),
        integers('layer_W', [2, 3], values, 2),
        integers('Wemb_QuantMultA', [1, 1], Int8Array.of(1), 1),
        float('layer_b', Float32Array.of(0.25, -1)),
      ]),
    );
    expect([...read.keys()]).toEqual(['Wemb', 'layer_W', 'layer_b']);
    expect([...read.get('Wemb')!.values]).toEqual([0.5, 1, 1.5, 2, 2.5, 3]);
    expect([...read.get('layer_W')!.values]).toEqual([0.5, 1.5, 2.5, 1, 2, 3]);
    expect(read.get('layer_b')).toEqual({ dims: [1, 2], values: Float32Array.of(0.25, -1) });
    expect(() => readMarian(file([], 2n))).toThrow('version 2');
  });

  it('make a decoder that sees nothing of what comes, and whose head may be the table itself', async () => {
    const weights = readMarian(decoderFile());
    const states = { type: 'float32' as const, dims: [1, 3, WIDTH], data: floats(3 * WIDTH, 90) };
    const logits = async (tokens: readonly number[], options = {}) => {
      const session = await runtime.open(encodeModel(translationDecoder(weights, options)), { threads: 1 });
      const input_ids = {
        type: 'int64' as const,
        dims: [1, tokens.length],
        data: BigInt64Array.from(tokens, BigInt),
      };
      const { logits: found } = await session.run({ input_ids, encoder_hidden_states: states });
      await session.release();
      return Float32Array.from(floatsOf(found!));
    };
    const vocabulary = WORDS + 1;
    const whole = await logits([startToken(weights), 4, 7, 2]);
    expect(whole).toHaveLength(4 * vocabulary);
    const before = await logits([startToken(weights), 4]);
    before.forEach((value, at) => {
      expect(whole[at]).toBeCloseTo(value, 5);
    });
    // The cell of what came before changes what is said.
    const other = await logits([startToken(weights), 5, 7, 2]);
    const last = [...other.subarray(-vocabulary)].map((value, at) =>
      Math.abs(value - whole.at(at - vocabulary)!),
    );
    expect(Math.max(...last)).toBeGreaterThan(1e-4);
    const tied = await logits([startToken(weights), 4, 7, 2], { tied: true });
    tied.forEach((value, at) => {
      expect(value).toBeCloseTo(whole[at]!, 5);
    });
  });
});
