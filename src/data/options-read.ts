/** Which options and paths a format takes: what it would ignore is refused. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { DataConfig, DataFormat } from '../config/config.js';
import { UserError } from '../errors.js';
import { FETCH_LFS, isLfsPointerFile } from '../system/lfs-pointer.js';
import { shownPath } from '../system/shown-path.js';
import { LISTS_CLASSES, listsClasses, namesClasses } from './format.js';

/** Formats that are one file, one folder, or either. */
const NEEDS: Partial<Record<DataFormat, 'file' | 'folder'>> = {
  'image-folder': 'folder',
  'onnx-tests': 'folder',
  npz: 'file',
  jsonl: 'file',
  csv: 'file',
  coco: 'file',
  yolo: 'folder',
  voc: 'folder',
  conll: 'file',
  squad: 'file',
  text: 'file',
  beir: 'folder',
  speech: 'folder',
};

/** Formats that name their images. */
const NAMES_IMAGES: readonly DataFormat[] = ['coco', 'yolo', 'voc', 'csv', 'jsonl', 'text-lines'];

/** Throws UserError for an option that this format doesn't read: it would be ignored. */
export function assertOptionsRead(
  { path, classOrder, images, masks, ignore, classNames, text }: DataConfig,
  format: DataFormat,
): void {
  if (masks !== null && format !== 'image-folder') {
    throw new UserError(
      'data.option-unused',
      `${path}: 'masks' goes with a folder of images, and this is ${format}. Remove it.`,
    );
  }
  if (text && !existsSync(text.tokenizer)) {
    throw new UserError(
      'data.tokenizer-file',
      `The tokenizer ${shownPath(text.tokenizer)} does not exist. Correct \`tokenizer\`.`,
    );
  }
  if (ignore !== null && masks === null) {
    throw new UserError(
      'data.option-unused',
      `${path}: 'ignore' is a value of the pixels of \`masks\`, and there are none. Remove it.`,
    );
  }
  if (images !== null && !NAMES_IMAGES.includes(format)) {
    throw new UserError(
      'data.option-unused',
      `${path}: 'images' is the folder of files that data name, and ${format} names none. Remove it.`,
    );
  }
  if (classNames !== null && text == null && !listsClasses(format)) {
    throw new UserError(
      'data.option-unused',
      `${path}: 'class-names' lists the classes of ${LISTS_CLASSES.join(', ')}, of masks and of texts, and this is ${format} without a tokenizer. ` +
        "If the data are texts, name the model's `tokenizer`; else remove it.",
    );
  }
  if (classOrder === null || namesClasses(format)) return;
  throw new UserError(
    'data.option-unused',
    `${path}: 'class-order' orders names of classes, and labels of ${format} are numbers. Remove it.`,
  );
}

/** Throws UserError for a path where nothing is, or not what the format is. */
export async function assertPath(path: string, format: DataFormat): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null)
    throw new UserError('data.not-found', `${path} does not exist. Correct the data's \`path\`.`);
  if (found.isFile() && (await isLfsPointerFile(path))) {
    throw new UserError(
      'file.lfs-pointer',
      `${path} is a Git LFS pointer, not the data. Fetch it: ${FETCH_LFS}.`,
    );
  }
  const kind = found.isDirectory() ? 'folder' : 'file';
  const needed = NEEDS[format];
  if (needed !== undefined && needed !== kind) {
    throw new UserError(
      'data.wrong-format',
      `${path} is a ${kind}, but ${format} is a ${needed}. Correct the data's \`path\` or \`format\`.`,
    );
  }
}
