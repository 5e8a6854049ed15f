/** What a decoder with an encoder writes, the likeliest token each time. */
import type { Runtime, Session } from '../../src/runtime/runtime.js';
import { floatsOf, type Tensor } from '../../src/tensor/tensor.js';
import type { Variable } from './ctranslate2.js';

/** What a decoder's samples are made with. */
export interface DecoderSamplesRequest {
  weights: ReadonlyMap<string, Variable>;
  /** Folder of packages. */
  cache: string;
  runtime: Runtime;
  count: number;
  threads: number;
}

export interface GreedyOptions {
  /** Tokens with those that it starts from. */
  most: number;
  end: number;
  /** How many tokens of the vocabulary's first can be written; default: all. */
  written?: number;
}

/** `start` and what the decoder writes behind it, without the token that ends. */
export async function greedyTokens(
  decoder: Session,
  { states, start }: { states: Tensor; start: readonly number[] },
  { most, end, written }: GreedyOptions,
): Promise<number[]> {
  const tokens = [...start];
  while (tokens.length < most) {
    const { logits } = await decoder.run({ input_ids: tokenRow(tokens), encoder_hidden_states: states });
    const next = likeliest(floatsOf(logits!).subarray(-logits!.dims[2]!).subarray(0, written));
    if (next === end) break;
    tokens.push(next);
  }
  return tokens;
}

/** The greatest value's place, the first of equals. */
export function likeliest(values: Float32Array): number {
  return values.reduce((best, value, at) => (value > values[best]! ? at : best), 0);
}

/** [1, length] */
export function tokenRow(tokens: readonly number[]) {
  return {
    type: 'int64',
    dims: [1, tokens.length],
    data: BigInt64Array.from(tokens, BigInt),
  } satisfies Tensor;
}

/** A copy of what a session gave, which stays when the session runs again. */
export function keptStates(states: Tensor) {
  return {
    type: 'float32',
    dims: [...states.dims],
    data: Float32Array.from(floatsOf(states)),
  } satisfies Tensor;
}
