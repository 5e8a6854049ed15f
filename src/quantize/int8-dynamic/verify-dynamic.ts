/** What became of a dynamically quantized file on this machine: whether its products fused, and whether it pays. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../data/samples/dataset.js';
import { messageOf } from '../../errors.js';
import { readModel } from '../../onnx/file/read.js';
import type { RunContext } from '../../runtime/context.js';
import type { Runtime } from '../../runtime/runtime.js';
import { scratchFolder } from '../../system/files/scratch.js';
import { runsHere, type Slowdown, slowdownText, sureSlowdown } from '../method/compare-speed.js';
import type { QuantizeRequest } from '../method/request.js';
import type { QuantizeNote } from '../method/result.js';

/** Notes what did not fuse, and says whether the file is slower than the original here. */
export async function verifyDynamic(
  request: QuantizeRequest,
  dataset: Dataset | null,
): Promise<{ notes: QuantizeNote[]; slowdown: Slowdown | null }> {
  const { context, target, options } = request;
  const notes: QuantizeNote[] = [];
  const unfused = await unfusedProducts(request.out, context.runtime);
  if (unfused.length > 0) {
    const message = `ONNX Runtime left ${unfused.length} products unfused, which costs time: ${unfused.slice(0, 5).join(', ')}.`;
    notes.push({ level: 'warn', code: 'quantize.not-fused', message });
  }
  if (!dataset || !runsHere(target)) return { notes, slowdown: null };
  try {
    const files = { original: request.model, quantized: request.out };
    const found = await slowdown(files, { context, dataset });
    if (found && options.include !== null)
      notes.push({
        level: 'warn',
        code: 'quantize.slower',
        message: `The quantized model ${slowdownText(found)}.`,
      });
    return { notes, slowdown: found };
  } catch (error) {
    context.log.debug(`The quantized model's speed was not compared: ${messageOf(error)}`);
    return { notes, slowdown: null };
  }
}

/** Names of the products that ONNX Runtime leaves as MatMulInteger: their scaling is not fused into them. */
async function unfusedProducts(file: string, runtime: Runtime): Promise<string[]> {
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
async function slowdown(
  files: { original: string; quantized: string },
  { context, dataset }: { context: RunContext; dataset: Dataset },
): Promise<Slowdown | null> {
  for await (const { feeds } of dataset.samples()) {
    return await sureSlowdown(files.original, files.quantized, { context, feeds });
  }
  return null;
}
