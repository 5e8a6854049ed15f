/** render: a report as Markdown, HTML, JUnit XML or JSON. */
import { UserError } from '../errors.js';
import { renderHtml } from '../report/html/html.js';
import { renderJUnit } from '../report/junit.js';
import { renderMarkdown } from '../report/markdown/markdown.js';
import { mergeReports as merged } from '../report/merge/merge.js';
import { validateReport } from '../report/schema.js';
import type { Report } from '../terms/report.js';
import { assertKnown } from './options/config-keys.js';
import { OptionError } from './options/option-error.js';

export type ReportFormat = 'markdown' | 'html' | 'junit' | 'json';

const RENDERERS: Readonly<Record<ReportFormat, (report: Report) => string>> = {
  markdown: (report) => renderMarkdown(report),
  html: (report) => renderHtml(report),
  junit: renderJUnit,
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
};

export interface RenderOptions {
  format: ReportFormat;
}

/** A report as text; several are merged first. @throws UserError for what is no report. */
export function render(report: Report | readonly Report[], options: RenderOptions): string {
  assertKnown(options, ['format']);
  if (!Object.hasOwn(RENDERERS, options.format))
    throw new OptionError(
      'usage.invalid-value',
      (option) => `${option('format')} must be one of ${Object.keys(RENDERERS).join(', ')}.`,
    );
  return RENDERERS[options.format](mergeReports(report));
}

/** Several reports as one; a single one stays as it is. @throws UserError for what is no report. */
export function mergeReports(reports: Report | readonly Report[]): Report {
  const list = ('schemaVersion' in reports ? [reports] : reports).map(plain);
  if (list.length === 0) throw new UserError('report.none', 'No report is given.');
  return list.length === 1 ? list[0]! : merged(list);
}

/** As a file would hold it: what is undefined is absent. */
function plain(report: Report): Report {
  return validateReport(JSON.parse(JSON.stringify(report)));
}
