import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderTerminal } from '../../src/report/terminal/terminal.js';
import { model, report, SAMPLES, variant } from './sample-reports.js';

const ESCAPES = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');

describe('the terminal report', () => {
  it('says the same with and without colour', () => {
    for (const sample of Object.values(SAMPLES)) {
      const coloured = renderTerminal(sample, { color: true });
      expect(coloured.replace(ESCAPES, '')).toBe(renderTerminal(sample, { color: false }));
      expect(coloured).not.toBe(renderTerminal(sample, { color: false }));
    }
  });

  it('is never wider than the terminal', () => {
    for (const [name, sample] of Object.entries(SAMPLES)) {
      for (const width of [40, 60, 80, 100, 200]) {
        const widest = Math.max(
          ...renderTerminal(sample, { width })
            .split('\n')
            .map((line) => stringWidth(line)),
        );
        expect(widest, `${name} at ${width}`).toBeLessThanOrEqual(width);
      }
    }
  });

  it('aligns columns under names of double width', () => {
    const wide = report({
      models: [model('classifier', { variants: [variant('量子化')] })],
      measurements: SAMPLES.passing.measurements.map((item) =>
        item.variant === 'int8' ? { ...item, variant: '量子化' } : item,
      ),
    });
    const lines = renderTerminal(wide, { width: 120 }).split('\n');
    const column = (line: string, text: string) => stringWidth(line.slice(0, line.indexOf(text)));
    expect(column(lines[1]!, '18.6 MB')).toBe(column(lines[0]!, 'Size'));
  });

  it('stays a table at 80 columns, with intervals below their confidence', async () => {
    for (const name of ['passing', 'failing', 'inconclusive', 'waived'] as const) {
      const [head] = renderTerminal(SAMPLES[name], { width: 80 }).split('\n');
      expect(head!.split(/ {2,}/)).toEqual(['', 'Size', 'Latency p50', 'Top-1', 'Verdict']);
    }
    await expect(renderTerminal(SAMPLES.failing, { width: 80 })).toMatchFileSnapshot('golden/failing.80.txt');
  });

  it('becomes blocks where the table does not fit', async () => {
    await expect(renderTerminal(SAMPLES.failing, { width: 50 })).toMatchFileSnapshot(
      'golden/failing.narrow.txt',
    );
  });
});
