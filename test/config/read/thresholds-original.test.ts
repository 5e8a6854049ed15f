/** `original:` under a check: bounds on the unquantized model, as a check of their own. */
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/read/load.js';

const checksOf = async (thresholds: string) => {
  const text = `version: 1\nmodels: [{ path: m.onnx }]\nthresholds:\n  ${thresholds}\n`;
  return (await parseConfig(text, { file: null, directory: '/project', expand: false })).checks;
};

describe('a bound on the original', () => {
  it('is a check of its own, at the place and level of the one it stands in', async () => {
    const checks = await checksOf(
      'accuracy.top1: { level: warn, max-drop: 0.5pp, where: { model: a, variant: int8, provider: cpu }, original: { min: 85%, max: 0.99 } }',
    );
    expect(checks).toMatchObject([
      { id: 'accuracy.top1', maxDrop: 0.005, where: { variant: ['int8'] } },
      {
        id: 'accuracy.top1.original',
        metric: 'accuracy.top1',
        level: 'warn',
        min: 0.85,
        max: 0.99,
        where: { model: ['a'], variant: ['original'], provider: ['cpu'] },
      },
    ]);
    expect(checks[0]).not.toHaveProperty('min');
  });

  it('may stand alone, and in a list', async () => {
    expect(await checksOf('latency.p50: { original: { max: 40 ms } }')).toMatchObject([
      { id: 'latency.p50.original', max: 40, level: 'error' },
    ]);
    const ids = (await checksOf('size.file: [{ max: 1 MB }, { original: { min: 1 kB } }]')).map(
      ({ id }) => id,
    );
    expect(ids).toEqual(['size.file[0]', 'size.file[1].original']);
  });

  it.each([
    [
      'accuracy.top1: { original: { min: 85 } }',
      /thresholds\.accuracy\.top1\.original\.min: .*fraction from 0 to 1/,
    ],
    ['accuracy.top1: { original: {} }', /thresholds\.accuracy\.top1\.original/],
    ['accuracy.top1: { original: { max-drop: 1pp } }', /original.*unknown key 'max-drop'/],
    [
      'fidelity.sqnr: { min: 20 dB, original: { min: 5 dB } }',
      /fidelity\.sqnr is how close a variant is to the original/,
    ],
    ['accuracy.top1: { where: 3, original: { min: 80% } }', /thresholds\.accuracy\.top1\.where/],
  ])('%s is refused', async (thresholds, message) => {
    await expect(checksOf(thresholds)).rejects.toThrow(message);
  });
});
