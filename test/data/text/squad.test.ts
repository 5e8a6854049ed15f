/** SQuAD's JSON of another shape than SQuAD's. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { squadRows } from '../../../src/data/text/answers.js';
import { dataConfig, temporaryFolder } from '../samples.js';

const path = join(temporaryFolder(), 'squad.json');

function rows(content: string) {
  writeFileSync(path, content);
  return squadRows(dataConfig(path));
}

const paragraph = (qas: unknown) => JSON.stringify({ data: [{ paragraphs: [{ context: 'A dog.', qas }] }] });

describe("SQuAD's JSON", () => {
  it('may begin with a byte order mark', async () => {
    const content = paragraph([{ id: 'q', question: 'Who?', answers: [{ text: 'A dog' }] }]);
    expect((await rows(`\uFEFF${content}`)).length).toBe(1);
  });

  it('may leave the answers out of a question that has none', async () => {
    const entries = [{ id: 'q', question: 'Who?', is_impossible: true }];
    expect((await rows(paragraph(entries))).length).toBe(1);
  });

  it.each([
    ['nothing', '', /can't be read as JSON/],
    ['null', 'null', /is no object with 'data'/],
    ['no questions', '{"data": []}', /holds no questions/],
    ['data that are no list', '{"data": {}}', /'data' is no list/],
    ['an article that is nothing', '{"data": [null]}', /data\[0\] is no object with 'paragraphs'/],
    ['questions that are no list', paragraph({}), /paragraphs\[0\]: 'qas' is no list/],
    ['a question that is nothing', paragraph([null]), /qas\[0\] is no object/],
    ['a question without words', paragraph([{ answers: [] }]), /qas\[0\] has no 'question'/],
    [
      'answers that are bare words',
      paragraph([{ question: 'Who?', answers: ['A dog'] }]),
      /qas\[0\]: each of its answers must have a text/,
    ],
    [
      'a question without answers, as test sets are published',
      paragraph([{ id: 'q', question: 'Who?' }]),
      /qas\[0\] has no 'answers'.*`is_impossible: true`/,
    ],
    [
      'two questions of one id',
      paragraph([0, 1].map(() => ({ id: 'q', question: 'Who?', answers: [] }))),
      /two questions with the id 'q'/,
    ],
  ])('is refused with %s, and the place', async (_, content, message) => {
    await expect(rows(content)).rejects.toThrow(message);
  });
});
