import { describe, expect, it } from 'vitest';
import { comparisonTable } from '../../src/cli/tables/comparison-table.js';
import { measurement } from '../judge/builders.js';

describe('figures of several models side by side', () => {
  const latency = (variant: string, confidence: number | null) =>
    measurement('latency.p50', {
      variant,
      value: 2,
      ratio: confidence === null ? null : { value: 0.5, interval: { lo: 0.4, hi: 0.6, confidence } },
    });

  it('say which confidence their intervals have', () => {
    const table = comparisonTable([latency('a.onnx', null), latency('b.onnx', 0.98)]);
    expect(table).toContain('2.00 ms (0.50× [0.40×, 0.60×])');
    expect(table.split('\n').at(-1)).toBe('[ ] 98% confidence interval of the ratio');
  });

  it('say nothing of intervals where there are none', () => {
    expect(comparisonTable([latency('a.onnx', null)])).not.toContain('confidence');
  });

  it('become a block per model where the table is wider than the terminal', () => {
    const all = [latency('original.onnx', null), latency('quantized-in-8-bits.onnx', 0.98)];
    const table = comparisonTable(all, {
      sizes: { 'original.onnx': 4e6, 'quantized-in-8-bits.onnx': 1e6 },
      width: 50,
    });
    expect(table.split('\n')).toEqual([
      'original.onnx',
      '  Size         4.00 MB',
      '  Latency p50  2.00 ms',
      '',
      'quantized-in-8-bits.onnx',
      '  Size                        1.00 MB (0.25×)',
      '  Latency p50  2.00 ms (0.50× [0.40×, 0.60×])',
      '',
      '[ ] 98% confidence interval of the ratio',
    ]);
  });
});
