/** The npm package as a user has it: packed, installed into an empty folder, compiled against, and run. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { apiReport, libraryTypes, TYPES } from '../../scripts/types.mjs';
import { scratchFolder } from '../../src/system/files/scratch.js';
import { ROOT } from '../cli/command-line.js';

const folder = scratchFolder('package');
const staged = join(folder, 'staged');
const user = join(folder, 'user');
const EXAMPLES = [
  ...readFileSync(join(ROOT, 'docs', 'library.md'), 'utf8').matchAll(/^```[tj]s (\S+)\n(.*?)^```/gms),
].map(([, file, text]) => ({ file: file!, text: text! }));

/** The example's, with less to measure. */
const CONFIG = `version: 1
models:
  - path: digits.onnx
    task: classification
    data:
      evaluation: { path: data/evaluation.npz, limit: 100 }
      inputs: { image: { from: images, mean: [0.1307], std: [0.3081] } }
    variants: [fp16]
benchmark: { threads: [1], budget: 1s }
thresholds:
  size.file: { max-ratio: 0.52 }
`;

function succeeds(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  expect(status, `${command} ${args.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`).toBe(0);
  return stdout;
}

/** The files that package.json names, with today's dist/. */
function stage(types: string): void {
  const { files } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { files: string[] };
  for (const name of ['package.json', ...files])
    cpSync(join(ROOT, name), join(staged, name), { recursive: true });
  writeFileSync(join(staged, 'dist', TYPES), types);
}

/** A project with the example's data, the package, and what a user installs beside it. */
function makeProject(): void {
  cpSync(join(ROOT, 'examples', 'digits'), user, { recursive: true });
  cpSync(join(ROOT, 'examples', 'transformers.js', 'quantize.mjs'), join(user, 'transformers.mjs'));
  mkdirSync(join(user, 'web', 'onnx'), { recursive: true });
  cpSync(join(user, 'digits.onnx'), join(user, 'web', 'onnx', 'model.onnx'));
  const write = (name: string, value: object) => writeFileSync(join(user, name), JSON.stringify(value));
  write('package.json', { name: 'user', type: 'module', private: true });
  for (const { file, text } of EXAMPLES) {
    // A reader has the time to measure; a test has not.
    writeFileSync(join(user, file), text.replaceAll("budget: '30s'", "budget: '1s'"));
  }
  writeFileSync(join(user, 'quantgate.yml'), CONFIG);
  for (const kind of ['nodenext', 'bundler']) {
    const module = kind === 'nodenext' ? 'nodenext' : 'esnext';
    const compilerOptions = {
      strict: true,
      target: 'es2023',
      module,
      moduleResolution: kind,
      types: ['node'],
    };
    const checked = { allowJs: true, checkJs: true, rootDir: '.', noUncheckedIndexedAccess: true };
    write(`tsconfig.${kind}.json`, {
      compilerOptions: {
        ...compilerOptions,
        ...checked,
        exactOptionalPropertyTypes: true,
        outDir: 'compiled',
      },
      include: ['*.ts', '*.js', 'transformers.mjs'],
    });
  }
}

function install(): void {
  succeeds('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], staged);
  const { version } = JSON.parse(readFileSync(join(staged, 'package.json'), 'utf8')) as { version: string };
  const tarball = join(folder, `quantgate-${version}.tgz`);
  succeeds('npm', ['install', tarball, '--offline', '--no-audit', '--no-fund', '--legacy-peer-deps'], user);
  mkdirSync(join(user, 'node_modules', '@types'), { recursive: true });
  for (const name of ['onnxruntime-node', 'sharp', 'undici-types', '@types/node'])
    symlinkSync(join(ROOT, 'node_modules', name), join(user, 'node_modules', name));
}

it('compiles strictly against its own types, and runs every example of docs/library.md and the one for transformers.js', () => {
  const types = libraryTypes();
  expect(readFileSync(join(ROOT, 'docs', 'api.md'), 'utf8'), 'run `npm run api`').toBe(apiReport(types));
  stage(types);
  makeProject();
  install();
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  succeeds(process.execPath, [tsc, '-p', 'tsconfig.bundler.json', '--noEmit'], user);
  succeeds(process.execPath, [tsc, '-p', 'tsconfig.nodenext.json'], user);

  const scripts = [...EXAMPLES.map(({ file }) => file.replace(/\.ts$/, '.js')), 'transformers.mjs'];
  expect(scripts.length).toBeGreaterThan(8);
  // In the order of the page, in one process: what an example makes, the next one takes.
  writeFileSync(
    join(user, 'all.mjs'),
    `process.argv.splice(2, Infinity, 'web');\nfor (const script of ${JSON.stringify(scripts)}) {\n  console.log('# ' + script);\n  await import('./compiled/' + script);\n}\nprocess.exitCode = 0;\n`,
  );
  const printed = succeeds(process.execPath, ['all.mjs'], user);
  expect(printed).toMatch(/digits\.int8\.onnx: 0\.\d\d of the size, 0 operators float\nverified: full, \d+/);
  expect(printed).toMatch(/^size\.file of digits\.int8: 0\.2\d* pass/m);
  expect(printed).toMatch(/^accuracy\.top1 of original|^accuracy\.top1 of digits\.int8: -?0(\.\d+)? pass/m);
  expect(printed).toMatch(/^(pass|warn) .*quantgate-report\.html$/m);
  expect(printed).toMatch(/# custom\.js\n\[ (0\.\d+|1), (0\.\d+|1) \]/);
  expect(printed).toMatch(/^q8: 0\.\d\d of the size, \d+\.\d dB \(full\): web.onnx.model_quantized\.onnx$/m);
  expect(readFileSync(join(user, 'out', 'summary.md'), 'utf8')).toContain('quantgate');
  for (const name of ['model_quantized', 'model_fp16', 'model_q4'])
    expect(existsSync(join(user, 'web', 'onnx', `${name}.onnx`))).toBe(true);
}, 300_000);
