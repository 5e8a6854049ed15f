/** quantgate report --compare: what changed between two reports. */
import { realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../../errors.js';
import { readReport } from '../../library/read-report.js';
import { type Comparison, compareReports } from '../../report/comparison/comparison.js';
import { comparisonHtml } from '../../report/comparison/html.js';
import { comparisonMarkdown } from '../../report/comparison/markdown.js';
import { assertSpares } from './spared-sources.js';

const RENDERERS: Readonly<Record<string, (comparison: Comparison) => string>> = {
  markdown: comparisonMarkdown,
  html: comparisonHtml,
  json: (comparison) => `${JSON.stringify(comparison, null, 2)}\n`,
};

/** The text of the comparison of the first file with the second, for `out`. Throws UserError when it can't be made. */
export function comparisonText(
  files: readonly string[],
  { format, out }: { format: string; out: string },
): string {
  const render = RENDERERS[format];
  if (!render) {
    throw new UserError(
      'usage.invalid-value',
      `--compare has no format ${format}: it is written as ${Object.keys(RENDERERS).join(', ')}. Checks as JUnit XML are made of one report, without --compare.`,
    );
  }
  const [before, after, ...others] = files;
  if (before === undefined || after === undefined || others.length > 0) {
    throw new UserError(
      'report.not-two',
      `--compare takes two reports, the earlier one first; ${files.length} ${files.length === 1 ? 'was' : 'were'} given. Merge the reports of one run first: quantgate report … --format json.`,
    );
  }
  if (out !== '-') assertSpares(files, out);
  const [one, other] = [before, after].map((name) => ({ name, report: readReport(name) }));
  if (realpathSync(resolve(before)) === realpathSync(resolve(after)))
    throw new UserError('report.same', `${before} is given twice: --compare takes the reports of two runs.`);
  return render(compareReports(one!, other!));
}
