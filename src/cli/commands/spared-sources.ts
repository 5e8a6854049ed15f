/** What a command reads, its output must not replace. */
import { existsSync, realpathSync } from 'node:fs';
import { UserError } from '../../errors.js';

/** Throws UserError when `out` is one of the reports that it is made from, by whatever path. */
export function assertSpares(reports: readonly string[], out: string): void {
  if (!existsSync(out)) return;
  const written = realpathSync(out);
  if (!reports.some((report) => existsSync(report) && realpathSync(report) === written)) return;
  throw new UserError(
    'usage.output-conflict',
    `--out ${out} would overwrite a report that it is made from: name another file.`,
  );
}
