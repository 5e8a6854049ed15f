import type { Pixels } from '../../../src/data/samples/pixels.js';

/** The picture of fixtures/resized.py and fixtures/preprocessed.py. */
export function picture(width: number, height: number, channels: number): Pixels {
  const data = new Uint8Array(width * height * channels);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < channels; c++) {
        const mixed = BigInt(x * 73 + y * 151 + c * 211 + x * y * 37) * 2654435761n;
        const edge = ((Math.floor(x / 3) + Math.floor(y / 4)) % 2) * 150;
        data[(y * width + x) * channels + c] = (Number((mixed >> 7n) % 64n) + edge + 20 * c) % 256;
      }
    }
  }
  return { width, height, channels, data };
}
