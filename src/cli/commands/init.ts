/** quantgate init: writes a quantgate.yml that runs, a workflow, and a line in .gitignore; existing files are kept. */
import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseDuration } from '../../config/quantity.js';
import { EXIT } from '../../errors.js';
import { initConfig } from '../../init/init.js';
import { writeTextFile } from '../../report-files.js';
import type { CliContext } from '../context/context.js';

interface InitOptions {
  force?: boolean;
  explain?: boolean;
  /** false with --no-measure. */
  measure: boolean;
  budget: string;
}

export async function initCommand(context: CliContext, options: InitOptions): Promise<number> {
  const cwd = process.cwd();
  const exists = existsSync(resolve(cwd, 'quantgate.yml')) && !options.force;
  const { files, missing, notes, explained } = await initConfig({
    root: cwd,
    // What is kept needs no measurement.
    measuring:
      options.measure && !exists
        ? { context: await context.toRun(), budgetMs: parseDuration(options.budget) }
        : null,
    ...(process.stdin.isTTY && process.stdout.isTTY && !context.options.json ? { ask } : {}),
  });
  const written: string[] = [];
  const kept: string[] = [];
  for (const { path, content, existing } of files) {
    const target = resolve(cwd, path);
    const shown = relative(cwd, target);
    if (existsSync(target) && existing === 'kept' && !options.force) {
      kept.push(shown);
      continue;
    }
    writeTextFile(target, content);
    written.push(shown);
  }
  context.print({ missing, written, kept, notes, explained }, () =>
    [
      ...(exists ? [] : missing.map((one) => `missing: ${one}`)),
      ...written.map((path) => `wrote ${path}`),
      ...kept.map((path) => `kept ${path} (it exists; --force replaces it)`),
      ...(options.explain ? explained : []),
      ...notes,
    ].join('\n'),
  );
  return EXIT.pass;
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(`${question} `);
  } finally {
    terminal.close();
  }
}
