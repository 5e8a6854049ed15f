import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../../src/report/html/html.js';
import { renderJUnit } from '../../../src/report/junit.js';
import { renderMarkdown } from '../../../src/report/markdown/markdown.js';
import { mergeReports } from '../../../src/report/merge/merge.js';
import { validateReport } from '../../../src/report/schema.js';
import { renderTerminal } from '../../../src/report/terminal/terminal.js';
import { machineNamer } from '../../../src/report/words/machine-name.js';
import type { Report } from '../../../src/terms/report.js';
import { CPU_MACHINE, GPU_MACHINE, PASSING } from '../sample-reports.js';

const on = (fingerprint: string, runner: string | undefined, of: Report = PASSING): Report => ({
  ...of,
  environment: { ...CPU_MACHINE, fingerprint, ...(runner === undefined ? {} : { runner }) },
});

describe('a machine', () => {
  it('is named by its runner wherever several are told apart', () => {
    const merged = mergeReports([on('a1b2c3d4', 'cpu-7'), { ...PASSING, environment: GPU_MACHINE }]);
    for (const text of [
      renderMarkdown(merged),
      renderHtml(merged),
      renderTerminal(merged, { width: 120 }),
      renderJUnit(merged),
    ]) {
      expect(text).toContain('on cpu-7');
      expect(text).toContain('on gpu-1');
      expect(text).not.toMatch(/on (a1b2c3d4|e5f6a7b8)/);
    }
    for (const name of ['cpu-7', 'gpu-1'])
      expect(renderMarkdown(merged)).toContain(`**int8 on cpu, on ${name}** is`);
    expect(renderMarkdown(merged)).toContain('**Machine cpu-7**');
    expect(renderHtml(merged)).toContain('<h3>Machine gpu-1</h3>');
    expect(renderJUnit(merged)).toContain('hostname="cpu-7"');
  });

  it('without a runner is named by its fingerprint', () => {
    const nameOf = machineNamer(mergeReports([on('a', undefined), on('b', undefined)]));
    expect(['a', 'b', 'c'].map(nameOf)).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['the same name', 'runner', 'runner'],
    ['names that look the same', 'runner', 'run\u200Bner'],
    ['names that are the same where they are cut', `${'r'.repeat(40)}-a`, `${'r'.repeat(40)}-b`],
  ])('of %s as another has its fingerprint beside it', (_, one, other) => {
    const nameOf = machineNamer(mergeReports([on('a', one), on('b', other)]));
    expect(nameOf('a')).not.toBe(nameOf('b'));
    expect(nameOf('a')).toContain('(a)');
    expect(nameOf('b')).toContain('(b)');
  });

  it('with a name that shows nothing is named by its fingerprint', () => {
    expect(machineNamer(on('a', '\u200B\n'))('a')).toBe('a');
  });

  it('with twins has the names of all, as far as they are few, and stays a valid report', () => {
    const twins = mergeReports(['gpu-1', 'gpu-2', 'gpu-1'].map((name) => on('a', name)));
    expect(twins.environment.runner).toBe('gpu-1, gpu-2');
    const long = Array.from({ length: 9 }, (_, index) => on('a', `${index}`.repeat(500)));
    const many = mergeReports(long);
    expect(many.environment.runner).toMatch(/^0{100}, 1{100}, 2{100} and 6 more$/);
    expect(validateReport(JSON.parse(JSON.stringify(many)))).toEqual(many);
  });
});
