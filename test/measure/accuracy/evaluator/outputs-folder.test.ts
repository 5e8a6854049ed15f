import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../../src/data/samples/dataset.js';
import type { EvaluationTask } from '../../../../src/measure/accuracy/evaluator/module.js';
import { withOutputsFolder } from '../../../../src/measure/accuracy/evaluator/outputs-folder.js';

/** Two samples with labels 3 and 4, through a model of these outputs, each a number. */
function task(...names: string[]): EvaluationTask {
  const samples = [3, 4].map((label) => ({ id: `s${label}`, feeds: {}, label }));
  const dataset = {
    length: 2,
    samples: async function* () {
      yield* samples;
    },
  } as unknown as Dataset;
  const runner = {
    outputs: names.map((name) => ({ name, type: 'float32' })),
    run: async () =>
      Object.fromEntries(
        names.map((name) => [name, { type: 'float32', dims: [1], data: Float32Array.of(1) }]),
      ),
  };
  return { dataset, runner } as unknown as EvaluationTask;
}

describe('a model’s outputs as files', () => {
  it('are one per output, with the labels beside them', async () => {
    await withOutputsFolder(task('head/scores', 'boxes'), async (folder) => {
      expect(readdirSync(folder).sort()).toEqual(['boxes.npy', 'head_scores.npy', 'labels.npy']);
      const labels = readFileSync(join(folder, 'labels.npy'));
      const [first, second] = [
        labels.readBigInt64LE(labels.length - 16),
        labels.readBigInt64LE(labels.length - 8),
      ];
      expect([first, second]).toEqual([3n, 4n]);
    });
  });

  it.each([
    [['labels'], "the output 'labels' and the data's labels: both would be labels.npy"],
    [['a/b', 'a:b'], "the output 'a:b' and the output 'a/b': both would be a_b.npy"],
    [['Y', 'y'], "the output 'y' and the output 'Y': both would be y.npy"],
  ])('are refused where two would share a file: %j', async (names, message) => {
    await expect(withOutputsFolder(task(...names), async () => {})).rejects.toThrow(message);
  });
});
