import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/read/load.js';
import { assertApplicable } from '../../src/judge/applicable.js';
import { establishedName, establishedResults, isEstablished } from '../../src/judge/established.js';
import { overallVerdict } from '../../src/judge/judge.js';

const problem = (level: 'error' | 'warn' | 'info' | 'off') => ({
  name: 'base' as const,
  level,
  message: 'The base is unknown.',
  remedy: 'Fetch it.',
});

describe('what could not be established', () => {
  it.each([
    ['error', 'fail'],
    ['warn', 'warn'],
    ['info', 'pass'],
    ['off', 'pass'],
  ] as const)('at level %s makes the run %s', (level, verdict) => {
    expect(overallVerdict(establishedResults([problem(level)]))).toBe(verdict);
  });

  it('says cause and remedy, of the whole run or of a model', () => {
    const [whole, one] = establishedResults([
      problem('error'),
      { ...problem('warn'), model: 'a', variant: 'b' },
    ]);
    expect(whole).toMatchObject({ model: '*', variant: '*', reason: 'The base is unknown. Fetch it.' });
    expect(one).toMatchObject({ model: 'a', variant: 'b', verdict: 'warn' });
  });

  it('is told from every other check by its name', () => {
    const [result] = establishedResults([problem('error')]);
    expect(isEstablished(result!)).toBe(true);
    expect(establishedName(result!)).toBe('base');
    expect(isEstablished({ metric: 'accuracy.established' })).toBe(false);
    expect(establishedName({ metric: 'established.later' })).toBeNull();
  });
});

describe('a configuration', () => {
  const text = (more: string) =>
    `version: 1\nmodels: [{ path: a.onnx, task: none }]\nthresholds: { size.file: { max-ratio: 0.5 } }\n${more}`;
  const load = (more: string) => parseConfig(text(more), { file: null, directory: '/x', expand: false });

  it.each(['established.base', 'established.base.min', 'established.*', '*'])(
    "can't waive what is not established: %s",
    async (name) => {
      const config = await load(`waivers: [{ check: "${name}", reason: please, until: 2999-01-01 }]\n`);
      expect(() => assertApplicable(config)).toThrow(`no check '${name}'`);
    },
  );

  it("can't make a threshold of it", async () => {
    const withThreshold = text('').replace('size.file', 'established.base');
    await expect(parseConfig(withThreshold, { file: null, directory: '/x', expand: false })).rejects.toThrow(
      'established.base',
    );
  });
});
