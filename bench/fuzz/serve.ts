/** The child's side: runs the command line once for each task that comes. */
import { main } from '../../src/cli/program.js';

export interface Task {
  args: string[];
  folder: string;
}

export interface Answer {
  exit: number;
  stderr: string;
  rssBytes: number;
}

/** What the child says first: from then on its time counts. */
const READY = 'ready';

/** Answers tasks until its parent ends it. */
export function serveReader(): void {
  // Each start of the command line listens for signals.
  process.setMaxListeners(0);
  process.stdout.setMaxListeners(0);
  process.stderr.setMaxListeners(0);
  let stderr = '';
  process.stdout.write = () => true;
  process.stderr.write = (chunk: string | Uint8Array) => {
    stderr += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    return true;
  };
  process.on('message', async ({ args, folder }: Task) => {
    stderr = '';
    process.chdir(folder);
    const exit = await main(args);
    const answer: Answer = { exit, stderr, rssBytes: process.memoryUsage.rss() };
    process.send!(answer);
  });
  process.on('disconnect', () => process.exit());
  process.send!(READY);
}
