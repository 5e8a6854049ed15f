import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMENT_BYTES, renderMarkdown } from '../../../src/report/markdown/markdown.js';
import type { Report } from '../../../src/terms/report.js';
import { allNodes, htmlTags, parseGfm, tables } from '../gfm.js';
import { check, measurement, model, report, SAMPLES, variant } from '../sample-reports.js';

/** `count` models, each with one variant, every seventh failing, with names that need escaping. */
function manyModels(count: number): Report {
  const names = Array.from({ length: count }, (_, index) => `modèle|${index} <&> @x`);
  return report({
    verdict: 'fail',
    models: names.map((name) => model(name, { variants: [variant('original'), variant('int8')] })),
    measurements: names.flatMap((name) => [
      measurement('size.file', 'bytes', 4e6, { model: name, variant: 'original' }),
      measurement('size.file', 'bytes', 1e6, { model: name }),
      measurement('latency.p50', 'ms', 10, { model: name, variant: 'original', provider: 'cpu' }),
      measurement('latency.p50', 'ms', 4, { model: name, provider: 'cpu' }),
    ]),
    checks: names.map((name, index) =>
      check('size.file', 'max-ratio', 0.3, index % 7 === 0 ? 0.4 : 0.25, {
        model: name,
        verdict: index % 7 === 0 ? 'fail' : 'pass',
      }),
    ),
    notes: names.map((name) => ({
      level: 'info' as const,
      code: 'noise.load',
      message: 'Some groups stay float: ümläut, `x`, <y>.',
      model: name,
      variant: 'int8',
    })),
  });
}

const opened = (tags: readonly string[], name: string) => tags.filter((tag) => tag === `<${name}>`).length;
const closed = (tags: readonly string[], name: string) => tags.filter((tag) => tag === `</${name}>`).length;

/** Nothing is cut in the middle: every element is closed, every row has all its cells, every entity its end. */
function assertWhole(markdown: string): void {
  const root = parseGfm(markdown);
  const tags = htmlTags(root);
  for (const name of ['details', 'summary', 'sub', 'code', 'b'])
    expect(opened(tags, name)).toBe(closed(tags, name));
  for (const table of tables(root)) {
    const width = table.children[0]!.children.length;
    for (const row of table.children) expect(row.children).toHaveLength(width);
  }
  expect(allNodes(root).filter((node) => node.type === 'code')).toEqual([]);
  expect(markdown).not.toMatch(/&#\d*(?![\d;])/);
  expect(markdown.endsWith('\n')).toBe(true);
}

describe('a Markdown report that must fit', () => {
  it('is whole when it fits', () => {
    expect(renderMarkdown(SAMPLES.failing, { maxBytes: COMMENT_BYTES })).toBe(
      renderMarkdown(SAMPLES.failing),
    );
  });

  it('leaves out details before rows', () => {
    const markdown = renderMarkdown(manyModels(60), { maxBytes: 20_000 });
    // Nine models that fail, three that pass; the others are folded.
    expect(tables(parseGfm(markdown))[0]!.children).toHaveLength(1 + 9 + 3);
    expect(markdown).toMatch(/Left out to fit the size limit: .*sections of details/);
    expect(markdown).not.toMatch(/Left out[^\n]* rows/);
    assertWhole(markdown);
  });

  it('then leaves out rows that are undecided before rows that fail, and says where they are', () => {
    const run = 'https://github.com/octo-org/vision/actions/runs/1';
    const many = manyModels(400);
    for (const item of many.checks) if (item.verdict === 'pass') item.verdict = 'inconclusive';
    const markdown = renderMarkdown(many, { maxBytes: COMMENT_BYTES, links: { run } });
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(COMMENT_BYTES);
    const rows = tables(parseGfm(markdown))[0]!.children.length - 1;
    expect(rows).toBeLessThan(400);
    const failing = markdown.split('\n').filter((line) => line.startsWith('|') && line.includes('❌'));
    expect(failing).toHaveLength(58);
    expect(markdown).toMatch(/Left out to fit the size limit: \d+ rows.* \[the job summary\]\(https/);
    assertWhole(markdown);
  });

  it('says something about the failures even when all rows fail', () => {
    const failing = manyModels(500);
    for (const item of failing.checks) item.verdict = 'fail';
    const markdown = renderMarkdown(failing, { maxBytes: COMMENT_BYTES });
    expect(markdown).toContain('#### Needs attention');
    expect(markdown).toMatch(/\d+ rows, \d+ checks/);
    assertWhole(markdown);
  });

  it('keeps within any limit, whole, with the marker and the verdict first', () => {
    const big = manyModels(20);
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 30_000 }), (maxBytes) => {
        const markdown = renderMarkdown(big, { maxBytes, marker: 'key' });
        expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(maxBytes);
        expect(markdown.startsWith('<!-- quantgate:key -->\n\n### ❌')).toBe(true);
        assertWhole(markdown);
      }),
      { numRuns: 12, seed: 1 },
    );
  });

  it('keeps within a limit that is absurd', () => {
    expect(renderMarkdown(manyModels(3), { maxBytes: 10, marker: 'key' })).toBe('');
  });
});
