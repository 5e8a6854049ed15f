/** A file's arithmetic by itself: each node as the operator set defines it, nothing fused, so that no CPU's 8-bit kernels saturate. */
import { loadConfig } from '../../src/config/read/load.js';
import { openDataset } from '../../src/data/open.js';
import { OutputFidelity } from '../../src/measure/fidelity/output-fidelity.js';
import { readModel } from '../../src/onnx/file/read.js';
import { modelInputs } from '../../src/onnx/query/interface.js';
import { loadRuntime } from '../../src/runtime/load.js';
import { isFloatType } from '../../src/tensor/elements.js';
import type { PreparedCase } from './cases.js';

/** What fidelity needs, and no more: without fusion a run takes its time. */
const SAMPLES = 100;

/** SQNR in dB of each file's first float output over the first evaluation samples; null: the file doesn't run. */
export async function unfusedSqnr(
  { model, config }: PreparedCase,
  files: readonly string[],
  { threads }: { threads: number },
): Promise<(number | null)[]> {
  const runtime = await loadRuntime();
  const { data } = (await loadConfig(config)).models[0]!;
  const dataset = await openDataset(data.evaluation!, modelInputs(readModel(model)));
  const open = (file: string) => runtime.open(file, { graphOptimizationLevel: 'disabled', threads });
  const results: (number | null)[] = [];
  for (const file of files) {
    const sums = new OutputFidelity('last');
    try {
      const [reference, variant] = [await open(model), await open(file)];
      const output = reference.outputs.find(({ type }) => type !== null && isFloatType(type))!.name;
      let count = 0;
      for await (const { feeds } of dataset.samples()) {
        if (count++ === SAMPLES) break;
        sums.add((await reference.run(feeds))[output]!, (await variant.run(feeds))[output]!);
      }
      await Promise.all([reference.release(), variant.release()]);
      results.push(sums.result().sqnr);
    } catch {
      results.push(null);
    }
  }
  return results;
}
