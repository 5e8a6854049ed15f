import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { InputConfig } from '../../../src/config/data-config.js';
import { decodeImage } from '../../../src/data/images/images.js';
import { prepare } from '../../../src/data/images/preprocess.js';
import { openDataset } from '../../../src/data/open.js';
import { type Binding, bindInputs } from '../../../src/data/samples/binding.js';
import type { Pixels } from '../../../src/data/samples/pixels.js';
import { seededRandom } from '../../../src/tensor/random.js';
import type { ElementType, Tensor } from '../../../src/tensor/tensor.js';
import { HAS_PILLOW, python } from '../python.js';
import { collect, dataConfig, input, meta, temporaryFolder } from '../samples.js';

function binding(
  shape: (number | string)[],
  config: Partial<InputConfig> = {},
  type: ElementType = 'float32',
): Binding {
  return bindInputs(dataConfig('data', { inputs: { '': input(config) } }), [meta('x', type, shape)])[0]!;
}

/** Two by one pixels: (1, 2, 3) and (4, 5, 6). */
const COLOUR: Pixels = { width: 2, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3, 4, 5, 6) };
const GREY: Pixels = { width: 2, height: 1, channels: 1, data: Uint8Array.of(7, 8) };

function fed(
  value: Pixels | Tensor,
  to: Binding,
): { dims: readonly number[]; values: number[]; type: string } {
  const raw =
    'channels' in value
      ? ({ kind: 'image', pixels: value } as const)
      : ({ kind: 'array', tensor: value } as const);
  const { dims, data, type } = prepare(raw, to, 'sample');
  return { dims, values: Array.from(data as Float32Array), type };
}

function bytes(dims: number[], ...values: number[]): Tensor {
  return { type: 'uint8', dims, data: Uint8Array.from(values) };
}

describe('preprocessing of images', () => {
  it('is not asked for by the name of an input that every object has as a property', () => {
    const values = { type: 'float32', dims: [1, 2], data: Float32Array.of(3, 4) } as const;
    for (const name of ['constructor', 'toString', '__proto__']) {
      const [bound] = bindInputs(dataConfig('data'), [meta(name, 'float32', ['n', 2])]);
      expect(fed(values, bound!)).toMatchObject({ dims: [1, 2], values: [3, 4] });
    }
  });

  it('lays colours out as planes or interleaved, as the model takes them', () => {
    const raw = { scale: false };
    expect(fed(COLOUR, binding(['n', 3, 'h', 'w'], raw))).toMatchObject({
      dims: [1, 3, 1, 2],
      values: [1, 4, 2, 5, 3, 6],
    });
    expect(fed(COLOUR, binding(['n', 'h', 'w', 3], raw))).toMatchObject({
      dims: [1, 1, 2, 3],
      values: [1, 2, 3, 4, 5, 6],
    });
    expect(fed(COLOUR, binding(['n', '', '', ''], { ...raw, layout: 'NHWC' })).dims).toEqual([1, 1, 2, 3]);
  });

  it('turns the channels round before subtracting the mean', () => {
    const config: Partial<InputConfig> = { channels: 'bgr', scale: false, mean: [3, 2, 1], std: [1, 1, 2] };
    expect(fed(COLOUR, binding(['n', 3, 'h', 'w'], config)).values).toEqual([0, 3, 0, 3, 0, 1.5]);
  });

  it('makes grey from colour and colour from grey, as the model needs', () => {
    // (1·299 + 2·587 + 3·114) ÷ 1000 = 1.8 → 2
    expect(fed(COLOUR, binding(['n', 1, 'h', 'w'], { scale: false }))).toMatchObject({
      dims: [1, 1, 1, 2],
      values: [2, 5],
    });
    expect(fed(GREY, binding(['n', 3, 'h', 'w'], { scale: false })).values).toEqual([7, 8, 7, 8, 7, 8]);
  });

  it('drops the channel axis for a model without one', () => {
    expect(fed(GREY, binding(['n', 'h', 'w'], { scale: false }))).toMatchObject({
      dims: [1, 1, 2],
      values: [7, 8],
    });
  });

  it('leaves the bytes alone for a model that takes bytes', () => {
    expect(fed(COLOUR, binding(['n', 'h', 'w', 3], {}, 'uint8'))).toEqual({
      dims: [1, 1, 2, 3],
      values: [1, 2, 3, 4, 5, 6],
      type: 'uint8',
    });
  });

  it('gives halves to a float16 model', () => {
    const one: Pixels = { width: 1, height: 1, channels: 1, data: Uint8Array.of(255) };
    expect(fed(one, binding(['n', 1, 1, 1], {}, 'float16'))).toMatchObject({
      values: [0x3c00],
      type: 'float16',
    });
  });

  it('multiplies by a number, before the mean is subtracted', () => {
    const config = { scale: 2, mean: [1], std: [1] };
    expect(fed(COLOUR, binding(['n', 3, 'h', 'w'], config)).values).toEqual([1, 7, 3, 9, 5, 11]);
    const floats: Tensor = { type: 'float32', dims: [1], data: Float32Array.of(10) };
    expect(fed(floats, binding(['n', 1], { scale: 0.5 })).values).toEqual([5]);
  });

  it('fits an image into a letterbox, and fills the rest with a level that is normalized like the others', () => {
    const letterbox = { size: [4, 2] as [number, number], fill: [51], align: 'center' as const };
    expect(fed(GREY, binding(['n', 1, 4, 2], { letterbox, scale: true, filter: 'nearest' }))).toEqual({
      dims: [1, 1, 4, 2],
      values: [0.2, 0.2, 7 / 255, 8 / 255, 0.2, 0.2, 0.2, 0.2].map(Math.fround),
      type: 'float32',
    });
    const corner = { ...letterbox, align: 'top-left' as const, fill: [0] };
    expect(fed(GREY, binding(['n', 1, 4, 2], { letterbox: corner, scale: false })).values).toEqual([
      7, 8, 0, 0, 0, 0, 0, 0,
    ]);
  });

  it('fills up to a size or a multiple, with what is 0 after normalization if asked', () => {
    const pad = {
      size: [1, 3] as [number, number],
      multiple: 2,
      fill: 'mean' as const,
      align: 'top-left' as const,
    };
    expect(fed(GREY, binding(['n', 1, 'h', 'w'], { pad, scale: false, mean: [5] }))).toMatchObject({
      dims: [1, 1, 2, 4],
      values: [2, 3, 0, 0, 0, 0, 0, 0],
    });
  });

  it.each([
    [{ crop: [3, 3] as [number, number] }, /crop of 3 × 3 doesn't fit into 1 × 2 pixels.*set `resize`/],
    [{ mean: [1, 2] }, /`mean` of input 'x' has 2 values, but there are 3 channels/],
    [{ std: [0] }, /`std` of input 'x' holds a 0/],
  ])('refuses %j', (config, message) => {
    expect(() => fed(COLOUR, binding(['n', 3, 'h', 'w'], config))).toThrow(message);
  });
});

describe('preprocessing of arrays', () => {
  it('reads 8-bit arrays as images in any of their layouts', () => {
    const planes = { dims: [1, 3, 1, 2], values: [1, 2, 3, 4, 5, 6] };
    expect(fed(bytes([3, 1, 2], 1, 2, 3, 4, 5, 6), binding(['n', 3, 1, 2], { scale: false }))).toMatchObject(
      planes,
    );
    expect(fed(bytes([1, 2, 3], 1, 3, 5, 2, 4, 6), binding(['n', 3, 1, 2], { scale: false }))).toMatchObject(
      planes,
    );
    expect(fed(bytes([1, 2], 255, 0), binding(['n', 1, 1, 2]))).toMatchObject({
      dims: [1, 1, 1, 2],
      values: [1, 0],
    });
  });

  it('divides 8-bit features by 255 too, unless told otherwise', () => {
    expect(fed(bytes([2], 255, 51), binding(['n', 2])).values).toEqual([1, Math.fround(0.2)]);
    expect(fed(bytes([2], 255, 51), binding(['n', 2], { scale: false })).values).toEqual([255, 51]);
  });

  it('takes float arrays as they are, and normalizes them when mean and std are given', () => {
    const floats: Tensor = { type: 'float32', dims: [2, 1, 1], data: Float32Array.of(200, 300) };
    expect(fed(floats, binding(['n', 2, 1, 1])).values).toEqual([200, 300]);
    expect(fed(floats, binding(['n', 2, 1, 1], { mean: [100, 200], std: [50] })).values).toEqual([2, 2]);
    const last: Tensor = { type: 'float32', dims: [1, 1, 3], data: Float32Array.of(1, 2, 3) };
    expect(fed(last, binding(['n', 1, 1, 3], { mean: [1, 1, 2], layout: 'NHWC' })).values).toEqual([0, 1, 1]);
  });

  it('turns float arrays with colours last for a model that takes them first, and the other way round', () => {
    const last: Tensor = { type: 'float32', dims: [1, 2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
    const config: Partial<InputConfig> = { mean: [1, 2, 3], std: [1] };
    expect(fed(last, binding(['n', 3, 'h', 'w'], config))).toMatchObject({
      dims: [1, 3, 1, 2],
      values: [0, 3, 0, 3, 0, 3],
    });
    const first: Tensor = { type: 'float32', dims: [3, 1, 2], data: Float32Array.of(1, 4, 2, 5, 3, 6) };
    expect(fed(first, binding(['n', 1, 2, 3], { ...config, layout: 'NHWC' }))).toMatchObject({
      dims: [1, 1, 2, 3],
      values: [0, 0, 0, 3, 3, 3],
    });
  });

  it('says what to do with float images of another size, whatever the configuration says already', () => {
    const floats: Tensor = { type: 'float32', dims: [9, 8, 3], data: new Float32Array(216) };
    const model = ['n', 3, 16, 16];
    expect(() => fed(floats, binding(model))).toThrow(
      /Save the array in this size: of arrays only images in 8 bits/,
    );
    expect(() => fed(floats, binding(model, { layout: 'NCHW' }))).toThrow(
      /Save the array in this size: of arrays only images in 8 bits/,
    );
    expect(() => fed(floats, binding(['n', 3, 'h', 16], { layout: 'NHWC' }))).toThrow(
      /Without `layout: NHWC`/,
    );
  });

  it('adds a missing channel axis to float arrays', () => {
    const floats: Tensor = { type: 'float32', dims: [1, 2], data: Float32Array.of(1, 2) };
    expect(fed(floats, binding(['n', 1, 1, 2])).dims).toEqual([1, 1, 1, 2]);
  });

  it('feeds a pair as a batch of two', () => {
    const pair: Tensor = { type: 'int64', dims: [2, 3], data: new BigInt64Array(6) };
    expect(fed(pair, binding(['batch', 'tokens'], {}, 'int64')).dims).toEqual([2, 3]);
  });

  it('says both shapes and what to do when an array does not fit', () => {
    const floats: Tensor = { type: 'float32', dims: [3], data: Float32Array.of(1, 2, 3) };
    expect(() => fed(floats, binding(['n', 4]))).toThrow(
      /gives \[1, 3\] for the model's input 'x', which takes \[n, 4\]/,
    );
  });

  it('does not resize what is not an 8-bit image', () => {
    const floats: Tensor = { type: 'float32', dims: [3, 4, 4], data: new Float32Array(48) };
    expect(() => fed(floats, binding(['n', 3, 2, 2], { resize: 2 }))).toThrow(
      /works on 8-bit images.*float32 \[3,4,4\]/,
    );
  });
});

describe('names in the configuration', () => {
  it('must be the model’s', () => {
    const two = [meta('a', 'float32', [1]), meta('b', 'float32', [1])];
    expect(() => bindInputs(dataConfig('d', { inputs: { '': input() } }), two)).toThrow(
      /this model has 2: 'a', 'b'.*'inputs'/,
    );
    expect(() => bindInputs(dataConfig('d', { inputs: { c: input() } }), two)).toThrow(
      /input 'c', but the model's inputs are 'a', 'b'/,
    );
  });
});

describe('decoding', () => {
  const folder = temporaryFolder();
  const photo = Buffer.from(
    (() => {
      const random = seededRandom(3);
      // Smooth enough for JPEG, with edges.
      return Uint8Array.from({ length: 61 * 47 * 3 }, (_, at) => {
        const [x, y] = [Math.floor(at / 3) % 61, Math.floor(at / 183)];
        return (x * 4 + y * 2 + (at % 3) * 40 + (x > 30 ? 60 : 0) + random.below(8)) & 255;
      });
    })(),
  );
  const source = () => sharp(photo, { raw: { width: 61, height: 47, channels: 3 } });

  beforeAll(async () => {
    mkdirSync(join(folder, 'c'));
    const write = (name: string, data: Promise<Buffer>) =>
      data.then((bytes) => writeFileSync(join(folder, 'c', name), bytes));
    await write('plain.png', source().png().toBuffer());
    await write('photo.jpg', source().jpeg({ quality: 90, chromaSubsampling: '4:2:0' }).toBuffer());
    await write('grey.jpg', source().greyscale().jpeg().toBuffer());
    await write('turned.jpg', source().withMetadata({ orientation: 6 }).jpeg().toBuffer());
    await write('alpha.png', source().ensureAlpha(0.5).png().toBuffer());
    await write('palette.png', source().png({ palette: true, colours: 16 }).toBuffer());
    await write('deep.png', source().toColourspace('rgb16').png().toBuffer());
    await write('photo.webp', source().webp({ lossless: true }).toBuffer());
  });

  it('applies the EXIF orientation', async () => {
    const turned = await source().withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await decodeImage(turned)).toMatchObject({ width: 47, height: 61, channels: 3 });
  });

  it('turns inks into colours as Pillow does, from a file and from bytes', async () => {
    // The blocks of fixtures/inks.py, and the colours that it prints.
    const expected = [255, 255, 255, 0, 255, 255, 0, 0, 0, 137, 181, 207, 149, 33, 100];
    const file = join(import.meta.dirname, 'fixtures', 'inks.jpg');
    for (const image of [file, readFileSync(file)]) {
      const { channels, data } = await decodeImage(image);
      expect(channels).toBe(3);
      const middles = [0, 1, 2, 3, 4].flatMap((block) => {
        const at = (4 * 40 + block * 8 + 4) * 3;
        return Array.from(data.subarray(at, at + 3));
      });
      middles.forEach((level, at) => {
        expect(Math.abs(level - expected[at]!), `${at}`).toBeLessThanOrEqual(2);
      });
    }
    expect((await decodeImage(file, { alpha: true })).channels).toBe(4);
  });

  it('refuses a truncated file', async () => {
    const jpeg = await source().jpeg().toBuffer();
    await expect(decodeImage(jpeg.subarray(0, jpeg.length / 2))).rejects.toThrow();
  });

  it.skipIf(!HAS_PILLOW)(
    'feeds what Pillow and NumPy make of every file: PNG, WebP and resizing bit for bit, JPEG within 2 levels (needs Python with Pillow)',
    async () => {
      const names = readdirSync(join(folder, 'c')).sort();
      const config = {
        resize: 40,
        crop: [32, 36] as [number, number],
        mean: [0.485, 0.456, 0.406],
        std: [0.229, 0.224, 0.225],
      };
      const dataset = await openDataset(dataConfig(folder, { inputs: { '': input(config) } }), [
        meta('x', 'float32', ['n', 3, 32, 36]),
      ]);
      const expected = JSON.parse(
        python(
          `
import sys, json, numpy as np
from PIL import Image, ImageOps
out = {}
for name in sys.argv[2:]:
    image = ImageOps.exif_transpose(Image.open(sys.argv[1] + '/c/' + name)).convert('RGB')
    w, h = image.size
    size = (40, int(40 * h / w)) if w <= h else (int(40 * w / h), 40)
    image = image.resize(size, Image.BILINEAR)
    left, top = round((size[0] - 36) / 2), round((size[1] - 32) / 2)
    x = np.asarray(image.crop((left, top, left + 36, top + 32)), np.uint8)
    x = x.astype(np.float32) / np.float32(255)
    x = (x - np.array([0.485, 0.456, 0.406], np.float32)) / np.array([0.229, 0.224, 0.225], np.float32)
    out[name] = x.transpose(2, 0, 1).ravel().tolist()
print(json.dumps(out))`,
          folder,
          ...names,
        ),
      ) as Record<string, number[]>;
      const samples = await collect(dataset);
      expect(samples.map(({ id }) => id.slice(2)).sort()).toEqual(names);
      for (const { id, feeds } of samples) {
        const actual = Array.from(feeds.x!.data as Float32Array);
        const name = id.slice(2);
        const worst = Math.max(...actual.map((value, at) => Math.abs(value - expected[name]![at]!)));
        // Two of 255 levels, after division by the smallest std.
        expect(worst, name).toBeLessThanOrEqual(name.endsWith('.jpg') ? 2 / 255 / 0.224 : 0);
      }
    },
  );
});
