/** One JSON object per line: a value per model input (numbers, nested arrays, or the path of an image or .npy file) and a label. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DataConfig } from '../../config/data-config.js';
import { messageOf, UserError } from '../../errors.js';
import { castLossless } from '../../tensor/elements.js';
import {
  type Binding,
  isDerivable,
  quoted,
  recordingWithoutVocabulary,
  textWithoutTokenizer,
} from '../samples/binding.js';
import { sha256 } from '../samples/byte-range.js';
import type { Label, RawSample, RawValue, Source } from '../samples/source.js';
import { DEFAULT_LABELS } from './arrays/array-source.js';
import { jsonTensor } from './arrays/json-tensor.js';
import { classOfLabel, numberedLabels, type ScalarLabel } from './label-column.js';
import { hashSampleFile, namedFile, RECORDING, readSampleFile } from './sample-file.js';

const LABEL_KEYS = [DEFAULT_LABELS, 'label'];
const NEWLINE = 10;

/**
 * The file is read through once for the lines' places and their labels, then line by line as samples are asked for. Numbers
 * become the model's element type: JSON's decimals are rounded to it, integers must fit.
 */
export async function jsonlSource(data: DataConfig, bindings: readonly Binding[]): Promise<Source> {
  const { path } = data;
  const index = await indexLines(path, data.labels);
  const scalars = index.labels.every((label) => label !== undefined)
    ? await numberedLabels(index.labels as ScalarLabel[], data)
    : null;
  const idOf = (line: number) => `${basename(path)}:${index.lines[line]! + 1}`;
  const fileId = (line: number, file: string) => `${idOf(line)} (${file})`;

  async function readLine(line: number): Promise<{ bytes: Uint8Array; row: Record<string, unknown> }> {
    const bytes = await readBytes(path, index.starts[line]!, index.ends[line]! - index.starts[line]!);
    return { bytes, row: parseRow(bytes, `${path}:${index.lines[line]! + 1}`) };
  }

  async function rawSample(line: number): Promise<RawSample> {
    const { row } = await readLine(line);
    const values: Record<string, RawValue> = {};
    for (const binding of bindings) {
      if (isMissing(row[binding.from]) && isDerivable(binding, bindings)) continue;
      const value = inputValue(row, binding, idOf(line));
      values[binding.input] =
        typeof value === 'string'
          ? await readSampleFile(await namedFile(data, value), fileId(line, value), binding)
          : { kind: 'array', tensor: jsonTensor(value, binding.type, idOf(line)) };
    }
    const label = scalars ? scalars.label(line) : arrayLabel(row[labelKey(row, data.labels)!], idOf(line));
    return { values, label };
  }

  /** Of the files that the line names, or of the line itself. */
  async function hashOf(line: number): Promise<string> {
    const { bytes, row } = await readLine(line);
    const files = bindings
      .filter((binding) => !isMissing(row[binding.from]) || !isDerivable(binding, bindings))
      .map((binding) => inputValue(row, binding, idOf(line)))
      .filter((value) => typeof value === 'string');
    if (files.length === 0) return sha256(bytes);
    const hashes = files.map(async (file) => hashSampleFile(await namedFile(data, file), fileId(line, file)));
    return sha256(Buffer.from((await Promise.all(hashes)).join()));
  }

  return {
    description: `jsonl ${path}`,
    length: index.starts.length,
    labelled: scalars?.labelled ?? true,
    classes: scalars?.classes ?? null,
    classIndices: scalars?.indices,
    labelWarnings: scalars?.labelWarnings ?? [],
    id: idOf,
    classOf: (line) => (scalars ? classOfLabel(scalars, line) : null),
    hash: hashOf,
    read: rawSample,
  };
}

interface LineIndex {
  /** Byte offsets of the lines that aren't blank, and their 0-based numbers. */
  starts: number[];
  ends: number[];
  lines: number[];
  /** undefined: an array, read with the sample. */
  labels: (ScalarLabel | undefined)[];
}

async function indexLines(path: string, labels: string | null): Promise<LineIndex> {
  const index: LineIndex = { starts: [], ends: [], lines: [], labels: [] };
  let line = 0;
  let start = 0;
  let pending: Uint8Array[] = [];
  const finish = (end: number) => {
    const text = Buffer.concat(pending);
    pending = [];
    if (text.toString('utf8').trim() !== '') {
      const row = parseRow(text, `${path}:${line + 1}`);
      index.starts.push(start);
      index.ends.push(end);
      index.lines.push(line);
      index.labels.push(scalarLabel(row, labels));
    }
    line++;
    start = end + 1;
  };
  let position = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      pending.push(chunk.subarray(from, at));
      finish(position + at);
      from = at + 1;
    }
    pending.push(chunk.subarray(from));
    position += chunk.length;
  }
  finish(position);
  return index;
}

function parseRow(bytes: Uint8Array, place: string): Record<string, unknown> {
  let row: unknown;
  try {
    row = JSON.parse(
      Buffer.from(bytes)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    );
  } catch (error) {
    throw new UserError(
      'data.malformed',
      `${place} is not JSON: ${messageOf(error)}. Each line must be one JSON object.`,
    );
  }
  if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row as Record<string, unknown>;
  throw new UserError(
    'data.record',
    `${place} is not a JSON object: write { "input": …, "label": … } on each line.`,
  );
}

function labelKey(row: Record<string, unknown>, configured: string | null): string | undefined {
  return (configured === null ? LABEL_KEYS : [configured]).find((key) => row[key] !== undefined);
}

function scalarLabel(row: Record<string, unknown>, configured: string | null): ScalarLabel | undefined {
  const key = labelKey(row, configured);
  const label = key === undefined ? null : row[key];
  if (label === null || typeof label === 'number' || typeof label === 'string') return label;
  return typeof label === 'boolean' ? Number(label) : undefined;
}

function arrayLabel(value: unknown, place: string): Label {
  if (value === undefined || value === null) return null;
  const tensor = jsonTensor(value, 'float64', place);
  const integers = (tensor.data as Float64Array).every(Number.isInteger);
  const cast = integers ? castLossless(tensor, 'int64') : tensor;
  return 'dims' in cast ? cast : tensor;
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

function inputValue(
  row: Record<string, unknown>,
  { from, input, config, role }: Binding,
  place: string,
): unknown {
  const value = row[from];
  if (role === 'ids' && typeof value === 'string') throw textWithoutTokenizer(place, from);
  if (!isMissing(value)) return value;
  const keys = Object.keys(row);
  const text = keys.find((key) => typeof row[key] === 'string' && !LABEL_KEYS.includes(key));
  if (role === 'ids' && config.from === null && text !== undefined) throw textWithoutTokenizer(place, text);
  throw new UserError(
    'data.no-column',
    `${place} has no value '${from}' for the model's input '${input}'; it holds ${quoted(keys)}. ` +
      (config.from === null ? mapping(row, { input, place }) : 'Correct `from`.'),
  );
}

/** Names of files that become values of an input. */
const SAMPLE_FILE = /\.(png|jpe?g|webp|bmp|gif|tiff?|avif|npy)$/i;

/** What to write so that a line's value is found. Throws UserError for recordings. */
function mapping(row: Record<string, unknown>, { input, place }: { input: string; place: string }): string {
  const named = (pattern: RegExp) =>
    Object.keys(row).find((key) => typeof row[key] === 'string' && pattern.test(row[key]));
  const recording = named(RECORDING);
  if (recording !== undefined) throw recordingWithoutVocabulary(`${place}: '${row[recording]}'`);
  const file = named(SAMPLE_FILE);
  const numbers = Object.keys(row).find((key) => Array.isArray(row[key]));
  const from = file ?? numbers;
  if (from === undefined)
    return (
      "None of them is an array of numbers or the name of an image or .npy file. For texts name the model's tokenizer (`tokenizer: tokenizer.json`, " +
      '--tokenizer), for images and arrays the files.'
    );
  const text = Object.keys(row).find((key) => key !== from && typeof row[key] === 'string');
  const read =
    file === undefined || text === undefined
      ? ''
      : ` If the model reads the texts in the images ('${text}'), set \`format: text-lines\` (--format text-lines) instead, and \`images: FOLDER\` (--images) where the images lie elsewhere.`;
  return `Map '${from}': \`inputs: { ${input}: { from: ${from} } }\`.${read}`;
}

async function readBytes(path: string, start: number, length: number): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const bytes = new Uint8Array(length);
    await handle.read(bytes, 0, length, start);
    return bytes;
  } finally {
    await handle.close();
  }
}
