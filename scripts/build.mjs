/** Bundles src/ into dist/: reproducible, and written only where the content differs. Usage: node scripts/build.mjs [outdir] */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { precompiledSchemas } from './precompiled-schemas.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Native packages that no bundler can carry: found at run time (src/runtime). */
const EXTERNAL = ['onnxruntime-node', 'sharp'];

/** The script of the page that the browser providers run in: one file, with nothing of Node in it. */
export const PAGE_BUILD = {
  entryPoints: ['src/browser-page.ts'],
  bundle: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2023',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  metafile: true,
};

/** What the bundled packages ask for whoever passes them on: their names and license texts. */
export const LICENSES = 'licenses.txt';

export async function build(outdir = join(root, 'dist')) {
  const { build: esbuild } = await import('esbuild');
  const entries = ['action', 'cli', 'library', 'worker', 'evaluator', 'tokenizer'].filter((name) =>
    existsSync(join(root, 'src', `${name}.ts`)),
  );
  const { outputFiles, metafile } = await esbuild({
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
    // Names stay, so that a stack trace of the bundle can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    plugins: [precompiledSchemas],
    write: false,
    metafile: true,
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  const page = await esbuild({ absWorkingDir: root, ...PAGE_BUILD, outdir: 'dist', write: false });
  mkdirSync(outdir, { recursive: true });
  const files = new Map(
    [...outputFiles, ...page.outputFiles].map((file) => [
      file.path.slice(join(root, 'dist').length + 1),
      Buffer.from(file.contents),
    ]),
  );
  const names = new Set(files.keys());
  files.set(LICENSES, Buffer.from(licensesOf(Object.keys({ ...metafile.inputs, ...page.metafile.inputs }))));
  for (const [name, content] of files) {
    const target = join(outdir, name);
    if (existsSync(target) && Buffer.compare(readFileSync(target), content) === 0) continue;
    writeFileSync(`${target}.tmp`, content);
    renameSync(`${target}.tmp`, target);
  }
  for (const stale of readdirSync(outdir).filter((name) => name.endsWith('.js') && !names.has(name))) {
    rmSync(join(outdir, stale), { force: true });
  }
}

/** The license of each package that one of `inputs` (paths below node_modules) belongs to. Throws for one without. */
export function licensesOf(inputs) {
  const folders = new Set(
    inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  const packages = [...folders].map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const file = readdirSync(join(root, folder)).find((one) => /^(licen[cs]e|copying)/i.test(one));
    if (!file && !license) throw new Error(`${name} ${version} has no license`);
    const text = file
      ? readFileSync(join(root, folder, file), 'utf8')
          .replaceAll('\r\n', '\n')
          .trim()
      : '';
    return { title: `${name} ${version} (${license ?? 'see below'})`, text };
  });
  packages.sort((a, b) => (a.title < b.title ? -1 : 1));
  return packages.map(({ title, text }) => `${title}\n${'='.repeat(title.length)}\n\n${text}\n`).join('\n\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outdir = process.argv[2] ? resolve(process.argv[2]) : undefined;
  await build(outdir);
  const { buildTypes } = await import('./types.mjs');
  buildTypes(outdir);
}
