/** What became of a dynamically quantized file on this machine: whether its products fused, and whether it pays. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../data/samples/dataset.js';
import { readModel } from '../../onnx/read.js';
import type { RunContext } from '../../runtime/context.js';
import type { Runtime } from '../../runtime/runtime.js';
import { scratchFolder } from '../../system/scratch.js';
import { confirmedSpeedRatio } from '../method/compare-speed.js';

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

/** A file that is this much slower in both of two looks is slower; less is the machine's noise. */
const NOISE = 1.03;

/** Time of the quantized file ÷ the original's on the first sample, when it is slower for sure; else null. */
export async function slowdown(
  files: { original: string; quantized: string },
  { context, dataset }: { context: RunContext; dataset: Dataset },
): Promise<number | null> {
  for await (const { feeds } of dataset.samples()) {
    const speed = { context, feeds, tolerance: NOISE };
    const ratio = await confirmedSpeedRatio(files.original, files.quantized, speed);
    return ratio <= NOISE ? null : ratio;
  }
  return null;
}
