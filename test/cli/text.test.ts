import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { writeModel } from '../../src/onnx/file/write.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import type { Measurement } from '../../src/terms/measurement.js';
import { temporaryFolder } from '../data/samples.js';
import { TOKENIZER, vocabulary } from '../data/text/word-piece.js';
import { quantgate } from './command-line.js';

const folder = temporaryFolder();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const WIDTH = 32;

/** Mean of the tokens' rows, times [32, 2]: tokens of odd ids speak for class 1, of even ids for class 0. */
function classifier(): string {
  const tokens = Object.keys(vocabulary()).length;
  const table = Float32Array.from({ length: tokens * WIDTH }, (_, at) => {
    const [id, column] = [Math.floor(at / WIDTH), at % WIDTH];
    return id % 2 === column % 2 ? 1 : Math.sin(at) / 8;
  });
  const weight = Float32Array.from({ length: WIDTH * 2 }, (_, at) =>
    Math.floor(at / 2) % 2 === at % 2 ? 0.5 : -0.5,
  );
  const model = makeModel({
    inputs: [
      makeValue('input_ids', DataType.INT64, ['batch', 'sequence']),
      makeValue('attention_mask', DataType.INT64, ['batch', 'sequence']),
    ],
    outputs: [makeValue('logits', DataType.FLOAT, ['batch', 2])],
    nodes: [
      makeNode('Gather', ['table', 'input_ids'], ['rows'], { name: 'gather' }),
      makeNode('Cast', ['attention_mask'], ['float_mask'], { attributes: { to: { int: DataType.FLOAT } } }),
      makeNode('Unsqueeze', ['float_mask', 'last'], ['mask']),
      makeNode('Mul', ['rows', 'mask'], ['kept']),
      makeNode('ReduceMean', ['kept'], ['mean'], {
        attributes: { axes: { ints: [1] }, keepdims: { int: 0 } },
      }),
      makeNode('MatMul', ['mean', 'weight'], ['logits'], { name: 'classify' }),
    ],
    initializers: [
      makeTensor('table', DataType.FLOAT, [tokens, WIDTH], table),
      makeTensor('weight', DataType.FLOAT, [WIDTH, 2], weight),
      makeTensor('last', DataType.INT64, [1], BigInt64Array.of(-1n)),
    ],
  });
  const file = join(folder, 'classifier.onnx');
  writeModel(model, file);
  return file;
}

describe('texts on the command line', () => {
  const model = classifier();
  const texts = join(folder, 'texts.jsonl');
  const words = ['the', 'dog', 'fox', 'and', 'quick', 'brown', 'faster', 'answer'];
  const lines = Array.from({ length: 60 }, (_, at) =>
    [words[at % 8], words[(at * 3) % 8], words[(at * 5 + 1) % 8]].join(' '),
  );

  it('quantize a classifier and score it, with nothing but a tokenizer', () => {
    writeFileSync(texts, lines.map((text) => JSON.stringify({ text, label: text.length % 2 })).join('\n'));
    const out = join(folder, 'int8.onnx');
    const made = quantgate([
      'quantize',
      model,
      '--out',
      out,
      '--method',
      'int8-static',
      '--calibration',
      texts,
      '--tokenizer',
      TOKENIZER,
      '--max-length',
      '8',
    ]);
    expect(made.stderr).not.toMatch(/error/);
    expect(made.status).toBe(0);
    const scored = quantgate([
      'eval',
      model,
      out,
      '--data',
      texts,
      '--task',
      'text-classification',
      '--tokenizer',
      TOKENIZER,
      '--json',
    ]);
    const { measurements } = JSON.parse(scored.stdout) as { measurements: Measurement[] };
    expect(
      measurements
        .filter(({ metric }) => metric.startsWith('accuracy'))
        .map(({ metric, variant }) => `${metric} ${variant}`),
    ).toEqual([
      'accuracy.top1 classifier',
      'accuracy.top1 int8',
      'accuracy.f1 classifier',
      'accuracy.f1 int8',
      'accuracy.mcc classifier',
      'accuracy.mcc int8',
    ]);
  });

  it('are gated by a run, from one table that is split', () => {
    const labelled = join(folder, 'labelled.jsonl');
    // Odd ids speak for class 1: what most of a sentence's words say is its label, so that the original is far from chance.
    const ids = vocabulary();
    const known = Object.keys(ids).filter((word) => /^[a-z]+$/.test(word));
    const rows = Array.from({ length: 120 }, (_, at) => {
      const label = at % 2;
      const own = known.filter((word) => ids[word]! % 2 === label);
      return JSON.stringify({
        text: [0, 1, 2, 3].map((step) => own[(at * 7 + step * 3) % own.length]).join(' '),
        label: ['even', 'odd'][label],
      });
    });
    writeFileSync(labelled, rows.join('\n'));
    const config = join(folder, 'quantgate.yml');
    writeFileSync(
      config,
      [
        'version: 1',
        'models:',
        '  - path: classifier.onnx',
        '    task: text-classification',
        '    data:',
        '      path: labelled.jsonl',
        '      split: { calibration: 40 }',
        `      tokenizer: ${TOKENIZER}`,
        '      class-names: [even, odd]',
        '    variants: [int8]',
        'benchmark: { budget: 2s }',
        'thresholds:',
        '  accuracy.f1: { max-drop: 20pp }',
      ].join('\n'),
    );
    const outcome = quantgate(['run', '--config', config, '--out', join(folder, 'out'), '--json']);
    const report = JSON.parse(outcome.stdout) as {
      measurements: Measurement[];
      models: { evaluation: { samples: number } }[];
    };
    // Equal texts stay on one side: about 80 of the 120 evaluate.
    expect(report.models[0]!.evaluation.samples).toBeGreaterThan(60);
    expect(report.models[0]!.evaluation.samples).toBeLessThan(90);
    const f1 = report.measurements.find(
      ({ metric, variant }) => metric === 'accuracy.f1' && variant === 'original',
    );
    expect(f1!.value).toBeGreaterThan(0.9);
    expect(outcome.status).toBe(0);
  });

  it('say how long a text may be only where there is a tokenizer', () => {
    const outcome = quantgate([
      'eval',
      model,
      '--data',
      texts,
      '--task',
      'text-classification',
      '--max-length',
      '8',
    ]);
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toContain(
      '--max-length cuts texts that a tokenizer reads: give --tokenizer with it.',
    );
  });
});

/** A decoder with a cache: the next token's scores are a row of a table, plus what the cache holds (nothing). */
function decoder(): string {
  const tokens = Object.keys(vocabulary()).length;
  const table = Float32Array.from({ length: tokens * tokens }, (_, at) => Math.sin(at));
  const cache = ['batch', 2, 'past_sequence', 4];
  const model = makeModel({
    inputs: [
      makeValue('input_ids', DataType.INT64, ['batch', 'sequence']),
      makeValue('attention_mask', DataType.INT64, ['batch', 'total']),
      makeValue('past_key_values.0.key', DataType.FLOAT, cache),
      makeValue('use_cache_branch', DataType.BOOL, [1]),
    ],
    outputs: [
      makeValue('logits', DataType.FLOAT, ['batch', 'sequence', tokens]),
      makeValue('present.0.key', DataType.FLOAT, ['batch', 2, 'present', 4]),
    ],
    nodes: [
      makeNode('Gather', ['table', 'input_ids'], ['rows'], { name: 'gather' }),
      makeNode('ReduceSum', ['past_key_values.0.key'], ['held'], { attributes: { keepdims: { int: 0 } } }),
      makeNode('Cast', ['use_cache_branch'], ['branch'], { attributes: { to: { int: DataType.FLOAT } } }),
      makeNode('Mul', ['held', 'branch'], ['used']),
      makeNode('Add', ['rows', 'used'], ['logits']),
      makeNode('Identity', ['past_key_values.0.key'], ['present.0.key']),
    ],
    initializers: [makeTensor('table', DataType.FLOAT, [tokens, tokens], table)],
  });
  const file = join(folder, 'decoder.onnx');
  writeModel(model, file);
  return file;
}

describe('raw text on the command line', () => {
  it('scores a decoder with a cache, which is empty', () => {
    const text = join(folder, 'text.txt');
    writeFileSync(text, 'The quick brown fox jumps over the lazy dog. '.repeat(20));
    const scored = quantgate([
      'eval',
      decoder(),
      '--data',
      text,
      '--task',
      'language-model',
      '--tokenizer',
      TOKENIZER,
      '--max-length',
      '16',
      '--json',
    ]);
    expect(scored.stderr).toContain('fed with empty: no tokens before');
    const { measurements } = JSON.parse(scored.stdout) as { measurements: Measurement[] };
    const found = Object.fromEntries(measurements.map(({ metric, value }) => [metric, value]));
    expect(found['accuracy.perplexity']).toBeGreaterThan(1);
    expect(found['accuracy.bits-per-byte']).toBeGreaterThan(0);
  });
});
