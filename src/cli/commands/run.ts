/** quantgate run: the whole pipeline without GitHub. */
import { relative, resolve } from 'node:path';
import { EXIT } from '../../errors.js';
import { run } from '../../library/run.js';
import { renderTerminal } from '../../report/terminal/terminal.js';
import { callOptions } from '../context/call.js';
import type { CliContext } from '../context/context.js';
import { findOpener, openPage } from '../context/open-page.js';

interface RunFlags {
  config: string;
  base?: string;
  out: string;
  open?: boolean;
  reportSamples?: number;
}

export async function runCommand(
  context: CliContext,
  { config, base, out, open, reportSamples }: RunFlags,
): Promise<number> {
  const opener = open ? findOpener() : null;
  const { report, files } = await run({ ...callOptions(context), config, base, out, reportSamples });
  context.print(report, () =>
    renderTerminal(report, {
      color: context.color,
      width: process.stdout.columns || undefined,
    }),
  );
  context.log.info(`report: ${relative(process.cwd(), files.markdown)}`);
  if (opener) await openPage(resolve(files.html), opener, context.log);
  return report.verdict === 'fail' ? EXIT.failedCheck : EXIT.pass;
}
