import { describe, expect, it } from 'vitest';
import {
  appendHistory,
  HISTORY_BYTES,
  HISTORY_LINES,
  type HistoryEntry,
  historyEntries,
  parseHistory,
  sparkline,
} from '../../src/report/history.js';
import { renderMarkdown } from '../../src/report/markdown/markdown.js';
import { mergeReports } from '../../src/report/merge/merge.js';
import { GPU_MACHINE, PASSING } from './sample-reports.js';

function entry(sha: string, latencyRatio = 0.41, run = 1): HistoryEntry {
  const [made] = historyEntries(PASSING);
  return { ...made!, sha, run, rows: made!.rows.map((row) => ({ ...row, latencyRatio })) };
}

/** The file after runs that wrote these entries, one after the other. */
const written = (...entries: HistoryEntry[]) => entries.reduce((text, one) => appendHistory(text, [one]), '');

describe('the history file', () => {
  it('holds one line per run with the figures of each variant', () => {
    const text = appendHistory('', historyEntries(PASSING));
    expect(text.split('\n')).toHaveLength(2);
    expect(parseHistory(text)[0]!.rows).toEqual([
      expect.objectContaining({
        model: 'classifier',
        variant: 'int8',
        provider: 'cpu',
        verdict: 'pass',
        sizeBytes: 5_100_000,
        latencyMs: 5.26,
        accuracy: { metric: 'accuracy.top1', value: 0.875, drop: expect.closeTo(0.0025) },
      }),
    ]);
  });

  it('keeps the newest lines, 2,000 unless told otherwise', () => {
    let text = '';
    for (let run = 0; run < 7; run++) text = appendHistory(text, [entry(`sha${run}`)], { lines: 3 });
    expect(parseHistory(text).map((line) => line.sha)).toEqual(['sha4', 'sha5', 'sha6']);
    const [first, ...many] = Array.from({ length: HISTORY_LINES + 1 }, (_, run) => entry(`sha${run}`));
    const full = appendHistory(appendHistory('', many), [first!]);
    expect(parseHistory(full)).toHaveLength(2000);
    expect(parseHistory(full).at(-1)!.sha).toBe('sha0');
  });

  it('keeps fewer lines where they are long, and always what was just measured', () => {
    const bytes = Buffer.byteLength(written(entry('0'))) * 2.5;
    const text = ['0', '1', '2'].reduce((all, sha) => appendHistory(all, [entry(sha)], { bytes }), '');
    expect(parseHistory(text).map((line) => line.sha)).toEqual(['1', '2']);
    expect(parseHistory(appendHistory(text, [entry('3')], { bytes: 1 })).map((line) => line.sha)).toEqual([
      '3',
    ]);
    expect(HISTORY_BYTES / HISTORY_LINES).toBeGreaterThan(Buffer.byteLength(written(entry('0'))));
  });

  it('keeps a line per commit, machine and workflow run: a run that is repeated replaces its own', () => {
    const elsewhere = { ...entry('a'), fingerprint: 'another' };
    const text = written(entry('a', 0.5), elsewhere, entry('b'), entry('a', 0.4), entry('a', 0.3, 2));
    expect(
      parseHistory(text).map((line) => [line.sha, line.fingerprint, line.run, line.rows[0]!.latencyRatio]),
    ).toEqual([
      ['a', 'another', 1, 0.41],
      ['b', 'a1b2c3d4', 1, 0.41],
      ['a', 'a1b2c3d4', 1, 0.4],
      ['a', 'a1b2c3d4', 2, 0.3],
    ]);
  });

  it('keeps the lines of jobs of one run that measured different things on machines that are alike', () => {
    const detector = { ...entry('a'), rows: entry('a').rows.map((row) => ({ ...row, model: 'detector' })) };
    const batched = { ...entry('a'), rows: entry('a').rows.map((row) => ({ ...row, batch: 8 })) };
    expect(parseHistory(written(entry('a'), detector, batched, detector))).toHaveLength(3);
  });

  it('outside of Actions keeps a line per start', () => {
    const { run: _, ...local } = entry('a');
    expect(parseHistory(written(local, local, { ...local, at: '2026-12-01T00:00:00Z' }))).toHaveLength(2);
  });

  it('has a line for each machine of a merged report, with the runner and the run', () => {
    const source = { ...PASSING.source!, runId: 77 };
    const merged = mergeReports([
      { ...PASSING, source },
      { ...PASSING, source, environment: GPU_MACHINE },
    ]);
    const lines = parseHistory(appendHistory('', historyEntries(merged)));
    expect(
      lines.map(({ fingerprint, runner, run, rows }) => [fingerprint, runner, run, rows.length]),
    ).toEqual([
      ['a1b2c3d4', undefined, 77, 1],
      ['e5f6a7b8', 'gpu-1', 77, 1],
    ]);
  });

  it('survives lines that cannot be read', () => {
    const wrong = JSON.stringify({ ...entry('x'), run: { toString: 1 } });
    const text = `${written(entry('a'))}{"v":1,"at\n<<<<<<< HEAD\n{"v":9}\nnull\n${wrong}\n`;
    expect(parseHistory(appendHistory(text, [entry('b')])).map((line) => line.sha)).toEqual(['a', 'b']);
  });
});

describe('the trend', () => {
  it('is a line of bars from the smallest to the largest value, with gaps', () => {
    expect(sparkline([1, 2, null, 3, 8])).toBe('▁▂·▃█');
    expect(sparkline([2, 2])).toBe('▅▅');
    expect(sparkline([])).toBe('');
  });

  it('stands in the Markdown once there is a run to compare with, of this machine only', () => {
    const history = [entry('a', 0.5), { ...entry('x', 9), fingerprint: 'another' }, entry('b', 0.45)];
    const markdown = renderMarkdown(PASSING, { history });
    expect(markdown).toContain('latency █▄▁ 0.50× → 0.41×');
    expect(renderMarkdown(PASSING, { history: [] })).not.toContain('#### Trend');
  });

  it('of a row that several machines measured is that of its own machine', () => {
    const merged = mergeReports([PASSING, { ...PASSING, environment: GPU_MACHINE }]);
    const history = [entry('a', 0.5), { ...entry('a', 0.9), fingerprint: GPU_MACHINE.fingerprint }];
    const lines = renderMarkdown(merged, { history }).split('\n');
    expect(lines.find((line) => line.includes('on a1b2c3d4**: '))).toContain('0.50× → 0.41×');
    expect(lines.find((line) => line.includes('on gpu-1**: '))).toContain('0.90× → 0.41×');
  });

  it('has no gap where a run measured something else', () => {
    const other = { ...entry('x'), rows: entry('x').rows.map((row) => ({ ...row, model: 'detector' })) };
    const markdown = renderMarkdown(PASSING, { history: [entry('a', 0.5), other, entry('b', 0.45)] });
    expect(markdown).toContain('latency █▄▁ 0.50× → 0.41×');
  });
});
