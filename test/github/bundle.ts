/** Bundles a test's entry exactly as dist/ is bundled. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './runner.js';

/** Path of the bundled `test/github/fixtures/NAME.ts`, in a directory of its own without node_modules. */
export async function bundleFixture(name: string): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'quantgate-bundle-'));
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  const outfile = join(directory, `${name}.js`);
  await build({
    absWorkingDir: ROOT,
    entryPoints: [`test/github/fixtures/${name}.ts`],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['onnxruntime-node', 'sharp'],
    legalComments: 'none',
    logLevel: 'error',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return outfile;
}
