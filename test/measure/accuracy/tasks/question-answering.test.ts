import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultText } from '../../../../src/config/defaults.js';
import { openDataset } from '../../../../src/data/open.js';
import type { Sample } from '../../../../src/data/samples/dataset.js';
import { skillTest } from '../../../../src/measure/accuracy/chance/original.js';
import { standingOf } from '../../../../src/measure/accuracy/chance/skill.js';
import type { Runner } from '../../../../src/measure/accuracy/runner.js';
import { collect, dataConfig, meta, temporaryFolder } from '../../../data/samples.js';
import { TOKENIZER } from '../../../data/text/word-piece.js';
import { floats } from '../models.js';
import { score } from '../score.js';

const INPUTS = ['input_ids', 'attention_mask', 'token_type_ids'].map((name) =>
  meta(name, 'int64', ['batch', 'sequence']),
);

const LONG = `${'The lazy dog jumps over the brown fox. '.repeat(6)}The owner of the café is someone else. ${'Some answer faster. '.repeat(6)}`;

const SQUAD = {
  version: '1.1',
  data: [
    {
      title: 'Animals',
      paragraphs: [
        {
          context: LONG,
          qas: [
            {
              id: 'owner',
              question: 'Who owns the café?',
              answers: [{ text: 'someone else', answer_start: LONG.indexOf('someone else') }],
            },
            {
              id: 'jump',
              question: 'What does the dog do?',
              answers: [
                { text: 'jumps', answer_start: 13 },
                { text: 'jumps over the brown fox', answer_start: 13 },
              ],
            },
          ],
        },
      ],
    },
  ],
};

function file(name: string, content: unknown): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const open = (path: string, maxLength = 40) =>
  openDataset(dataConfig(path, { text: defaultText(TOKENIZER, { maxLength }) }), INPUTS);

type Answers = Extract<NonNullable<Sample['annotation']>, { kind: 'answers' }>;

/** Points at a text in the document, in the windows that hold all of it. */
function pointing(
  variant: string,
  samples: readonly Sample[],
  textOf: (id: string) => string | null,
): Runner {
  let next = 0;
  return {
    variant,
    outputs: ['start_logits', 'end_logits'].map((name) => ({ name, type: 'float32', shape: null })),
    async run(feeds) {
      const sample = samples[next++ % samples.length]!;
      const { document, offsets } = sample.annotation as Answers;
      const dims = feeds.input_ids!.dims;
      const text = textOf(sample.id);
      const from = text === null ? -2 : document.indexOf(text);
      const rows = (hit: (row: Int32Array, token: number) => boolean) =>
        offsets.flatMap((row) =>
          Array.from({ length: row.length / 2 }, (_, token) =>
            hit(row, token) ? 4 : text === null && token === 0 ? 5 : 0,
          ),
        );
      return {
        start_logits: floats(
          dims,
          rows((row, token) => row[token * 2] === from),
        ),
        end_logits: floats(
          dims,
          rows((row, token) => from >= 0 && row[token * 2 + 1] === from + text!.length),
        ),
      };
    },
  };
}

describe('questions about documents', () => {
  it("are fed in windows, and answered by the span's own text", async () => {
    const dataset = await open(file('dev.json', SQUAD));
    const samples = await collect(dataset);
    expect(dataset.description).toMatch(/^squad /);
    expect(samples[0]!.feeds.input_ids!.dims[0]).toBeGreaterThan(2);
    expect(samples[0]!.feeds.input_ids!.dims[1]).toBeLessThanOrEqual(40);
    const right = (id: string) => (id === 'owner' ? 'someone else' : 'jumps over the brown fox');
    const half = (id: string) => (id === 'owner' ? 'someone' : 'jumps over the brown fox');
    const scores = await score(
      'question-answering',
      { dataset },
      pointing('original', samples, right),
      pointing('int8', samples, half),
    );
    expect(scores.get('accuracy.exact-match original')!.value).toBe(1);
    expect(scores.get('accuracy.answer-f1 original')!.value).toBe(1);
    expect(scores.get('accuracy.exact-match int8')!.drop).toMatchObject({ value: 0.5, lost: 1, gained: 0 });
    // 'someone' of 'someone else': F1 2 ÷ 3.
    expect(scores.get('accuracy.answer-f1 int8')!.value).toBeCloseTo((1 + 2 / 3) / 2, 12);
  });

  it('may have no answer, which the first token says', async () => {
    const rows = [
      {
        question: 'Who owns the café?',
        context: LONG,
        answers: { text: ['someone else'], answer_start: [0] },
      },
      { question: 'What is the capital?', context: LONG, answers: { text: [], answer_start: [] } },
    ];
    const dataset = await open(file('dev.jsonl', rows.map((row) => JSON.stringify(row)).join('\n')));
    const samples = await collect(dataset);
    const none = await score(
      'question-answering',
      { dataset },
      pointing('original', samples, (id) => (id.endsWith(':1') ? 'someone else' : null)),
    );
    expect(none.get('accuracy.exact-match original')!.value).toBe(1);
    const always = await score(
      'question-answering',
      { dataset },
      pointing('original', samples, () => 'someone else'),
    );
    expect(always.get('accuracy.exact-match original')!.value).toBe(0.5);
  });

  it('are chance when the answers are any words', async () => {
    const paragraphs = Array.from({ length: 60 }, (_, at) => ({
      context: `${LONG} number ${at}`,
      qas: [{ id: `${at}`, question: 'What?', answers: [{ text: 'owner of the café', answer_start: 0 }] }],
    }));
    const dataset = await open(file('dev.json', { data: [{ paragraphs }] }), 200);
    const samples = await collect(dataset);
    const test = skillTest('question-answering', { ...dataset, labelOffset: 0 })!;
    const model = pointing(
      'original',
      samples,
      (id) => ['dog', 'lazy', 'Some', 'brown fox'][Number(id) % 4]!,
    );
    const rows = [];
    for (const sample of samples) {
      const outputs = await model.run(sample.feeds, []);
      rows.push(test.keep(sample, outputs.start_logits!, outputs));
    }
    expect(standingOf(test.assess(rows)!)).toBe('chance');
  });
});

describe('questions are refused', () => {
  it('of a model with one output', async () => {
    const dataset = await open(file('dev.json', SQUAD));
    const one: Runner = {
      variant: 'original',
      outputs: [{ name: 'logits', type: 'float32', shape: null }],
      run: async () => ({ logits: floats([1, 2], [0, 1]) }),
    };
    await expect(score('question-answering', { dataset }, one)).rejects.toThrow(
      "question-answering needs two outputs, where answers start and where they end; the model has 'logits'. Name them: `outputs: { start: NAME, end: NAME }`.",
    );
  });

  it('where an output that is named is none of the model', async () => {
    const dataset = await open(file('dev.json', SQUAD));
    const two: Runner = {
      variant: 'original',
      outputs: ['a', 'b'].map((name) => ({ name, type: 'float32', shape: null })),
      run: async () => ({ a: floats([1, 2], [0, 1]), b: floats([1, 2], [0, 1]) }),
    };
    await expect(score('question-answering', { dataset, roles: { start: 'nope' } }, two)).rejects.toThrow(
      "`outputs: { start: nope }`: the model has no output 'nope'; it has 'a', 'b'.",
    );
  });

  it('about documents in more windows than the model takes', async () => {
    const fixed = INPUTS.map((input) => ({ ...input, shape: [1, 40] }));
    const data = dataConfig(file('dev.json', SQUAD), { text: defaultText(TOKENIZER) });
    await expect(openDataset(data, fixed)).rejects.toThrow(
      /^(owner|jump) comes in \d+ windows, but the model's batch is fixed at 1: export it with a dynamic batch axis/,
    );
  });

  it('in JSON of another shape', async () => {
    await expect(open(file('dev.json', { paragraphs: [] }))).rejects.toThrow(
      "holds no questions: SQuAD's are at data[].paragraphs[].qas[].",
    );
  });

  it('without a tokenizer', async () => {
    await expect(openDataset(dataConfig(file('dev.json', SQUAD)), INPUTS)).rejects.toThrow(
      "holds texts: name the model's tokenizer",
    );
  });
});
