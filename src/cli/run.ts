/** quantgate run: the whole pipeline without GitHub. */
import { relative, resolve } from 'node:path';
import { loadConfig } from '../config/load.js';
import { EXIT } from '../errors.js';
import { findBase } from '../github/base/base.js';
import { readContext, sourceRevision } from '../github/event/context.js';
import { measuredCommit } from '../github/head/measured-commit.js';
import { renderTerminal } from '../report/terminal/terminal.js';
import { run } from '../run.js';
import { shownPath } from '../system/shown-path.js';
import type { SourceRevision } from '../terms/report.js';
import type { CliContext } from './context.js';

interface RunOptions {
  config: string;
  base?: string;
  out: string;
}

export async function runCommand(context: CliContext, options: RunOptions): Promise<number> {
  const { log, signal } = context;
  const config = await loadConfig(options.config);
  if (context.options.threads) config.benchmark = { ...config.benchmark, threads: [context.options.threads] };
  const runtime = await context.runtime();
  const base = await findBase({ config, ref: options.base ?? null, log, signal });
  const found = base.state === 'found' ? base : null;
  try {
    const { report, files } = await run({
      config,
      out: resolve(options.out),
      base: found?.models ?? null,
      baseProblem: base.state === 'unreadable' ? `${base.cause} ${base.remedy}` : null,
      context: { runtime, log, signal },
      allowCommands: true,
      source: await sourceOfJob(config.directory, found?.revision.sha ?? null),
      thresholds: { file: config.file && shownPath(config.file), from: 'head', changed: false },
    });
    context.print(report, () =>
      renderTerminal(report, {
        color: context.color,
        width: process.stdout.columns || undefined,
      }),
    );
    log.info(`report: ${relative(process.cwd(), files.markdown)}`);
    return report.verdict === 'fail' ? EXIT.failedCheck : EXIT.pass;
  } finally {
    await found?.dispose();
  }
}

/** Of the GitHub Actions job that this command runs in, so that reports of other runs are told apart; null: it runs in none. */
async function sourceOfJob(directory: string, baseSha: string | null): Promise<SourceRevision | null> {
  const context = readContext();
  if (context.runId === null) return null;
  const { sha: measuredSha } = await measuredCommit(directory, null);
  return sourceRevision(context, { baseSha, measuredSha });
}
