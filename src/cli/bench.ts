/** quantgate bench: size and latency of models side by side; the first is the reference. */
import { DEFAULT_BENCHMARK } from '../config/defaults.js';
import { parseDuration } from '../config/quantity.js';
import { EXIT, UserError } from '../errors.js';
import { aloneOnGpu } from '../machine/lock.js';
import { assertShapesKnown } from '../measure/subject/inputs.js';
import { openTensorRtEngines } from '../measure/tensorrt/tensorrt-engines.js';
import { measureLatency } from '../measure/timing/latency.js';
import { modelInputs } from '../onnx/interface.js';
import { readModel } from '../onnx/read.js';
import { modelBytes } from '../onnx/weights.js';
import { type Measurement, ORIGINAL } from '../terms/measurement.js';
import type { CliContext } from './context.js';
import { subjectNames } from './subject-names.js';
import { comparisonTable } from './tables/comparison-table.js';

interface BenchOptions {
  provider: string;
  batch: number;
  concurrency: number;
  shape?: string[];
  budget: string;
}

export async function benchCommand(
  context: CliContext,
  models: string[],
  options: BenchOptions,
): Promise<number> {
  const documents = models.map((model) => readModel(model));
  const names = subjectNames(models);
  const [reference, ...others] = models.map((file, index) => ({ name: names[index]!, file }));
  const benchmark = {
    ...DEFAULT_BENCHMARK,
    providers: [options.provider],
    batch: [options.batch],
    concurrency: [options.concurrency],
    budgetMs: parseDuration(options.budget),
    shapes: parseShapes(options.shape ?? []),
    threads: context.options.threads ? [context.options.threads] : ('auto' as const),
  };
  assertShapesKnown(benchmark.shapes, documents.flatMap(modelInputs), '--shape');
  const { provider } = options;
  const run = await context.toRun();
  const { measurements, notes } = await aloneOnGpu({ provider, context: run }, async () => {
    const engines = provider === 'tensorrt' ? await openTensorRtEngines({ context: run }) : null;
    return measureLatency({
      model: reference!.name,
      original: { file: reference!.file },
      variants: others,
      provider,
      context: run,
      benchmark,
      confidence: 0.95,
      engines,
    }).finally(() => engines?.remove());
  });
  const sizes: Record<string, number> = {};
  for (const { name, file } of [reference!, ...others]) sizes[name] = await modelBytes(file);
  const named = measurements.map((entry) => ({
    ...entry,
    variant: entry.variant === ORIGINAL ? reference!.name : entry.variant,
  }));
  for (const note of notes) context.log.warn(note.message);
  context.print({ reference: reference!.name, sizes, measurements: named, notes }, () =>
    comparisonTable(named, sizes),
  );
  return named.some((entry: Measurement) => entry.status === 'invalid') ? EXIT.failedCheck : EXIT.pass;
}

function parseShapes(texts: readonly string[]): Record<string, number> {
  const shapes: Record<string, number> = {};
  for (const text of texts) {
    const match = /^(.+)=(\d+)$/.exec(text);
    if (!match || Number(match[2]) < 1)
      throw new UserError(`--shape ${text}: expected a name and a size, e.g. sequence=128.`);
    shapes[match[1]!] = Number(match[2]);
  }
  return shapes;
}
