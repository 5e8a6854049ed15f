import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultText } from '../../../../src/config/defaults.js';
import { openDataset } from '../../../../src/data/open.js';
import { skillTest } from '../../../../src/measure/accuracy/chance/original.js';
import { standingOf } from '../../../../src/measure/accuracy/chance/skill.js';
import { numbersOf } from '../../../../src/tensor/elements.js';
import type { Feeds } from '../../../../src/tensor/tensor.js';
import { collect, dataConfig, meta, temporaryFolder } from '../../../data/samples.js';
import { TOKENIZER } from '../../../data/text/word-piece.js';
import { floats, model } from '../models.js';
import { REFERENCE } from '../reference-scores.js';
import { score } from '../score.js';

const INPUTS = [
  meta('input_ids', 'int64', ['batch', 'sequence']),
  meta('attention_mask', 'int64', ['batch', 'sequence']),
];
const NAMES = ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC', 'B-ORG', 'I-ORG'];

function open(name: string, content: string, classNames: string[] | null = NAMES) {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return openDataset(dataConfig(path, { text: defaultText(TOKENIZER), classNames }), INPUTS);
}

const { gold, answers, f1, precision, recall } = REFERENCE.entities.find(
  ({ scheme }) => scheme === 'lenient',
)!;
/** Words of several tokens, so that most tokens don't count. */
const WORDS = ['Tokyo', 'quantized', 'the', 'someone', 'lazy'];
const CONLL = gold
  .map((tags) => tags.map((tag, at) => `${WORDS[at % WORDS.length]} NN ${tag}`).join('\n'))
  .join('\n\n');

/** Says at the first token of each word what the table of answers has, and nonsense at the others. */
const tagging = (
  variant: string,
  rows: readonly (readonly string[])[],
  samples: Awaited<ReturnType<typeof collect>>,
) => {
  const bySize = new Map(
    samples.map((sample) => [numbersOf(sample.feeds.input_ids!).length + sample.id, sample]),
  );
  let next = 0;
  return model(variant, (_, feeds: Feeds) => {
    const sample = samples[next++ % samples.length]!;
    expect(bySize.size).toBeGreaterThan(0);
    const length = feeds.input_ids!.dims[1]!;
    const { words } = sample.annotation as { words: Int32Array };
    const line = Number(sample.id.split(':')[1]);
    const row = rows[LINES.indexOf(line)]!;
    const scores = new Float32Array(length * NAMES.length);
    let last = -1;
    words.forEach((word, at) => {
      const tag = word < 0 || word === last ? 'B-ORG' : row[word]!;
      last = word < 0 ? last : word;
      scores[at * NAMES.length + NAMES.indexOf(tag)] = 1;
    });
    return floats([1, length, NAMES.length], Array.from(scores));
  });
};

/** Line of each sentence in the file. */
const LINES = gold.map((_, index) => gold.slice(0, index).reduce((sum, tags) => sum + tags.length + 1, 1));

describe('tags of words', () => {
  it('have the entity scores of seqeval, by the first token of each word', async () => {
    const dataset = await open('test.conll', CONLL);
    const samples = await collect(dataset);
    const scores = await score(
      'token-classification',
      { dataset },
      tagging('original', gold, samples),
      tagging('int8', answers, samples),
    );
    expect(scores.get('accuracy.entity-f1 original')!.value).toBe(1);
    expect(scores.get('accuracy.entity-f1 int8')!.value).toBeCloseTo(f1, 9);
    expect(scores.get('accuracy.entity-precision int8')!.value).toBeCloseTo(precision, 9);
    expect(scores.get('accuracy.entity-recall int8')!.value).toBeCloseTo(recall, 9);
    const { drop, n } = scores.get('accuracy.entity-f1 int8')!;
    expect(n).toBe(gold.length);
    expect(drop!.interval!.lo).toBeLessThan(drop!.value);
    expect(drop!.interval!.hi).toBeGreaterThan(drop!.value);
  });

  it('are read from jsonl as names or as indices, of which −100 is none', async () => {
    const names = await open('a.jsonl', '{"tokens": ["Tokyo", "dog"], "tags": ["B-LOC", "O"]}');
    const indices = await open('b.jsonl', '{"words": ["Tokyo", "dog"], "ner_tags": [3, -100]}');
    const [one] = await collect(names);
    const [other] = await collect(indices);
    expect(one!.annotation).toMatchObject({ kind: 'tags', tags: ['B-LOC', 'O'] });
    const words = (other!.annotation as { words: Int32Array }).words;
    expect(other!.annotation).toMatchObject({ tags: ['B-LOC', 'O'] });
    expect([...new Set(words)]).toEqual([-1, 0]);
  });

  it('are chance when every word is tagged alike', async () => {
    const dataset = await open('test.conll', CONLL);
    const test = skillTest('token-classification', { ...dataset, labelOffset: 0 })!;
    const rows = (await collect(dataset)).map((sample) => {
      const length = sample.feeds.input_ids!.dims[1]!;
      const scores = Array.from({ length: length * NAMES.length }, (_, at) =>
        Number(at % NAMES.length === 0),
      );
      return test.keep(sample, floats([1, length, NAMES.length], scores), {});
    });
    const skill = test.assess(rows)!;
    expect(skill).toMatchObject({ value: 0, fact: 'no entity is named in any sentence' });
    expect(standingOf(skill)).toBe('chance');
  });

  it('that nobody orders are taken in alphabetical order, and that is told', async () => {
    const dataset = await open('test.conll', 'Tokyo B-LOC\nis O\n', null);
    expect(dataset.classNames).toEqual(['B-LOC', 'O']);
    expect(dataset.labelWarnings.join()).toContain("the data's 2 tags are taken in alphabetical order");
  });
});

describe('tags are refused', () => {
  it("that the model doesn't have", async () => {
    await expect(open('test.conll', 'Tokyo B-CITY\n')).rejects.toThrow(
      "has the tags 'B-CITY', but the model's are 'O', 'B-PER'",
    );
  });

  it('with words of another number', async () => {
    await expect(open('a.jsonl', '{"tokens": ["Tokyo"], "tags": ["O", "O"]}')).rejects.toThrow(
      'a.jsonl:1 has 1 words, but 2 tags.',
    );
  });

  it('of an output with more classes than names', async () => {
    const dataset = await open('test.conll', 'Tokyo B-LOC\nis O\n', null);
    const wide = model('original', (_, { input_ids: ids }) =>
      floats([1, ids!.dims[1]!, 9], new Array(ids!.dims[1]! * 9).fill(0)),
    );
    await expect(score('token-classification', { dataset }, wide)).rejects.toThrow(
      "The scored output has 9 classes, but the data's tags are 2: B-LOC, O.",
    );
  });

  it('by a decoder that reads none', async () => {
    const dataset = await open('test.conll', 'Tokyo B-LOC\n');
    await expect(
      score(
        'token-classification',
        { dataset, decoder: 'yolov8' },
        model('original', () => floats([1], [0])),
      ),
    ).rejects.toThrow("decoder 'yolov8' reads no tags; token-classification has lenient, iob1, iob2, bilou.");
  });
});
