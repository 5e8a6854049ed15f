/** A folder of images with a folder of masks: PNG files of the same names, one class index per pixel. */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, sep } from 'node:path';
import type { DataConfig } from '../../config/data-config.js';
import { messageOf, UserError } from '../../errors.js';
import { shownPath } from '../../system/files/shown-path.js';
import { IMAGE_EXTENSIONS } from '../images/images.js';
import { decodeIndices, type IndexMap } from '../images/png-indices.js';
import { type Binding, onlyBinding } from '../samples/binding.js';
import { sha256 } from '../samples/byte-range.js';
import { type Source, UndecodableSample } from '../samples/source.js';
import { readImage, unreadable } from './image-folder.js';
import { insideImages } from './named-images.js';

const NAMED = 3;

/** Every image below `path`; its mask is `masks` ⁄ the same name with `.png`. Throws UserError where one is missing, or lies outside of `masks`. */
export async function maskedImagesSource(
  data: DataConfig & { masks: string },
  bindings: readonly Binding[],
): Promise<Source> {
  const { path, masks, classNames } = data;
  const binding = onlyBinding(bindings, path, 'an image folder');
  const files = await imagesBelow(path);
  const maskOf = (file: string) => `${file.slice(0, file.length - extname(file).length)}.png`;
  const missing: string[] = [];
  for (const file of files)
    if ((await insideImages(masks, maskOf(file), 'masks')) === null) missing.push(maskOf(file));
  if (missing.length > 0) {
    const named = `${missing.slice(0, NAMED).join(', ')}${missing.length > NAMED ? ', …' : ''}`;
    throw new UserError(
      'data.files-missing',
      `${missing.length} of ${files.length} images of ${shownPath(path)} have no mask in ${shownPath(masks)}: ${named}.`,
    );
  }
  return {
    description: `image-folder ${path}`,
    length: files.length,
    labelled: true,
    classes: classNames?.length ?? null,
    ...(classNames === null ? {} : { classIndices: new Map(classNames.map((name, index) => [name, index])) }),
    id: (index) => files[index]!,
    hash: async (index) => sha256(await readFile(join(path, files[index]!))),
    async read(index) {
      const file = files[index]!;
      const pixels = await readImage(join(path, file), file, binding);
      return {
        values: { [binding.input]: { kind: 'image', pixels } },
        label: null,
        mask: await readMask(join(masks, maskOf(file)), maskOf(file)),
      };
    },
  };
}

async function imagesBelow(path: string): Promise<string[]> {
  const names = await readdir(path, { recursive: true });
  return names
    .map((name) => name.split(sep).join('/'))
    .filter(
      (name) =>
        IMAGE_EXTENSIONS.has(extname(name).toLowerCase()) &&
        !name.split('/').some((part) => part.startsWith('.')),
    )
    .sort();
}

async function readMask(file: string, id: string): Promise<IndexMap> {
  try {
    return decodeIndices(await readFile(file));
  } catch (error) {
    throw new UndecodableSample(`mask ${id}`, (await unreadable(file)) ?? messageOf(error));
  }
}
