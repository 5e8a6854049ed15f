/** The job summary: at most 1 MiB, counted in bytes; the runner drops a larger one whole. */
import { stat } from 'node:fs/promises';
import { summary } from '@actions/core';
import type { Log } from '../../log.js';

/** Limit of one step's summary (actions/runner, FileCommandManager: AttachmentSizeLimit). */
const MAX_SUMMARY_BYTES = 1024 * 1024;

/** With less than this left, not even a verdict fits. */
export const MIN_SUMMARY_BYTES = 1024;

/** Bytes that this step may still write. */
export async function summaryRoom(env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const path = env.GITHUB_STEP_SUMMARY;
  if (!path) return MAX_SUMMARY_BYTES; // writeSummary says that there is none
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  );
  // One byte for the line end that follows.
  return Math.max(0, MAX_SUMMARY_BYTES - size - 1);
}

/** Appends `markdown`. Without a summary file (old servers, local runs) or when it can't be written, says so in the log. */
export async function writeSummary(markdown: string, log: Log): Promise<void> {
  if (!process.env.GITHUB_STEP_SUMMARY) {
    log.info('This runner has no job summary (GITHUB_STEP_SUMMARY is not set).');
    return;
  }
  try {
    await summary.addRaw(markdown, true).write();
  } catch (error) {
    log.warn(`The job summary could not be written: ${error instanceof Error ? error.message : error}`);
  }
}
