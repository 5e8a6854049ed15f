/** A text file as one document. */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DataConfig } from '../../config/config.js';
import { UserError } from '../../errors.js';
import type { TextRows } from './text-rows.js';

/** Throws UserError for a file that holds nothing. */
export async function plainTextRows({ path }: DataConfig): Promise<TextRows> {
  const text = (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  if (text.trim() === '') throw new UserError(`${path} holds no text.`);
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
