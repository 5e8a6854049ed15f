/** Runs a benchmark written in TypeScript: node bench/run.mjs NAME [options]. Bundles bench/NAME.ts and what it starts first. `--help` prints what
 *  stands at the head of NAME.ts. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { PAGE_BUILD } from '../scripts/build.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const [name, ...options] = process.argv.slice(2);
const source = join(root, 'bench', `${name}.ts`);
if (!name || !existsSync(source)) {
  console.error('usage: node bench/run.mjs NAME [options]   (NAME.ts in bench/)');
  process.exit(2);
}
if (options.includes('--help')) {
  console.log(headOf(readFileSync(source, 'utf8')));
  process.exit(0);
}
const directory = join(root, 'node_modules', '.cache', 'quantgate-bench');
mkdirSync(directory, { recursive: true });
writeFileSync(join(directory, 'package.json'), '{ "type": "module" }\n');
await build({
  absWorkingDir: root,
  entryPoints: {
    [name]: source,
    worker: join(root, 'src', 'worker.ts'),
    tokenizer: join(root, 'src', 'tokenizer.ts'),
  },
  outdir: directory,
  bundle: true,
  splitting: true,
  chunkNames: 'chunk-[hash]',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['esbuild', 'onnxruntime-node', 'sharp'],
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
await build({ absWorkingDir: root, ...PAGE_BUILD, outdir: directory });
const { status } = spawnSync(process.execPath, [join(directory, `${name}.js`), ...options], {
  stdio: 'inherit',
});
process.exit(status ?? 1);

/** The comment that a source begins with, as plain text. */
function headOf(text) {
  const comment = /^\/\*\*([\s\S]*?)\*\//.exec(text)?.[1] ?? '';
  return comment.replaceAll(/^ \* ?/gm, '').trim();
}
