/** A text file as one document. */
import { basename } from 'node:path';
import type { DataConfig } from '../../config/data-config.js';
import { UserError } from '../../errors.js';
import { readText } from '../../system/files/text-file.js';
import type { TextRows } from './text-rows.js';

/** Throws UserError for a file that holds nothing. */
export async function plainTextRows({ path }: DataConfig): Promise<TextRows> {
  const text = await readText(path);
  if (text.trim() === '') throw new UserError('data.empty', `${path} holds no text.`);
  return {
    description: `text ${path}`,
    length: 1,
    labelled: false,
    classes: null,
    id: () => basename(path),
    input: () => [text],
    label: () => null,
  };
}
