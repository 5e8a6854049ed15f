import { describe, expect, it } from 'vitest';
import { machineFacts } from '../../../src/report/details/detail-facts.js';
import { CPU_MACHINE } from '../sample-reports.js';

describe('the machine’s facts', () => {
  const floorOf = (more: Partial<typeof CPU_MACHINE>) =>
    machineFacts({ ...CPU_MACHINE, ...more }).find(([name]) => name === 'Noise floor')![1];

  it('tell the noise floor and how it was found', () => {
    expect(floorOf({ noiseFloor: 0.0123, noiseFloorFrom: 'copy' })).toBe('±1.2%: a model against itself');
    expect(floorOf({ noiseFloor: 0.0123, noiseFloorFrom: 'ratios' })).toMatch(
      /^±1\.2%: the widest half-interval/,
    );
    expect(floorOf({ noiseFloor: null })).toBe('not measured');
  });
});
