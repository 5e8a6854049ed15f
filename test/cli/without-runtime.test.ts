import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../github/runner.js';

/** The package as npm installs it: no node_modules with a runtime above it. */
const folder = mkdtempSync(join(tmpdir(), 'quantgate-bare-'));
const installed = join(folder, 'node_modules', 'quantgate');
beforeAll(() => {
  mkdirSync(installed, { recursive: true });
  cpSync(join(ROOT, 'dist'), join(installed, 'dist'), { recursive: true });
  cpSync(join(ROOT, 'package.json'), join(installed, 'package.json'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(process.platform === 'win32')('the command line without a runtime beside it', () => {
  it('asks npm for the pinned one, and says what to do when that fails', () => {
    // An npm beside a Node of its own, and nothing else on the path.
    const bin = join(folder, 'bin');
    const npm = join(folder, 'lib', 'node_modules', 'npm', 'bin');
    for (const path of [bin, npm]) mkdirSync(path, { recursive: true });
    const asked = join(folder, 'asked');
    const script = `require('fs').writeFileSync(${JSON.stringify(asked)}, process.argv.slice(2).join(' ')); console.error('npm error network'); process.exit(1);`;
    writeFileSync(join(npm, 'npm-cli.js'), script);
    cpSync(process.execPath, join(bin, 'node'));
    const model = join(ROOT, 'examples/digits/digits.onnx');
    const args = [
      join(installed, 'dist/cli.js'),
      'quantize',
      model,
      '--method',
      'float16',
      '--out',
      join(folder, 'o.onnx'),
    ];
    const { status, stderr } = spawnSync(join(bin, 'node'), args, {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: bin, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache') },
    });
    expect(stderr).toContain('Installing onnxruntime-node 1.30.0');
    expect(stderr).toContain('onnxruntime-node 1.30.0 could not be installed');
    expect(stderr).not.toContain('    at ');
    expect(status).toBe(3);
    expect(readFileSync(asked, 'utf8')).toMatch(/^pack onnxruntime-node@1\.30\.0 .*--ignore-scripts/);
    expect(readdirSync(folder)).not.toContain('o.onnx');
  });
});
