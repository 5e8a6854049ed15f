/** quantgate bench: size and latency of models side by side; the first is the reference. */
import { EXIT, UserError } from '../../errors.js';
import { bench } from '../../library/bench.js';
import { callOptions } from '../context/call.js';
import type { CliContext } from '../context/context.js';
import { comparisonTable } from '../tables/comparison-table.js';

interface BenchFlags {
  provider: string;
  batch: number;
  concurrency: number;
  shape?: string[];
  budget: string;
}

export async function benchCommand(
  context: CliContext,
  models: string[],
  { provider, batch, concurrency, shape, budget }: BenchFlags,
): Promise<number> {
  const shapes = parseShapes(shape ?? []);
  const result = await bench(models, {
    ...callOptions(context),
    ...{ provider, batch, concurrency, budget, shapes },
  });
  context.print(result, () =>
    comparisonTable(result.measurements, { sizes: result.sizes, width: process.stdout.columns }),
  );
  return result.measurements.some(({ status }) => status === 'invalid') ? EXIT.failedCheck : EXIT.pass;
}

function parseShapes(texts: readonly string[]): Record<string, number> {
  const shapes: Record<string, number> = {};
  for (const text of texts) {
    const match = /^(.+)=(\d+)$/.exec(text);
    if (!match)
      throw new UserError(
        'usage.invalid-value',
        `--shape ${text}: expected a name and a size, e.g. sequence=128.`,
      );
    shapes[match[1]!] = Number(match[2]);
  }
  return shapes;
}
