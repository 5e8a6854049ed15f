/** Decoding image files with sharp, the only file that knows it: loaded at first use, so that npz users need no binary. */
import { Interrupted, MachineError, messageOf } from '../../errors.js';
import type { Pixels } from '../samples/pixels.js';
import { coloursOfInks, isInInks } from './inks.js';
import { decodeUncompressed } from './uncompressed.js';

type Sharp = typeof import('sharp').default;

let loadSharp: () => Promise<unknown> = () => import('sharp');
let loaded: Promise<Sharp> | null = null;

/** Where sharp comes from, for installations that don't have it in a node_modules; resolves to the module. */
export function setSharpLoader(load: () => Promise<unknown>): void {
  loadSharp = load;
  loaded = null;
}

/** Extensions of the files that an image folder takes for images; every one of them must decode. */
export const IMAGE_EXTENSIONS: ReadonlySet<string> = new Set([
  '.jpg',
  '.jpeg',
  '.jpe',
  '.jfif',
  '.png',
  '.webp',
  '.gif',
  '.tif',
  '.tiff',
  '.avif',
  '.bmp',
  '.ppm',
  '.pgm',
]);

/**
 * Decodes one image: EXIF orientation applied, colours as stored (no ICC transform, as Pillow), the alpha channel dropped
 * unless asked for, 16-bit samples cut to their high byte, inks (CMYK) turned into colours by arithmetic. The result has 3 channels (or 4 with `alpha`); grey images have
 * three equal ones. Throws what sharp throws when the bytes are not an image it knows or end too early, MachineError when
 * sharp can't be loaded, Interrupted when it is being installed for that.
 *
 * A file's path is better than its bytes: sharp's thread reads it, and decoding needs this one only when it is done.
 */
export async function decodeImage(
  image: string | Uint8Array,
  options: { alpha?: boolean } = {},
): Promise<Pixels> {
  const plain = await decodeUncompressed(image);
  if (plain !== null) return options.alpha ? withAlpha(plain) : plain;
  const sharp = await sharpModule();
  if (await isInInks(image, sharp)) return await decodeInks(sharp, image, options);
  let pipeline = sharp(image, { ignoreIcc: true, failOn: 'error' }).autoOrient().toColourspace('srgb');
  pipeline = options.alpha ? pipeline.ensureAlpha() : pipeline.removeAlpha();
  const { data, info } = await pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, channels: info.channels, data };
}

async function decodeInks(
  sharp: Sharp,
  image: string | Uint8Array,
  { alpha = false }: { alpha?: boolean },
): Promise<Pixels> {
  const pipeline = sharp(image, { ignoreIcc: true, failOn: 'error' })
    .autoOrient()
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk');
  const { data, info } = await pipeline.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  const colours = coloursOfInks(data);
  const { width, height } = info;
  const pixels = { width, height, channels: 3, data: colours };
  return alpha ? withAlpha(pixels) : pixels;
}

/** Opaque. */
function withAlpha({ width, height, data }: Pixels): Pixels {
  const opaque = new Uint8Array(width * height * 4).fill(255);
  for (let at = 0; at < width * height; at++) opaque.set(data.subarray(at * 3, at * 3 + 3), at * 4);
  return { width, height, channels: 4, data: opaque };
}

/** A JPEG file of the picture, made smaller until its longer side has `longest` pixels; never larger than it is. Nothing but pixels is in it. */
export async function jpegThumbnail(
  { width, height, channels, data }: Pixels,
  { longest, quality }: { longest: number; quality: number },
): Promise<Uint8Array> {
  const sharp = await sharpModule();
  return await sharp(data, { raw: { width, height, channels: channels as 1 | 3 | 4 } })
    .removeAlpha()
    .resize({ width: longest, height: longest, fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality })
    .toBuffer();
}

function sharpModule(): Promise<Sharp> {
  loaded ??= loadSharp().then(
    (module) => {
      const sharp = (module as { default?: Sharp }).default ?? (module as Sharp);
      // Each image is decoded once: nothing to keep, no file held open.
      sharp.cache(false);
      return sharp;
    },
    (error: unknown) => {
      loaded = null;
      if (error instanceof Interrupted) throw error;
      throw new MachineError(
        'machine.no-sharp',
        `Images can't be decoded because sharp could not be loaded: ${messageOf(error)}. ` +
          'Run `npm install sharp` beside quantgate, or give the data as npz.',
      );
    },
  );
  return loaded;
}
