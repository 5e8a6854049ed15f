import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

it("opening a model starts no telemetry: ONNX Runtime's own would leave its files in the temporary directory", () => {
  const directory = mkdtempSync(join(tmpdir(), 'quantgate-telemetry-'));
  try {
    const model = join(ROOT, 'examples/digits/digits.onnx');
    const env = { ...process.env, TMPDIR: directory, ORT_DISABLE_TELEMETRY: undefined };
    execFileSync(
      process.execPath,
      [join(ROOT, 'dist/cli.js'), 'bench', model, model, '--budget', '1s', '--json'],
      { env },
    );
    expect(readdirSync(directory).filter((name) => /^mat-debug|^\.ses$/.test(name))).toEqual([]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
