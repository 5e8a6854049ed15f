import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCalibration, openDataset } from '../../src/data/open.js';
import { UserError } from '../../src/errors.js';
import { collect, dataConfig, meta, npy, npz, temporaryFolder } from './samples.js';

const folder = temporaryFolder();
const FIXED = meta('x', 'float32', [4, 2]);

function stored(name: string, samples: number): string {
  const path = join(folder, name);
  const values = Float32Array.from({ length: samples * 2 }, (_, i) => i >> 1);
  writeFileSync(path, npz({ x: npy(values, [samples, 2]) }));
  return path;
}

describe('calibration data for a model whose batch is fixed above 1', () => {
  it('is stacked from single samples; the last stack is filled up with its own first samples', async () => {
    const dataset = await openCalibration(dataConfig(stored('six.npz', 6)), [FIXED]);
    const stacks = await collect(dataset);
    expect(stacks.map(({ feeds }) => feeds.x!.dims)).toEqual([
      [4, 2],
      [4, 2],
    ]);
    const rows = stacks.flatMap(({ feeds }) =>
      [...(feeds.x!.data as Float32Array)].filter((_, i) => i % 2 === 0),
    );
    expect(rows.slice(0, 4).concat(rows.slice(4, 6)).toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(rows.slice(6)).toEqual(rows.slice(4, 6));
  });

  it('is repeated where there is less than one batch', async () => {
    const dataset = await openCalibration(dataConfig(stored('one.npz', 1)), [FIXED]);
    const [only] = await collect(dataset);
    expect([...(only!.feeds.x!.data as Float32Array)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('is refused where the samples are of another size', async () => {
    const other = meta('x', 'float32', [4, 3]);
    await expect(openCalibration(dataConfig(stored('two.npz', 2)), [other])).rejects.toThrow(UserError);
  });

  it('is refused for evaluation, which needs the answer to each sample', async () => {
    await expect(openDataset(dataConfig(stored('eval.npz', 4)), [FIXED])).rejects.toThrow(
      'batch is fixed at 4',
    );
  });

  it('is told of by its axes where it has as many values in another order: no batch is at fault', async () => {
    const path = join(folder, 'state.npz');
    writeFileSync(path, npz({ x: npy(new Float32Array(3 * 2 * 8), [3, 2, 8]) }));
    const state = meta('x', 'float32', [2, 1, 8]);
    await expect(openDataset(dataConfig(path), [state])).rejects.toThrow(
      /gives \[1, 2, 8\] for the model's input 'x', which takes \[2, 1, 8\]\. Save each sample with its axes in the model's order, as \[2, 1, 8\]\.$/,
    );
  });
});
