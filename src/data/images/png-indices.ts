/** PNG files as numbers, not as colours: palette indices or grey levels, which image decoders turn into pixels. */
import { inflateSync } from 'node:zlib';

/** One number per pixel, row by row. */
export interface IndexMap {
  width: number;
  height: number;
  data: Uint8Array | Uint16Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Colour types of the PNG specification (11.2.1) whose pixels are one number. */
const GREY = 0;
const PALETTE = 3;
/** A mask larger than this is no mask. */
const MOST_PIXELS = 2 ** 28;

interface Header {
  width: number;
  height: number;
  depth: number;
}

/** Throws Error that says what the file is instead: no PNG, one in colours, interlaced, cut off. */
export function decodeIndices(bytes: Uint8Array): IndexMap {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!file.subarray(0, SIGNATURE.length).equals(SIGNATURE)) throw new Error('it is no PNG file');
  const { header, data } = chunks(file);
  const lineBytes = Math.ceil((header.width * header.depth) / 8);
  const raw = inflateSync(data, { maxOutputLength: (lineBytes + 1) * header.height });
  if (raw.length < (lineBytes + 1) * header.height) throw new Error('its data end too early');
  const lines = unfiltered(raw, {
    lineBytes,
    height: header.height,
    pixelBytes: Math.max(1, header.depth / 8),
  });
  return { width: header.width, height: header.height, data: unpacked(lines, header, lineBytes) };
}

function chunks(file: Buffer): { header: Header; data: Buffer } {
  let header: Header | null = null;
  const parts: Buffer[] = [];
  for (let at = SIGNATURE.length; at + 12 <= file.length; ) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    const body = file.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') header = headerOf(body);
    if (type === 'IDAT') parts.push(body);
    if (type === 'IEND') break;
    at += length + 12;
  }
  if (header === null || parts.length === 0) throw new Error('its data end too early');
  return { header, data: Buffer.concat(parts) };
}

function headerOf(body: Buffer): Header {
  if (body.length < 13) throw new Error('its header is cut off');
  const [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
  const [depth, colours, interlaced] = [body[8]!, body[9]!, body[12]!];
  if (colours !== GREY && colours !== PALETTE) {
    throw new Error('it is in colours: save class indices as a PNG with a palette, or in grey levels');
  }
  if (interlaced !== 0) throw new Error('it is interlaced: save it without');
  if (![1, 2, 4, 8, 16].includes(depth) || width * height === 0 || width * height > MOST_PIXELS) {
    throw new Error('its header makes no sense');
  }
  return { width, height, depth };
}

interface Lines {
  lineBytes: number;
  height: number;
  /** Bytes to the pixel on the left, at least one. */
  pixelBytes: number;
}

/** Filters of the PNG specification (9.2), undone in place of their copies. */
function unfiltered(raw: Buffer, { lineBytes, height, pixelBytes }: Lines): Uint8Array {
  const lines = new Uint8Array(lineBytes * height);
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (lineBytes + 1)]!;
    const from = row * (lineBytes + 1) + 1;
    const to = row * lineBytes;
    for (let at = 0; at < lineBytes; at++) {
      const left = at >= pixelBytes ? lines[to + at - pixelBytes]! : 0;
      const above = row > 0 ? lines[to + at - lineBytes]! : 0;
      const corner = row > 0 && at >= pixelBytes ? lines[to + at - lineBytes - pixelBytes]! : 0;
      lines[to + at] = raw[from + at]! + predicted(filter, left, above, corner);
    }
  }
  return lines;
}

function predicted(filter: number, left: number, above: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0;
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    case 4:
      return paeth(left, above, corner);
    default:
      throw new Error('it is damaged');
  }
}

function paeth(left: number, above: number, corner: number): number {
  const estimate = left + above - corner;
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((value) => Math.abs(estimate - value)) as [
    number,
    number,
    number,
  ];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

/** Samples of 1, 2 or 4 bits start at the high end of each byte; those of 16 bits are big-endian. */
function unpacked(
  lines: Uint8Array,
  { width, height, depth }: Header,
  lineBytes: number,
): Uint8Array | Uint16Array {
  if (depth === 8) return lines;
  if (depth === 16)
    return Uint16Array.from({ length: width * height }, (_, at) => lines[at * 2]! * 256 + lines[at * 2 + 1]!);
  const data = new Uint8Array(width * height);
  const mask = 2 ** depth - 1;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const bit = column * depth;
      const byte = lines[row * lineBytes + (bit >> 3)]!;
      data[row * width + column] = (byte >> (8 - depth - (bit & 7))) & mask;
    }
  }
  return data;
}
