/** The page as a browser shows it: needs Chromium (`QUANTGATE_BROWSER` or PATH), and is skipped where there is none. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../../src/report/html/html.js';
import { findBrowser } from '../../../src/runtime/browser/find-browser.js';
import { INSIDE } from '../inside-report.js';
import { SAMPLES } from '../sample-reports.js';
import { WORST_REPORT } from '../worst-report.js';
import { Browser } from './chromium.js';

const program = findBrowser();
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [360, 768, 1440] as const;
/** Between them they hold every part of the page; axe-core takes a second for each. */
const CHECKED = ['failing', 'wide', 'regression', 'hostile', 'unestablished'] as const;
const PAGES = [
  ...CHECKED.map((name) => ({ name: name as string, html: renderHtml(SAMPLES[name]) })),
  { name: 'inside', html: renderHtml(INSIDE) },
  { name: 'worst', html: renderHtml(WORST_REPORT) },
];
/** A busy machine's. */
const TIMEOUT_MS = 240_000;

interface Violation {
  id: string;
  impact: string;
  nodes: { html: string; failureSummary: string }[];
}

/** All folds open: what they hold counts too. */
const OPEN_ALL = `for (const fold of document.querySelectorAll('details')) fold.open = true`;

describe.skipIf(program === null)(
  `the page in a browser${program === null ? ' (skipped: no Chromium on PATH or in QUANTGATE_BROWSER)' : ''}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await Browser.start(program!);
    });
    afterAll(() => browser.close());

    describe.each(['light', 'dark'] as const)('%s', (scheme) => {
      it.each(WIDTHS)(
        'has nothing that axe-core finds at %i px',
        async (width) => {
          const found: string[] = [];
          for (const { name, html } of PAGES) {
            await browser.show(html, { width, scheme });
            await browser.evaluate(`${OPEN_ALL};${AXE};undefined`);
            const violations = await browser.evaluate<Violation[]>(
              `axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)`,
            );
            for (const { id, impact, nodes } of violations)
              found.push(
                `${name}: ${id} (${impact}) ${nodes[0]!.html.slice(0, 200)} ${nodes[0]!.failureSummary}`,
              );
          }
          expect(found).toEqual([]);
        },
        TIMEOUT_MS,
      );
    });
  },
);
