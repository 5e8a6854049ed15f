/** A model that answers: how the accuracy pass reaches a session or a worker process. */

import type { StoredFeeds } from '../../runtime/worker/feeds-file.js';
import type { Worker } from '../../runtime/worker/worker.js';
import type { Feeds } from '../../tensor/tensor.js';
import type { ValueMeta } from '../../tensor/value-meta.js';

export interface Runner {
  /** Name of the variant; 'original' for the unquantized model. */
  variant: string;
  /** The base branch's build of the variant of that name. */
  base?: boolean;
  outputs: readonly ValueMeta[];
  run(feeds: Feeds, outputs: readonly string[]): Promise<Feeds>;
  /** The same for several inputs that lie where the model's process reads them; absent: it reads none. */
  runStored?(feeds: readonly StoredFeeds[], outputs: readonly string[]): Promise<Feeds[]>;
}

export function workerRunner(worker: Worker, variant: string, options: { base?: boolean } = {}): Runner {
  return {
    variant,
    base: options.base ?? false,
    outputs: worker.opened.outputs,
    run: async (feeds, outputs) => (await worker.call('run', { feeds, outputs })).outputs,
    runStored: async (feeds, outputs) => (await worker.call('runStored', { feeds, outputs })).outputs,
  };
}
