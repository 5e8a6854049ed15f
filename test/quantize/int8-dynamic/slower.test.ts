/** What is taken back when the clock says that 8 bits are slower: what costs time, and only if it is so again and again. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import type { QuantizeResult } from '../../../src/quantize/method/result.js';
import { quantizeModel } from '../../../src/quantize/quantize.js';
import { clockedRuntime } from '../clock.js';
import { DEFAULTS, scratch, smallModel, weight } from '../small-models.js';

/** Tokens → embeddings → a product that is large enough. */
const encoder = () =>
  smallModel({
    inputs: [makeValue('ids', DataType.INT64, ['batch', 8])],
    nodes: [
      makeNode('Gather', ['table', 'ids'], ['e'], { name: 'lookup' }),
      makeNode('MatMul', ['e', 'w'], ['y'], { name: 'product' }),
    ],
    initializers: [weight('table', [600, 128], 1), weight('w', [128, 256], 2)],
  });

/** @param timesMs of the quantized file's runs, comparison by comparison; the original takes 10. */
async function quantized(
  place: { directory: string },
  timesMs: readonly number[],
): Promise<{ result: QuantizeResult; ratio: number }> {
  const [model, out] = [join(place.directory, 'float.onnx'), join(place.directory, 'int8.onnx')];
  writeModel(encoder(), model);
  let looks = 0;
  const timeOf = (file: string): number => (file === model ? 10 : (timesMs[looks++] ?? timesMs.at(-1)!));
  const result = await quantizeModel({
    model,
    out,
    options: { ...DEFAULTS, method: 'int8-dynamic' },
    target: process.arch === 'arm64' ? 'arm64' : 'cpu',
    calibration: null,
    context: { runtime: clockedRuntime(timeOf), log: SILENT, threads: 1 },
    verify: true,
  });
  return { result, ratio: statSync(out).size / statSync(model).size };
}

const became = ({ decisions }: QuantizeResult): Record<string, string> =>
  Object.fromEntries(decisions.map((decision) => [decision.node, decision.became]));

afterEach(() => {
  vi.restoreAllMocks();
});

describe('int8-dynamic on a busy machine', () => {
  it('keeps everything when a comparison finds it faster, whatever others found', async () => {
    for (const times of [[5], [30, 5], [30, 30, 30, 5], [10.2]]) {
      using place = scratch();
      const { result } = await quantized(place, times);
      expect(became(result)).toEqual({ lookup: 'int8 table', product: 'DynamicQuantizeMatMul' });
      expect(result.notes).toEqual([]);
    }
  });

  it('gives back products that are slower every time, keeps their weights and tables in 8 bits, and says why', async () => {
    using fast = scratch();
    using slow = scratch();
    const kept = await quantized(fast, [5]);
    const { result, ratio } = await quantized(slow, [12, 13, 11, 12]);
    expect(became(result)).toEqual({ lookup: 'int8 table', product: 'int8 weights, folded' });
    expect(result.notes).toEqual([
      {
        level: 'info',
        code: 'quantize.only-weights',
        message: expect.stringContaining("takes 1.10 to 1.30 times the original's time here"),
      },
    ]);
    expect(ratio).toBeLessThan(1.05 * kept.ratio);
  });
});
