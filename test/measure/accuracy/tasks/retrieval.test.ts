import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultText } from '../../../../src/config/defaults.js';
import { openDataset } from '../../../../src/data/open.js';
import type { Sample } from '../../../../src/data/samples/dataset.js';
import { skillTest } from '../../../../src/measure/accuracy/chance/original.js';
import { standingOf } from '../../../../src/measure/accuracy/chance/skill.js';
import {
  averagePrecision,
  ndcg,
  ranked,
  recall,
  reciprocalRank,
} from '../../../../src/measure/accuracy/decode/ranking.js';
import type { Task } from '../../../../src/terms/metrics.js';
import { collect, dataConfig, meta, temporaryFolder } from '../../../data/samples.js';
import { TOKENIZER } from '../../../data/text/word-piece.js';
import { datasetOf, floats, integers, model } from '../models.js';
import { REFERENCE } from '../reference-scores.js';
import { score } from '../score.js';

const { qrels, run, mean } = REFERENCE.rankings;
const QUERIES = Object.keys(qrels);
const DOCUMENTS = run[QUERIES[0]!]!.length;
const gradesOf = (query: string) =>
  new Map(Object.entries(qrels[query]!).map(([document, grade]) => [Number(document.slice(1)), grade]));

describe('figures of a ranking', () => {
  it("are trec_eval's, in the mean over queries", () => {
    const over = (figure: (ranking: Uint32Array, grades: Map<number, number>) => number) =>
      QUERIES.reduce((sum, query) => sum + figure(ranked(run[query]!), gradesOf(query)), 0) / QUERIES.length;
    expect(over((ranking, grades) => ndcg(ranking, grades, 10))).toBeCloseTo(mean.ndcg_cut_10!, 9);
    expect(over((ranking, grades) => recall(ranking, grades, 5))).toBeCloseTo(mean.recall_5!, 9);
    expect(over((ranking, grades) => recall(ranking, grades, 100))).toBeCloseTo(mean.recall_100!, 9);
    expect(over((ranking, grades) => reciprocalRank(ranking, grades, 10))).toBeCloseTo(
      mean.recip_rank_10!,
      9,
    );
    expect(over(averagePrecision)).toBeCloseTo(mean.map!, 9);
  });
});

/** A document is a unit vector; a query holds its score of each document, so that cosines are in the order of the scores. */
function texts(): Sample[] {
  const feeds = (values: readonly number[]) => ({ x: floats([1, DOCUMENTS], values) });
  const unit = (index: number) => Array.from({ length: DOCUMENTS }, (_, at) => Number(at === index));
  return [
    ...QUERIES.map(
      (query): Sample => ({
        id: query,
        feeds: feeds(run[query]!),
        label: null,
        annotation: { kind: 'query', relevant: [...gradesOf(query)] },
      }),
    ),
    ...Array.from(
      { length: DOCUMENTS },
      (_, index): Sample => ({
        id: `d${index}`,
        feeds: feeds(unit(index)),
        label: null,
        annotation: { kind: 'document', index },
      }),
    ),
  ];
}

const same = (variant: string) => model(variant, (x) => floats([1, x.length], x));
/** Queries look the other way. */
const turned = (variant: string) =>
  model(variant, (x) =>
    floats([1, x.length], x.filter((one) => one === 1).length === 1 ? x : x.map((one) => -one)),
  );

describe('retrieval', () => {
  const dataset = { ...datasetOf(texts()), labelled: true };

  it("ranks by cosine, and its figures are trec_eval's", async () => {
    const scores = await score('retrieval', { dataset }, same('original'), turned('int8'));
    const value = (metric: string) => scores.get(`accuracy.${metric} original`)!.value;
    expect(value('ndcg10')).toBeCloseTo(mean.ndcg_cut_10!, 6);
    expect(value('recall5')).toBeCloseTo(mean.recall_5!, 6);
    expect(value('recall100')).toBeCloseTo(mean.recall_100!, 6);
    expect(value('mrr10')).toBeCloseTo(mean.recip_rank_10!, 6);
    expect(value('retrieval-map')).toBeCloseTo(mean.map!, 6);
    const { drop } = scores.get('accuracy.ndcg10 int8')!;
    expect(drop!.lost! + drop!.gained!).toBeGreaterThan(5);
    expect(drop!.lost! + drop!.gained!).toBeLessThanOrEqual(QUERIES.length);
    expect(drop!.interval!.lo).toBeLessThan(drop!.value);
    expect(drop!.interval!.hi).toBeGreaterThan(drop!.value);
  });

  it('pools one vector per token where it is told how, and says so where not', async () => {
    const wide = model('original', (x) =>
      floats([1, 2, x.length], [...x.map((one) => one * 3), ...x.map((one) => -one)]),
    );
    const first = await score('retrieval', { dataset, decoder: 'cls' }, wide);
    expect(first.get('accuracy.mrr10 original')!.value).toBeCloseTo(mean.recip_rank_10!, 6);
    const averaged = await score('retrieval', { dataset, decoder: 'mean' }, wide);
    expect(averaged.get('accuracy.mrr10 original')!.value).toBeCloseTo(mean.recip_rank_10!, 6);
    await expect(score('retrieval', { dataset }, wide)).rejects.toThrow(
      'holds 2 vectors; retrieval compares one per text',
    );
  });

  it('pools the tokens that the mask counts: rows of a fixed length are filled up, on either side', async () => {
    const padded = (left: boolean) =>
      texts().map((sample) => ({
        ...sample,
        feeds: { ...sample.feeds, attention_mask: integers([1, 3], left ? [0, 1, 1] : [1, 1, 0]) },
      }));
    const wide = (left: boolean) =>
      model('original', (x) => {
        // Of the padding: the same for all texts, and louder.
        const padding = x.map((_, at) => at * 50);
        const own = [...x, ...x];
        return floats([1, 3, x.length], left ? [...padding, ...own] : [...own, ...padding]);
      });
    for (const [decoder, left] of [
      ['mean', false],
      ['mean', true],
      ['cls', true],
    ] as const) {
      const found = { ...datasetOf(padded(left)), labelled: true };
      const scores = await score('retrieval', { dataset: found, decoder }, wide(left));
      expect(scores.get('accuracy.mrr10 original')!.value).toBeCloseTo(mean.recip_rank_10!, 6);
    }
  });

  it('of documents in an order at random is chance', () => {
    const test = skillTest('retrieval', { classes: null, labelOffset: 0 })!;
    const rows = Array.from({ length: 400 }, (_, at) => {
      const annotation =
        at < 200
          ? ({ kind: 'query', relevant: [[at, 1]] } as const)
          : ({ kind: 'document', index: at - 200 } as const);
      const vector = Array.from(
        { length: 8 },
        (_, column) => (Math.sin(at * 12.9898 + column * 78.233) * 43758.5453) % 1,
      );
      return test.keep({ id: `${at}`, feeds: {}, label: null, annotation }, floats([1, 8], vector), {});
    });
    expect(standingOf(test.assess(rows)!)).toBe('chance');
  });
});

const open = (path: string, task: Task = 'retrieval') =>
  openDataset(dataConfig(path, { text: defaultText(TOKENIZER, { task }) }), [
    meta('input_ids', 'int64', ['b', 's']),
  ]);

describe('queries and documents', () => {
  it("are read from BEIR's folder, each text a sample", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'qrels'));
    writeFileSync(
      join(folder, 'queries.jsonl'),
      '{"_id": "1", "text": "Who owns the café?"}\n{"_id": "2", "text": "unjudged"}',
    );
    writeFileSync(
      join(folder, 'corpus.jsonl'),
      '{"_id": "a", "title": "Dogs", "text": "The lazy dog"}\n{"_id": "b", "text": "The owner"}',
    );
    writeFileSync(join(folder, 'qrels', 'test.tsv'), 'query-id\tcorpus-id\tscore\n1\tb\t2\n');
    const dataset = await open(folder);
    expect(dataset.description).toMatch(/^beir /);
    const samples = await collect(dataset);
    const kinds = Object.fromEntries(samples.map(({ id, annotation }) => [id, annotation]));
    expect(kinds).toEqual({
      1: { kind: 'query', relevant: [[1, 2]] },
      a: { kind: 'document', index: 0 },
      b: { kind: 'document', index: 1 },
    });
    expect(dataset.labelWarnings).toEqual([]);
  });

  it('that a limit leaves without their answers are told', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'pairs.jsonl');
    const pairs = Array.from({ length: 20 }, (_, at) => `{"query": "dog ${at}", "passage": "fox ${at}"}`);
    writeFileSync(file, pairs.join('\n'));
    const text = defaultText(TOKENIZER, { task: 'retrieval' });
    const inputs = [meta('input_ids', 'int64', ['b', 's'])];
    const limited = await openDataset(dataConfig(file, { text, limit: 20 }), inputs);
    expect(limited.labelWarnings).toEqual([
      expect.stringMatching(
        /of \d+ of \d+ queries documents that answer them are left out \(`limit`, `split`\)/,
      ),
    ]);
  });

  it.each([
    [
      '{"_id": "a", "text": "x"}\n{"_id": "a", "text": "y"}',
      '1\ta\t1\n',
      /corpus\.jsonl has two texts with the _id 'a'/,
    ],
    [
      '{"_id": "a", "text": "x"}',
      '1\ta\t1\n1\tz\t1\n',
      /1 of 2 judgements are about queries or documents that are not there, the first about the document 'z'/,
    ],
    ['{"_id": "a", "text": "x"}', '1\ta\t1\n9\ta\t1\n', /the first about the query '9'/],
    [
      '{"_id": "a", "text": "x"}',
      '1\ta\t1\n1\ta\t2\n',
      /qrels\/test\.tsv:3 gives document 'a' another grade for query '1'/,
    ],
  ])(
    'are refused where ids repeat, or judgements are about what is not there (%#)',
    async (corpus, qrels, message) => {
      const folder = temporaryFolder();
      mkdirSync(join(folder, 'qrels'));
      writeFileSync(join(folder, 'queries.jsonl'), '{"_id": "1", "text": "Who?"}');
      writeFileSync(join(folder, 'corpus.jsonl'), corpus);
      writeFileSync(join(folder, 'qrels', 'test.tsv'), `query-id\tcorpus-id\tscore\n${qrels}`);
      await expect(open(folder)).rejects.toThrow(message);
    },
  );

  it('are read from pairs, of which every text is a document for all queries', async () => {
    const path = join(temporaryFolder(), 'pairs.jsonl');
    writeFileSync(
      path,
      '{"query": "who", "passage": "the owner"}\n{"query": "what", "passage": "the dog"}\n{"query": "who", "passage": "the dog"}',
    );
    const samples = await collect(await open(path));
    expect(samples).toHaveLength(4);
    expect(samples.map(({ annotation }) => annotation)).toContainEqual({
      kind: 'query',
      relevant: [
        [0, 1],
        [1, 1],
      ],
    });
  });
});
