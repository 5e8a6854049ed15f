/** What every step of a job needs to know, and where it leaves its files. */
import type { Log } from '../../log.js';
import type { Api } from '../api/api.js';
import type { GitHubContext } from '../event/context.js';
import type { Inputs } from './inputs.js';

/** Where the report and the models go, below the working directory. */
export const OUTPUT_DIRECTORY = 'quantgate-out';

export interface Job {
  inputs: Inputs;
  context: GitHubContext;
  log: Log;
  /** null without a token: everything that needs no API still works. */
  api: Api | null;
  /** Aborted when the runner cancels the job. */
  signal: AbortSignal;
}
