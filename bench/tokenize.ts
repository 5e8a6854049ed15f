/**
 * CPU time of texts becoming tokens, parted into loading the files and tokenizing, the first time and once more with a tokenizer that was just loaded.
 *
 *   node bench/run.mjs tokenize --tokenizer tokenizer.json --texts FILE [--count 1000]
 *
 * The file holds one text per line; where it has fewer lines than --count, they are taken again.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { TokenizerModel } from '../src/data/text/tokenizer/tokenizer-model.js';

const { values } = parseArgs({
  options: {
    tokenizer: { type: 'string' },
    texts: { type: 'string' },
    count: { type: 'string', default: '1000' },
  },
});
const { tokenizer, texts: file } = values;
if (tokenizer === undefined || file === undefined) throw new Error('--tokenizer and --texts are needed');

const lines = readFileSync(file, 'utf8')
  .split('\n')
  .filter((line) => line.trim() !== '');
const texts = Array.from({ length: Number(values.count) }, (_, at) => lines[at % lines.length]!);

let before = process.cpuUsage();
function told(what: string): void {
  const { user, system } = process.cpuUsage(before);
  console.log(`${what}: ${((user + system) / 1e3).toFixed(0)} ms of CPU`);
  before = process.cpuUsage();
}

const parsed = JSON.parse(readFileSync(tokenizer, 'utf8'));
told('reading the file');
const model = new TokenizerModel(parsed, {});
told('building the vocabulary');
const options = { maxLength: null, beyond: 'cut', overlap: 0, specialTokens: true, offsets: false } as const;
const tokens = texts.reduce((sum, text) => sum + model.encode([text], options).rows[0]!.ids.length, 0);
told(`${texts.length} texts, ${tokens} tokens`);
for (const text of texts) model.encode([text], options);
told('the same texts again');
