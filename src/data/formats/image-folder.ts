/** A folder of images: one subfolder per class, or no subfolders and no labels. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import type { DataConfig } from '../../config/data-config.js';
import { Interrupted, MachineError, messageOf, UserError } from '../../errors.js';
import { FETCH_LFS, isLfsPointer } from '../../system/files/lfs-pointer.js';
import { shownPath } from '../../system/files/shown-path.js';
import { decodeImage, IMAGE_EXTENSIONS } from '../images/images.js';
import { channelsOf } from '../images/layout.js';
import { type Binding, onlyBinding } from '../samples/binding.js';
import { sha256 } from '../samples/byte-range.js';
import type { Pixels } from '../samples/pixels.js';
import { type Source, UndecodableSample } from '../samples/source.js';
import { numberedClasses } from './class-indices.js';

interface ImageFile {
  /** Relative to the folder, with forward slashes. */
  id: string;
  label: number | null;
}

/**
 * Classes are the subfolders: by number when every name is an integer, else counted in the names' order (code units, as
 * torchvision's `ImageFolder`), unless `class-names`, `class-order` or the model's config.json says otherwise. Files whose extension isn't an image's are ignored; image files
 * are found at any depth. Throws UserError for `labels`, which names nothing here.
 */
export async function imageFolderSource(data: DataConfig, bindings: readonly Binding[]): Promise<Source> {
  const { path } = data;
  const binding = onlyBinding(bindings, path, 'an image folder');
  if (data.labels !== null) {
    throw new UserError(
      'data.option-unused',
      `${path}: 'labels: ${data.labels}' names an array or a column, but an image folder has neither: the folders' names are the labels. ` +
        "Remove 'labels', or list the images with their labels in a csv file.",
    );
  }
  const { files, classes, indices, warnings, labelWarnings } = await listImages(data);
  return {
    description: `image-folder ${path}`,
    length: files.length,
    labelled: classes !== null,
    classes,
    classIndices: indices,
    warnings,
    labelWarnings,
    id: (index) => files[index]!.id,
    classOf: (index) => files[index]!.label,
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

/** Why a file can't be decoded when no image is in it. */
export async function unreadable(file: string): Promise<string | null> {
  try {
    const bytes = await readFile(file);
    if (isLfsPointer(bytes)) return `a Git LFS pointer, not the file itself: fetch it with ${FETCH_LFS}`;
    return bytes.length === 0 ? 'the file is empty' : null;
  } catch (error) {
    return messageOf(error);
  }
}

interface Listing {
  files: ImageFile[];
  classes: number | null;
  /** By class folder. */
  indices?: ReadonlyMap<string, number>;
  warnings: readonly string[];
  labelWarnings?: readonly string[];
}

async function listImages(data: DataConfig): Promise<Listing> {
  const { path } = data;
  const { folders, images } = await listFolder(path);
  if (folders.length === 0) {
    return { files: images.map((id) => ({ id, label: null })), classes: null, warnings: [] };
  }
  if (images.length > 0) {
    throw new UserError(
      'data.ambiguous',
      `${path} holds both class folders (${folders[0]}, …) and images (${images[0]}, …). ` +
        'Move the images into class folders, or point to a folder that holds only images.',
    );
  }
  const {
    indices,
    classes,
    counted,
    warnings: labelWarnings,
  } = await numberedClasses(folders, data, 'class folders');
  const files: ImageFile[] = [];
  const empty: string[] = [];
  const root = await realpath(path);
  for (const name of folders) {
    const found = await imagesBelow(path, name, [root]);
    for (const file of found) files.push({ id: file, label: indices.get(name)! });
    if (found.length === 0) empty.push(name);
  }
  return {
    files,
    classes,
    indices,
    warnings: empty.length === 0 ? [] : [emptyClasses(path, empty, counted)],
    labelWarnings,
  };
}

/** Named in a warning. */
const NAMED_FOLDERS = 3;

/** @param numbered whether the class index of a folder depends on the folders before it. */
function emptyClasses(path: string, empty: readonly string[], numbered: boolean): string {
  const named = empty.slice(0, NAMED_FOLDERS).map((name) => `'${name}'`);
  const more = empty.length > named.length ? ` and ${empty.length - named.length} more` : '';
  const [folders, have] = empty.length === 1 ? ['folder', 'holds'] : ['folders', 'hold'];
  const counted = !numbered
    ? ''
    : ' It is counted as a class all the same; git keeps no empty folders, so that the classes after it get other numbers in a fresh checkout.';
  return `The class ${folders} ${named.join(', ')}${more} of ${shownPath(path)} ${have} no image.${counted}`;
}

/** @param around real paths of the folders that hold this one. */
async function imagesBelow(root: string, folder: string, around: readonly string[]): Promise<string[]> {
  const path = join(root, folder);
  const real = await realpath(path);
  if (around.includes(real)) {
    throw new UserError(
      'file.outside',
      `${path} is a link back to a folder that holds it (${real}). Remove the link.`,
    );
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
