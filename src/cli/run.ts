/** quantgate run: the whole pipeline without GitHub. */
import { relative } from 'node:path';
import { EXIT } from '../errors.js';
import { run } from '../library/run.js';
import { renderTerminal } from '../report/terminal/terminal.js';
import { callOptions } from './call.js';
import type { CliContext } from './context.js';

interface RunFlags {
  config: string;
  base?: string;
  out: string;
}

export async function runCommand(context: CliContext, { config, base, out }: RunFlags): Promise<number> {
  const { report, files } = await run({ ...callOptions(context), config, base, out });
  context.print(report, () =>
    renderTerminal(report, {
      color: context.color,
      width: process.stdout.columns || undefined,
    }),
  );
  context.log.info(`report: ${relative(process.cwd(), files.markdown)}`);
  return report.verdict === 'fail' ? EXIT.failedCheck : EXIT.pass;
}
