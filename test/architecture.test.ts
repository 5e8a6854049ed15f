import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
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
    const within = ['decode', 'tasks', 'tasks/detection', 'chance', 'evaluator', 'answers'].map(
      (room) => `measure/accuracy/${room}`,
    );
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

/** The rooms from the ground up. A room imports from itself and from rooms named before it, types included: so nothing imports
 *  upwards, and no two folders need each other. Files of src/ itself stand here under their own names. */
const FLOORS = `
  terms/codes errors.ts log.ts version.ts
  terms tensor statistics system/process system/files system onnx/tensor onnx onnx/query onnx/edit onnx/shapes onnx/file onnx/convert config/file config config/read
  data/samples data/images data/formats/arrays data/formats data/text/tokenizer data/text data/audio data
  runtime runtime/wasm runtime/browser runtime/worker runtime/browser/page runtime/provision runtime/provision/cuda machine
  quantize/integers quantize/prepare quantize/method quantize/rewrite/matching quantize/rewrite/affine quantize/rewrite/shapes quantize/rewrite/layers quantize/rewrite
  quantize/observe quantize/calibrate quantize/layers
  quantize/gptq/matrices quantize/gptq/inputs quantize/gptq/codes quantize/gptq quantize/int8-static/placement quantize/int8-static/recover quantize/int8-static/edit
  quantize/int8-static/like-onnxruntime quantize/int8-static
  quantize/int8-dynamic/smoothing quantize/int8-dynamic quantize/float16 quantize/weight-only/products quantize/weight-only/mixed quantize/weight-only quantize
  measure/subject measure/tensorrt measure/timing
  measure/fidelity measure/accuracy/decode measure/accuracy/tasks/detection measure/accuracy/tasks measure/accuracy/answers measure/accuracy measure/accuracy/chance measure/accuracy/evaluator
  measure
  auto/plan auto/judging auto/sensitivity auto/candidates auto
  verify/proof verify/repair verify variants judge
  report/words report/rows report/details report/badges report report/merge report/summary report/charts report/panels report/html/elements report/html/sections report/html report/markdown report/comparison report/history-page report/terminal
  report-files.ts run run.ts init/find init/guess init
  github/api github/event github/pull-request github/base github/head github/gate github/job github library/options library cli/tables cli/progress cli/completion cli/context cli/options cli/commands cli
  worker.ts browser-page.ts evaluator.ts tokenizer.ts action.ts library.ts cli.ts
`
  .trim()
  .split(/\s+/);

/** The room of a file of src/: its folder, or its own name where it stands in none. */
const roomOf = (file: string) => (file.includes('/') ? dirname(file) : file);

/** Every file of src/ and the files of src/ that it imports, types included. */
const IMPORTS = filesOf('.').flatMap((file) =>
  [...readFileSync(join(SOURCE, file), 'utf8').matchAll(/(?:\bfrom|\bimport\()\s*'(\.[^']+)'/g)].map(
    (match) => ({
      file,
      imported: relative(SOURCE, resolve(SOURCE, dirname(file), match[1]!)).replace(/\.js$/, '.ts'),
    }),
  ),
);

describe('the floors of the house', () => {
  it('name every room, and none that is not there', () => {
    const rooms = new Set(filesOf('.').map(roomOf));
    expect([...rooms].filter((room) => !FLOORS.includes(room))).toEqual([]);
    expect(FLOORS.filter((room) => !rooms.has(room))).toEqual([]);
  });

  it('are never climbed by an import', () => {
    // package.json and the schemas stand beside src/.
    const inside = IMPORTS.filter(({ imported }) => !imported.startsWith('..'));
    expect(inside.length).toBeGreaterThan(1000);
    const upwards = inside.filter(
      ({ file, imported }) => FLOORS.indexOf(roomOf(imported)) > FLOORS.indexOf(roomOf(file)),
    );
    expect(upwards.map(({ file, imported }) => `${file} imports ${imported}`)).toEqual([]);
  });
});

describe('files', () => {
  it('never need each other in a circle, types included', () => {
    const importsBy = new Map<string, string[]>();
    for (const { file, imported } of IMPORTS) importsBy.set(file, [...(importsBy.get(file) ?? []), imported]);
    // Who needs none of the files that are left, or is needed by none, stands in no circle.
    const left = new Set(importsBy.keys());
    const isFree = (file: string) =>
      importsBy.get(file)!.every((imported) => !left.has(imported)) ||
      [...left].every((other) => !importsBy.get(other)!.includes(file));
    for (let free = [...left]; free.length > 0; free = [...left].filter(isFree))
      for (const file of free.filter(isFree)) left.delete(file);
    expect([...left]).toEqual([]);
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
      'library',
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

  it('only system/process/child-process.ts starts processes', () => {
    const rooms = readdirSync(SOURCE, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name);
    const starting = offenders(rooms, /^node:child_process$/, LOOSE);
    expect(starting).toEqual(['system/process/child-process.ts imports node:child_process']);
  });

  it('commands reach models through library/ alone', () => {
    const rooms = /\/(onnx|quantize|auto|data|verify|variants|machine|judge)\/|^(\.\.\/)+run\.js$/;
    expect(offenders(['cli'], rooms)).toEqual([]);
  });

  it('judge/ and report/ do no input or output', () => {
    expect(offenders(['judge', 'report'], /^node:(fs|child_process|http|https|net|worker_threads)/)).toEqual(
      [],
    );
  });

  it('onnx/ knows nothing of quantization', () => {
    expect(offenders(['onnx'], /\/(quantize|auto|measure|variants)\//)).toEqual([]);
  });

  it('every model that is written can be interrupted', () => {
    const writing = filesOf('.').filter((file) => file !== 'onnx/file/write.ts');
    const atOnce = writing.filter((file) => /\bwriteModel\(/.test(readFileSync(join(SOURCE, file), 'utf8')));
    expect(atOnce).toEqual([]);
  });

  it('is checked on files that exist', () => {
    expect(filesOf('onnx').length).toBeGreaterThan(5);
    expect(importsOf('onnx/file/read.ts')).toContain('node:fs');
  });
});
