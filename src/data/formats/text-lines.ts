/** Images of text: a folder with `labels.tsv`, or a table (tsv, jsonl) of image names and texts. */
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DataConfig } from '../../config/data-config.js';
import { messageOf, UserError } from '../../errors.js';
import { listedFile } from '../../system/files/listed-file.js';
import { shownPath } from '../../system/files/shown-path.js';
import { readText } from '../../system/files/text-file.js';
import type { Binding } from '../samples/binding.js';
import type { Source } from '../samples/source.js';
import { annotatedImagesSource } from './named-images.js';

/** The table in a folder. */
export const LABELS_TABLE = 'labels.tsv';
const IMAGE_KEYS = ['image', 'file', 'file_name', 'filename', 'path'];
const TEXT_KEYS = ['text', 'label', 'transcription', 'labels'];

interface Line {
  file: string;
  text: string;
}

/** Images lie in `images`, or without that beside the table; only files inside that folder are read. Throws UserError. */
export async function textLinesSource(data: DataConfig, bindings: readonly Binding[]): Promise<Source> {
  const { path } = data;
  const isFolder = (await stat(path)).isDirectory();
  const table = isFolder ? await listedFile(path, LABELS_TABLE) : path;
  const lines = parseTable(await readText(table), table);
  const empty = lines.filter(({ text }) => text.trim() === '');
  if (lines.length > 0 && empty.length === lines.length)
    throw new UserError(
      'data.empty',
      `${shownPath(table)}: every text is empty, so there is nothing to recognize.`,
    );
  return await annotatedImagesSource({ ...data, images: data.images ?? dirname(table) }, bindings, {
    format: 'text-lines',
    images: lines.map(({ file, text }) => ({ file, annotation: () => ({ kind: 'text', text }) })),
    classes: null,
    warnings:
      empty.length === 0
        ? []
        : [
            `${empty.length} of ${lines.length} texts of ${shownPath(table)} are empty, the first of ${empty[0]!.file}.`,
          ],
  });
}

function parseTable(text: string, table: string): Line[] {
  const lines = text.split(/\r?\n/).map((line, at) => ({ line, where: `${table}:${at + 1}` }));
  const written = lines.filter(({ line }) => line.trim() !== '');
  if (/\.(jsonl|ndjson)$/i.test(table)) return written.map(({ line, where }) => jsonLine(line, where));
  const [first, ...rest] = written;
  const isHeader =
    first !== undefined && IMAGE_KEYS.includes(first.line.split('\t')[0]!.trim().toLowerCase());
  return (isHeader ? rest : written).map(({ line, where }) => tabLine(line, where));
}

/** Text may hold anything but a tab and a line break: no quotes, no escapes. */
function tabLine(line: string, where: string): Line {
  const tab = line.indexOf('\t');
  if (tab <= 0)
    throw new UserError(
      'data.record',
      `${where}: expected the name of an image, a tab and its text; found '${line.slice(0, 60)}'.`,
    );
  const text = line.slice(tab + 1);
  if (text.includes('\t'))
    throw new UserError(
      'data.record',
      `${where}: two tabs, and a text holds none. It must be the name of an image, a tab and its text; remove other columns ('${text.slice(text.indexOf('\t') + 1).slice(0, 60)}').`,
    );
  return { file: line.slice(0, tab).trim(), text };
}

function jsonLine(line: string, where: string): Line {
  let row: Record<string, unknown>;
  try {
    row = JSON.parse(line) as Record<string, unknown>;
  } catch (error) {
    throw new UserError('data.malformed', `${where} is no JSON: ${messageOf(error)}.`);
  }
  const textAt = (keys: readonly string[]) =>
    keys.map((key) => row?.[key]).find((value) => typeof value === 'string');
  const [file, text] = [textAt(IMAGE_KEYS), textAt(TEXT_KEYS)];
  if (file === undefined || text === undefined) {
    throw new UserError('data.record', `${where}: expected { "image": …, "text": … }.`);
  }
  return { file: file as string, text: text as string };
}
