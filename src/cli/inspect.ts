/** quantgate inspect: what a model holds, and what would be quantized and why not. */
import { EXIT } from '../errors.js';
import { inspectModel } from '../quantize/inspect.js';
import type { CliContext } from './context.js';
import { inspectionText } from './tables/inspection-text.js';

export async function inspectCommand(
  context: CliContext,
  model: string,
  options: { plan?: boolean },
): Promise<number> {
  const run = options.plan ? await context.toRun() : undefined;
  // Its plans don't depend on the number of threads that would quantize.
  const inspection = await inspectModel(model, { context: run && { ...run, threads: undefined } });
  context.print(inspection, () => inspectionText(inspection));
  return EXIT.pass;
}
