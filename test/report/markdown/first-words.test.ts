import { describe, expect, it } from 'vitest';
import { establishedResults } from '../../../src/judge/established.js';
import { renderMarkdown } from '../../../src/report/markdown/markdown.js';
import type { Report } from '../../../src/terms/report.js';
import { type Cell, manyModels } from '../many-models.js';
import { SAMPLES } from '../sample-reports.js';

const BASE_MISSING = establishedResults([
  {
    name: 'base',
    level: 'error',
    message: 'The commit b7e1d0c is not in this checkout.',
    remedy: 'Check out with `fetch-depth: 2`.',
  },
]);

const failing =
  (...models: string[]) =>
  ({ model, variant, provider }: Cell) =>
    models.includes(model) && variant === 'int8' && provider === 'cuda' ? 'fail' : 'pass';
const undecided = ({ model, provider }: Cell) =>
  model === 'mobilenet' && provider === 'cpu' ? 'inconclusive' : 'pass';

const REPORTS: Readonly<Record<string, Report>> = {
  'one model and variant, passing': SAMPLES.passing,
  'one model and variant, failing': SAMPLES.failing,
  'one model, three variants, two providers, passing': manyModels({ models: 1 }),
  'one model, three variants, two providers, failing': manyModels({
    models: 1,
    latency: failing('resnet50'),
  }),
  'one variant that gives NaN, another that could not be made': SAMPLES.invalid,
  'three models, one undecided': manyModels({ models: 3, latency: undecided }),
  'eight models, passing': manyModels({ models: 8 }),
  'eight models, three failing': manyModels({
    models: 8,
    latency: failing('encoder', 'ranker', 'tagger'),
    base: ({ model }) => (model === 'ranker' ? [1.12, 0.02] : [1.004, 0.02]),
  }),
  'three models, the base missing': manyModels({ models: 3, checks: BASE_MISSING }),
  'slower than the base': SAMPLES.regression,
  'slower than the base, within the bound': manyModels({ models: 1, base: () => [1.04, 0.01] }),
};

/** What a mail's preview, a phone and a tired reviewer see of the comment. */
const SEEN = 200;
const LINKS = { commits: 'https://github.com/octo-org/vision/commit/' };
const bodyOf = (report: Report) => renderMarkdown(report, { links: LINKS });

describe('the first words of the comment', () => {
  it('are these, for eleven reports: every change of them shows in review', async () => {
    const shown = Object.entries(REPORTS).map(
      ([name, report]) => `## ${name}\n\n${[...bodyOf(report)].slice(0, SEEN).join('')}\n`,
    );
    expect(shown).toHaveLength(11);
    await expect(shown.join('\n')).toMatchFileSnapshot('first-words.md');
  });
});
