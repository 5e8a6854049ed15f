/** Images that annotations name, in the folder `images`: each must lie inside it, and be there. */
import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, normalize } from 'node:path';
import type { DataConfig } from '../../config/data-config.js';
import { codeOf, UserError } from '../../errors.js';
import { relativeInside } from '../../system/files/physical-path.js';
import { shownPath } from '../../system/files/shown-path.js';
import type { Annotation } from '../samples/annotation.js';
import { type Binding, onlyBinding } from '../samples/binding.js';
import { sha256 } from '../samples/byte-range.js';
import type { Size } from '../samples/placement.js';
import type { Source } from '../samples/source.js';
import { readImage } from './image-folder.js';

/** One image and the objects in it. */
export interface AnnotatedImage {
  /** As the annotations name it: relative to `images`. */
  file: string;
  /** What the image holds; boxes are in pixels of the image as it is stored. */
  annotation(size: Size): Annotation;
}

export interface AnnotatedImages {
  format: string;
  images: readonly AnnotatedImage[];
  classes: number | null;
  classIndices?: ReadonlyMap<string, number>;
  warnings: readonly string[];
  labelWarnings?: readonly string[];
  /** Sizes that the annotations tell of the images; absent: none. */
  sizeOf?(file: string): Size | null;
}

/** Share of the named images that may be missing. */
const MISSING_ALLOWED = 0.01;
const NAMED = 3;

/** Throws UserError without `images`, for files outside of it, links resolved, and where more than one in a hundred is missing. */
export async function annotatedImagesSource(
  data: DataConfig,
  bindings: readonly Binding[],
  found: AnnotatedImages,
): Promise<Source> {
  const { path } = data;
  const binding = onlyBinding(bindings, path, found.format);
  const folder = imagesFolder(data, found.format);
  const { there, missing } = await locate(folder, found.images);
  const warnings = [...found.warnings, ...missingWarning(folder, missing, found.images.length)];
  const sizes = found.sizeOf ? new StatedSizes(path, found.sizeOf) : null;
  return {
    description: `${found.format} ${path}`,
    length: there.length,
    labelled: true,
    classes: found.classes,
    classIndices: found.classIndices,
    warnings,
    labelWarnings: found.labelWarnings ?? [],
    ...(sizes ? { lateWarnings: () => sizes.warnings() } : {}),
    id: (index) => there[index]!.file,
    hash: async (index) => sha256(await readFile(join(folder, there[index]!.file))),
    async read(index) {
      const { file, annotation } = there[index]!;
      const pixels = await readImage(join(folder, file), file, binding);
      sizes?.see(index, file, pixels);
      return {
        values: { [binding.input]: { kind: 'image', pixels } },
        label: null,
        annotation: annotation(pixels),
      };
    },
  };
}

export function imagesFolder({ path, images }: DataConfig, format: string): string {
  if (images !== null) return images;
  throw new UserError(
    'data.files-missing',
    `${path}: data of format ${format} name files; say which folder they are in: \`images: FOLDER\`. Only files inside it are read.`,
  );
}

/** The key that names a folder of files; `table`: none does, and the files lie beside their table. */
type FolderKey = 'images' | 'masks' | 'table';

/** Where a named file is; null: nowhere. Throws UserError when it lies, or links, outside of `folder`. */
export async function insideImages(
  folder: string,
  file: string,
  key: FolderKey = 'images',
): Promise<string | null> {
  const written = normalize(file);
  if (isAbsolute(file) || relativeInside(folder, join(folder, written)) === null)
    throw outside(folder, file, key);
  try {
    const real = await realpath(join(folder, written));
    if (relativeInside(await realpath(folder), real) === null) throw outside(folder, file, key);
    return join(folder, written);
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return null;
    throw error;
  }
}

function outside(folder: string, file: string, key: FolderKey): UserError {
  const [of, cure] =
    key === 'table'
      ? ["the table's folder", ' Name the folder that holds them: `images: FOLDER`.']
      : [`\`${key}\``, ''];
  return new UserError(
    'file.outside',
    `The data name ${file}, which lies outside of ${of} (${shownPath(folder)}): only files inside it are read.${cure}`,
  );
}

async function locate(
  folder: string,
  images: readonly AnnotatedImage[],
): Promise<{ there: AnnotatedImage[]; missing: string[] }> {
  const there: AnnotatedImage[] = [];
  const missing: string[] = [];
  for (const image of images) {
    if ((await insideImages(folder, image.file)) === null) missing.push(image.file);
    else there.push(image);
  }
  return { there, missing };
}

function missingWarning(folder: string, missing: readonly string[], total: number): string[] {
  if (missing.length === 0) return [];
  const named = missing.slice(0, NAMED).join(', ');
  const text =
    `${missing.length} of ${total} images that the annotations name are not in ${shownPath(folder)}: ` +
    `${named}${missing.length > NAMED ? ', …' : ''}.`;
  if (missing.length > MISSING_ALLOWED * total) {
    throw new UserError(
      'data.files-missing',
      `${text} Correct \`images\`, or fetch them: what is missing is not measured.`,
    );
  }
  return [`${text} They are left out.`];
}

/** Images of another size than the annotations tell: their boxes lie elsewhere. Seen as the images are decoded, for reading 5,000 headers ahead takes seconds. */
class StatedSizes {
  readonly #read = new Set<number>();
  readonly #other = new Map<number, string>();

  constructor(
    readonly path: string,
    readonly sizeOf: (file: string) => Size | null,
  ) {}

  see(index: number, file: string, { width, height }: Size): void {
    const said = this.sizeOf(file);
    if (said === null) return;
    this.#read.add(index);
    if (width !== said.width || height !== said.height)
      this.#other.set(index, `${file} (${width} × ${height}, not ${said.width} × ${said.height})`);
  }

  /** Of the images read until now. */
  warnings(): string[] {
    const other = [...this.#other].sort(([a], [b]) => a - b).map(([, told]) => told);
    if (other.length === 0) return [];
    const named = `${other.slice(0, NAMED).join(', ')}${other.length > NAMED ? ', …' : ''}`;
    return [
      `${other.length} of ${this.#read.size} images have another size than ${shownPath(this.path)} tells: ${named}. Boxes are taken in pixels of the images as they are.`,
    ];
  }
}
