/** quantgate init: writes quantgate.yml and a workflow for the models found here; existing files are kept. */
import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { initConfig } from '../config/init.js';
import { EXIT } from '../errors.js';
import { writeTextFile } from '../report-files.js';
import type { CliContext } from './context.js';

export async function initCommand(context: CliContext): Promise<number> {
  const cwd = process.cwd();
  const { files, notes } = await initConfig(cwd);
  const written: string[] = [];
  const kept: string[] = [];
  for (const { path, content } of files) {
    const target = resolve(cwd, path);
    const shown = relative(cwd, target);
    if (existsSync(target)) {
      kept.push(shown);
      continue;
    }
    writeTextFile(target, content);
    written.push(shown);
  }
  context.print({ written, kept, notes }, () =>
    [
      ...written.map((path) => `wrote ${path}`),
      ...kept.map((path) => `kept ${path} (it exists)`),
      ...notes,
    ].join('\n'),
  );
  return EXIT.pass;
}
