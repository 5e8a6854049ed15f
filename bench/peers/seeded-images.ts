/** Images out of a seed for networks that were never trained: a few smooth waves and hard-edged patches, as photographs have both. */
import type { FloatImage } from './test-sets.js';

/** Numbers in [0, 1) from a seed: Mulberry32, 32 bits of state. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal numbers (Box–Muller). */
export function seededNormal(seed: number): () => number {
  const random = seededRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const WAVES = 6;
const PATCHES = 4;
/** ImageNet's means and standard deviations are near these, of pixels in [0, 1]. */
const MEAN = 0.45;
const STD = 0.226;

/** A square image, normalized as ImageNet networks take it. */
export function seededImage(seed: number, side = 224): FloatImage {
  const random = seededRandom(seed);
  const data = new Float32Array(3 * side * side);
  for (let wave = 0; wave < WAVES; wave++) {
    const [fx, fy, phase] = [random() * 12 - 6, random() * 12 - 6, random() * 2 * Math.PI];
    const amplitudes = [0, 1, 2].map(() => random() / WAVES);
    paint({ left: 0, top: 0, right: side, bottom: side }, (channel, x, y) => {
      const angle = (2 * Math.PI * (fx * x + fy * y)) / side + phase;
      return amplitudes[channel]! * Math.cos(angle);
    });
  }
  for (let patch = 0; patch < PATCHES; patch++) {
    const [left, top] = [Math.floor(random() * side), Math.floor(random() * side)];
    const size = Math.floor((0.1 + 0.3 * random()) * side);
    const colour = [0, 1, 2].map(() => random() - 0.5);
    const area = { left, top, right: Math.min(side, left + size), bottom: Math.min(side, top + size) };
    paint(area, (channel) => colour[channel]!);
  }
  for (let i = 0; i < data.length; i++) {
    const pixel = Math.min(1, Math.max(0, MEAN + data[i]! + 0.04 * (random() - 0.5)));
    data[i] = (Math.round(pixel * 255) / 255 - MEAN) / STD;
  }
  return { dims: [1, 3, side, side], data };

  function paint(
    area: { left: number; top: number; right: number; bottom: number },
    value: (channel: number, x: number, y: number) => number,
  ): void {
    for (let channel = 0; channel < 3; channel++) {
      for (let y = area.top; y < area.bottom; y++) {
        for (let x = area.left; x < area.right; x++) {
          const at = (channel * side + y) * side + x;
          data[at] = data[at]! + value(channel, x, y);
        }
      }
    }
  }
}
