import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../runner.js';
import { BASELINE_SITUATIONS } from './baseline-situations.js';
import { outcomeOf } from './outcome.js';
import { SITUATIONS } from './situations.js';

const ALL = [...SITUATIONS, ...BASELINE_SITUATIONS];

const DOCUMENT = readFileSync(join(ROOT, 'docs/fail-closed.md'), 'utf8');

/** `name | before | exit, verdict | comment | first line said`, as the table has them. */
const ROWS = new Map(
  [...DOCUMENT.matchAll(/^\| (.*?) \| (.*?) \| (.*?) \| (.*?) \| (.*) \|$/gm)].map(
    ([, name, , ended, comment, said]) => [name!, { ended, comment, said }],
  ),
);

describe('what docs/fail-closed.md says of a pull request when', () => {
  for (const situation of ALL) {
    it.skipIf(Boolean(situation.skip))(situation.name, { timeout: 60_000 }, async () => {
      const { exitCode, verdict, comment, said } = await outcomeOf(situation);
      expect({ ended: `${exitCode}, ${verdict}`, comment, said }).toEqual(ROWS.get(situation.name));
    });
  }

  it('has a row for each, and no other', () => {
    const told = [...ROWS.keys()].filter((name) => name !== 'Situation' && !/^[: -]+$/.test(name));
    expect(told.sort()).toEqual(ALL.map(({ name }) => name).sort());
  });
});
