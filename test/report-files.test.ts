/** What a run leaves in its output folder, and what it takes away of the run before. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { modelsOfLastRun, removeLeftovers, reportFiles, writeReport } from '../src/report-files.js';
import type { Report } from '../src/terms/report.js';
import { model, report, variant } from './report/sample-reports.js';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'quantgate-out-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

/** A file below the output folder, and how a report names it. */
function made(file: string, more: Parameters<typeof variant>[1] = {}) {
  const path = join(out, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, file);
  return variant(file.split('/').at(-1)!.replace('.onnx', ''), {
    file,
    sha256: createHash('sha256').update(file).digest('hex'),
    ...more,
  });
}

const original = variant('original', { method: 'original', file: null });
const reportOf = (...variants: ReturnType<typeof variant>[]): Report =>
  report({
    models: [model('classifier', { variants: [original, ...variants] })],
    checks: [],
    measurements: [],
  });

/** As run.ts does it. */
async function secondRun(next: Report): Promise<void> {
  const last = modelsOfLastRun(out);
  writeReport(next, out);
  await removeLeftovers(out, last, next);
}

const there = (file: string) => existsSync(join(out, file));

describe('models of an earlier configuration', () => {
  it('go when the new run does not make them, with their data and their empty folder', async () => {
    const [kept, gone] = [made('models/classifier/int8.onnx'), made('models/old/fp16.onnx')];
    writeFileSync(join(out, 'models/old/fp16.onnx.data'), 'weights');
    writeReport(reportOf(kept, gone), out);
    await secondRun(reportOf(kept));
    expect(there('models/classifier/int8.onnx')).toBe(true);
    expect(there('models/old')).toBe(false);
  });

  it('stay when they are not what the last run made: the folder may be the user’s', async () => {
    const changed = made('models/classifier/int8.onnx');
    writeReport(reportOf(changed, made('models/classifier/hand.onnx', { method: 'file' })), out);
    writeFileSync(join(out, 'models/classifier/int8.onnx'), 'edited since');
    made('models/classifier/mine.onnx');
    await secondRun(reportOf());
    for (const name of ['int8', 'hand', 'mine'])
      expect(there(`models/classifier/${name}.onnx`), name).toBe(true);
  });

  it('are never looked for outside the folder of models', async () => {
    const outside = made('precious.onnx');
    writeReport(reportOf(outside, { ...outside, name: 'b', file: 'models/../precious.onnx' }), out);
    await secondRun(reportOf());
    expect(there('precious.onnx')).toBe(true);
  });

  it('are unknown without a report that can be read', () => {
    expect(modelsOfLastRun(out)).toEqual([]);
    writeFileSync(reportFiles(out).json, '{"schemaVersion": 1}');
    expect(modelsOfLastRun(out)).toEqual([]);
  });
});
