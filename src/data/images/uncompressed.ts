/** Images that sharp's own binaries don't read: Windows bitmaps and binary portable pixmaps, as industrial cameras and older data sets have them. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Pixels } from '../samples/pixels.js';

const NAMES = new Set(['.bmp', '.ppm', '.pgm']);

/** Three channels. null: it is none of these files. Throws for what is damaged, and for kinds of them that are not read. */
export async function decodeUncompressed(image: string | Uint8Array): Promise<Pixels | null> {
  if (typeof image === 'string' && !NAMES.has(extname(image).toLowerCase())) return null;
  const bytes = typeof image === 'string' ? await readFile(image) : image;
  const magic = String.fromCharCode(bytes[0] ?? 0, bytes[1] ?? 0);
  if (magic === 'BM') return bitmap(bytes);
  return magic === 'P5' || magic === 'P6' ? pixmap(bytes, magic === 'P6' ? 3 : 1) : null;
}

/** Of the file header: where the pixels begin. */
const [PIXELS_AT, HEADER_AT] = [10, 14];
/** BITMAPINFOHEADER and its successors; the 12 bytes of OS/2 are not read. */
const SHORTEST_HEADER = 40;
const [UNCOMPRESSED, BY_MASKS] = [0, 3];
/** Red, green, blue, as nearly all files with masks have them. */
const USUAL_MASKS = [0xff0000, 0xff00, 0xff];

/** Rows from the bottom up unless the height is negative, each filled up to four bytes; blue comes first ("Bitmap storage", Windows GDI). */
function bitmap(bytes: Uint8Array): Pixels {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_AT + SHORTEST_HEADER) throw new Error('the bitmap ends within its header');
  const headerBytes = view.getUint32(HEADER_AT, true);
  const [width, signedHeight] = [view.getInt32(18, true), view.getInt32(22, true)];
  const [bits, compression] = [view.getUint16(28, true), view.getUint32(30, true)];
  const height = Math.abs(signedHeight);
  const masked = compression === BY_MASKS && bits === 32;
  const usual = USUAL_MASKS.every((mask, at) => !masked || view.getUint32(54 + 4 * at, true) === mask);
  if (
    headerBytes < SHORTEST_HEADER ||
    ![1, 4, 8, 24, 32].includes(bits) ||
    !usual ||
    (compression !== UNCOMPRESSED && !masked)
  )
    throw new Error(
      `bitmaps of ${bits} bits per pixel in compression ${compression} are not read: save it as PNG`,
    );
  const from = view.getUint32(PIXELS_AT, true);
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (width < 1 || height < 1 || from + stride * height > bytes.length)
    throw new Error('the bitmap ends too early');
  const palette = HEADER_AT + headerBytes;
  const data = new Uint8Array(width * height * 3);
  for (let row = 0, written = 0; row < height; row++) {
    const line = from + (signedHeight < 0 ? row : height - 1 - row) * stride;
    for (let column = 0; column < width; column++) {
      const bit = column * bits;
      const at =
        bits >= 24
          ? line + bit / 8
          : palette + 4 * ((bytes[line + (bit >> 3)]! >> (8 - bits - (bit & 7))) & (2 ** bits - 1));
      for (const channel of [2, 1, 0]) data[written++] = bytes[at + channel] ?? 0;
    }
  }
  return { width, height, channels: 3, data };
}

/** Width, height and the largest value as text, comments aside, then rows from the top (Netpbm, "ppm" and "pgm"). */
function pixmap(bytes: Uint8Array, channels: 1 | 3): Pixels {
  const header = /^P[56](?:\s|#[^\n]*\n)+(\d+)(?:\s|#[^\n]*\n)+(\d+)(?:\s|#[^\n]*\n)+(\d+)\s/.exec(
    Buffer.from(bytes.subarray(0, LONGEST_HEADER)).toString('latin1'),
  );
  if (header === null) throw new Error('the pixmap has no header');
  const [width, height, most] = [Number(header[1]), Number(header[2]), Number(header[3])];
  const size = most > 255 ? 2 : 1;
  const from = header[0].length;
  if (most !== 255 && most !== 65_535)
    throw new Error(`pixmaps of values up to ${most} are not read: save it as PNG`);
  if (width < 1 || height < 1 || from + width * height * channels * size > bytes.length)
    throw new Error('the pixmap ends too early');
  const data = new Uint8Array(width * height * 3);
  // Of two bytes the first is the high one: others are cut off, as of all 16-bit images.
  for (let at = 0; at < data.length; at++) {
    const sample = channels === 3 ? at : Math.floor(at / 3);
    data[at] = bytes[from + sample * size]!;
  }
  return { width, height, channels: 3, data };
}

const LONGEST_HEADER = 4096;
