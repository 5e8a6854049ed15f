import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { LINES_STYLE } from '../../../src/report/charts/history-figure.js';
import { historyEntries } from '../../../src/report/history.js';
import { stackedTable, withLabels } from '../../../src/report/html/elements/stacked-table.js';
import { renderHtml } from '../../../src/report/html/html.js';
import { validateReport } from '../../../src/report/schema.js';
import type { Report } from '../../../src/terms/report.js';
import { historyOf } from '../history-page/histories.js';
import { INSIDE } from '../inside-report.js';
import { largeReport } from '../large-report.js';
import { CPU_MACHINE, GPU_MACHINE, SAMPLES } from '../sample-reports.js';

/** The report's JSON inside the page. */
const PACKED = /<script type="text\/plain" id="quantgate-report">([A-Za-z0-9+/=]*)<\/script>/;

/** Cells end where the next one or their row does. */
const CELL = /<(t[dh])(?=[ >])([^>]*>(?:(?!<t[dh][ >]|<\/t[dhr]>)[\s\S])*)(?:<\/\1>)?/g;

/** Void elements and cells closed, the data block and the script taken out, so that an XML parser can say whether the rest is well-formed. */
function asXml(html: string): string {
  return html
    .replace(/^<!doctype html>/, '')
    .replace(/<script\b[\s\S]*?<\/script>/g, '')
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(CELL, '<$1$2</$1>')
    .replace(/<(meta|br|input)\b([^>]*)>/g, '<$1$2/>');
}

/** Element names and attribute names that occur. */
function vocabulary(html: string): { elements: Set<string>; attributes: Set<string> } {
  const elements = new Set<string>();
  const attributes = new Set<string>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) for (const item of node) walk(item);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    for (const [key, child] of Object.entries(node)) {
      if (key.startsWith('@_')) attributes.add(key.slice(2));
      else if (key !== '#text') elements.add(key);
      walk(child);
    }
  };
  walk(new XMLParser({ ignoreAttributes: false, processEntities: false }).parse(asXml(html)));
  return { elements, attributes };
}

const ELEMENTS = new Set(
  'html head meta title body main header h1 h2 h3 div span b bdi br p small code pre a table thead tbody tr th td ul li details summary dl dt dd footer figure figcaption section h4 svg g circle line path rect text tspan label select option output button noscript'.split(
    ' ',
  ),
);

describe.each(Object.entries({ ...SAMPLES, inside: INSIDE }))('the HTML of the %s report', (_, report) => {
  const html = renderHtml(report);

  it('is well-formed', () => {
    expect(XMLValidator.validate(asXml(html))).toBe(true);
  });

  it('holds no element or attribute that runs or loads anything', () => {
    const { elements, attributes } = vocabulary(html);
    expect([...elements].filter((name) => !ELEMENTS.has(name))).toEqual([]);
    expect([...attributes].filter((name) => /^on|^src|^style$|srcset|formaction/.test(name))).toEqual([]);
    expect(html).toContain(`default-src 'none'`);
  });

  it('holds one script, the same for every report, and allows no other', () => {
    const scripts = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((match) => match[1]!);
    expect(html.match(/<script\b/g)).toHaveLength(2);
    expect(scripts).toHaveLength(1);
    expect(scripts[0]).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|fetch/);
    const hash = createHash('sha256').update(scripts[0]!).digest('base64');
    expect(html).toContain(`script-src 'sha256-${hash}';`);
    expect(renderHtml(SAMPLES.passing)).toContain(scripts[0]!);
  });

  it('links only to places that it has, each of its own', () => {
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map((match) => match[1]);
    expect(ids).toEqual([...new Set(ids)]);
    for (const [, target] of html.matchAll(/href="#([^"]*)"/g)) expect(ids).toContain(target);
  });

  it('carries the report itself', () => {
    const json = inflateSync(Buffer.from(PACKED.exec(html)![1]!, 'base64')).toString();
    expect(validateReport(JSON.parse(json))).toEqual(report);
  });

  it('draws only what lies within its pictures', () => {
    for (const [, width, height, body] of html.matchAll(
      /viewBox="0 0 (\d+) (\d+)"[^>]*>([\s\S]*?)<\/svg>/g,
    )) {
      for (const [, axis, value] of body!.matchAll(/\b(x|y|cx|cy|x1|x2|y1|y2)="(-?[\d.]+)"/g)) {
        expect(Number(value)).toBeGreaterThanOrEqual(-1);
        expect(Number(value)).toBeLessThanOrEqual(Number(axis!.includes('x') ? width : height) + 1);
      }
    }
  });
});

describe('the HTML report', () => {
  it('is the golden page', async () => {
    // The same text is packed into other bytes by another zlib.
    const html = renderHtml(SAMPLES.failing).replace(PACKED, (block, packed) =>
      block.replace(packed, '(packed)'),
    );
    await expect(html).toMatchFileSnapshot('../golden/failing.html');
  });

  it('draws figures of absurd size without leaving the picture', () => {
    const wild: Report = {
      ...SAMPLES.passing,
      measurements: SAMPLES.passing.measurements.map((item) => ({
        ...item,
        ratio: item.ratio && { value: 1e300, interval: { lo: -1e300, hi: 1e308, confidence: 0.9 } },
      })),
    };
    const html = renderHtml(wild);
    expect(html).not.toMatch(/NaN|Infinity/);
    expect(XMLValidator.validate(asXml(html))).toBe(true);
  });

  it('takes at most 1 MB for five models in three variants on two providers with their history', () => {
    const html = renderHtml(largeReport(5), { history: historyOf(30, 5) });
    expect(html).toContain('<h2>Trend</h2>');
    expect(Buffer.byteLength(html)).toBeLessThanOrEqual(1_000_000);
    expect(XMLValidator.validate(asXml(html))).toBe(true);
  });

  it('folds figures that no check asks for where there are several models, after those that are read first', () => {
    const titlesOf = (html: string) =>
      [...html.matchAll(/<figcaption>([^<]*), variant ÷/g)].map(([, text]) => text);
    const [shown, folded] = renderHtml(largeReport(2)).split('<summary>More ');
    expect(titlesOf(shown!)).toEqual(['Latency p50', 'Size']);
    expect(titlesOf(folded!.split('</details>')[0]!)).toContain('Peak memory');
    expect(titlesOf(renderHtml(largeReport(1)).split('<summary>')[0]!)).toContain('Peak memory');
  });

  it('breaks no line within a figure', () => {
    const text = renderHtml(SAMPLES.failing).replace(/<svg[\s\S]*?<\/svg>/g, '');
    const opening = text.slice(text.indexOf('<h1>'), text.indexOf('</table>'));
    expect(opening).toContain('−4.2\u00a0pp to −0.79\u00a0pp');
    expect(opening).toContain('<span class="keep">Top-1</span>');
    expect(opening).toContain('≥ −0.5\u00a0pp');
  });

  it('names the cells of a table on a phone, whatever its headings are', () => {
    const { body, style } = withLabels(
      stackedTable('facts', ['Of', '</style>"\\ & 模型'], [{ cells: ['a', '<b>1</b>'] }]) +
        stackedTable('facts', ['Other'], [{ cells: ['b'] }]),
    );
    expect(body).toMatch(/^<table class="stacked k0 facts">.*<table class="stacked k1 facts">/);
    expect(style.split('\n')).toEqual([
      '.k0 tbody>tr>:nth-child(1){--label:"Of"}',
      '.k0 tbody>tr>:nth-child(2){--label:"\\3c \\2f style\\3e \\22 \\5c  \\26  \\6a21 \\578b "}',
      '.k1 tbody>tr>:nth-child(1){--label:"Other"}',
    ]);
  });

  describe('the trend', () => {
    const ran = (at: string, sha: string, machine = CPU_MACHINE) =>
      historyEntries({
        ...SAMPLES.passing,
        startedAt: at,
        environment: machine,
        source: { ...SAMPLES.passing.source!, sha: sha.repeat(40) },
      });
    const earlier = [...ran('2026-11-01T08:00:00Z', 'c'), ...ran('2026-11-02T08:00:00Z', 'd')];

    it('draws earlier runs of the same machine by commit, absolute and against the original', () => {
      const html = renderHtml(SAMPLES.passing, { history: earlier });
      const section = html.slice(html.indexOf('<h2>Trend</h2>'), html.indexOf('<h2>Details</h2>'));
      expect(section).toContain('<span class="soft">3 runs</span>');
      expect(section).toContain('Size, absolute, over 3 runs');
      expect(section).toContain('Size, relative, over 3 runs');
      expect(section).toMatch(/Latency on cpu, machine [^"]*, absolute, over 3 runs/);
      expect(section).toContain('>ccccccc</text>');
      expect(section).toContain('>4f2c9e6</text>');
      expect(html).toContain(LINES_STYLE);
    });

    it('is left out without earlier runs, after those of other machines, and does not count this run twice', () => {
      const others = ran('2026-11-01T08:00:00Z', 'c', GPU_MACHINE);
      const itself = historyEntries(SAMPLES.passing);
      for (const history of [[], others, itself]) {
        const html = renderHtml(SAMPLES.passing, { history });
        expect(html).not.toContain('<h2>Trend</h2>');
        expect(html).not.toContain(LINES_STYLE);
      }
    });
  });

  it('links to the history where its address is known', () => {
    const html = renderHtml(SAMPLES.passing, { historyUrl: 'https://octo-org.github.io/vision/?a=1&b="2' });
    expect(html).toContain(
      '<a href="https://octo-org.github.io/vision/?a=1&amp;b=%222" rel="noreferrer">history</a>',
    );
    for (const historyUrl of ['javascript:alert(1)', 'https://user:secret@evil.example/', null])
      expect(renderHtml(SAMPLES.passing, { historyUrl })).not.toContain('>history</a>');
  });

  it('does not link to an address with credentials or another scheme', () => {
    const source = { ...SAMPLES.passing.source!, runUrl: 'https://user:secret@evil.example/' };
    expect(renderHtml({ ...SAMPLES.passing, source })).not.toMatch(/href="(?!#)/);
  });
});
