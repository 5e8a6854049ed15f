/** Where things stand on the page, by the boxes of Chromium (`QUANTGATE_BROWSER` or PATH); skipped where there is none. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderHtml } from '../../../src/report/html/html.js';
import { findBrowser } from '../../../src/runtime/browser/find-browser.js';
import { historyOf } from '../history-page/histories.js';
import { INSIDE } from '../inside-report.js';
import { largeReport } from '../large-report.js';
import { manyModels } from '../many-models.js';
import { interval, measurement, model, report, SAMPLES, variant } from '../sample-reports.js';
import { WORST_REPORT } from '../worst-report.js';
import { Browser } from './chromium.js';

const program = findBrowser();
const PAGES = Object.entries({ ...SAMPLES, inside: INSIDE, worst: WORST_REPORT, large: largeReport(1) })
  .map(([name, report]) => ({
    name,
    html: renderHtml(report),
  }))
  .concat({
    name: 'history',
    html: renderHtml(manyModels({ models: 1 }), { history: historyOf(4, 1) }),
  });
const WIDTHS = [360, 768, 1440] as const;

/** Text in pictures that is cut by the picture's edge. */
const CLIPPED = `[...document.querySelectorAll('svg text')].flatMap((text) => {
  const box = text.getBoundingClientRect();
  const picture = text.ownerSVGElement.getBoundingClientRect();
  const inside = box.left >= picture.left - 1 && box.right <= picture.right + 1 && box.top >= picture.top - 1 && box.bottom <= picture.bottom + 1;
  return inside || box.width === 0 ? [] : text.textContent;
})`;

/** Names in the trade-off that lie over a bubble, or nearer to another's than to their own. */
const ASTRAY = `[...document.querySelectorAll('svg.chart')].flatMap((chart) => {
  const bubbles = [...chart.querySelectorAll('circle.bubble')].map((circle) => {
    const { left, top, width } = circle.getBoundingClientRect();
    return { point: circle.dataset.point, x: left + width / 2, y: top + width / 2, radius: width / 2 };
  });
  return [...chart.querySelectorAll('text[data-point]')].flatMap((text) => {
    const box = text.getBoundingClientRect();
    if (box.width === 0) return [];
    const away = ({ x, y, radius }) =>
      Math.hypot(Math.max(box.left - x, 0, x - box.right), Math.max(box.top - y, 0, y - box.bottom)) - radius;
    // A line leads from the bubble to a label that can't stand beside it.
    const led = chart.querySelector('.leader[data-point="' + text.dataset.point + '"]');
    const own = bubbles.find(({ point }) => point === text.dataset.point);
    const wrong = bubbles.some((other) => away(other) < 0 || (own && !led && away(other) < away(own) - 1));
    return wrong ? text.textContent : [];
  });
})`;

/** Elements that are wider inside than outside, the page itself among them; not the headings of lists, which are for screen readers. */
const SCROLLED = `[...document.querySelectorAll('html, body *')].flatMap((element) => {
  const head = element.closest('thead');
  if (head && getComputedStyle(head).position === 'absolute') return [];
  const { overflowX } = getComputedStyle(element);
  const scrolls = element === document.documentElement || overflowX === 'auto' || overflowX === 'scroll';
  const sticksOut = element.getBoundingClientRect().right > innerWidth + 1;
  return (scrolls && element.scrollWidth > element.clientWidth) || sticksOut ? element.outerHTML.slice(0, 120) : [];
})`;

/** Sheets of paper as columns, which break by the same rules; headings whose next element begins on another sheet. */
const LONELY_HEADINGS = `(height) => {
  const main = document.querySelector('main');
  main.style.cssText = 'width:700px;max-width:none;margin:0;column-width:700px;column-gap:50px;column-fill:auto;height:' + height + 'px';
  const sheet = (box) => Math.floor((box.left - main.getBoundingClientRect().left) / 750);
  const first = (element) => {
    let deepest = element;
    while (deepest.firstElementChild && !['svg', 'UL'].includes(deepest.tagName)) deepest = deepest.firstElementChild;
    return sheet((deepest.tagName === 'UL' ? deepest.firstElementChild : deepest).getClientRects()[0] ?? element.getClientRects()[0]);
  };
  return [...document.querySelectorAll('h2, h3')].flatMap((heading) => {
    const boxes = heading.getClientRects();
    const next = heading.nextElementSibling;
    return boxes.length > 0 && next && next.getClientRects().length > 0 && sheet(boxes[boxes.length - 1]) !== first(next)
      ? height + ': ' + heading.textContent
      : [];
  });
}`;

const OPEN_ALL = `for (const fold of document.querySelectorAll('details')) fold.open = true`;

describe.skipIf(program === null)(
  `the layout of the page${program === null ? ' (skipped: no Chromium on PATH or in QUANTGATE_BROWSER)' : ''}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await Browser.start(program!);
    });
    afterAll(() => browser.close());

    it.each(WIDTHS)(
      'has no cut label, none beside another bubble and nothing scrolled sideways at %i px',
      async (width) => {
        for (const { name, html } of PAGES) {
          await browser.show(html, { width });
          const clipped = await browser.evaluate(CLIPPED);
          const astray = await browser.evaluate(ASTRAY);
          const scrolled = await browser.evaluate(`${OPEN_ALL};${SCROLLED}`);
          expect({ name, clipped, astray, scrolled }).toEqual({
            name,
            clipped: [],
            astray: [],
            scrolled: [],
          });
        }
      },
    );

    it.each(WIDTHS)('names every bubble that there is room beside at %i px', async (width) => {
      await browser.show(renderHtml(SAMPLES.failing), { width });
      const names = await browser.evaluate(
        `[...document.querySelectorAll('svg.chart text[data-point]')].filter((text) => text.getBoundingClientRect().width > 0).map((text) => text.textContent)`,
      );
      expect(names).toEqual(['original', 'int8 cpu, fail']);
    });

    it.each(WIDTHS)('names bubbles that lie on another one at %i px, with a line to them', async (width) => {
      // As fast and as accurate as the original, and half its size: within its ring, one in the other.
      const same = (name: string, shrink: number) => [
        measurement('size.file', 'bytes', 1e7 * shrink, { variant: name }),
        measurement('latency.p50', 'ms', 10, {
          variant: name,
          provider: 'cpu',
          ratio: { value: 1, interval: interval(0.98, 1.02) },
        }),
        measurement('accuracy.top1', 'fraction', 0.9, {
          variant: name,
          drop: { value: 0, interval: interval(-0.01, 0.01), lost: 0, gained: 0, p: 1, resolvable: 0.01 },
        }),
      ];
      const names = ['fp16', 'int8', 'int4'];
      const html = renderHtml(
        report({
          models: [model('m', { name: 'classifier', variants: names.map((name) => variant(name)) })],
          measurements: [
            measurement('size.file', 'bytes', 1e7, { variant: 'original' }),
            measurement('accuracy.top1', 'fraction', 0.9, { variant: 'original' }),
            ...same('fp16', 0.5),
            ...same('int8', 0.26),
            ...same('int4', 0.16),
          ],
        }),
      );
      await browser.show(html, { width });
      const [labels, leaders, astray] = await browser.evaluate<[string[], number, string[]]>(
        `(() => { const seen = (all) => [...document.querySelectorAll(all)].filter((one) => one.getClientRects().length > 0); return [seen('svg.chart text[data-point]').map((text) => text.textContent), seen('svg.chart .leader').length, ${ASTRAY}]; })()`,
      );
      expect(labels.toSorted()).toEqual(['fp16 cpu', 'int4 cpu', 'int8 cpu', 'original']);
      expect(leaders).toBe(3);
      expect(astray).toEqual([]);
    });

    it('orders rows as asked, those without the figure last, and worst first again', async () => {
      await browser.show(renderHtml(SAMPLES.wide), { width: 1440 });
      const choose = (value: string) =>
        browser.evaluate<string[]>(
          `(() => { const field = document.getElementById('order'); field.value = '${value}'; field.dispatchEvent(new Event('change', { bubbles: true })); return [...document.querySelectorAll('tr[data-verdict]')].map((row) => row.dataset.order); })()`,
        );
      const key = (orders: string[], at: number) => orders.map((order) => Number(order.split(' ')[at]));
      const before = await choose('');
      const fastest = key(await choose('2'), 2);
      expect(fastest).toEqual(fastest.toSorted((a, b) => a - b));
      expect(fastest).not.toEqual(key(before, 2));
      expect(key(await choose('0'), 0)).toEqual(before.map((_, at) => at));
      expect(await choose('')).toEqual(before);
    });

    it('leaves no heading alone at the end of a printed page', async () => {
      for (const name of ['failing', 'wide', 'regression'] as const) {
        await browser.show(renderHtml(SAMPLES[name]), { width: 718, media: 'print' });
        await browser.evaluate(OPEN_ALL);
        const heights = Array.from({ length: 25 }, (_, step) => 700 + step * 17);
        const lonely = await browser.evaluate(`[${heights}].flatMap(${LONELY_HEADINGS})`);
        expect({ name, lonely }).toEqual({ name, lonely: [] });
      }
    });

    it('filters rows by verdict, and a link shows a row that the filter hid', async () => {
      await browser.show(renderHtml(SAMPLES.wide), { width: 1440 });
      const shown = `[...document.querySelectorAll('tr[data-verdict]')].filter((row) => row.offsetHeight > 0)`;
      await browser.evaluate(
        `{ const field = document.getElementById('filter-verdict'); field.value = 'fail'; field.dispatchEvent(new Event('change', { bubbles: true })) }`,
      );
      expect(await browser.evaluate(`[...new Set(${shown}.map((row) => row.dataset.verdict))]`)).toEqual([
        'fail',
      ]);
      const rows = await browser.evaluate<number>(
        `new Promise((resolve) => { addEventListener('hashchange', () => resolve(${shown}.length)); location.hash = 'variant-classifier/int8' })`,
      );
      expect(rows).toBe(await browser.evaluate(`document.querySelectorAll('tr[data-verdict]').length`));
    });

    it('gives its JSON as a file', async () => {
      await browser.show(renderHtml(SAMPLES.hostile), { width: 1440 });
      const saved = await browser.evaluate<string>(
        `new Promise((resolve) => { URL.createObjectURL = (file) => { resolve(file.text()); return '#saved'; }; document.getElementById('download').click(); })`,
      );
      expect(saved).toBe(`${JSON.stringify(SAMPLES.hostile, null, 2)}\n`);
    });

    it("opens a model's details by their link, and shows every row without scripts", async () => {
      await browser.show(renderHtml(SAMPLES.wide), { width: 1440, scripts: 'off' }, '#model-detector');
      await browser.scripts('on');
      expect(
        await browser.evaluate(`document.getElementById('model-detector').closest('details').open`),
      ).toBe(true);
      expect(
        await browser.evaluate(
          `[...document.querySelectorAll('tr[data-verdict]')].filter((row) => row.offsetHeight === 0).length`,
        ),
      ).toBe(0);
      expect(
        await browser.evaluate(
          `document.getElementById('filters').hidden && document.getElementById('download').hidden`,
        ),
      ).toBe(true);
    });
  },
);
