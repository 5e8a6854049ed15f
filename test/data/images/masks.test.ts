/** Masks are read as numbers, go the way of their images, and are scored with classes, ignored pixels and coarser outputs. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DataConfig, InputConfig } from '../../../src/config/data-config.js';
import { decodeIndices } from '../../../src/data/images/png-indices.js';
import { openDataset } from '../../../src/data/open.js';
import type { Tensor } from '../../../src/tensor/tensor.js';
import { collect, dataConfig, input, meta, temporaryFolder } from '../samples.js';

/** A PNG with a palette, `depth` bits per pixel, every line with the filter given. */
function palettePng(
  width: number,
  indices: readonly number[],
  depth = 8,
  filter = 0,
  colourType = 3,
): Buffer {
  const height = indices.length / width;
  const lineBytes = Math.ceil((width * depth) / 8);
  const lines = Array.from({ length: height }, () => new Uint8Array(lineBytes));
  indices.forEach((index, at) => {
    const bit = (at % width) * depth;
    lines[Math.floor(at / width)]![bit >> 3]! |= index << (8 - depth - (bit & 7));
  });
  // Filters work on bytes: what is stored is the difference to the neighbours.
  const stored = lines.flatMap((line, row) => {
    const above = lines[row - 1] ?? new Uint8Array(lineBytes);
    const predict = (at: number) => {
      const [left, up, corner] = [line[at - 1] ?? 0, above[at]!, above[at - 1] ?? 0];
      const estimate = left + up - corner;
      const [a, b, c] = [left, up, corner].map((value) => Math.abs(estimate - value)) as [
        number,
        number,
        number,
      ];
      return [0, left, up, (left + up) >> 1, a <= b && a <= c ? left : b <= c ? up : corner][filter]!;
    };
    return [filter, ...Array.from(line, (value, at) => (value - predict(at)) & 255)];
  });
  const chunk = (type: string, body: Buffer) => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(body.length);
    head.write(type, 4, 'latin1');
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(Buffer.concat([head.subarray(4), body])));
    return Buffer.concat([head, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([depth, colourType, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.alloc(3 * 2 ** depth, 120)),
    chunk('IDAT', deflateSync(Buffer.from(stored))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe('PNG files as numbers', () => {
  it.each([0, 1, 2, 3, 4])('are palette indices, with lines of filter %d', (filter) => {
    const indices = [1, 2, 3, 4, 250, 6, 7, 0, 9, 1, 1, 200];
    expect(decodeIndices(palettePng(4, indices, 8, filter))).toEqual({
      width: 4,
      height: 3,
      data: Uint8Array.from(indices),
    });
  });

  it.each([1, 2, 4])('are read at %d bits per pixel', (depth) => {
    const indices = Array.from({ length: 15 }, (_, at) => at % 2 ** depth);
    expect(Array.from(decodeIndices(palettePng(5, indices, depth)).data)).toEqual(indices);
  });

  it('are grey levels of 8 and 16 bits, as sharp writes them', async () => {
    const levels = Uint8Array.from({ length: 7 * 5 }, (_, at) => (at * 37) & 255);
    const grey = sharp(levels, { raw: { width: 7, height: 5, channels: 1 } }).toColourspace('b-w');
    expect(Array.from(decodeIndices(await grey.png().toBuffer()).data)).toEqual(Array.from(levels));
    const deep = Uint16Array.from(levels, (level) => level * 200);
    const wide = sharp(deep, { raw: { width: 7, height: 5, channels: 1 } }).toColourspace('grey16');
    expect(Array.from(decodeIndices(await wide.png().toBuffer()).data)).toEqual(Array.from(deep));
  });

  it('are refused when they are colours, no PNG, or cut off', async () => {
    const colours = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    expect(() => decodeIndices(colours)).toThrow(/in colours: save class indices as a PNG with a palette/);
    expect(() => decodeIndices(Buffer.from('no image'))).toThrow(/no PNG/);
    const whole = palettePng(4, Array<number>(64).fill(3));
    expect(() => decodeIndices(whole.subarray(0, whole.length - 30))).toThrow();
  });
});

describe('a folder of images with masks', () => {
  const folder = temporaryFolder();
  const images = join(folder, 'images');
  const masks = join(folder, 'masks');
  /** 4 × 2 pixels. */
  const MASK = [0, 0, 1, 1, 2, 2, 9, 255];

  beforeAll(async () => {
    for (const path of [join(images, 'sub'), join(masks, 'sub')]) mkdirSync(path, { recursive: true });
    const picture = sharp({ create: { width: 4, height: 2, channels: 3, background: 'grey' } });
    await picture.clone().jpeg().toFile(join(images, 'a.jpg'));
    await picture
      .clone()
      .png()
      .toFile(join(images, 'sub', 'b.png'));
    writeFileSync(join(masks, 'a.png'), palettePng(4, MASK));
    writeFileSync(join(masks, 'sub', 'b.png'), palettePng(4, Array<number>(8).fill(1)));
  });

  const opened = (changes: Partial<DataConfig> = {}, config: Partial<InputConfig> = {}) =>
    openDataset(dataConfig(images, { masks, inputs: { '': input(config) }, ...changes }), [
      meta('x', 'float32', ['n', 3, 'h', 'w']),
    ]);

  async function maskOf(id: string, ...options: Parameters<typeof opened>) {
    const sample = (await collect(await opened(...options))).find((one) => one.id === id)!;
    const { dims, data } = sample.label as Tensor;
    return { dims, values: Array.from(data as Int32Array) };
  }

  it('is labelled with a class per pixel; ignored ones are below 0', async () => {
    const dataset = await opened({ classNames: ['road', 'car', 'tree'] });
    expect([dataset.labelled, dataset.classes]).toEqual([true, 3]);
    expect(await maskOf('a.jpg')).toEqual({ dims: [2, 4], values: MASK });
    expect((await maskOf('a.jpg', { ignore: 9 })).values).toEqual([0, 0, 1, 1, 2, 2, -1, 255]);
  });

  it('resizes masks by nearest pixels with their images, and leaves out what letterbox and pad add', async () => {
    expect(await maskOf('a.jpg', {}, { resize: [4, 8], crop: [4, 4] })).toEqual({
      dims: [4, 4],
      values: [0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 9, 9, 2, 2, 9, 9],
    });
    const letterbox = { size: [4, 4] as [number, number], fill: [0], align: 'center' as const };
    expect(await maskOf('a.jpg', {}, { letterbox })).toEqual({
      dims: [4, 4],
      values: [-1, -1, -1, -1, ...MASK, -1, -1, -1, -1],
    });
  });

  it('refuses masks of another size, missing ones, colours, and links that lead out of the folder', async () => {
    const other = join(folder, 'other');
    mkdirSync(join(other, 'sub'), { recursive: true });
    const write = (mask: Buffer) => {
      for (const name of ['a.png', 'sub/b.png']) writeFileSync(join(other, name), mask);
    };
    write(palettePng(2, [0, 1, 2, 3]));
    await expect(opened({ masks: other })).rejects.toThrow(/its mask has 2 × 2 pixels, but the image 4 × 2/);
    write(
      await sharp({ create: { width: 4, height: 2, channels: 3, background: 'red' } })
        .png()
        .toBuffer(),
    );
    await expect(opened({ masks: other })).rejects.toThrow(
      /2 of 2 samples .* mask a\.png: it is in colours/s,
    );
    await expect(opened({ masks: join(masks, 'sub') })).rejects.toThrow(
      /2 of 2 images .* have no mask in .*: a\.png, sub\/b\.png/,
    );
    const linked = join(folder, 'linked');
    mkdirSync(linked);
    symlinkSync(join(masks, 'a.png'), join(linked, 'a.png'));
    await expect(opened({ masks: linked })).rejects.toThrow(/a\.png, which lies outside of `masks`/);
  });

  it('refuses options that nothing reads', async () => {
    await expect(opened({ masks: null, ignore: 0 })).rejects.toThrow(
      /'ignore' is a value of the pixels of `masks`/,
    );
    const table = join(folder, 'list.csv');
    writeFileSync(table, 'a.jpg,0\n');
    await expect(
      openDataset(dataConfig(table, { masks }), [meta('x', 'float32', ['n', 3, 'h', 'w'])]),
    ).rejects.toThrow(/'masks' goes with a folder of images, and this is csv/);
  });
});
