/** quantgate report: renders reports; several merge into one, or two are compared. */
import { EXIT, UserError } from '../errors.js';
import { readReport } from '../library/read-report.js';
import { mergeReports, type ReportFormat, render } from '../library/render.js';
import { writeTextFile } from '../report-files.js';
import { comparisonText } from './compare-reports.js';
import type { CliContext } from './context.js';

export async function reportCommand(
  context: CliContext,
  files: string[],
  options: { format: ReportFormat; out: string; compare?: boolean },
): Promise<number> {
  if (options.out === '-' && context.options.json && options.format !== 'json') {
    throw new UserError(
      'usage.output-conflict',
      `--json and --format ${options.format} can't both go to stdout: leave --json out, or name a file with --out.`,
    );
  }
  if (options.compare) {
    const text = comparisonText(files, options);
    return write(context, options, text, { file: options.out, format: options.format, compared: files });
  }
  const report = mergeReports(files.map(readReport));
  for (const { code, message } of report.notes) {
    if (code.startsWith('merge.')) context.log.warn(message);
  }
  const body = render(report, { format: options.format });
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
