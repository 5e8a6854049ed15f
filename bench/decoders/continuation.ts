/** What a decoder with caches writes in a plain session, and how far its logits depend on the way in which a text is read. */
import type { Session } from '../../src/runtime/runtime.js';
import { type Feeds, floatsOf } from '../../src/tensor/tensor.js';
import { likeliest } from './greedy.js';

/** What an empty cache is: [1, heads, 0, size of a head]. */
interface CacheShape {
  heads: number;
  size: number;
}

/** The likeliest tokens, the whole text read for each, caches empty. @param options.end the token that ends a text. */
export async function continuation(
  session: Session,
  prompt: readonly number[],
  { count, end, cache }: { count: number; end: number; cache: CacheShape },
): Promise<number[]> {
  const text = [...prompt];
  while (text.length < prompt.length + count) {
    const token = likeliest(await logitsAfter(session, text, cache));
    text.push(token);
    if (token === end) break;
  }
  return text.slice(prompt.length);
}

/** After the text, which is read at once. */
async function logitsAfter(
  session: Session,
  text: readonly number[],
  cache: CacheShape,
): Promise<Float32Array> {
  return lastOf(await session.run(feedsOf(session, text, { before: 0, caches: {}, cache })));
}

/** After the text, of which the prompt is read at once and then token after token, from what the caches hold. */
async function logitsStepByStep(
  session: Session,
  { prompt, text }: { prompt: readonly number[]; text: readonly number[] },
  cache: CacheShape,
): Promise<Float32Array> {
  let results = await session.run(feedsOf(session, prompt, { before: 0, caches: {}, cache }));
  for (const [at, token] of text.entries()) {
    const before = prompt.length + at;
    results = await session.run(feedsOf(session, [token], { before, caches: results, cache }));
  }
  return lastOf(results);
}

function feedsOf(
  { inputs }: Session,
  tokens: readonly number[],
  { before, caches, cache }: { before: number; caches: Feeds; cache: CacheShape },
): Feeds {
  const whole = (data: readonly number[]) =>
    ({ type: 'int64', dims: [1, data.length], data: BigInt64Array.from(data, BigInt) }) as const;
  const empty = {
    type: 'float32',
    dims: [1, cache.heads, 0, cache.size],
    data: new Float32Array(0),
  } as const;
  const feeds: Feeds = {
    input_ids: whole(tokens),
    attention_mask: whole(Array.from({ length: before + tokens.length }, () => 1)),
    position_ids: whole(tokens.map((_, at) => before + at)),
  };
  for (const { name } of inputs) feeds[name] ??= caches[name.replace('past_key_values', 'present')] ?? empty;
  return feeds;
}

function lastOf({ logits }: Feeds): Float32Array {
  return floatsOf(logits!).subarray(-logits!.dims[2]!);
}

/** Where two continuations of a prompt part. */
interface Parting {
  /** By which the token of the text read at once is likelier there, in logits. */
  margin: number;
  /** By which the logits of the two ways of reading differ there, at most. */
  difference: number;
  /** Whether the likeliest token, read step by step, is the other text's. */
  isExplained: boolean;
}

/** @param texts the one of a session that reads the whole text for each token, and one whose caches were fed. null: they are the same. */
export async function partingOf(
  session: Session,
  prompt: readonly number[],
  { texts: [whole, stepwise], cache }: { texts: readonly [number[], number[]]; cache: CacheShape },
): Promise<Parting | null> {
  const at = whole.findIndex((token, index) => token !== stepwise[index]);
  if (at < 0) return null;
  const common = whole.slice(0, at);
  const once = await logitsAfter(session, [...prompt, ...common], cache);
  const steps = await logitsStepByStep(session, { prompt, text: common }, cache);
  const [own, other] = [whole[at]!, stepwise[at]!];
  return {
    margin: once[own]! - once[other]!,
    difference: once.reduce((most, value, index) => Math.max(most, Math.abs(value - steps[index]!)), 0),
    isExplained: steps.every((value) => value <= steps[other]!),
  };
}
