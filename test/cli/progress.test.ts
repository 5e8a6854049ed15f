import stringWidth from 'string-width';
import { describe, expect, it, vi } from 'vitest';
import { progressLine, remainingTime } from '../../src/cli/progress/progress-line.js';
import { terminalLog } from '../../src/cli/progress/terminal-log.js';

describe('a line of progress', () => {
  const step = 'timing resnet50 int8 on cpu, batch 1';
  const line = (columns: number) => progressLine({ step, share: 0.5, leftMs: 42_000, columns });

  it('has a bar, the step, its share and the time left', () => {
    expect(line(200)).toBe(`${'█'.repeat(12)}${'░'.repeat(12)} ${step} 50 %, about 45 s left`);
  });

  it('gives up the length of the bar, the bar, the time left and the end of the name, in this order', () => {
    expect(line(80)).toBe(`${'█'.repeat(10)}${'░'.repeat(10)} ${step} 50 %, about 45 s left`);
    expect(line(62)).toBe(`${step} 50 %, about 45 s left`);
    expect(line(50)).toBe(`${step} 50 %`);
    expect(line(40)).toBe('timing resnet50 int8 on cpu, batc… 50 %');
  });

  it('is never wider than the terminal, whatever the name', () => {
    for (let columns = 12; columns < 130; columns++) {
      for (const name of [step, '模型'.repeat(40), '']) {
        const text = progressLine({ step: name, share: 0.999, leftMs: 9e6, columns });
        expect(stringWidth(text), `${columns}: ${text}`).toBeLessThan(columns);
      }
    }
  });
});

describe('the time left', () => {
  it('follows from the time taken, and is not said before that can be known', () => {
    let now = 1000;
    const left = remainingTime(() => now);
    expect(left('timing', 0)).toBeNull();
    now += 1500;
    expect(left('timing', 0.5)).toBeNull();
    now += 8500;
    expect(left('timing', 0.04)).toBeNull();
    expect(left('timing', 0.25)).toBe(30_000);
    expect(left('timing', 1)).toBeNull();
    expect(left('accuracy', 0.5)).toBeNull();
  });

  it('does not count what was done before the step was first told of', () => {
    let now = 0;
    const left = remainingTime(() => now);
    expect(left('fitting', 0.2)).toBeNull();
    now += 10_000;
    expect(left('fitting', 0.4)).toBe(30_000);
  });

  it('is said of a small share, too, once it took a minute', () => {
    let now = 0;
    const left = remainingTime(() => now);
    left('fitting', 0);
    now += 100_000;
    expect(left('fitting', 0.01)).toBeCloseTo(9_900_000, -2);
  });
});

describe('progress in a file', () => {
  it('is a line for each quarter, and one after five minutes without', () => {
    vi.useFakeTimers();
    try {
      const lines: string[] = [];
      const stream = { isTTY: false, write: (text: string) => lines.push(text.trimEnd()) };
      const log = terminalLog({ quiet: false, verbose: false, color: false, stream: stream as never });
      log.progress('fitting weights', 0, 1000);
      for (let done = 1; done <= 1000; done++) {
        // A tenth of the work takes most of the time.
        vi.advanceTimersByTime(done <= 100 ? 12_000 : 100);
        log.progress('fitting weights', done, 1000);
      }
      expect(lines).toEqual([
        'fitting weights: 0 %',
        'fitting weights: 3 %, about 3.2 h left',
        'fitting weights: 5 %, about 3.2 h left',
        'fitting weights: 8 %, about 3.1 h left',
        'fitting weights: 25 %, about 61 min left',
        'fitting weights: 50 %, about 21 min left',
        'fitting weights: 75 %, about 7 min left',
        'fitting weights: 100 %',
      ]);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('progress on a terminal', () => {
  it.each([40, 80, 200])('stays on one line of %i columns', (columns) => {
    let written = '';
    const stream = { isTTY: true, columns, write: (text: string) => (written += text) };
    const log = terminalLog({ quiet: false, verbose: false, color: true, stream: stream as never });
    log.progress('timing a model with a rather long name on tensorrt, batch 16', 1, 4);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what moves the cursor takes no columns
    const shown = written.replace(/\u001b\[[0-9;]*[mK]|\r/g, '');
    expect(shown).toContain('25 %');
    expect(stringWidth(shown)).toBeLessThan(columns);
  });
});
