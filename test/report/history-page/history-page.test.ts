import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { chartsOf, modelNames } from '../../../src/report/charts/series.js';
import type { HistoryEntry } from '../../../src/report/history.js';
import { HISTORY_PAGE_BYTES, renderHistoryPage } from '../../../src/report/history-page/history-page.js';
import { findBrowser } from '../../../src/runtime/browser/find-browser.js';
import { Browser } from '../html/chromium.js';
import { historyOf } from './histories.js';

const COMMITS = 'https://github.com/octo-org/vision/commit/';
const HISTORY = historyOf(8);

describe('the lines of the history', () => {
  it('are of a model by metric, latency by provider and machine, with a line per variant', () => {
    const charts = chartsOf('resnet50', HISTORY);
    expect(charts.map(({ title, runs, series }) => [title, runs.length, series.length])).toEqual([
      ['Size', 8, 3],
      ['Top-1', 8, 3],
      ['Latency on cpu, machine a1b2c3d4', 8, 3],
      ['Latency on cuda, machine a1b2c3d4', 8, 3],
      ['Latency on cpu, machine gpu-1', 8, 3],
      ['Latency on cuda, machine gpu-1', 8, 3],
    ]);
    expect(charts[2]!.series[0]).toMatchObject({
      name: 'int8',
      failed: [false, false, false, true, false, false, false, false],
    });
    expect(charts[0]!.series[0]!.relative).toEqual(Array(8).fill(expect.closeTo(0.26)));
  });

  it('have a gap where a run measured nothing, and take no text for a number', () => {
    const broken = HISTORY.map((entry, at): HistoryEntry => {
      const rows = entry.rows.map((row) =>
        row.variant === 'int8' && at < 2 ? { ...row, sizeBytes: 'x' as never } : row,
      );
      return { ...entry, rows };
    });
    expect(
      chartsOf('resnet50', broken)[0]!
        .series.find(({ name }) => name === 'int8')!
        .absolute.slice(0, 2),
    ).toEqual([null, 12_000_000 * 0.26]);
  });

  it('are split where they would be too many to be told apart', () => {
    const [entry] = historyOf(1, 1);
    const rows = Array.from({ length: 9 }, (_, at) => ({ ...entry!.rows[0]!, variant: `v${at}` }));
    const sizes = chartsOf('resnet50', [{ ...entry!, rows }]).filter(({ title }) => title.startsWith('Size'));
    expect(sizes.map(({ title, series }) => [title, series.length])).toEqual([
      ['Size (1 of 2)', 7],
      ['Size (2 of 2)', 2],
    ]);
  });
});

describe('the history page', () => {
  const page = renderHistoryPage(HISTORY, { repository: 'octo-org/vision', commits: COMMITS });

  it('loads nothing and runs nothing', () => {
    expect(page).toContain(
      `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`,
    );
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|url\(|@import| on\w+=/i);
    const addresses = [...page.matchAll(/href="([^"]*)"/g)].map((match) => match[1]!);
    expect(addresses.filter((one) => !one.startsWith(COMMITS) && !one.startsWith('#'))).toEqual([
      'history.jsonl',
    ]);
  });

  it('says the newest run and its verdict first, and links every run to its commit', () => {
    expect(page).toMatch(
      /<h1>quantgate: history of octo-org\/vision<\/h1>.*Newest run: <b>pass<\/b>, commit <code>789abcd<\/code>/,
    );
    expect(page).toContain('16 entries of 8 commits on 2 machines');
    expect(page.split(`href="${COMMITS}`)).toHaveLength(1 + 2 * 16);
  });

  it('has every figure absolute and against the original', () => {
    expect(page.match(/<figure class="absolute">/g)).toHaveLength(12);
    expect(page.match(/<figure class="relative">/g)).toHaveLength(12);
    expect(page).toContain('variant ÷ original');
  });

  it('is the same for the same history', () => {
    expect(renderHistoryPage(historyOf(8), { repository: 'octo-org/vision', commits: COMMITS })).toBe(page);
  });

  it('keeps hostile names text', () => {
    const evil = `</style><script>alert(1)</script>"'><img src=x onerror=alert(1)>`;
    const entries = HISTORY.map((entry) => ({
      ...entry,
      sha: evil,
      runner: evil,
      fingerprint: evil,
      rows: entry.rows.map((row) => ({
        ...row,
        model: evil,
        variant: evil,
        provider: evil,
        accuracy: { metric: evil, value: 1, drop: 0 },
      })),
    }));
    const hostile = renderHistoryPage(entries, { repository: evil, commits: COMMITS });
    expect(hostile).not.toMatch(/<(script|img)/);
    expect(hostile.match(/<\/style>/g)).toHaveLength(1);
    expect(hostile).not.toContain(`href="${COMMITS}`);
  });

  it('holds the newest runs that fit, and says that there are more', () => {
    const many = renderHistoryPage(historyOf(60, 8), { commits: COMMITS });
    expect(Buffer.byteLength(many)).toBeLessThanOrEqual(HISTORY_PAGE_BYTES);
    expect(many).toMatch(/at most the newest \d+ runs of a model and machine; <a href="history\.jsonl">/);
    const [entry] = historyOf(1, 1);
    const crowd = Array.from({ length: 3000 }, (_, at) => ({
      ...entry!.rows[0]!,
      model: `m${at}`,
      variant: 'v'.repeat(300),
    }));
    const bounded = renderHistoryPage([{ ...entry!, rows: crowd }]);
    expect(Buffer.byteLength(bounded)).toBeLessThanOrEqual(HISTORY_PAGE_BYTES);
    expect(bounded).toMatch(/and \d+ of 3000 models/);
  });

  it('stands without any run', () => {
    expect(renderHistoryPage([])).toContain('<h1>quantgate: history</h1>');
    expect(modelNames([])).toEqual([]);
  });
});

const program = findBrowser();

describe.skipIf(program === null)(
  `the history page in a browser${program === null ? ' (skipped: no Chromium on PATH or in QUANTGATE_BROWSER)' : ''}`,
  () => {
    it('has nothing that axe-core finds, nothing scrolled sideways, and a switch that works without scripts', async () => {
      const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
      const browser = await Browser.start(program!);
      try {
        const html = renderHistoryPage(HISTORY, { repository: 'octo-org/vision', commits: COMMITS });
        for (const [width, scheme] of [
          [360, 'dark'],
          [1440, 'light'],
        ] as const) {
          await browser.show(html, { width, scheme });
          await browser.evaluate(`for (const fold of document.querySelectorAll('details')) fold.open = true`);
          expect(await browser.evaluate(`document.documentElement.scrollWidth <= innerWidth`)).toBe(true);
          await browser.evaluate(`${axe};undefined`);
          const violations = await browser.evaluate(
            `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html.slice(0, 200) + nodes[0].failureSummary))`,
          );
          expect(violations).toEqual([]);
          const shown = `['absolute', 'relative'].filter((kind) => document.querySelector('figure.' + kind).offsetHeight > 0)`;
          expect(await browser.evaluate(shown)).toEqual(['absolute']);
          await browser.evaluate(`document.getElementById('relative').click()`);
          expect(await browser.evaluate(shown)).toEqual(['relative']);
        }
      } finally {
        await browser.close();
      }
    });
  },
);
