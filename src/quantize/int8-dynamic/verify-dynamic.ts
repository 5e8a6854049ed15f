/** What became of a dynamically quantized file on this machine: whether its products fused, and whether it pays. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../data/samples/dataset.js';
import { readModel } from '../../onnx/file/read.js';
import type { RunContext } from '../../runtime/context.js';
import type { Runtime } from '../../runtime/runtime.js';
import { scratchFolder } from '../../system/scratch.js';
import { type Slowdown, sureSlowdown } from '../method/compare-speed.js';

/** Names of the products that ONNX Runtime leaves as MatMulInteger: their scaling is not fused into them. */
export async function unfusedProducts(file: string, runtime: Runtime): Promise<string[]> {
  const directory = scratchFolder('verify');
  try {
    const optimizedModelPath = join(directory, 'extended.onnx');
    const session = await runtime.open(file, {
      graphOptimizationLevel: 'extended',
      optimizedModelPath,
      threads: 1,
    });
    await session.release();
    return readModel(optimizedModelPath)
      .graph.nodes.filter((node) => node.opType === 'MatMulInteger')
      .map((node) => node.name);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** By how much the quantized file is slower than the original on the first sample, for sure; else null. */
export async function slowdown(
  files: { original: string; quantized: string },
  { context, dataset }: { context: RunContext; dataset: Dataset },
): Promise<Slowdown | null> {
  for await (const { feeds } of dataset.samples()) {
    return await sureSlowdown(files.original, files.quantized, { context, feeds });
  }
  return null;
}
