/** Which format a data path holds, when the configuration doesn't say. */
import { open, readdir, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DataFormat } from '../config/choices.js';
import { UserError } from '../errors.js';

const BY_NAME: readonly [RegExp, DataFormat][] = [
  [/\.npz$/i, 'npz'],
  [/\.npy$/i, 'npy'],
  [/\.(jsonl|ndjson)$/i, 'jsonl'],
  [/\.(csv|tsv)$/i, 'csv'],
  [/\.json$/i, 'coco'],
  [/\.txt$/i, 'text'],
  [/\.(conll\w*|bio|iob2?|bilou)$/i, 'conll'],
  [/[.-]idx\d?(-u?byte)?(\.gz)?$/i, 'idx'],
];

/** Formats whose classes `class-names` may list, without a tokenizer too. */
export const LISTS_CLASSES: readonly DataFormat[] = ['coco', 'yolo', 'voc', 'image-folder', 'csv', 'jsonl'];

/** Whether labels of this format may be names, which have to be numbered. */
export function namesClasses(format: DataFormat): boolean {
  return ['image-folder', 'csv', 'jsonl', 'coco', 'voc'].includes(format);
}

/** Whether `class-names` lists classes of this format, texts aside. */
export function listsClasses(format: DataFormat): boolean {
  return LISTS_CLASSES.includes(format);
}

/** Bytes of a JSON file that tell what it holds. */
const HEAD = 64 * 1024;

/** SQuAD's documents come in paragraphs. */
async function holdsParagraphs(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD), 0, HEAD, 0);
    return buffer.subarray(0, bytesRead).includes('"paragraphs"');
  } finally {
    await handle.close();
  }
}

/** Whether any file below the folder is a recording. */
async function holdsRecordings(path: string): Promise<boolean> {
  const names = await readdir(path, { recursive: true });
  return names.some((name) => name.toLowerCase().endsWith('.wav'));
}

/** Throws UserError when the path doesn't exist or says nothing about its format. */
export async function guessFormat(path: string): Promise<DataFormat> {
  const found = await stat(path).catch(() => null);
  if (found === null)
    throw new UserError('data.not-found', `${path} does not exist. Correct the data's \`path\`.`);
  if (!found.isDirectory()) {
    if (path.toLowerCase().endsWith('.json') && (await holdsParagraphs(path))) return 'squad';
    const match = BY_NAME.find(([pattern]) => pattern.test(basename(path)));
    if (match) return match[1];
    throw new UserError(
      'data.unknown-format',
      `The data format of ${path} can't be told from its name. Set \`format\` to one of npz, npy, jsonl, csv, idx, coco, conll, squad, text.`,
    );
  }
  const names = await readdir(path);
  if (names.some((name) => /^test_data_set_\d+$/.test(name) || /^input_\d+\.pb$/.test(name)))
    return 'onnx-tests';
  if (names.some((name) => name.endsWith('.npy'))) return 'npy';
  if (await holdsRecordings(path)) return 'speech';
  if (names.includes('queries.jsonl') && names.includes('corpus.jsonl')) return 'beir';
  if (names.some((name) => /idx\d-u?byte(\.gz)?$/.test(name))) return 'idx';
  if (names.includes('labels.tsv')) return 'text-lines';
  if (names.some((name) => name.toLowerCase().endsWith('.xml'))) return 'voc';
  const visible = names.filter((name) => !name.startsWith('.'));
  if (visible.length > 0 && visible.every((name) => name.toLowerCase().endsWith('.txt'))) return 'yolo';
  return 'image-folder';
}
