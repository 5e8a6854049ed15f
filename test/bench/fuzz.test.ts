import { describe, expect, it } from 'vitest';
import { randomGraph } from '../../bench/fuzz/graphs.js';
import { DAMAGE } from '../../bench/fuzz/mutate.js';
import { encodeModel } from '../../src/onnx/file/write.js';
import { loadRuntime } from '../../src/runtime/load.js';
import { seededRandom } from '../../src/tensor/random.js';

describe('models put together at random', () => {
  it('are the same for the same seed, and others for another', () => {
    const bytes = (seed: number) => Buffer.from(encodeModel(randomGraph(seededRandom(seed)).model));
    expect(bytes(3).equals(bytes(3))).toBe(true);
    expect(bytes(3).equals(bytes(4))).toBe(false);
  });

  it('open and run', async () => {
    const runtime = await loadRuntime();
    for (let seed = 0; seed < 40; seed++) {
      const { model, dims } = randomGraph(seededRandom(seed));
      const session = await runtime.open(encodeModel(model), { threads: 1 });
      const data = new Float32Array(dims.reduce((product, dim) => product * dim, 1)).fill(1);
      const outputs = await session.run({ x: { type: 'float32', dims, data } });
      expect(Object.keys(outputs).length, `seed ${seed}`).toBeGreaterThan(0);
      await session.release();
    }
  });
});

describe('damage to documents', () => {
  const document = JSON.stringify({ a: [1, 2, { b: 'c' }], d: { e: null } });

  it('follows from the seed', () => {
    const damaged = (seed: number) => DAMAGE.text(document, seededRandom(seed));
    expect(damaged(7)).toBe(damaged(7));
    expect(new Set(Array.from({ length: 50 }, (_, seed) => damaged(seed))).size).toBeGreaterThan(30);
  });

  it('mostly leaves a document that parsers take, so that the values in it are read', () => {
    const parsed = Array.from({ length: 100 }, (_, seed) => {
      try {
        JSON.parse(DAMAGE.text(document, seededRandom(seed)));
        return true;
      } catch {
        return false;
      }
    });
    const share = parsed.filter(Boolean).length;
    expect(share).toBeGreaterThan(50);
    expect(share).toBeLessThan(100);
  });
});
