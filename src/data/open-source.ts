/** Which reader opens which format; texts become tokens on the way. */
import type { DataFormat } from '../config/choices.js';
import type { DataConfig } from '../config/data-config.js';
import { UserError } from '../errors.js';
import { readsRecordings } from './options-read.js';
import type { Binding } from './samples/binding.js';
import type { Source } from './samples/source.js';
import type { TextRows } from './text/text-rows.js';

type OpenSource = (data: DataConfig, bindings: readonly Binding[]) => Promise<Source>;

/** Each loaded when it is needed: their libraries take longer to load than most data to open. */
const SOURCES: Record<DataFormat, () => Promise<OpenSource>> = {
  'image-folder': async () => imageSource,
  npz: async () => (await import('./formats/arrays/npz.js')).npzSource,
  npy: async () => (await import('./formats/arrays/npy.js')).npySource,
  'onnx-tests': async () => (await import('./formats/arrays/onnx-tests.js')).onnxTestsSource,
  jsonl: async () => (await import('./formats/jsonl.js')).jsonlSource,
  idx: async () => (await import('./formats/arrays/idx.js')).idxSource,
  csv: async () => (await import('./formats/csv.js')).csvSource,
  coco: async () => (await import('./formats/coco.js')).cocoSource,
  yolo: async () => (await import('./formats/yolo-labels.js')).yoloSource,
  voc: async () => (await import('./formats/voc.js')).vocSource,
  'text-lines': async () => (await import('./formats/text-lines.js')).textLinesSource,
  conll: onlyWithTokenizer,
  squad: onlyWithTokenizer,
  text: onlyWithTokenizer,
  beir: onlyWithTokenizer,
  speech: async () => (await import('./audio/speech-source.js')).speechSource,
};

/** Formats of texts alone. */
async function onlyWithTokenizer(): Promise<OpenSource> {
  return async ({ path }) => {
    throw new UserError(
      'data.needs-tokenizer',
      `${path} holds texts: name the model's tokenizer, \`data: { tokenizer: tokenizer.json }\` (--tokenizer on the command line).`,
    );
  };
}

/** Formats that hold texts. */
const TEXTS: Partial<Record<DataFormat, () => Promise<(data: DataConfig) => Promise<TextRows>>>> = {
  jsonl: async () => {
    const { textTable } = await import('./text/text-table.js');
    return (data) => textTable(data, 'jsonl');
  },
  csv: async () => {
    const { textTable } = await import('./text/text-table.js');
    return (data) => textTable(data, 'csv');
  },
  conll: async () => (await import('./text/word-tags.js')).conllRows,
  squad: async () => (await import('./text/answers.js')).squadRows,
  text: async () => (await import('./text/plain-text.js')).plainTextRows,
  beir: async () => (await import('./text/queries.js')).beirRows,
};

/** Images in class folders, or images with masks. */
async function imageSource(data: DataConfig, bindings: readonly Binding[]): Promise<Source> {
  const { masks } = data;
  if (masks === null)
    return await (await import('./formats/image-folder.js')).imageFolderSource(data, bindings);
  return await (await import('./formats/masked-images.js')).maskedImagesSource({ ...data, masks }, bindings);
}

/** Texts become tokens in formats that hold texts; where the data hold none, a tokenizer has nothing to do. */
export async function openSource(
  data: DataConfig,
  { format, bindings }: { format: DataFormat; bindings: readonly Binding[] },
): Promise<Source> {
  const { text } = data;
  if (readsRecordings(data, format)) return (await SOURCES.speech())(data, bindings);
  if (!text) return (await SOURCES[format]())(data, bindings);
  const open = TEXTS[format];
  if (open === undefined) {
    throw new UserError(
      'data.empty',
      `${data.path} (read as ${format}) holds no texts for the tokenizer. Texts are read from ${Object.keys(TEXTS).join(', ')}; for arrays of token ids remove \`tokenizer\`.`,
    );
  }
  const rows = await (await open())(data);
  const options = { data: { ...data, text }, bindings, rows };
  if (text.task === 'language-model') return (await import('./text/windows.js')).windowSource(options);
  return (await import('./text/token-source.js')).tokenSource(options);
}
