/** A folder of images: one subfolder per class, or no subfolders and no labels. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { DataConfig } from '../../config/config.js';
import { Interrupted, MachineError, messageOf, UserError } from '../../errors.js';
import { decodeImage, IMAGE_EXTENSIONS } from '../images/images.js';
import { channelsOf } from '../images/layout.js';
import { type Binding, onlyBinding } from '../samples/binding.js';
import { sha256 } from '../samples/byte-range.js';
import type { Pixels } from '../samples/pixels.js';
import { type Source, UndecodableSample } from '../samples/source.js';

interface ImageFile {
  /** Relative to the folder, with forward slashes. */
  id: string;
  label: number | null;
}

/**
 * Classes are the subfolders: by number when every name is an integer, else counted in the names' order (code units, as
 * torchvision's `ImageFolder`). Files whose extension isn't an image's are ignored; image files are found at any depth.
 */
export async function imageFolderSource(data: DataConfig, bindings: readonly Binding[]): Promise<Source> {
  const { path } = data;
  const binding = onlyBinding(bindings, path, 'an image folder');
  const { files, classes } = await listImages(path);
  return {
    description: `image-folder ${path}`,
    length: files.length,
    labelled: classes !== null,
    classes,
    id: (index) => files[index]!.id,
    hash: async (index) => sha256(await readFile(join(path, files[index]!.id))),
    async read(index) {
      const { id, label } = files[index]!;
      const pixels = await readImage(join(path, id), id, binding);
      return { values: { [binding.input]: { kind: 'image', pixels } }, label };
    },
  };
}

/** libvips takes brackets at the end of a name for options (`photo.jpg[shrink=2]`); only tables name such files. */
const OPTIONS = /\]\s*$/;

/** One image file, decoded. Throws UndecodableSample, and MachineError and Interrupted as `decodeImage` does. */
export async function readImage(file: string, id: string, binding: Binding): Promise<Pixels> {
  try {
    const image = OPTIONS.test(file) ? await readFile(file) : file;
    return await decodeImage(image, { alpha: channelsOf(binding) === 4 });
  } catch (error) {
    if (error instanceof MachineError || error instanceof Interrupted) throw error;
    throw new UndecodableSample(id, (await unreadable(file)) ?? firstLine(messageOf(error)));
  }
}

/** Why a file can't be decoded when it isn't its content. */
async function unreadable(file: string): Promise<string | null> {
  try {
    return (await readFile(file)).length === 0 ? 'the file is empty' : null;
  } catch (error) {
    return messageOf(error);
  }
}

async function listImages(path: string): Promise<{ files: ImageFile[]; classes: number | null }> {
  const { folders, images } = await listFolder(path);
  if (folders.length === 0) return { files: images.map((id) => ({ id, label: null })), classes: null };
  if (images.length > 0) {
    throw new UserError(
      `${path} holds both class folders (${folders[0]}, …) and images (${images[0]}, …). ` +
        'Move the images into class folders, or point to a folder that holds only images.',
    );
  }
  const indexed = folders.every((name) => /^\d+$/.test(name));
  const files: ImageFile[] = [];
  const root = await realpath(path);
  for (const [position, name] of folders.entries()) {
    const label = indexed ? Number(name) : position;
    for (const file of await imagesBelow(path, name, [root])) files.push({ id: file, label });
  }
  const classes = indexed ? Math.max(...folders.map(Number)) + 1 : folders.length;
  return { files, classes };
}

/** @param around real paths of the folders that hold this one. */
async function imagesBelow(root: string, folder: string, around: readonly string[]): Promise<string[]> {
  const path = join(root, folder);
  const real = await realpath(path);
  if (around.includes(real)) {
    throw new UserError(`${path} is a link back to a folder that holds it (${real}). Remove the link.`);
  }
  const { folders, images } = await listFolder(path);
  const found = images.map((name) => `${folder}/${name}`);
  for (const name of folders)
    found.push(...(await imagesBelow(root, `${folder}/${name}`, [...around, real])));
  return found;
}

/** Names of the visible folders and image files, sorted by code units. */
async function listFolder(path: string): Promise<{ folders: string[]; images: string[] }> {
  const folders: string[] = [];
  const images: string[] = [];
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue;
    const isFolder = entry.isSymbolicLink()
      ? await leadsToFolder(join(path, entry.name))
      : entry.isDirectory();
    if (isFolder) folders.push(entry.name);
    else if (IMAGE_EXTENSIONS.has(extname(entry.name).toLowerCase())) images.push(entry.name);
  }
  return { folders: folders.sort(), images: images.sort() };
}

/** A link that leads nowhere, or round in a circle, is no folder; with an image's name it is an image that can't be read. */
async function leadsToFolder(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isDirectory();
  } catch {
    return false;
  }
}

/** libvips repeats itself line by line. */
function firstLine(text: string): string {
  return text.trim().split('\n')[0]!;
}
