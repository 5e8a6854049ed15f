/** Which size images get, and how places on what the model sees map back to the image. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InputConfig } from '../../../src/config/data-config.js';
import { placementOf, resizedSize } from '../../../src/data/images/geometry.js';
import { type Placement, toCanvas, toOriginal } from '../../../src/data/samples/placement.js';
import { input } from '../samples.js';

const HD = { width: 1280, height: 720 };

function placement(size: { width: number; height: number }, config: Partial<InputConfig>): Placement {
  const placed = placementOf(size, input(config));
  if (!('canvas' in placed)) throw new Error('it does not fit');
  return placed;
}

describe('the size after resizing', () => {
  it.each([
    ['the shorter side', 360, { width: 640, height: 360 }],
    ['the same by name', { shorter: 360 }, { width: 640, height: 360 }],
    ['the longer side', { longer: 640 }, { width: 640, height: 360 }],
    ['exactly', [300, 400] as [number, number], { width: 400, height: 300 }],
    // DETR on 1280 × 720 (Hugging Face, get_size_with_aspect_ratio): 800 would make the longer side 1422.
    ['the shorter side, capped by the longer', { shorter: 800, longer: 1333 }, { width: 1333, height: 750 }],
    ['the shorter side, where the cap is far', { shorter: 480, longer: 1333 }, { width: 853, height: 480 }],
  ])('takes %s', (_, resize, expected) => {
    expect(resizedSize(HD, resize)).toEqual(expected);
  });
});

describe('placement', () => {
  it('centres a letterbox as Ultralytics does, half a pixel going right and below', () => {
    const letterbox = { size: [640, 640] as [number, number], fill: [114], align: 'center' as const };
    expect(placement(HD, { letterbox })).toMatchObject({
      resized: { width: 640, height: 360 },
      canvas: { width: 640, height: 640 },
      left: 0,
      top: 140,
    });
    // 500 × 375: r = 1.28, rounded to 640 × 480.
    expect(placement({ width: 500, height: 375 }, { letterbox })).toMatchObject({ top: 80, left: 0 });
    // 640 × 427: 213 pixels are left, 106 above.
    expect(placement({ width: 640, height: 427 }, { letterbox })).toMatchObject({ top: 106 });
  });

  it('maps places on the canvas back to the image, whatever was done to it', () => {
    const side = fc.integer({ min: 8, max: 300 });
    const configs = fc.constantFrom<Partial<InputConfig>>(
      {},
      { resize: 8, crop: [6, 8] },
      { resize: [20, 30] },
      { resize: { longer: 40 }, pad: { size: [50, 50], multiple: null, fill: [0], align: 'center' } },
      { letterbox: { size: [32, 64], fill: [0], align: 'center' } },
      { letterbox: { size: [32, 64], fill: [0], align: 'top-left' } },
    );
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(side, side, configs, share, share, (width, height, config, x, y) => {
        const placed = placement({ width, height }, config);
        const point: [number, number] = [x * width, y * height];
        const [backX, backY] = toOriginal(placed, toCanvas(placed, point));
        expect(backX).toBeCloseTo(point[0], 9);
        expect(backY).toBeCloseTo(point[1], 9);
        if (placed.window.width === placed.resized.width) {
          const [left] = toCanvas(placed, [0, 0]);
          const [right] = toCanvas(placed, [width, height]);
          expect([left, right]).toEqual([placed.left, placed.left + placed.resized.width]);
        }
      }),
    );
  });
});
