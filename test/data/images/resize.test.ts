import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Filter } from '../../../src/config/choices.js';
import { centreWindow, shorterSideSize } from '../../../src/data/images/geometry.js';
import { resizePixels } from '../../../src/data/images/resize.js';
import type { Pixels } from '../../../src/data/samples/pixels.js';
import { seededRandom } from '../../../src/tensor/random.js';
import fixture from './fixtures/resized.json' with { type: 'json' };
import { picture } from './picture.js';

const FILTERS: readonly Filter[] = ['bilinear', 'bicubic', 'lanczos', 'nearest', 'box', 'opencv-bilinear'];

function noise(width: number, height: number, channels: number, seed = 1): Pixels {
  const random = seededRandom(seed);
  const data = Uint8Array.from({ length: width * height * channels }, () => random.below(256));
  return { width, height, channels, data };
}

const RESIZED = fixture.cases.flatMap(({ from, to, results }) =>
  Object.entries(results).map(([filter, expected]) => ({
    filter: filter as Filter,
    from: from as [number, number, number],
    to: { width: to[0]!, height: to[1]! },
    expected,
  })),
);

describe('resizing', () => {
  it.each(RESIZED)(
    'with $filter from $from to $to gives what Pillow or OpenCV gave, bit for bit',
    ({ filter, from, to, expected }) => {
      const resized = resizePixels(picture(...from), to, { filter });
      expect(Buffer.from(resized.data).toString('base64')).toBe(expected);
    },
  );

  it('has fixtures of every filter', () => {
    expect(new Set(RESIZED.map(({ filter }) => filter))).toEqual(new Set(FILTERS));
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
        fc.constantFrom(...FILTERS),
        (w, h, tw, th, part, filter) => {
          const pixels = noise(w, h, 3, w * 100 + h);
          const window = {
            left: Math.floor(part * (tw - 1)),
            top: Math.floor((1 - part) * (th - 1)),
            width: 1 + Math.floor(part * (tw - 1 - Math.floor(part * (tw - 1)))),
            height: 1,
          };
          const whole = resizePixels(pixels, { width: tw, height: th }, { filter });
          const cut = resizePixels(pixels, { width: tw, height: th }, { filter, window });
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
    expect(resizePixels(pixels, { width: 17, height: 13 })).toEqual(pixels);
  });
});

describe('geometry', () => {
  it('cuts the longer side to an integer, as torchvision does', () => {
    expect(shorterSideSize({ width: 341, height: 255 }, 256)).toEqual({ width: 342, height: 256 });
    expect(shorterSideSize({ width: 100, height: 333 }, 50)).toEqual({ width: 50, height: 166 });
  });

  it('takes the centre, half a pixel going to the even side as in torchvision, or down as in NumPy', () => {
    const corner = (width: number, rounding?: 'down') =>
      centreWindow({ width, height: 256 }, [224, 224], rounding);
    expect(corner(341)).toEqual({ left: 58, top: 16, width: 224, height: 224 });
    expect(corner(343)).toMatchObject({ left: 60, top: 16 });
    expect(corner(341, 'down')).toMatchObject({ left: 58, top: 16 });
    expect(corner(343, 'down')).toMatchObject({ left: 59, top: 16 });
  });

  it('has no window for a crop larger than the image', () => {
    expect(centreWindow({ width: 341, height: 200 }, [224, 224])).toBeNull();
  });
});
