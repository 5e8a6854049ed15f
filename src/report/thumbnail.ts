/** Thumbnails in reports that anyone may have written: the page shows only what is a small JPEG file and nothing else. */
import { MAX_THUMBNAIL_BYTES, THUMBNAIL_PIXELS } from '../terms/worst-sample.js';

export interface Thumbnail {
  /** The file, in base64 as it is written canonically. */
  base64: string;
  width: number;
  height: number;
}

/** Segments with a length that a picture needs: JFIF's header, frames, tables. No EXIF, no comments, no profiles. */
const [SOF_BASELINE, SOF_PROGRESSIVE, DHT, DQT, DRI, APP0, SOS] = [0xc0, 0xc2, 0xc4, 0xdb, 0xdd, 0xe0, 0xda];
const ALLOWED = new Set([SOF_BASELINE, SOF_PROGRESSIVE, DHT, DQT, DRI, APP0, SOS]);
const [SOI, EOI, RST_FIRST, RST_LAST] = [0xd8, 0xd9, 0xd0, 0xd7];
/** JFIF's header may hold a picture of its own; ours never does. */
const JFIF_LENGTH = 16;

/** null: it is no JPEG file of at most 128 × 128 pixels that ends where its picture ends (ITU-T T.81, annex B). */
export function readThumbnail(base64: string): Thumbnail | null {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length > MAX_THUMBNAIL_BYTES || bytes.toString('base64') !== base64) return null;
  if (bytes[0] !== 0xff || bytes[1] !== SOI) return null;
  let size: { width: number; height: number } | null = null;
  let at = 2;
  let scans = 0;
  while (at + 1 < bytes.length) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff) return null;
    if (marker === EOI) {
      if (at + 2 !== bytes.length || size === null || scans === 0) return null;
      return { base64, ...size };
    }
    const length = at + 3 < bytes.length ? bytes.readUInt16BE(at + 2) : 0;
    if (!ALLOWED.has(marker) || length < 2 || at + 2 + length > bytes.length) return null;
    if (marker === APP0 && length !== JFIF_LENGTH) return null;
    if (marker === SOF_BASELINE || marker === SOF_PROGRESSIVE) {
      if (size !== null || length < 8) return null;
      size = { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) };
      if (!isSmall(size)) return null;
    }
    at += 2 + length;
    if (marker === SOS) {
      scans++;
      at = endOfScan(bytes, at);
    }
  }
  return null;
}

function isSmall({ width, height }: { width: number; height: number }): boolean {
  return width >= 1 && height >= 1 && width <= THUMBNAIL_PIXELS && height <= THUMBNAIL_PIXELS;
}

/** Where the next marker stands that is neither a stuffed byte nor a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  let at = from;
  for (; at + 1 < bytes.length; at++) {
    if (bytes[at] !== 0xff) continue;
    const next = bytes[at + 1]!;
    if (next !== 0 && (next < RST_FIRST || next > RST_LAST)) break;
  }
  return at;
}
