/** The child's side: runs the bundled command line once for each task that comes, as if it were started anew. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FixedSpeed } from './fixed-clock.js';
import { type Answer, READY, type Task } from './run-batch.js';

/** Answers tasks until its parent ends it. */
export function serveBatch(bundle: string): void {
  // Each start of the command line listens for signals.
  process.setMaxListeners(0);
  process.stdout.setMaxListeners(0);
  process.stderr.setMaxListeners(0);
  let count = 0;
  process.on('message', async (task: Task) => {
    process.send!(await start(`${pathToFileURL(join(bundle, 'cli.js')).href}?${count++}`, task));
  });
  process.on('disconnect', () => process.exit());
  process.send!(READY);
}

async function start(entry: string, { args, folder, ratio }: Task): Promise<Answer> {
  const speed: FixedSpeed = { ratio, asked: false };
  Object.assign(globalThis, { sameBytes: speed });
  process.chdir(folder);
  process.argv.splice(2, Number.POSITIVE_INFINITY, ...args);
  process.exitCode = undefined;
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  // The module runs when it is imported; with another query it is another module.
  await import(entry);
  const exit = Number(process.exitCode ?? 0);
  return { exit, stdout: stdout(), stderr: stderr(), asked: speed.asked };
}

/** Keeps what is written from here on. @returns gives it. */
function capture(stream: NodeJS.WriteStream): () => string {
  let text = '';
  stream.write = (chunk: string | Uint8Array, ...more: unknown[]) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
    const written = more.find((one) => typeof one === 'function') as (() => void) | undefined;
    if (written) process.nextTick(written);
    return true;
  };
  return () => text;
}
