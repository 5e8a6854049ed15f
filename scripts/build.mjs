/** Bundles src/ into dist/: reproducible, and written only where the content differs. Usage: node scripts/build.mjs [outdir] */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Native packages that no bundler can carry: found at run time (src/runtime). */
const EXTERNAL = ['onnxruntime-node', 'sharp'];

export async function build(outdir = join(root, 'dist')) {
  const { build: esbuild } = await import('esbuild');
  const entries = ['action', 'cli', 'worker', 'evaluator'].filter((name) =>
    existsSync(join(root, 'src', `${name}.ts`)),
  );
  const { outputFiles } = await esbuild({
    absWorkingDir: root,
    entryPoints: entries.map((name) => `src/${name}.ts`),
    outdir: 'dist',
    bundle: true,
    splitting: true,
    chunkNames: 'chunk-[hash]',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: EXTERNAL,
    legalComments: 'none',
    write: false,
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  mkdirSync(outdir, { recursive: true });
  const names = new Set();
  for (const file of outputFiles) {
    const name = file.path.slice(join(root, 'dist').length + 1);
    names.add(name);
    const target = join(outdir, name);
    if (existsSync(target) && Buffer.compare(readFileSync(target), Buffer.from(file.contents)) === 0)
      continue;
    writeFileSync(`${target}.tmp`, file.contents);
    renameSync(`${target}.tmp`, target);
  }
  for (const stale of readdirSync(outdir).filter((name) => name.endsWith('.js') && !names.has(name))) {
    rmSync(join(outdir, stale), { force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await build(process.argv[2] ? resolve(process.argv[2]) : undefined);
}
