import { describe, expect, it } from 'vitest';
import { renderBadges } from '../../src/report/badges/badge.js';
import { renderJUnit } from '../../src/report/junit.js';
import { renderMarkdown } from '../../src/report/markdown/markdown.js';
import { validateReport } from '../../src/report/schema.js';
import { renderTerminal } from '../../src/report/terminal/terminal.js';
import { SAMPLES } from './sample-reports.js';

const LINKS = {
  run: 'https://github.com/octo-org/vision/actions/runs/1234567890',
  commits: 'https://github.com/octo-org/vision/commit/',
  thresholds: 'https://github.com/octo-org/vision/blob/b7e1d0c/quantgate.yml',
};

describe.each(Object.entries(SAMPLES))('what a person reads of the %s report', (name, report) => {
  it('is a valid report', () => {
    expect(validateReport(JSON.parse(JSON.stringify(report)))).toEqual(report);
  });

  it('is the golden Markdown', async () => {
    const markdown = renderMarkdown(report, { marker: 'golden', links: LINKS });
    await expect(markdown).toMatchFileSnapshot(`golden/${name}.md`);
  });

  it('is the golden terminal text', async () => {
    await expect(renderTerminal(report, { width: 110 })).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it('is the golden JUnit XML', async () => {
    await expect(renderJUnit(report)).toMatchFileSnapshot(`golden/${name}.xml`);
  });

  it('has golden badges', async () => {
    const endpoints = renderBadges(report).map(({ name: file, endpoint }) => ({ file, ...endpoint }));
    await expect(`${JSON.stringify(endpoints, null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.badges.json`);
  });
});
