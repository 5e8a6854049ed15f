/** Why the original can't be evaluated: the machine, or a sample that it can't take. */
import type { Batch } from '../../data/batches.js';
import { refusal, refusesSample } from '../../data/samples/refusal.js';
import { Interrupted, MachineError, messageOf, UserError } from '../../errors.js';
import type { Runner } from './runner.js';

interface Failed {
  runner: Runner;
  /** What it was asked at once. */
  batches: readonly Batch[];
  /** Names of outputs. */
  outputs: readonly string[];
}

/** A sample at fault is searched among those that were asked at once: each is run by itself. */
export async function originalError(error: unknown, { runner, batches, outputs }: Failed): Promise<Error> {
  if (error instanceof UserError || error instanceof MachineError || error instanceof Interrupted)
    return error;
  if (refusesSample(messageOf(error)))
    for (const { samples, feeds } of batches) {
      const said =
        batches.length === 1 ? messageOf(error) : await refusedWith(() => runner.run(feeds, outputs));
      if (said === null) continue;
      const [first, ...more] = samples;
      const place = more.length === 0 ? `Sample ${first!.id}` : `Samples ${first!.id} to ${more.at(-1)!.id}`;
      return refusal(said, { place, feeds: [feeds] });
    }
  return new MachineError(
    'measure.original-failed',
    `The original model can't be evaluated: ${messageOf(error)}`,
  );
}

/** null: it ran. */
async function refusedWith(run: () => Promise<unknown>): Promise<string | null> {
  try {
    await run();
    return null;
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    return messageOf(error);
  }
}
