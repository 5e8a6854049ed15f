import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { parseConfig } from '../../src/config/read/load.js';
import { keptResults, resultKey } from '../../src/github/reuse.js';
import { SILENT } from '../../src/log.js';
import type { ModelResult } from '../../src/run/model-result.js';
import type { RunRequest } from '../../src/run/request.js';
import type { Runtime } from '../../src/runtime/runtime.js';
import type { Measurement } from '../../src/terms/measurement.js';
import { outsideBodyBytes } from '../onnx/outside-body.js';
import { ROOT } from './runner.js';
import { sampleReport } from './sample-report.js';

const TEXT = `version: 1
models:
  - name: digits
    path: digits.onnx
    task: none
    data: { evaluation: { path: data } }
    variants: [{ name: int8, method: int8-dynamic, exclude: [/stem/Conv] }]
thresholds:
  size.file: { max-ratio: 0.8 }
`;

let home: string;
let measured: number;
let out: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'quantgate-reuse-'));
  out = join(home, 'out');
  measured = 0;
  copyFileSync(join(ROOT, 'examples/digits/digits.onnx'), join(home, 'digits.onnx'));
  mkdirSync(join(home, 'data/1'), { recursive: true });
  writeFileSync(join(home, 'data/1/a.png'), 'pixels');
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const configOf = (text = TEXT): Promise<Config> =>
  Promise.resolve(parseConfig(text, { file: join(home, 'quantgate.yml'), directory: home }));

const REUSED = 'result.reused';

async function requestOf(changes: Partial<RunRequest> = {}): Promise<RunRequest> {
  return {
    config: await configOf(),
    out,
    base: null,
    context: { runtime: { version: '1.30.0' } as Runtime, log: SILENT },
    allowCommands: true,
    source: { repository: 'o/r', sha: '1'.repeat(40), baseSha: null, pullRequest: 7, runUrl: null },
    thresholds: { file: 'quantgate.yml', from: 'base', changed: false },
    ...changes,
  };
}

const sample = sampleReport();
const RESULT: ModelResult = {
  report: sample.models[0]!,
  measurements: sample.measurements as Measurement[],
  notes: [],
};
const modelFile = () => join(out, 'models/digits/int8.onnx');

/** As the pipeline asks: what is not found is measured, and kept when it passed. */
async function run(options: { fresh?: boolean } = {}): Promise<ModelResult> {
  const request = await requestOf();
  rmSync(out, { recursive: true, force: true });
  const kept = keptResults(request, { directory: join(home, 'results'), fresh: options.fresh ?? false });
  const model = request.config.models[0]!;
  const found = await kept.find(model);
  if (found) return found;
  measured++;
  mkdirSync(dirname(modelFile()), { recursive: true });
  writeFileSync(modelFile(), 'quantized');
  await kept.keep(model, RESULT);
  return RESULT;
}

describe('the result of a model', () => {
  it('is used again when nothing that decides it changed, with its files and a note', async () => {
    await run();
    const { report, measurements, notes } = await run();
    expect(measured).toBe(1);
    expect({ report, measurements }).toEqual({ report: RESULT.report, measurements: RESULT.measurements });
    expect(notes).toMatchObject([{ code: REUSED, level: 'info', model: 'digits' }]);
    expect(notes[0]!.message).toMatch(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/);
    expect(readFileSync(modelFile(), 'utf8')).toBe('quantized');
  });

  it('is not used when the job is run again, which replaces it', async () => {
    await run();
    await run({ fresh: true });
    expect(measured).toBe(2);
    await run();
    expect(measured).toBe(2);
  });

  it('is not used when it was damaged', async () => {
    await run();
    const [entry] = readdirSync(join(home, 'results')).filter((name) => !name.includes('.'));
    appendFileSync(join(home, 'results', entry!, 'result.json'), 'x');
    await run();
    expect(measured).toBe(2);
  });

  it('is kept for the last 50 only', async () => {
    for (let index = 0; index < 52; index++) {
      appendFileSync(join(home, 'data/1/a.png'), 'x');
      await run();
    }
    expect(readdirSync(join(home, 'results')).filter((name) => /^[0-9a-f]{32}$/.test(name))).toHaveLength(50);
  });
});

describe('what decides a result', () => {
  const key = async (text?: string, changes: Partial<RunRequest> = {}) => {
    const request = await requestOf({ config: await configOf(text), ...changes });
    return await resultKey(request.config.models[0]!, request);
  };

  it.each([
    ['the model', () => appendFileSync(join(home, 'digits.onnx'), Buffer.from([0xc0, 0x3e, 0x01]))],
    ['a sample', () => appendFileSync(join(home, 'data/1/a.png'), 'x')],
    ['a new sample', () => writeFileSync(join(home, 'data/1/b.png'), 'x')],
  ])('%s', async (_, change) => {
    const before = await key();
    change();
    expect(await key()).not.toBe(before);
  });

  it('a weight in external data that only the body of an If reads', async () => {
    writeFileSync(join(home, 'digits.onnx'), outsideBodyBytes('body.weights'));
    writeFileSync(join(home, 'body.weights'), Buffer.alloc(8, 1));
    const before = await key();
    expect(before).not.toBeNull();
    writeFileSync(join(home, 'body.weights'), Buffer.alloc(8, 2));
    expect(await key()).not.toBe(before);
  });

  it.each([
    ['the recipe', TEXT.replace('int8-dynamic', 'float16')],
    ['a node name in it', TEXT.replace('/stem/Conv', '/head/Conv')],
    ['a threshold', TEXT.replace('0.8', '0.9')],
  ])('%s', async (_, text) => {
    expect(await key(text)).not.toBe(await key());
  });

  it("the base's model", async () => {
    const missing = {
      sha: '1',
      config: null,
      models: { digits: { status: 'missing' as const, reason: 'new' } },
    };
    expect(await key(TEXT, { base: missing })).not.toBe(await key());
  });

  it('but not another model, nor a check of that one', async () => {
    copyFileSync(join(home, 'digits.onnx'), join(home, 'other.onnx'));
    const other = TEXT.replace('thresholds:', '  - { path: other.onnx, task: none }\nthresholds:').replace(
      '{ max-ratio: 0.8 }',
      '[{ max-ratio: 0.8 }, { max-ratio: 0.5, where: { model: other } }]',
    );
    const without = TEXT.replace('{ max-ratio: 0.8 }', '[{ max-ratio: 0.8 }]');
    expect(await key(other)).toBe(await key(without));
  });

  it('but not a comment or a blank line in the configuration', async () => {
    expect(await key(`# comment\n\n${TEXT}`)).toBe(await key());
  });

  it('cannot be told when external data is missing', async () => {
    writeFileSync(join(home, 'digits.onnx'), outsideBodyBytes('gone.weights'));
    await expect(key()).rejects.toThrow('gone.weights');
  });

  it('cannot be told when a command makes a variant', async () => {
    const text = TEXT.replace(
      'method: int8-dynamic, exclude: [/stem/Conv]',
      'command: [sh, make.sh, "{output}"]',
    );
    expect(await key(text)).toBeNull();
  });
});
