import { expect, it, vi } from 'vitest';
import { freeBuffersOfWork, freeDroppedBuffers, freeValues } from '../../src/system/dropped-buffers.js';

it('buffers that nothing holds any more are freed, and those that something holds are not', async () => {
  freeDroppedBuffers();
  const before = process.memoryUsage().arrayBuffers;
  const kept = new Uint8Array(32 * 2 ** 20);
  const fill = () => new Uint8Array(128 * 2 ** 20).fill(1).length;
  fill();
  freeDroppedBuffers();
  const grown = () => process.memoryUsage().arrayBuffers - before;
  // V8 sweeps in another thread.
  await vi.waitFor(() => expect(grown()).toBeLessThan(64 * 2 ** 20));
  // Others of this process may have been freed with them.
  expect(grown()).toBeGreaterThan(kept.length / 2);
});

it('buffers that were held the last time are freed when their work has ended', async () => {
  const held = () => process.memoryUsage().arrayBuffers;
  const work: Uint8Array[] = [];
  const begin = () => work.push(new Uint8Array(128 * 2 ** 20).fill(1));
  begin();
  freeDroppedBuffers();
  const before = held();
  work.length = 0;
  freeDroppedBuffers();
  expect(held()).toBe(before);
  freeBuffersOfWork();
  // V8 sweeps in another thread.
  await vi.waitFor(() => expect(held()).toBeLessThan(before - 64 * 2 ** 20));
});

it('values are freed without a collection, with whatever shares their memory', async () => {
  const values = new Float32Array(8 * 2 ** 20);
  const others = values.subarray(5);
  const before = process.memoryUsage().arrayBuffers;
  freeValues(values);
  const freed = () => before - process.memoryUsage().arrayBuffers;
  await vi.waitFor(() => expect(freed()).toBeGreaterThan(31 * 2 ** 20));
  expect(others).toHaveLength(0);
  // There is nothing left of them to free.
  freeValues(others);
});
