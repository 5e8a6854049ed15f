/** JPEG and TIFF files in inks (cyan, magenta, yellow, black) become colours as Pillow makes them: by arithmetic, without a profile. */
import { open } from 'node:fs/promises';
import { extname } from 'node:path';

type Sharp = typeof import('sharp').default;

const JPEG_NAMES = new Set(['.jpg', '.jpeg', '.jpe', '.jfif']);
/** Colours of a JPEG file in inks. */
const INKS = 4;
/** Most files tell what they are within these bytes. */
const FIRST_BYTES = 4096;

const TIFF_NAMES = new Set(['.tif', '.tiff']);

/** Whether the file is a JPEG of four components, read from its frame header, wherever that stands, or a TIFF in inks. False for what is neither, or damaged. */
export async function isInInks(image: string | Uint8Array, sharp: Sharp): Promise<boolean> {
  if (isTiff(image)) {
    const { space } = await sharp(image)
      .metadata()
      .catch(() => ({ space: undefined }));
    return space === 'cmyk';
  }
  if (typeof image !== 'string')
    return (await components(async (at, length) => image.subarray(at, at + length))) === INKS;
  if (!JPEG_NAMES.has(extname(image).toLowerCase())) return false;
  const file = await open(image, 'r').catch(() => null);
  if (file === null) return false;
  try {
    const first = Buffer.alloc(FIRST_BYTES);
    const known = (await file.read(first, 0, FIRST_BYTES, 0)).bytesRead;
    return (
      (await components(async (at, length) => {
        if (at + length <= known) return first.subarray(at, at + length);
        const piece = Buffer.alloc(length);
        return piece.subarray(0, (await file.read(piece, 0, length, at)).bytesRead);
      })) === INKS
    );
  } finally {
    await file.close();
  }
}

function isTiff(image: string | Uint8Array): boolean {
  if (typeof image === 'string') return TIFF_NAMES.has(extname(image).toLowerCase());
  const magic = Buffer.from(image.subarray(0, 4)).toString('latin1');
  return magic === 'II*\0' || magic === 'MM\0*';
}

/** Marker, length, and of a frame header: precision, height, width, components (ITU-T T.81, B.2.2). */
const HEAD = 10;

async function components(read: (at: number, length: number) => Promise<Uint8Array>): Promise<number | null> {
  const start = await read(0, 2);
  if (start[0] !== 0xff || start[1] !== 0xd8) return null;
  for (let at = 2; ; ) {
    const head = await read(at, HEAD);
    if (head.length < HEAD || head[0] !== 0xff) return null;
    const marker = head[1]!;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return head[9]!;
    at += 2 + head[2]! * 256 + head[3]!;
  }
}

/** Levels of four inks to red, green, blue (Pillow's `Convert.c`, cmyk2rgb). */
export function coloursOfInks(inks: Uint8Array): Uint8Array {
  const colours = new Uint8Array((inks.length / INKS) * 3);
  for (let from = 0, to = 0; from < inks.length; from += INKS) {
    const light = 255 - inks[from + 3]!;
    for (let ink = 0; ink < 3; ink++) {
      const product = inks[from + ink]! * light + 128;
      colours[to++] = light - (((product >> 8) + product) >> 8);
    }
  }
  return colours;
}
