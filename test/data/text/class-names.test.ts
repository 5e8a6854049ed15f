import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataOfModel, defaultText } from '../../../src/config/defaults.js';
import { openDataset } from '../../../src/data/open.js';
import { collect, dataConfig, meta, temporaryFolder } from '../samples.js';
import { TOKENIZER } from './word-piece.js';

const INPUTS = [meta('input_ids', 'int64', ['batch', 'sequence'])];
const ROWS = '{"text": "the dog", "label": "positive"}\n{"text": "the fox", "label": "negative"}';

/** A folder as exports lay it out: config.json above, the model in a folder of its own. */
function project(id2label: Record<string, string>): { rows: string; model: string } {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'onnx'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify({ id2label }));
  writeFileSync(join(folder, 'rows.jsonl'), ROWS);
  return { rows: join(folder, 'rows.jsonl'), model: join(folder, 'onnx', 'model.onnx') };
}

async function labels(
  rows: string,
  model: string,
  classNames: string[] | null = null,
): Promise<Record<string, unknown>> {
  const data = dataConfig(rows, { text: defaultText(TOKENIZER), classNames });
  const samples = await collect(
    await openDataset(dataOfModel(data, { path: model, task: 'text-classification' }), INPUTS),
  );
  return Object.fromEntries(samples.map(({ id, label }) => [id, label]));
}

describe('labels that are names', () => {
  it("are numbered by id2label of the config.json beside the model or above it, whatever the names' case", async () => {
    const { rows, model } = project({ 0: 'POSITIVE', 1: 'NEGATIVE' });
    expect(await labels(rows, model)).toEqual({
      'rows.jsonl:1': 0,
      'rows.jsonl:2': 1,
    });
  });

  it('are numbered by class-names where the configuration has them', async () => {
    const { rows, model } = project({ 0: 'POSITIVE', 1: 'NEGATIVE' });
    expect(await labels(rows, model, ['other', 'negative', 'positive'])).toEqual({
      'rows.jsonl:1': 2,
      'rows.jsonl:2': 1,
    });
  });

  it('are numbered by their own order where nobody names the classes', async () => {
    const { rows, model } = project({ 0: 'LABEL_0', 1: 'LABEL_1' });
    expect(await labels(rows, model)).toEqual({
      'rows.jsonl:1': 1,
      'rows.jsonl:2': 0,
    });
  });

  it('and are numbered by their own order are told, unless that order is asked for', async () => {
    const { rows } = project({ 0: 'LABEL_0', 1: 'LABEL_1' });
    const told = async (changes = {}) =>
      (await openDataset(dataConfig(rows, { text: defaultText(TOKENIZER), ...changes }), INPUTS))
        .labelWarnings;
    expect(await told()).toEqual([expect.stringMatching(/2 labels are taken in alphabetical order/)]);
    expect(await told({ classOrder: 'name' })).toEqual([]);
    expect(await told({ classNames: ['negative', 'positive'] })).toEqual([]);
  });

  it('that the model does not have are refused, with its names', async () => {
    const { rows, model } = project({ 0: 'joy', 1: 'negative' });
    await expect(labels(rows, model)).rejects.toThrow(
      /rows.jsonl:1: the label 'positive' is none of the model's classes: 'joy', 'negative' \(.*config.json\). Correct the label, or give the classes in the model's order: `class-names: \[NAME, …\]`/,
    );
  });
});
