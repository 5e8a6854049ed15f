import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VariantConfig } from '../../src/config/config.js';
import { defaultModel, defaultQuantize } from '../../src/config/defaults.js';
import { SILENT } from '../../src/log.js';
import { makeBaseVariants } from '../../src/variants/base.js';
import type { BaseModel } from '../../src/variants/base-models.js';
import { ROOT } from '../github/runner.js';

const MODEL = join(ROOT, 'examples/digits/digits.onnx');
const file = (name: string, path: string): VariantConfig => ({ name, kind: 'file', file: path });
const command: VariantConfig = { name: 'made', kind: 'command', command: ['true'], timeoutMs: 1000 };
const quantized: VariantConfig = { name: 'int8', kind: 'quantize', ...defaultQuantize('int8-dynamic') };

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'quantgate-base-variants-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

const make = (model: BaseModel, variants: VariantConfig[]) =>
  makeBaseVariants({
    head: defaultModel(MODEL, { name: 'digits', variants }),
    base: { sha: 'a'.repeat(40), config: null, models: { digits: model } },
    providers: ['cpu'],
    directory: out,
    calibration: null,
    context: { log: SILENT } as never,
    allowCommands: false,
    configDirectory: out,
  });
const found = (
  variants: VariantConfig[],
  unreadable: Record<string, string> = {},
): Extract<BaseModel, { status: 'found' }> => ({
  status: 'found',
  model: defaultModel(MODEL, { name: 'digits', variants }),
  unreadable,
  unchanged: false,
  renamedFrom: null,
  baseline: null,
});

describe("the base's variants", () => {
  it('that are new have nothing to be compared with, and that is no fault', async () => {
    const { unreadable, notes } = await make({ status: 'missing', reason: 'digits is new.' }, [quantized]);
    expect(unreadable).toEqual([]);
    expect(notes).toMatchObject([{ code: 'base.missing', message: 'digits is new.' }]);
  });

  it('of a model that is unreadable are all unreadable', async () => {
    const { unreadable, notes } = await make({ status: 'unreadable', reason: 'digits is a link.' }, [
      quantized,
    ]);
    expect(unreadable).toEqual([{ model: 'digits', variant: null, reason: 'digits is a link.' }]);
    expect(notes).toMatchObject([{ code: 'base.unreadable' }]);
  });

  it('that can not be made are unreadable, each with its reason', async () => {
    const gone = file('elsewhere', join(out, 'gone.onnx'));
    const base = found([gone], { int8: 'its plan is not in git.' });
    const { unreadable, notes, files } = await make(base, [quantized, gone]);
    expect(unreadable).toEqual([
      { model: 'digits', variant: 'int8', reason: 'its plan is not in git.' },
      {
        model: 'digits',
        variant: 'elsewhere',
        reason: expect.stringContaining("The base's 'elsewhere' can't be built"),
      },
    ]);
    expect(notes.map(({ code, variant }) => [code, variant])).toEqual([
      ['base.failed', 'int8'],
      ['base.failed', 'elsewhere'],
    ]);
    expect(files!.variants.size).toBe(0);
  });

  it('that were made count as unreadable where their measuring gave no figure', async () => {
    const { unreadable, notes, files } = await make(found([file('copy', MODEL)]), [file('copy', MODEL)]);
    expect(files!.variants.get('copy')).toHaveLength(1);
    expect(unreadable).toEqual([
      {
        model: 'digits',
        variant: 'copy',
        reason: expect.stringContaining('gave no such figure in this run'),
      },
    ]);
    expect(notes).toEqual([]);
  });

  it('of a command are none, and the note says why', async () => {
    const { unreadable, notes } = await make(found([]), [command]);
    expect(unreadable).toEqual([]);
    expect(notes[0]).toMatchObject({
      code: 'base.new-variant',
      message: expect.stringContaining('made by a command'),
    });
  });
});
