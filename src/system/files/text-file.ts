/** Text files as people keep them: UTF-8, with or without a byte order mark. */
import { readFile } from 'node:fs/promises';
import { codeOf, messageOf, UserError } from '../../errors.js';
import { shownPath } from './shown-path.js';

const BYTE_ORDER_MARK = /^\uFEFF/;

/** The file's text without its byte order mark. Throws UserError for one that can't be read, or that isn't UTF-8: other letters would change what is measured. */
export async function readText(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    throw new UserError('file.unreadable', `${shownPath(path)} can't be read: ${reasonUnread(error)}.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const place = lineOfError(bytes);
    throw new UserError(
      'file.unreadable',
      `${shownPath(path)} is no text in UTF-8${place === null ? '' : ` (line ${place})`}: save it as UTF-8.`,
    );
  }
}

/** Why a file can't be read, for an error text. */
export function reasonUnread(error: unknown): string {
  return codeOf(error) === 'EISDIR' ? 'it is a folder; name the file in it' : messageOf(error);
}

/** What the file holds as JSON. Throws UserError, as `readText` does. */
export async function readJson(path: string): Promise<unknown> {
  const text = await readText(path);
  try {
    return parseJson(text);
  } catch (error) {
    throw new UserError('file.unreadable', `${shownPath(path)} can't be read as JSON: ${messageOf(error)}.`);
  }
}

/** JSON that may begin with a byte order mark. Throws SyntaxError. */
export function parseJson(text: string): unknown {
  return JSON.parse(text.replace(BYTE_ORDER_MARK, ''));
}

const NEWLINE = 10;

/** Number of the first line that isn't UTF-8, from 1; null where the whole is in another encoding. */
function lineOfError(bytes: Uint8Array): number | null {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (utf16) return null;
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf(NEWLINE, start);
    try {
      decoder.decode(bytes.subarray(start, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    start = end < 0 ? bytes.length : end + 1;
  }
  return null;
}
