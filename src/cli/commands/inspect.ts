/** quantgate inspect: what a model holds, and what would be quantized and why not. */
import { EXIT } from '../../errors.js';
import { inspect } from '../../library/inspect.js';
import { callOptions } from '../context/call.js';
import type { CliContext } from '../context/context.js';
import { inspectionText } from '../tables/inspection-text.js';

export async function inspectCommand(
  context: CliContext,
  model: string,
  { plan }: { plan?: boolean },
): Promise<number> {
  // Its plans don't depend on the number of threads that would quantize.
  const { threads: _, ...call } = callOptions(context);
  const inspection = await inspect(model, { ...call, plan });
  context.print(inspection, () => inspectionText(inspection));
  return EXIT.pass;
}
