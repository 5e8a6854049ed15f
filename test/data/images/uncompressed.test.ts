/** Bitmaps and pixmaps, whose bytes are written here as their specifications have them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../../src/data/images/images.js';
import { coloursOfInks } from '../../../src/data/images/inks.js';
import { temporaryFolder } from '../samples.js';

const folder = temporaryFolder();
function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

interface Bitmap {
  width: number;
  /** Negative: rows from the top. */
  height: number;
  bits: number;
  rows: number[][];
  palette?: number[];
  compression?: number;
}

function bitmap({ width, height, bits, rows, palette = [], compression = 0 }: Bitmap): Buffer {
  const header = Buffer.alloc(54);
  header.write('BM');
  header.writeUInt32LE(54 + palette.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(bits, 28);
  header.writeUInt32LE(compression, 30);
  const padded = rows.flatMap((row) => [...row, ...new Array((4 - (row.length % 4)) % 4).fill(0)]);
  return Buffer.concat([header, Buffer.from(palette), Buffer.from(padded)]);
}

const RED = [255, 0, 0];
const BLUE = [0, 0, 255];
const GREY = [9, 9, 9];
const inBlueGreenRed = (colours: number[][]) => colours.flatMap(([r, g, b]) => [b!, g!, r!]);

describe('bitmaps', () => {
  it.each<[string, Bitmap]>([
    [
      '24 bits, from the bottom up',
      {
        width: 3,
        height: 2,
        bits: 24,
        rows: [inBlueGreenRed([GREY, GREY, RED]), inBlueGreenRed([RED, BLUE, GREY])],
      },
    ],
    [
      '24 bits, from the top',
      {
        width: 3,
        height: -2,
        bits: 24,
        rows: [inBlueGreenRed([RED, BLUE, GREY]), inBlueGreenRed([GREY, GREY, RED])],
      },
    ],
    [
      '32 bits',
      {
        width: 3,
        height: -2,
        bits: 32,
        rows: [
          [RED, BLUE, GREY],
          [GREY, GREY, RED],
        ].map((row) => row.flatMap(([r, g, b]) => [b!, g!, r!, 77])),
      },
    ],
    [
      'a palette, 8 bits',
      {
        width: 3,
        height: -2,
        bits: 8,
        palette: [0, 0, 255, 0, 255, 0, 0, 0, 9, 9, 9, 0],
        rows: [
          [0, 1, 2],
          [2, 2, 0],
        ],
      },
    ],
    [
      'a palette, 4 bits',
      {
        width: 3,
        height: -2,
        bits: 4,
        palette: [0, 0, 255, 0, 255, 0, 0, 0, 9, 9, 9, 0],
        rows: [
          [0x01, 0x20],
          [0x22, 0x00],
        ],
      },
    ],
  ])('are read: %s', async (name, made) => {
    const path = file(`${name}.bmp`, bitmap(made));
    const expected = [RED, BLUE, GREY, GREY, GREY, RED].flat();
    expect(await decodeImage(path)).toEqual({
      width: 3,
      height: 2,
      channels: 3,
      data: Uint8Array.from(expected),
    });
    expect((await decodeImage(bitmap(made), { alpha: true })).data.subarray(0, 8)).toEqual(
      Uint8Array.from([...RED, 255, ...BLUE, 255]),
    );
  });

  it('of one bit per pixel are read from the highest bit', async () => {
    const made = bitmap({
      width: 3,
      height: 1,
      bits: 1,
      palette: [0, 0, 0, 0, 255, 255, 255, 0],
      rows: [[0b1010_0000]],
    });
    expect([...(await decodeImage(made)).data]).toEqual([255, 255, 255, 0, 0, 0, 255, 255, 255]);
  });

  it('that are compressed, or end too early, are refused', async () => {
    const whole = { width: 3, height: 2, bits: 8, rows: [[0], [0]] };
    await expect(decodeImage(bitmap({ ...whole, compression: 1 }))).rejects.toThrow(
      'bitmaps of 8 bits per pixel in compression 1 are not read: save it as PNG',
    );
    await expect(decodeImage(bitmap({ ...whole, rows: [[0]] }))).rejects.toThrow('the bitmap ends too early');
    await expect(decodeImage(Buffer.from('BM'))).rejects.toThrow('ends within its header');
  });
});

describe('pixmaps', () => {
  const pixmap = (header: string, ...values: number[]) =>
    Buffer.concat([Buffer.from(header), Buffer.from(values)]);

  it('are read in colours and in grey, comments aside, of 16 bits the high byte', async () => {
    const colours = await decodeImage(
      file('c.ppm', pixmap('P6\n# made by hand\n2 1\n255\n', ...RED, ...BLUE)),
    );
    expect([...colours.data]).toEqual([...RED, ...BLUE]);
    expect([...(await decodeImage(file('g.pgm', pixmap('P5 2 1 255\n', 7, 8)))).data]).toEqual([
      7, 7, 7, 8, 8, 8,
    ]);
    expect([...(await decodeImage(pixmap('P5\n1 1\n65535\n', 200, 99))).data]).toEqual([200, 200, 200]);
  });

  it('that are not whole are refused', async () => {
    await expect(decodeImage(pixmap('P6 2 1 255\n', ...RED))).rejects.toThrow('the pixmap ends too early');
    await expect(decodeImage(pixmap('P6 2'))).rejects.toThrow('the pixmap has no header');
    await expect(decodeImage(pixmap('P5 2 1 15\n', 1, 2))).rejects.toThrow('values up to 15 are not read');
  });
});

it('TIFF files in inks become colours by arithmetic, as JPEG files do', async () => {
  const inks = Uint8Array.from([0, 128, 255, 20, 255, 0, 40, 60]);
  const tiff = await sharp(Buffer.from(inks), { raw: { width: 2, height: 1, channels: 4 } })
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .tiff({ compression: 'none' })
    .toBuffer();
  if ((await sharp(tiff).metadata()).space !== 'cmyk') throw new Error('the file is not in inks');
  const [one, other] = [await decodeImage(file('inks.tif', tiff)), await decodeImage(tiff)];
  const raw = await sharp(tiff, { ignoreIcc: true })
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw()
    .toBuffer();
  expect(one.data).toEqual(coloursOfInks(raw));
  expect(other.data).toEqual(one.data);
});
