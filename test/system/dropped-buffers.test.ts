import { expect, it } from 'vitest';
import { freeBuffersOfWork, freeDroppedBuffers } from '../../src/system/dropped-buffers.js';

it('buffers that nothing holds any more are freed, and those that something holds are not', async () => {
  freeDroppedBuffers();
  const before = process.memoryUsage().arrayBuffers;
  const kept = new Uint8Array(32 * 2 ** 20);
  const fill = () => new Uint8Array(128 * 2 ** 20).fill(1).length;
  fill();
  freeDroppedBuffers();
  const after = process.memoryUsage().arrayBuffers;
  expect(after - before).toBeLessThan(64 * 2 ** 20);
  // Others of this process may have been freed with them.
  expect(after - before).toBeGreaterThan(kept.length / 2);
});

it('buffers that were held the last time are freed when their work has ended', () => {
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
  expect(held()).toBeLessThan(before - 64 * 2 ** 20);
});
