/** Which options and paths a format takes: what it would ignore is refused. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { DataFormat } from '../config/choices.js';
import type { DataConfig } from '../config/data-config.js';
import { UserError } from '../errors.js';
import { FETCH_LFS, isLfsPointerFile } from '../system/files/lfs-pointer.js';
import { shownPath } from '../system/files/shown-path.js';
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

/** Texts whose columns are named by `text`. */
const HAS_COLUMNS: readonly DataFormat[] = ['jsonl', 'csv'];
/** Texts whose labels are names of classes. */
const TEXT_CLASSES: readonly DataFormat[] = ['jsonl', 'csv', 'conll'];
/** Formats whose labels are an array or a column with a name. Folders of images say better why they have none. */
const NAMES_LABELS: readonly DataFormat[] = [
  'npz',
  'npy',
  'onnx-tests',
  'jsonl',
  'idx',
  'csv',
  'image-folder',
];

/** Whether labels of this format are an array or a column that `labels` names. */
export function namesLabels(format: DataFormat): boolean {
  return format !== 'image-folder' && NAMES_LABELS.includes(format);
}

/** Whether the samples are recordings: a recognizer's tokenizer is its vocabulary. */
export function readsRecordings({ text }: Pick<DataConfig, 'text'>, format: DataFormat): boolean {
  return text?.task === 'speech-recognition' || format === 'speech';
}

/** Throws UserError for an option that these data don't read: it would be ignored. (Settings of inputs: settings-read.ts.) */
export function assertOptionsRead(data: DataConfig, format: DataFormat): void {
  const { path, text } = data;
  if (text && !existsSync(text.tokenizer)) {
    throw new UserError(
      'data.tokenizer-file',
      `The tokenizer ${shownPath(text.tokenizer)} does not exist. Correct \`tokenizer\`.`,
    );
  }
  const why = whyUnread(data, format);
  if (why !== null) throw new UserError('data.option-unused', `${path}: ${why}`);
}

/** About the first option that isn't read; null: all are. */
function whyUnread(data: DataConfig, format: DataFormat): string | null {
  const { masks, ignore, images, labels, audio, text } = data;
  const recordings = readsRecordings(data, format);
  if (masks !== null && format !== 'image-folder')
    return `'masks' goes with a folder of images, and this is ${format}. Remove it.`;
  if (ignore !== null && masks === null)
    return "'ignore' is a value of the pixels of `masks`, and there are none. Remove it.";
  if (images !== null && !NAMES_IMAGES.includes(format))
    return `'images' is the folder of files that data name, and ${format} names none. Remove it.`;
  if (images !== null && text && !recordings)
    return "'images' is the folder of files that data name, and with a `tokenizer` these are texts. Remove one of them.";
  if (labels !== null && !NAMES_LABELS.includes(format))
    return `'labels' names an array or a column, and ${format} has none to choose from. Remove it.`;
  if (audio && !recordings)
    return (
      `'audio' prepares recordings, and this is ${format}${text ? ' with texts' : ''}. Recordings are a folder of wav files (\`format: speech\`), or with task ` +
      "speech-recognition and the recognizer's `tokenizer` a table of them; else remove it."
    );
  return (text ? whyTextUnread(text, { format, recordings }) : null) ?? whyClassesUnread(data, format);
}

function whyTextUnread(
  { maxLength, columns }: NonNullable<DataConfig['text']>,
  { format, recordings }: { format: DataFormat; recordings: boolean },
): string | null {
  if (recordings && maxLength !== null)
    return "'max-length' cuts texts into rows of tokens, and these are recordings. Remove it.";
  if (columns === null || (HAS_COLUMNS.includes(format) && !recordings)) return null;
  return `'text' names the columns of a table of texts, and ${recordings ? 'these are recordings' : `this is ${format}`}. Remove it.`;
}

function whyClassesUnread({ classNames, classOrder, text }: DataConfig, format: DataFormat): string | null {
  if (classNames !== null && text == null && !listsClasses(format))
    return (
      `'class-names' lists the classes of ${LISTS_CLASSES.join(', ')}, of masks and of texts, and this is ${format} without a tokenizer. ` +
      "If the data are texts, name the model's `tokenizer`; else remove it."
    );
  if (classNames !== null && text && (readsRecordings({ text }, format) || !TEXT_CLASSES.includes(format)))
    return `'class-names' lists the classes of labels, and ${format} has none. Remove it.`;
  if (classOrder !== null && !namesClasses(format))
    return `'class-order' orders names of classes, and labels of ${format} are numbers. Remove it.`;
  return null;
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
