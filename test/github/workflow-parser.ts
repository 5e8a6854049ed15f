/** GitHub's own parser of workflow files. Its JSON imports need a bundler: Node refuses them as they are. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { ROOT } from './runner.js';

type Parser = typeof import('@actions/workflow-parser') &
  Pick<typeof import('@actions/workflow-parser/actions/action-parser'), 'parseAction'>;

export async function loadWorkflowParser(): Promise<Parser> {
  const directory = mkdtempSync(join(tmpdir(), 'quantgate-parser-'));
  try {
    const outfile = join(directory, 'parser.mjs');
    await build({
      stdin: {
        contents:
          "export * from '@actions/workflow-parser'; export { parseAction } from '@actions/workflow-parser/actions/action-parser';",
        resolveDir: ROOT,
      },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
    return (await import(pathToFileURL(outfile).href)) as Parser;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
