/** classification reads one row of scores, and says which task reads the others. */
import { describe, expect, it } from 'vitest';
import { assertOneClassAxis } from '../../../../src/measure/accuracy/tasks/class-axis.js';
import { type floats, integers } from '../models.js';

const sample = (label: Parameters<typeof floats>[1] | number | null, feeds = {}) => ({
  id: 's',
  feeds,
  label: Array.isArray(label) ? integers([2, label.length / 2], label) : (label as number | null),
});

describe('the axis of classes', () => {
  it.each([
    [[1, 10]],
    [[10]],
    [[1, 1, 10]],
    [[1, 10, 1, 1]],
    [[4, 10]],
    [['n', 10]],
    [['n', 'sequence', 10]],
    [[]],
  ])('is the only one above 1 in %j', (shape) => {
    expect(() => assertOneClassAxis(shape, {})).not.toThrow();
  });

  it('is not flattened from positions and classes', () => {
    expect(() => assertOneClassAxis([1, 12, 6625], { output: 'logits' })).toThrow(
      /output 'logits' has shape \[1, 12, 6625\].*only one axis.*`task: custom` with an 'evaluator'/,
    );
  });

  it('names the task by what goes in and out', () => {
    const tokens = { input_ids: integers([1, 12], new Array(12).fill(1)) };
    expect(() => assertOneClassAxis([1, 12, 50], { sample: sample(3, tokens) })).toThrow(
      /`task: language-model`/,
    );
    expect(() => assertOneClassAxis([1, 21, 8, 8], {})).toThrow(/`task: segmentation`/);
    expect(() => assertOneClassAxis([1, 4, 4], { sample: sample([0, 1, 2, 3]) })).toThrow(
      /`task: segmentation`/,
    );
  });

  it('names another output that has one', () => {
    const outputs = [
      { name: 'hidden', type: 'float32', shape: ['n', 12, 64] },
      { name: 'pooled', type: 'float32', shape: ['n', 10] },
    ] as const;
    expect(() => assertOneClassAxis(['n', 12, 64], { output: 'hidden', outputs })).toThrow(
      /Write `output: pooled`, which has one, or `task: custom`/,
    );
  });
});
