/** What bench/same-bytes leans on: a clock that is replaced by name, and a comparison that misses nothing. */
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { compareRecords } from '../../bench/same-bytes/compare.js';
import { withFixedClock } from '../../bench/same-bytes/fixed-clock.js';
import type { Recorded } from '../../bench/same-bytes/record.js';
import { runBatch } from '../../bench/same-bytes/run-batch.js';

async function moduleOf<T>(text: string): Promise<T> {
  const { code } = transformSync(text, { loader: 'ts', format: 'esm' });
  return (await import(`data:text/javascript,${encodeURIComponent(code)}`)) as T;
}

describe('the fixed clock', () => {
  it('gives the speed ratio that was set, takes note that it was asked for, and lets the measurement run', async () => {
    const { text, names } = withFixedClock(
      [
        'export const files: string[] = [];',
        'export async function speedRatio(original: string, quantized: string): Promise<number> {',
        '  const start = performance.now();',
        '  files.push(original, quantized);',
        '  return performance.now() - start;',
        '}',
      ].join('\n'),
    );
    expect(names).toEqual(['speedRatio']);
    type Timed = { files: string[]; speedRatio(original: string, quantized: string): Promise<number> };
    const { files, speedRatio } = await moduleOf<Timed>(text);
    const sameBytes = { ratio: 2, asked: false };
    Object.assign(globalThis, { sameBytes });
    expect(await speedRatio('a', 'b')).toBe(2);
    expect(files).toEqual(['a', 'b']);
    expect(sameBytes.asked).toBe(true);
  });

  it('gives the float model 1 and every candidate the ratio in a race', async () => {
    const { text } = withFixedClock(
      'export async function race(files: string[]): Promise<number[]> { return files.map(() => performance.now()); }',
    );
    const { race } = await moduleOf<{ race(files: string[]): Promise<number[]> }>(text);
    Object.assign(globalThis, { sameBytes: { ratio: 0.5, asked: false } });
    expect(await race(['float', 'one', 'another'])).toEqual([1, 0.5, 0.5]);
  });

  it('lets an error of the measurement through', async () => {
    const { text } = withFixedClock(
      "export async function speedRatio(): Promise<number> { throw new Error('the batch is fixed'); }",
    );
    const { speedRatio } = await moduleOf<{ speedRatio(): Promise<number> }>(text);
    await expect(speedRatio()).rejects.toThrow('the batch is fixed');
  });

  it('stands still for budgets, and leaves files without a clock as they are', async () => {
    const { text } = withFixedClock('export const late = (end: number) => performance.now() > end;');
    const { late } = await moduleOf<{ late(end: number): boolean }>(text);
    expect(late(0)).toBe(false);
    const other = 'export const one = 1;\n';
    expect(withFixedClock(other)).toEqual({ text: other, names: [] });
  });
});

describe('a batch of quantizations', () => {
  /** A child that answers with what it was told, asks for the speed ratio where told so, and dies where told so. */
  const CHILD = `
    import { writeFileSync } from 'node:fs';
    import { join } from 'node:path';
    process.on('message', ({ args, folder, ratio }) => {
      if (args[0] === 'die') process.kill(process.pid, 'SIGKILL');
      writeFileSync(join(folder, 'q.onnx'), args[0]);
      process.send({ exit: 0, stdout: String(process.pid), stderr: '', asked: args[0] === 'fast?' });
    });
    process.send('ready');`;
  const subject = { label: 'm', model: 'm.onnx', calibration: null, config: null, sizeBytes: 1 };
  const run = async (names: string[]) => {
    const scratch = mkdtempSync(join(tmpdir(), 'quantgate-bench-'));
    const script = join(scratch, 'child.mjs');
    writeFileSync(script, CHILD);
    const taken: { key: string; exit: number | string; slower: boolean; process: string; files: string[] }[] =
      [];
    const jobs = names.map((key) => ({ key, subject, args: [key], quick: false }));
    await runBatch(
      jobs,
      { bundle: scratch, scratch, script },
      ({ key }, { exit, slower, stdout, folder }) => {
        taken.push({ key, exit, slower, process: stdout, files: readdirSync(folder) });
      },
    );
    return taken;
  };

  it('takes a crash for one result, and goes on in another process', async () => {
    const [before, crash, after] = await run(['one', 'die', 'another']);
    expect(before).toMatchObject({ key: 'one', exit: 0, files: ['q.onnx'] });
    expect(crash).toMatchObject({ key: 'die', exit: 'SIGKILL', files: [] });
    expect(after).toMatchObject({ key: 'another', exit: 0, files: ['q.onnx'] });
    expect(after!.process).not.toBe(before!.process);
  });

  it('does not take a child that cannot start for a crash', async () => {
    const scratch = mkdtempSync(join(tmpdir(), 'quantgate-bench-'));
    const jobs = [{ key: 'one', subject, args: ['one'], quick: false }];
    const options = { bundle: scratch, scratch, script: join(scratch, 'missing.mjs') };
    const taken: string[] = [];
    await expect(runBatch(jobs, options, ({ key }) => taken.push(key))).rejects.toThrow("doesn't start");
    expect(taken).toEqual([]);
  });

  it('runs once more with the slower ratio where the speed had a say, and tells of that first', async () => {
    const taken = await run(['fast?', 'one']);
    expect(taken.map(({ key, slower }) => [key, slower])).toEqual([
      ['fast?', true],
      ['fast?', false],
      ['one', false],
    ]);
  });
});

describe('comparing records', () => {
  const settings = { commit: 'a', code: 'a', script: 'a', cpu: 'a', node: 'a', onnxruntime: 'a' };
  const job = { exit: 0, files: { 'q.onnx': 'aa' }, stderr: [], result: 'r' };
  const recorded = (changes: Partial<typeof job>, result: unknown): Recorded => ({
    settings,
    jobs: { 'm: float16': { ...job, ...changes } },
    results: { r: result },
  });
  const options = { only: /(?:)/, show: 5 };
  const decisions = [{ node: 'x', became: 'float', reason: null }];

  it('finds nothing between a record and itself', () => {
    const one = recorded({}, { decisions });
    expect(compareRecords(one, structuredClone(one), options)).toMatchObject({ differing: 0 });
  });

  it.each([
    [{ exit: 2 }, { decisions }, 'exit: 0 → 2'],
    [{ files: { 'q.onnx': 'bb' } }, { decisions }, 'files.q.onnx: "aa" → "bb"'],
    [{ stderr: ['warning: w'] as never[] }, { decisions }, 'stderr.[0]: nothing → "warning: w"'],
    [
      {},
      { decisions: [{ node: 'x', became: 'float', reason: 'small' }] },
      'result.decisions.[x].reason: null → "small"',
    ],
    [
      {},
      { decisions: [{ node: 'y', became: 'float', reason: null }, ...decisions] },
      'result.decisions.[y]: nothing → {"node":"y","became":"float","reason":null}',
    ],
  ])('says what differs: %j', (changes, result, line) => {
    const { lines, differing } = compareRecords(
      recorded({}, { decisions }),
      recorded(changes, result),
      options,
    );
    expect(differing).toBe(1);
    expect(lines).toContain(`  ${line}`);
  });

  it('takes decisions in another order for a difference', () => {
    const two = [...decisions, { node: 'y', became: 'float', reason: null }];
    const compared = compareRecords(
      recorded({}, { decisions: two }),
      recorded({}, { decisions: two.toReversed() }),
      options,
    );
    expect(compared.lines).toContain('  result.decisions: another order');
  });

  it('names what only one of them holds', () => {
    const one = recorded({}, { decisions });
    const { lines, differing } = compareRecords(one, { ...one, jobs: {} }, options);
    expect(differing).toBe(1);
    expect(lines).toContain('  only before');
  });
});
