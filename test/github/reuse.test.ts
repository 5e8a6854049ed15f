import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.js';
import { parseConfig } from '../../src/config/load.js';
import { resultKey, reuseOr } from '../../src/github/reuse.js';
import { SILENT } from '../../src/log.js';
import type { Report } from '../../src/report/report.js';
import { writeReport } from '../../src/report-files.js';
import type { RunRequest } from '../../src/run.js';
import type { Runtime } from '../../src/runtime/runtime.js';
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

async function requestOf(changes: Partial<RunRequest> = {}): Promise<RunRequest> {
  return {
    config: await configOf(),
    out,
    base: null,
    runtime: { version: '1.30.0' } as Runtime,
    log: SILENT,
    allowCommands: true,
    source: { repository: 'o/r', sha: '1'.repeat(40), baseSha: null, pullRequest: 7, runUrl: null },
    thresholds: { file: 'quantgate.yml', from: 'base', changed: false },
    ...changes,
  };
}

/** Runs, with a pipeline that counts how often it measures. */
async function run(
  report: Report = sampleReport(),
  options: { fresh?: boolean; changes?: Partial<RunRequest> } = {},
) {
  const request = await requestOf(options.changes);
  rmSync(out, { recursive: true, force: true });
  const pipeline = async () => {
    measured++;
    const files = writeReport(report, out);
    mkdirSync(join(files.models, 'digits'), { recursive: true });
    writeFileSync(join(files.models, 'digits/int8.onnx'), 'quantized');
    return { report, files };
  };
  const where = { directory: join(home, 'results'), fresh: options.fresh ?? false };
  return await reuseOr(pipeline, request, where);
}

describe('a result that passed', () => {
  it('is used again when nothing that decides it changed, with its models, for the commit at hand', async () => {
    await run();
    const source = { repository: 'o/r', sha: '2'.repeat(40), baseSha: null, pullRequest: 8, runUrl: null };
    const { report, files } = await run(sampleReport(), { changes: { source } });
    expect(measured).toBe(1);
    expect(report.source).toEqual(source);
    expect(report.measurements).toEqual(sampleReport().measurements);
    expect(report.notes.at(-1)).toMatchObject({ code: 'result.reused', level: 'info' });
    expect(report.notes.at(-1)!.message).toContain('2026-11-23 12:00 UTC');
    expect(existsSync(join(files.models, 'digits/int8.onnx'))).toBe(true);
    expect(existsSync(files.markdown)).toBe(true);
  });

  it('is not used when the job is run again', async () => {
    await run();
    await run(sampleReport(), { fresh: true });
    expect(measured).toBe(2);
  });

  it('is not used when it was damaged', async () => {
    await run();
    const [entry] = readdirSync(join(home, 'results')).filter((name) => !name.includes('.'));
    appendFileSync(join(home, 'results', entry!, 'quantgate-report.json'), 'x');
    await run();
    expect(measured).toBe(2);
  });

  it('is kept for the last 20 only', async () => {
    for (let index = 0; index < 22; index++) {
      appendFileSync(join(home, 'data/1/a.png'), 'x');
      await run();
    }
    expect(readdirSync(join(home, 'results')).filter((name) => /^[0-9a-f]{32}$/.test(name))).toHaveLength(20);
  });
});

describe('a result that did not pass', () => {
  it.each(['fail', 'warn'] as const)('is measured again: %s', async (verdict) => {
    await run(sampleReport({ verdict }));
    await run(sampleReport({ verdict }));
    expect(measured).toBe(2);
  });
});

describe('what decides a result', () => {
  const key = async (text?: string, changes: Partial<RunRequest> = {}) =>
    resultKey(await requestOf({ config: await configOf(text), ...changes }));

  it.each([
    ['the model', () => appendFileSync(join(home, 'digits.onnx'), Buffer.from([0xc0, 0x3e, 0x01]))],
    ['a sample', () => appendFileSync(join(home, 'data/1/a.png'), 'x')],
    ['a new sample', () => writeFileSync(join(home, 'data/1/b.png'), 'x')],
  ])('%s', async (_, change) => {
    const before = await key();
    change();
    expect(await key()).not.toBe(before);
  });

  it.each([
    ['the recipe', TEXT.replace('int8-dynamic', 'float16')],
    ['a node name in it', TEXT.replace('/stem/Conv', '/head/Conv')],
    ['a threshold', TEXT.replace('0.8', '0.9')],
  ])('%s', async (_, text) => {
    expect(await key(text)).not.toBe(await key());
  });

  it('the base, and whose thresholds hold', async () => {
    const missing = {
      sha: '1',
      config: null,
      models: { digits: { status: 'missing' as const, reason: 'new' } },
    };
    expect(await key(TEXT, { base: missing })).not.toBe(await key());
    const thresholds = { file: null, from: 'head' as const, changed: true };
    expect(await key(TEXT, { thresholds })).not.toBe(await key());
  });

  it('but not a comment or a blank line in the configuration', async () => {
    expect(await key(`# comment\n\n${TEXT}`)).toBe(await key());
  });

  it('cannot be told when a command makes a variant', async () => {
    const text = TEXT.replace(
      'method: int8-dynamic, exclude: [/stem/Conv]',
      'command: [sh, make.sh, "{output}"]',
    );
    expect(await key(text)).toBeNull();
  });
});
