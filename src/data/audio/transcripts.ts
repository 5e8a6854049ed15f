/** Recordings and what is said in them: a folder with transcripts beside the wav files, or jsonl that names them. */
import { readdir } from 'node:fs/promises';
import { dirname, extname, join, relative } from 'node:path';
import { UserError } from '../../errors.js';
import { listedFile } from '../../system/files/listed-file.js';
import { shownPath } from '../../system/files/shown-path.js';
import { readText } from '../../system/files/text-file.js';
import { insideImages } from '../formats/named-images.js';
import { quoted } from '../samples/binding.js';
import { readTable, type TableRow } from '../text/table.js';

export interface Recording {
  id: string;
  /** Absolute. */
  path: string;
  /** null: nobody wrote it down. */
  text: string | null;
}

const AUDIO_COLUMNS = ['audio', 'audio_filepath', 'path', 'file', 'file_name', 'wav'];
const TEXT_COLUMNS = ['text', 'transcript', 'transcription', 'sentence'];

/**
 * The recordings that a table names, inside of `folder`. Throws UserError for a file outside of it, links resolved, and for files that aren't there: one
 * that isn't measured would change the figures.
 */
export async function recordingsOfTable(path: string, folder: string): Promise<Recording[]> {
  const rows = await readTable(path, /\.(jsonl|ndjson)$/i.test(path) ? 'jsonl' : 'csv');
  const recordings: Recording[] = [];
  const missing: string[] = [];
  for (const row of rows) {
    const id = String(cell(row, AUDIO_COLUMNS, 'recording'));
    const file = await insideImages(folder, id);
    if (file === null) missing.push(id);
    else recordings.push({ id, path: file, text: String(cell(row, TEXT_COLUMNS, 'transcript')) });
  }
  if (missing.length > 0) {
    throw new UserError(
      'data.files-missing',
      `${path} names ${missing.length} recordings that are not in ${shownPath(folder)}: ${firstOf(missing)}.`,
    );
  }
  return recordings;
}

function cell({ place, values }: TableRow, names: readonly string[], what: string): unknown {
  const name = names.find((one) => typeof values[one] === 'string');
  if (name !== undefined) return values[name];
  throw new UserError(
    'data.no-column',
    `${place} names no ${what} (${names.join(', ')}); it holds ${quoted(Object.keys(values))}.`,
  );
}

/**
 * Every `.wav` below the folder. Transcripts are a table (`metadata.csv`, `transcripts.tsv`, `.jsonl`), LibriSpeech's `*.trans.txt` (id, space, text), or a
 * `.txt` of the same name beside each recording. Throws UserError for a folder without recordings.
 */
export async function recordingsOfFolder(path: string): Promise<Recording[]> {
  const files = (await readdir(path, { recursive: true })).sort();
  const wavs = files.filter((name) => extname(name).toLowerCase() === '.wav');
  if (wavs.length === 0) throw new UserError('data.empty', `${path} holds no .wav files.`);
  const table = files.find((name) => /^(metadata|transcripts?)\.(csv|tsv|jsonl)$/i.test(name));
  const texts = new Map<string, string>();
  if (table !== undefined) {
    for (const { path: file, text } of await recordingsOfTable(await listedFile(path, table), path))
      texts.set(file, text!);
  }
  for (const name of files.filter((file) => file.endsWith('.trans.txt'))) {
    for (const line of (await readText(await listedFile(path, name))).split(/\r?\n/)) {
      const [id, ...words] = line.split(' ');
      if (id) texts.set(join(path, dirname(name), `${id}.wav`), words.join(' '));
    }
  }
  return await Promise.all(
    wavs.map(async (name): Promise<Recording> => {
      const file = (await insideImages(path, name)) ?? join(path, name);
      const beside = file.replace(/\.wav$/i, '.txt');
      const own =
        texts.get(file) ??
        (files.includes(relative(path, beside))
          ? (await readText(await listedFile(path, relative(path, beside)))).trim()
          : null);
      return { id: name, path: file, text: own };
    }),
  );
}

/** For messages. */
export function firstOf(names: readonly string[]): string {
  return `${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}`;
}
