/** The one source of pseudo-randomness for data and statistics: same seed, same numbers, on every machine. */

export interface Random {
  /** An integer in [0, 2³²). */
  uint32(): number;
  /** An integer in [0, bound), bound ≤ 2³². */
  below(bound: number): number;
}

const TWO_32 = 2 ** 32;

/**
 * xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021), its state filled by
 * SplitMix32 from the seed's low and high 32 bits. Only 32-bit integer operations: no machine differs.
 */
export function seededRandom(seed: number): Random {
  const mix = splitMix32((seed >>> 0) ^ Math.imul(Math.floor(seed / TWO_32) >>> 0, 0x9e3779b1));
  let a = mix();
  let b = mix();
  let c = mix();
  let d = mix() | 1;
  const uint32 = (): number => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
  return { uint32, below: (bound) => Math.floor((uint32() * bound) / TWO_32) };
}

/** Uniform in [0, 1), in 32 bits (mulberry32 by Tommy Ettinger): for values that nobody draws conclusions from. */
export function uniformRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The indices 0 … count − 1 in a random order (Fisher–Yates from the end), fixed by the seed. */
export function shuffledIndices(count: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  const random = seededRandom(seed);
  for (let last = count - 1; last > 0; last--) {
    const other = random.below(last + 1);
    const held = order[last]!;
    order[last] = order[other]!;
    order[other] = held;
  }
  return order;
}

function splitMix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
