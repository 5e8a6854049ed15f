/** quantgate report: renders reports; several merge into one, or two are compared. */
import { resolve } from 'node:path';
import { EXIT, UserError } from '../../errors.js';
import { readReport } from '../../library/read-report.js';
import { mergeReports, type ReportFormat, render } from '../../library/render.js';
import { writeTextFile } from '../../report-files.js';
import type { CliContext } from '../context/context.js';
import { findOpener, type Opener, openPage } from '../context/open-page.js';
import { comparisonText } from './compare-reports.js';
import { assertSpares } from './spared-sources.js';

interface ReportFlags {
  format: ReportFormat;
  out: string;
  compare?: boolean;
  open?: boolean;
}

export async function reportCommand(
  context: CliContext,
  files: string[],
  options: ReportFlags,
): Promise<number> {
  if (options.out === '-' && context.options.json && options.format !== 'json') {
    throw new UserError(
      'usage.output-conflict',
      `--json and --format ${options.format} can't both go to stdout: leave --json out, or name a file with --out.`,
    );
  }
  const opener = options.open ? pageOpener(options) : null;
  if (options.compare) {
    const text = comparisonText(files, options);
    return await write(context, { ...options, opener }, text, {
      file: options.out,
      format: options.format,
      compared: files,
    });
  }
  if (options.out !== '-') assertSpares(files, options.out);
  const report = mergeReports(files.map(readReport));
  for (const { code, message } of report.notes) {
    if (code.startsWith('merge.')) context.log.warn(message);
  }
  const body = render(report, { format: options.format });
  const { verdict } = report;
  return await write(context, { ...options, opener }, body, {
    file: options.out,
    format: options.format,
    verdict,
  });
}

/** @throws UserError for what is no page. */
function pageOpener({ format, out }: ReportFlags): Opener {
  if (format !== 'html' || out === '-') {
    throw new UserError(
      'usage.output-conflict',
      '--open opens a page: give --format html and --out FILE with it.',
    );
  }
  return findOpener();
}

/** To the file or standard output; `told` is what --json says of it. */
async function write(
  { print, log }: CliContext,
  { out, opener }: { out: string; opener: Opener | null },
  body: string,
  told: object,
): Promise<number> {
  if (out === '-') {
    process.stdout.write(body);
    return EXIT.pass;
  }
  writeTextFile(out, body);
  print(told, () => `wrote ${out}`);
  if (opener) await openPage(resolve(out), opener, log);
  return EXIT.pass;
}
