/** Recordings as samples: read, brought to the model's rate, and turned into what its input takes. */
import { open, readFile, stat } from 'node:fs/promises';
import type { DataConfig } from '../../config/data-config.js';
import { UserError } from '../../errors.js';
import { shownPath } from '../../system/files/shown-path.js';
import { imagesFolder } from '../formats/named-images.js';
import { type Binding, onlyBinding } from '../samples/binding.js';
import { sha256 } from '../samples/byte-range.js';
import type { Source } from '../samples/source.js';
import { featuresOf, guessFeatures } from './features.js';
import { firstOf, type Recording, recordingsOfFolder, recordingsOfTable } from './transcripts.js';
import { readVocabulary } from './vocabulary.js';
import { rateOf, readWav } from './wav.js';

/** What speech models take. */
const DEFAULT_RATE = 16_000;
/** Where a wav file says its rate, at the latest that is looked at. */
const HEADER_BYTES = 4_096;

/** `tokenizer` is where the recognizer's vocabulary lies. Throws UserError. */
export async function speechSource(data: DataConfig, bindings: readonly Binding[]): Promise<Source> {
  const { path, audio, text } = data;
  const folder = (await stat(path)).isDirectory();
  const binding = onlyBinding(bindings, path, 'a recording');
  const recordings = folder
    ? await recordingsOfFolder(path)
    : await recordingsOfTable(path, imagesFolder(data, 'a table of recordings'));
  const unlabelled = recordings.filter(({ text: transcript }) => transcript === null);
  const written = recordings.flatMap(({ text: transcript }) => transcript ?? []);
  if (written.length > 0 && written.every((transcript) => transcript.trim() === ''))
    throw new UserError(
      'data.empty',
      `${shownPath(path)}: every transcript is empty, so there is nothing to recognize.`,
    );
  const samplingRate = audio?.samplingRate ?? DEFAULT_RATE;
  const features = audio?.features ?? guessFeatures(binding);
  const warnings = transcriptWarnings(recordings, unlabelled);
  const vocabulary = text ? await readVocabulary(text.tokenizer) : null;
  return {
    description: `speech ${path}`,
    length: recordings.length,
    labelled: unlabelled.length === 0,
    classes: null,
    warnings,
    ...(vocabulary ? { classNames: vocabulary } : {}),
    async settle(order) {
      const rates = new Map<number, number>();
      for (const index of order) {
        const rate = await storedRate(recordings[index]!.path);
        if (rate !== null && rate !== samplingRate) rates.set(rate, (rates.get(rate) ?? 0) + 1);
      }
      for (const [rate, count] of rates)
        warnings.push(
          `${count} of ${order.length} recordings are at ${rate} Hz: they are resampled to ${samplingRate} Hz.`,
        );
    },
    id: (index) => recordings[index]!.id,
    hash: async (index) => sha256(await readFile(recordings[index]!.path)),
    async read(index) {
      const { path: file, id, text: transcript } = recordings[index]!;
      const { samples } = await readWav(file, id, samplingRate);
      const tensor = featuresOf(samples, binding, { features, samplingRate });
      return {
        values: { [binding.input]: { kind: 'array', tensor } },
        label: null,
        ...(transcript === null ? {} : { annotation: { kind: 'text', text: transcript } }),
      };
    },
  };
}

function transcriptWarnings(recordings: readonly Recording[], unlabelled: readonly Recording[]): string[] {
  const empty = recordings.filter(({ text }) => text !== null && text.trim() === '');
  return [
    ...(unlabelled.length > 0 && unlabelled.length < recordings.length
      ? [
          `${unlabelled.length} of ${recordings.length} recordings have no transcript: ${firstOf(unlabelled.map(({ id }) => id))}.`,
        ]
      : []),
    ...(empty.length > 0
      ? [
          `${empty.length} of ${recordings.length} transcripts are empty: every word heard there counts as an error (${firstOf(empty.map(({ id }) => id))}).`,
        ]
      : []),
  ];
}

async function storedRate(path: string): Promise<number | null> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_BYTES), 0, HEADER_BYTES, 0);
    return rateOf(buffer.subarray(0, bytesRead));
  } finally {
    await handle.close();
  }
}
