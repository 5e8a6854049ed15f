import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCE = join(import.meta.dirname, '..', 'src');

/** Source files that stand in no room. */
const LOOSE = readdirSync(SOURCE).filter((name) => name.endsWith('.ts'));

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

function offenders(folders: readonly string[], forbidden: RegExp, loose: readonly string[] = []): string[] {
  return [...folders.flatMap(filesOf), ...loose].flatMap((file) =>
    importsOf(file)
      .filter((name) => forbidden.test(name))
      .map((name) => `${file} imports ${name}`),
  );
}

describe('docs/architecture.md', () => {
  const text = readFileSync(join(SOURCE, '..', 'docs', 'architecture.md'), 'utf8');
  const rows = [...text.matchAll(/^\| (`[^|]+) \|[^|]*\|(?: ([^|]*) \|)?$/gm)];
  const named = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!.replace(/\/$/, ''));
  const inSource = (name: string) => name.replace(/^src\//, '');

  it('names every folder of src/ and none that is not there', () => {
    const told = rows.flatMap((row) => named(row[1])).map(inSource);
    const folders = readdirSync(SOURCE, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => relative(SOURCE, join(entry.parentPath, entry.name)));
    // measure/accuracy/'s own rooms are told in its row.
    const within = ['measure/accuracy/tasks', 'measure/accuracy/evaluator'];
    expect(folders.filter((name) => !told.includes(name) && !within.includes(name))).toEqual([]);
    expect(told.filter((name) => !existsSync(join(SOURCE, name)))).toEqual([]);
  });

  it('names doors that are there', () => {
    const doors = rows.flatMap(([, rooms, door]) =>
      named(door).map((file) => ({ file, rooms: named(rooms).map(inSource) })),
    );
    expect(doors.length).toBeGreaterThan(15);
    const missing = doors.filter(
      ({ file, rooms }) => ![...rooms, ''].some((room) => existsSync(join(SOURCE, room, file))),
    );
    expect(missing).toEqual([]);
  });
});

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
    const others = LOOSE.filter((name) => name !== 'action.ts');
    expect(offenders(rooms, /^@actions\//, others)).toEqual([]);
  });

  it('only worker.ts and runtime/ import onnxruntime-node', () => {
    const rooms = readdirSync(SOURCE, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'runtime')
      .map((entry) => entry.name);
    const others = LOOSE.filter((name) => name !== 'worker.ts');
    expect(offenders(rooms, /^onnxruntime-/, others)).toEqual([]);
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
