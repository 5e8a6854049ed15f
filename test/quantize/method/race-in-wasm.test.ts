import { afterAll, expect, it } from 'vitest';
import { SILENT } from '../../../src/log.js';
import { race } from '../../../src/quantize/method/race.js';
import { loadRuntime } from '../../../src/runtime/load.js';
import { locateWasm } from '../../../src/runtime/provision/provision.js';
import { matMulModel, modelFolder } from '../../runtime/models.js';

const folder = modelFolder();
afterAll(() => folder.remove());

it('a race in WebAssembly is run in workers with onnxruntime-web, and tells the larger model from the smaller', async () => {
  const asked: unknown[] = [];
  const runtime = await loadRuntime({
    locateWasm: (build) => {
      asked.push(build);
      return locateWasm({ log: SILENT, build });
    },
  });
  const x = { type: 'float32', dims: [1, 256], data: new Float32Array(256).fill(0.5) } as const;
  const files = [24, 1].map((layers) => folder.write(`${layers}.onnx`, matMulModel(layers, 256)));
  const { times } = await race(files, {
    context: { runtime, log: SILENT, threads: 1 },
    provider: 'wasm',
    feeds: { x },
    budgetMs: 200,
  });
  const [large, small] = times;
  expect(asked).toEqual(['node']);
  expect(small!).toBeGreaterThan(0);
  expect(large!).toBeGreaterThan(2 * small!);
});
