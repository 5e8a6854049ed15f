/** quantgate report: renders reports; several merge into one. */
import { EXIT, UserError } from '../errors.js';
import { renderHtml } from '../report/html/html.js';
import { renderJUnit } from '../report/junit.js';
import { renderMarkdown } from '../report/markdown/markdown.js';
import { mergeReports } from '../report/merge.js';
import { writeTextFile } from '../report-files.js';
import type { Report } from '../terms/report.js';
import type { CliContext } from './context.js';
import { readReport } from './read-report.js';

const RENDERERS: Record<string, (report: Report) => string> = {
  markdown: (report) => renderMarkdown(report),
  html: renderHtml,
  junit: renderJUnit,
  json: (report) => `${JSON.stringify(report, null, 2)}\n`,
};

export async function reportCommand(
  context: CliContext,
  files: string[],
  options: { format: string; out: string },
): Promise<number> {
  if (options.out === '-' && context.options.json && options.format !== 'json') {
    throw new UserError(
      `--json and --format ${options.format} can't both go to stdout: leave --json out, or name a file with --out.`,
    );
  }
  const reports = files.map(readReport);
  const report = reports.length === 1 ? reports[0]! : mergeReports(reports);
  for (const { code, message } of report.notes) {
    if (code.startsWith('merge.')) context.log.warn(message);
  }
  const body = RENDERERS[options.format]!(report);
  if (options.out === '-') {
    process.stdout.write(body);
    return EXIT.pass;
  }
  writeTextFile(options.out, body);
  context.print(
    { file: options.out, format: options.format, verdict: report.verdict },
    () => `wrote ${options.out}`,
  );
  return EXIT.pass;
}
