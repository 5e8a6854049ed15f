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
});
