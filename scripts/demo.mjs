/** npm run demo [NAME]: installs what is missing, fetches what the example needs, and runs the main job on examples/NAME (default: digits). */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { install, root } from './install.mjs';

const [name = 'digits'] = process.argv.slice(2);
const example = join(root, 'examples', name);
const config = join(example, 'quantgate.yml');
if (!existsSync(config)) {
  console.error(
    `There is no ${relative(root, config)}. Examples: digits, detector, recognizer, text-classifier.`,
  );
  process.exit(2);
}
install();
if (name !== 'digits' && !existsSync(join(example, 'fetched'))) await prepare();
const out = join(root, 'quantgate-out', name === 'digits' ? 'demo' : name);
const { status } = spawnSync(
  process.execPath,
  [join(root, 'dist', 'cli.js'), 'run', '--config', config, '--out', out],
  { cwd: root, stdio: 'inherit' },
);
if (status === 0)
  console.error(`\nMarkdown, JSON, HTML and badges are in ${relative(process.cwd(), out) || '.'}`);
process.exit(status ?? 1);

/** Model and data of the example, out of pinned packages. */
async function prepare() {
  const { build } = await import('esbuild');
  const folder = join(root, 'node_modules', '.cache', 'quantgate-examples');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  await build({
    absWorkingDir: root,
    entryPoints: [join(root, 'examples', 'prepare', 'prepare.ts')],
    outdir: folder,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['onnxruntime-node', 'sharp'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  const { status } = spawnSync(process.execPath, [join(folder, 'prepare.js'), name, example], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}
