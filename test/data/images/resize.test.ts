import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { centreWindow, shorterSideSize } from '../../../src/data/images/geometry.js';
import { resizeBilinear } from '../../../src/data/images/resize.js';
import type { Pixels } from '../../../src/data/samples/pixels.js';
import { seededRandom } from '../../../src/tensor/random.js';
import { HAS_PILLOW, python } from '../python.js';

function noise(width: number, height: number, channels: number, seed = 1): Pixels {
  const random = seededRandom(seed);
  const data = Uint8Array.from({ length: width * height * channels }, () => random.below(256));
  return { width, height, channels, data };
}

describe('resizeBilinear', () => {
  const PILLOW = `
import sys, json, numpy as np
from PIL import Image
out = []
for w, h, c, tw, th, pixels in json.loads(sys.argv[1]):
    a = np.frombuffer(bytes.fromhex(pixels), np.uint8).reshape((h, w, c) if c > 1 else (h, w))
    out.append(np.asarray(Image.fromarray(a).resize((tw, th), Image.BILINEAR)).tobytes().hex())
print(json.dumps(out))`;
  const sizes: [number, number, number, number, number][] = [
    [37, 23, 3, 16, 10],
    [37, 23, 3, 80, 61],
    [23, 37, 1, 23, 12],
    [23, 37, 3, 9, 37],
    [31, 20, 4, 12, 9],
    [60, 50, 3, 1, 1],
    [2, 2, 1, 7, 5],
    [70, 40, 3, 41, 23],
  ];
  it.skipIf(!HAS_PILLOW)('gives what Pillow gives, bit for bit (needs Python with Pillow)', () => {
    const images = sizes.map(([width, height, channels]) => noise(width, height, channels));
    // Pillow weighs colours by alpha, which is not asked for here: with four channels it is made opaque.
    for (const { channels, data } of images) {
      if (channels === 4) for (let at = 3; at < data.length; at += 4) data[at] = 255;
    }
    const request = sizes.map((size, index) => [...size, Buffer.from(images[index]!.data).toString('hex')]);
    const expected = JSON.parse(python(PILLOW, JSON.stringify(request))) as string[];
    sizes.forEach(([, , , width, height], index) => {
      const resized = resizeBilinear(images[index]!, { width, height });
      expect(Buffer.from(resized.data).toString('hex'), sizes[index]!.join(' ')).toBe(expected[index]);
    });
  });

  it('computes a window exactly as it would be cut out of the whole', () => {
    const side = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        side,
        side,
        side,
        side,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (w, h, tw, th, part) => {
          const pixels = noise(w, h, 3, w * 100 + h);
          const window = {
            left: Math.floor(part * (tw - 1)),
            top: Math.floor((1 - part) * (th - 1)),
            width: 1 + Math.floor(part * (tw - 1 - Math.floor(part * (tw - 1)))),
            height: 1,
          };
          const whole = resizeBilinear(pixels, { width: tw, height: th });
          const cut = resizeBilinear(pixels, { width: tw, height: th }, window);
          const expected = whole.data.subarray(
            (window.top * tw + window.left) * 3,
            (window.top * tw + window.left + window.width) * 3,
          );
          expect(cut.data).toEqual(expected);
        },
      ),
    );
  });

  it('leaves an image of the right size alone', () => {
    const pixels = noise(17, 13, 3);
    expect(resizeBilinear(pixels, { width: 17, height: 13 })).toEqual(pixels);
  });
});

describe('geometry', () => {
  it('cuts the longer side to an integer, as torchvision does', () => {
    expect(shorterSideSize({ width: 341, height: 255 }, 256)).toEqual({ width: 342, height: 256 });
    expect(shorterSideSize({ width: 100, height: 333 }, 50)).toEqual({ width: 50, height: 166 });
  });

  it('takes the centre, half a pixel going right and below', () => {
    expect(centreWindow({ width: 341, height: 256 }, [224, 224])).toEqual({
      left: 58,
      top: 16,
      width: 224,
      height: 224,
    });
  });

  it('has no window for a crop larger than the image', () => {
    expect(centreWindow({ width: 341, height: 200 }, [224, 224])).toBeNull();
  });
});
