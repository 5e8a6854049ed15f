import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { npyHeader, parseNpyHeader } from '../../src/data/formats/arrays/npy-header.js';
import { addressable } from '../../src/data/samples/inflate.js';
import { readAhead } from '../../src/data/samples/read-ahead.js';
import { castLossless, type NumericType } from '../../src/tensor/elements.js';
import { seededRandom, shuffledIndices } from '../../src/tensor/random.js';
import type { Tensor } from '../../src/tensor/tensor.js';

describe('castLossless', () => {
  const integers: Tensor = { type: 'int64', dims: [3], data: BigInt64Array.of(0n, 127n, -128n) };

  it('changes the type and no value', () => {
    for (const type of ['int8', 'int16', 'int32', 'float32', 'float16', 'float64'] as NumericType[]) {
      const there = castLossless(integers, type) as Tensor;
      expect(there.type).toBe(type);
      expect(castLossless(there, 'int64')).toEqual(integers);
    }
  });

  it.each([
    ['int64', BigInt64Array.of(2n ** 53n + 1n), 'float64', 0],
    ['float32', Float32Array.of(1, 2.5), 'int32', 1],
    ['float64', Float64Array.of(1e300), 'float32', 0],
    ['int32', Int32Array.of(1, -1), 'uint8', 1],
    ['uint8', Uint8Array.of(1, 2), 'bool', 1],
    ['float32', Float32Array.of(Number.NaN), 'int32', 0],
  ] as const)('names the first value of %s %s that %s does not hold', (from, data, to, index) => {
    expect(castLossless({ type: from, dims: [data.length], data }, to)).toMatchObject({ index });
  });

  it('lets NaN and infinities through between floats', () => {
    const odd: Tensor = { type: 'float64', dims: [3], data: Float64Array.of(Number.NaN, Infinity, -0) };
    expect((castLossless(odd, 'float32') as Tensor).data).toEqual(Float32Array.of(Number.NaN, Infinity, -0));
  });
});

describe('.npy headers', () => {
  it('are read back as they were written', () => {
    const type = fc.constantFrom<NumericType>('uint8', 'bool', 'int64', 'float16', 'float32', 'float64');
    fc.assert(
      fc.property(type, fc.array(fc.nat(100_000), { maxLength: 6 }), (elementType, dims) => {
        const header = npyHeader(elementType, dims);
        expect(header.length % 64).toBe(0);
        expect(parseNpyHeader(header, 'x')).toEqual({ type: elementType, dims, dataOffset: header.length });
      }),
    );
  });
});

describe('randomness', () => {
  it('is the same everywhere: these numbers never change', () => {
    const random = seededRandom(0);
    expect([random.uint32(), random.uint32(), random.uint32()]).toMatchInlineSnapshot(`
      [
        1789933344,
        44971166,
        2521392804,
      ]
    `);
    expect([...shuffledIndices(10, 42)]).toMatchInlineSnapshot(`
      [
        3,
        6,
        2,
        8,
        4,
        5,
        9,
        0,
        7,
        1,
      ]
    `);
  });

  it('shuffles every index once, each place about equally often', () => {
    const first = new Float64Array(8);
    for (let seed = 0; seed < 4000; seed++) {
      const order = shuffledIndices(8, seed);
      expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      first[order[0]!]!++;
    }
    // Expected 500 ± 21 (one standard deviation).
    for (const count of first) expect(Math.abs(count - 500)).toBeLessThan(100);
  });
});

describe('readAhead', () => {
  it('keeps the order and the bound, whatever finishes first', async () => {
    let running = 0;
    let most = 0;
    const work = async (item: number) => {
      most = Math.max(most, ++running);
      for (let turn = 0; turn < (item * 7) % 5; turn++) await Promise.resolve();
      running--;
      return item * 2;
    };
    const results: number[] = [];
    for await (const result of readAhead([1, 2, 3, 4, 5, 6, 7, 8], 3, work)) results.push(result);
    expect(results).toEqual([2, 4, 6, 8, 10, 12, 14, 16]);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('throws where the failed item stands', async () => {
    const results: number[] = [];
    const reading = (async () => {
      for await (const result of readAhead([1, 2, 3], 3, async (item) => {
        if (item === 2) throw new Error('two');
        return item;
      }))
        results.push(result);
    })();
    await expect(reading).rejects.toThrow('two');
    expect(results).toEqual([1]);
  });
});

describe('large compressed arrays', () => {
  it('are read in place from a file that has no name', async () => {
    const megabyte = 2 ** 20;
    function* chunks() {
      for (let index = 0; index < 66; index++) yield new Uint8Array(megabyte).fill(index);
    }
    const leftovers = () => readdirSync(tmpdir()).filter((name) => name.endsWith('.inflated'));
    const before = leftovers();
    for (const hint of [null, 66 * megabyte]) {
      const range = await addressable(Readable.from(chunks(), { objectMode: false }), hint);
      expect(range.length).toBe(66 * megabyte);
      expect([...(await range.read(65 * megabyte - 1, 2))]).toEqual([64, 65]);
      expect([...(await range.read(0, 1))]).toEqual([0]);
      await expect(range.read(66 * megabyte - 1, 2)).rejects.toThrow(/ends too early/);
    }
    expect(leftovers()).toEqual(before);
  });
});
