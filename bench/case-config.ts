/** What a bench works on: a configuration, or a case of the peers prepared for it. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepareCase, type Sources } from './peers/cases.js';

/** Options of the command line that choose it, for `parseArgs`. */
export const CASE_OPTIONS = {
  config: { type: 'string' },
  case: { type: 'string' },
  models: { type: 'string' },
  images: { type: 'string' },
  lines: { type: 'string' },
  sentences: { type: 'string' },
  /** Keeps what a case prepares there, for the next run. */
  keep: { type: 'string' },
} as const;

interface Chosen extends Sources {
  config?: string | undefined;
  case?: string | undefined;
  keep?: string | undefined;
}

/** Path of the configuration that was given, or of the case's, prepared below `keep` or `directory`. */
export async function chosenConfig(values: Chosen, directory: string): Promise<string> {
  if (values.config) return values.config;
  if (!values.case) throw new Error('needs --config or --case');
  const folder = join(values.keep ?? directory, values.case);
  mkdirSync(folder, { recursive: true });
  return (await prepareCase(values.case, { folder, sources: values, part: 0 })).config;
}
