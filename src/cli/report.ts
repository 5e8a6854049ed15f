/** quantgate report: renders reports; several merge into one, or two are compared. */
import { EXIT, UserError } from '../errors.js';
import { renderHtml } from '../report/html/html.js';
import { renderJUnit } from '../report/junit.js';
import { renderMarkdown } from '../report/markdown/markdown.js';
import { mergeReports } from '../report/merge.js';
import { writeTextFile } from '../report-files.js';
import type { Report } from '../terms/report.js';
import { comparisonText } from './compare-reports.js';
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
  options: { format: string; out: string; compare?: boolean },
): Promise<number> {
  if (options.out === '-' && context.options.json && options.format !== 'json') {
    throw new UserError(
      `--json and --format ${options.format} can't both go to stdout: leave --json out, or name a file with --out.`,
    );
  }
  if (options.compare) {
    const text = comparisonText(files, options);
    return write(context, options, text, { file: options.out, format: options.format, compared: files });
  }
  const reports = files.map(readReport);
  const report = reports.length === 1 ? reports[0]! : mergeReports(reports);
  for (const { code, message } of report.notes) {
    if (code.startsWith('merge.')) context.log.warn(message);
  }
  const body = RENDERERS[options.format]!(report);
  const { verdict } = report;
  return write(context, options, body, { file: options.out, format: options.format, verdict });
}

/** To the file or standard output; `told` is what --json says of it. */
function write({ print }: CliContext, { out }: { out: string }, body: string, told: object): number {
  if (out === '-') {
    process.stdout.write(body);
    return EXIT.pass;
  }
  writeTextFile(out, body);
  print(told, () => `wrote ${out}`);
  return EXIT.pass;
}
