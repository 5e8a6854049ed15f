import { describe, expect, it } from 'vitest';
import {
  appendHistory,
  HISTORY_RUNS,
  type HistoryEntry,
  historyEntry,
  parseHistory,
  sparkline,
} from '../../src/report/history.js';
import { renderMarkdown } from '../../src/report/markdown/markdown.js';
import { PASSING } from './sample-reports.js';

function entry(sha: string, latencyRatio = 0.41): HistoryEntry {
  const made = historyEntry(PASSING);
  return { ...made, sha, rows: made.rows.map((row) => ({ ...row, latencyRatio })) };
}

describe('the history file', () => {
  it('holds one line per run with the figures of each variant', () => {
    const text = appendHistory('', historyEntry(PASSING));
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

  it('keeps the newest runs', () => {
    let text = '';
    for (let run = 0; run < 7; run++) text = appendHistory(text, entry(`sha${run}`), { runs: 3 });
    expect(parseHistory(text).map((line) => line.sha)).toEqual(['sha4', 'sha5', 'sha6']);
    expect(HISTORY_RUNS).toBeGreaterThan(100);
  });

  it('replaces a run of the same commit on the same machine, and no other', () => {
    const other = { ...entry('a'), fingerprint: 'another' };
    const text = [entry('a', 0.5), other, entry('b'), entry('a', 0.4)].reduce(
      (all, line) => appendHistory(all, line),
      '',
    );
    expect(
      parseHistory(text).map((line) => [line.sha, line.fingerprint, line.rows[0]!.latencyRatio]),
    ).toEqual([
      ['a', 'another', 0.41],
      ['b', 'a1b2c3d4', 0.41],
      ['a', 'a1b2c3d4', 0.4],
    ]);
  });

  it('survives lines that cannot be read', () => {
    const text = `${appendHistory('', entry('a'))}{"v":1,"at\n<<<<<<< HEAD\n{"v":9}\nnull\n`;
    expect(parseHistory(appendHistory(text, entry('b'))).map((line) => line.sha)).toEqual(['a', 'b']);
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
});
