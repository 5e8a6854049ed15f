import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../src/report/html/html.js';
import { renderMarkdown } from '../../src/report/markdown/markdown.js';
import { validateReport } from '../../src/report/schema.js';
import { readThumbnail } from '../../src/report/thumbnail.js';
import type { Report } from '../../src/terms/report.js';
import { PASSING } from './sample-reports.js';
import { JPEG, WORST_REPORT } from './worst-report.js';

const bytes = Buffer.from(JPEG, 'base64');
/** The file with bytes put in, or other ones in place, somewhere. */
const changed = (at: number, insert: readonly number[], remove = 0) =>
  Buffer.concat([bytes.subarray(0, at), Buffer.from(insert), bytes.subarray(at + remove)]).toString('base64');
/** Of the frame's height, behind its marker, length and precision. */
const HEIGHT = bytes.indexOf(Buffer.from([0xff, 0xc0])) + 5;
/** Behind the first marker and JFIF's header. */
const AFTER_HEADER = 2 + 2 + bytes.readUInt16BE(4);

describe('a thumbnail in a report', () => {
  it('is a JPEG file with the size of its frame', () => {
    expect(readThumbnail(JPEG)).toEqual({ base64: JPEG, width: 8, height: 6 });
  });

  const wrong: [string, string][] = [
    ['is no JPEG file', Buffer.from('GIF89a').toString('base64')],
    ['is markup', Buffer.from('<svg onload="alert(1)">').toString('base64')],
    ['is not base64', `${JPEG}"/><script>`],
    ['is base64 written another way', `${JPEG}=`],
    ['ends early', bytes.subarray(0, -3).toString('base64')],
    ['has something after its end', changed(bytes.length, [0x50, 0x4b])],
    ['holds EXIF', changed(AFTER_HEADER, [0xff, 0xe1, 0, 4, 1, 2])],
    ['holds a comment', changed(AFTER_HEADER, [0xff, 0xfe, 0, 4, 1, 2])],
    ['is higher than 128 pixels', changed(HEIGHT, [0, 129], 2)],
    ['is wider than 128 pixels', changed(HEIGHT + 2, [1, 0], 2)],
    ['has no height', changed(HEIGHT, [0, 0], 2)],
    ['has a segment that is longer than the file', changed(AFTER_HEADER + 2, [0xff, 0xff], 2)],
  ];
  it.each(wrong)('is refused with its report where it %s', (_, thumbnail) => {
    expect(readThumbnail(thumbnail)).toBeNull();
    const report = structuredClone(WORST_REPORT);
    report.models[0]!.samples![1]!.thumbnail = thumbnail;
    expect(() => validateReport(report)).toThrow(/\/models\/0\/samples\/1\/thumbnail/);
    // Whoever renders without validating shows no picture of it.
    expect(renderHtml(report).match(/data:image\/jpeg/g)).toHaveLength(1);
    expect(renderHtml(report)).not.toContain(thumbnail);
  });
});

describe('samples in a report', () => {
  it('are valid, and shown on the page with pictures that its policy then allows', () => {
    expect(validateReport(structuredClone(WORST_REPORT))).toEqual(WORST_REPORT);
    const page = renderHtml(WORST_REPORT);
    expect(page).toContain(" img-src data:; base-uri 'none'");
    expect(page).toContain('<h2>Worst samples</h2>');
    expect(page).toContain('&#60;b&#62;3&#60;/b&#62;');
    expect(page).toContain('a &#60; b &#38; &#34;c&#34;');
    expect(page).not.toContain('<b>3</b>');
  });

  it('have each picture once in the page, however many variants lose on it', () => {
    expect(renderHtml(WORST_REPORT).match(/data:image\/jpeg/g)).toHaveLength(2);
  });

  it('never reach a comment', () => {
    const withoutSamples = (report: Report): Report => ({
      ...report,
      models: report.models.map(({ samples: _, ...model }) => model),
      measurements: report.measurements.map(({ worst: __, ...item }) => item),
    });
    expect(renderMarkdown(WORST_REPORT)).toBe(renderMarkdown(withoutSamples(WORST_REPORT)));
  });

  it('leave pages without them as they are: no section, no picture allowed', () => {
    expect(renderHtml(PASSING)).not.toContain('Worst samples');
    expect(renderHtml(PASSING)).not.toContain('img-src');
  });
});
