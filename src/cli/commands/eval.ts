/** quantgate eval: accuracy and fidelity of models on data; the first is the reference. */
import { EXIT } from '../../errors.js';
import { evaluate } from '../../library/evaluate.js';
import type { Task } from '../../terms/metrics.js';
import { noteSentence } from '../../terms/note-sentence.js';
import { callOptions } from '../context/call.js';
import type { CliContext } from '../context/context.js';
import { type DataFlags, dataOptions } from '../options/data-options.js';
import { comparisonTable } from '../tables/comparison-table.js';
import { layersTable } from '../tables/layers-table.js';

interface EvalFlags extends Omit<DataFlags, 'path'> {
  provider: string;
  data?: string;
  task?: Task;
  output?: string;
  outputs?: Record<string, string>;
  decoder?: string;
  keys?: string;
  labelOffset?: number;
  layers?: boolean;
  config?: string;
  model?: string;
}

export async function evalCommand(context: CliContext, models: string[], flags: EvalFlags): Promise<number> {
  const { provider, task, output, outputs, decoder, keys, labelOffset, layers, config, model } = flags;
  const result = await evaluate(models, {
    ...callOptions(context),
    ...{ provider, task, output, outputs, decoder, keys, labelOffset, layers, config, model },
    data: dataOptions({ ...flags, path: flags.data }),
  });
  context.print(result, () =>
    [
      `${result.data}: ${result.samples} samples`,
      comparisonTable(result.measurements, { width: process.stdout.columns }),
      ...result.notes.map(noteSentence),
      ...(result.originalInDoubt?.level === 'error'
        ? ["✘ fail: the first model makes no sense of these data (a config's `on-chance: warn` lets it pass)"]
        : []),
      ...Object.entries(result.layers ?? {}).flatMap(([variant, entries]) => [
        '',
        layersTable(variant, entries),
      ]),
    ].join('\n'),
  );
  const failed =
    result.originalInDoubt?.level === 'error' ||
    result.measurements.some(({ status }) => status === 'invalid');
  return failed ? EXIT.failedCheck : EXIT.pass;
}
