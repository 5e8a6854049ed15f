import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCE = join(import.meta.dirname, '..', 'src');

/** Source files below a folder of src/, relative to src/. */
function filesOf(folder: string): string[] {
  return readdirSync(join(SOURCE, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

/** Modules that a file imports when it runs (types are erased). */
function importsOf(file: string): string[] {
  const text = readFileSync(join(SOURCE, file), 'utf8');
  return [
    ...text.matchAll(/^(?:import|export)\s+(?!type\b)[^;]*?from\s+'([^']+)'|import\('([^']+)'\)/gm),
  ].map((match) => match[1] ?? match[2]!);
}

function offenders(folders: readonly string[], forbidden: RegExp): string[] {
  return folders.flatMap(filesOf).flatMap((file) =>
    importsOf(file)
      .filter((name) => forbidden.test(name))
      .map((name) => `${file} imports ${name}`),
  );
}

describe('the doors between rooms', () => {
  it('only github/, action.ts and runtime/ know the GitHub toolkit', () => {
    const rooms = [
      'config',
      'onnx',
      'quantize',
      'auto',
      'data',
      'variants',
      'measure',
      'judge',
      'report',
      'cli',
    ];
    expect(offenders(rooms, /^@actions\//)).toEqual([]);
  });

  it('only worker.ts and runtime/ import onnxruntime-node', () => {
    const rooms = readdirSync(SOURCE, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'runtime')
      .map((entry) => entry.name);
    expect(offenders(rooms, /^onnxruntime-/)).toEqual([]);
  });

  it('judge/ and report/ do no input or output', () => {
    expect(offenders(['judge', 'report'], /^node:(fs|child_process|http|https|net|worker_threads)/)).toEqual(
      [],
    );
  });

  it('onnx/ knows nothing of quantization', () => {
    expect(offenders(['onnx'], /\/(quantize|auto|measure|variants)\//)).toEqual([]);
  });

  it('is checked on files that exist', () => {
    expect(filesOf('onnx').length).toBeGreaterThan(5);
    expect(importsOf('onnx/read.ts')).toContain('node:fs');
  });
});
