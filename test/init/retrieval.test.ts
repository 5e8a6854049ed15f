/** Guesses for a model with a vector per token: poolings are tried on queries that have their answers. */

import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findFiles } from '../../src/init/find/find.js';
import { guessesFor, lookAt } from '../../src/init/guess/guesses.js';
import { doubt, tryGuesses } from '../../src/init/try.js';
import { SILENT } from '../../src/log.js';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { seededRandom } from '../../src/tensor/random.js';
import { TOKENIZER, vocabulary } from '../data/text/word-piece.js';
import { runtime, scratch, smallModel } from '../quantize/small-models.js';

const WIDTH = 24;
const QUERIES = 60;
const DOCUMENTS = 300;

const VOCABULARY = vocabulary();
const WORDS = Object.keys(VOCABULARY).filter((word) => /^[a-z]+$/.test(word));

/** A vector per token that says nothing of the tokens around it: their mean tells texts apart, and the first token, which is the same of all, doesn't. */
function encoder(file: string): void {
  const random = seededRandom(5);
  const size = Object.keys(VOCABULARY).length;
  const table = Float32Array.from({ length: size * WIDTH }, () => random.below(1000) / 1000 - 0.5);
  writeModel(
    smallModel({
      inputs: [makeValue('input_ids', DataType.INT64, ['batch', 'sequence'])],
      outputs: [makeValue('last_hidden_state', DataType.FLOAT, ['batch', 'sequence', WIDTH])],
      nodes: [makeNode('Gather', ['table', 'input_ids'], ['last_hidden_state'])],
      initializers: [makeTensor('table', DataType.FLOAT, [size, WIDTH], table)],
    }),
    file,
  );
}

/** @param related whether the words of a query stand in the document that answers it. */
function repository(root: string, { related, queries }: { related: boolean; queries: number }): void {
  const random = seededRandom(9);
  const words = () => Array.from({ length: 6 }, () => WORDS[random.below(WORDS.length)]!);
  const documents = Array.from({ length: DOCUMENTS }, words);
  const lines = (rows: unknown[]) => rows.map((row) => JSON.stringify(row)).join('\n');
  const folder = join(root, 'data', 'beir');
  mkdirSync(join(folder, 'qrels'), { recursive: true });
  const asked = documents.slice(0, queries);
  writeFileSync(
    join(folder, 'queries.jsonl'),
    lines(asked.map((own, at) => ({ _id: `q${at}`, text: (related ? own.slice(0, 4) : words()).join(' ') }))),
  );
  writeFileSync(
    join(folder, 'corpus.jsonl'),
    lines(documents.map((own, at) => ({ _id: `d${at}`, text: own.join(' ') }))),
  );
  const judged = asked.map((_, at) => `q${at}\td${at}\t1`);
  writeFileSync(join(folder, 'qrels', 'test.tsv'), ['query-id\tcorpus-id\tscore', ...judged].join('\n'));
  copyFileSync(TOKENIZER, join(root, 'tokenizer.json'));
  encoder(join(root, 'encoder.onnx'));
}

async function tried(root: string) {
  const found = await findFiles(root);
  const model = lookAt(found, 'encoder.onnx');
  const { guesses } = guessesFor(model, found);
  return await tryGuesses(model, guesses, { root, context: { runtime, log: SILENT, threads: 1 } });
}

it('the pooling that finds the answers is taken, among far more texts than a trial reads', async () => {
  using place = scratch();
  repository(place.directory, { related: true, queries: QUERIES });
  const { best } = await tried(place.directory);
  expect(best).toMatchObject({ guess: { decoder: 'mean' }, standing: 'above' });
  expect(best!.skill!.n).toBeGreaterThan(20);
  expect(doubt(best!)).toBeNull();
});

it('a pooling that finds no more than chance is doubted, and the better one is taken, where queries are too few to refuse both', async () => {
  using place = scratch();
  repository(place.directory, { related: false, queries: 8 });
  const { best, told } = await tried(place.directory);
  expect(told).toHaveLength(2);
  const values = told.map((line) => Number(/ (-?[\d.]+) % on 8/.exec(line)![1]));
  const better = values[0]! >= values[1]! ? 'mean' : 'cls';
  expect(best).toMatchObject({ guess: { decoder: better }, standing: 'untold' });
  expect(doubt(best!)).toMatch(
    /^retrieval by \w+ on data\/beir, .*(is no better than chance|too few samples to tell it from chance): /,
  );
});
