/** Runs jobs one after the other in a child process; when it dies, the job at work is taken down as crashed and another process goes on. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Job } from './jobs.js';

/** What a child is told to do, and answers. */
export interface Task {
  args: string[];
  /** For the files that it writes. */
  folder: string;
  ratio: number;
}

export interface Answer {
  exit: number;
  stdout: string;
  stderr: string;
  /** The speed ratio had a say. */
  asked: boolean;
}

export interface Ran {
  /** Exit code, signal, or `timeout`. */
  exit: number | string;
  stdout: string;
  stderr: string;
  /** Where it wrote; removed after it was taken down. */
  folder: string;
  /** With the slower ratio. */
  slower: boolean;
}

const ALWAYS = ['--json', '--quiet', '--no-color', '--threads', '1'];
const RATIO = 0.5;
const SLOW_RATIO = 2;
const TIMEOUT_MS = 15 * 60_000;

export interface BatchOptions {
  /** Folder of the bundled command line. */
  bundle: string;
  scratch: string;
  /** What the child runs, with `serve` and the bundle's folder (serve-batch.ts). */
  script: string;
}

/** @param take is called for each job, and before that for its slower form where the speed ratio had a say: a log that holds a job holds
 *  both. @throws Error when a child doesn't start: that is no crash of a job. */
export async function runBatch(
  jobs: readonly Job[],
  { bundle, scratch, script }: BatchOptions,
  take: (job: Job, ran: Ran) => void,
): Promise<void> {
  const folder = mkdtempSync(join(scratch, 'run-'));
  let child = await startChild(script, { bundle, folder });
  const run = async (job: Job, ratio: number): Promise<Ran & { asked: boolean }> => {
    const out = join(folder, `${ratio}`);
    mkdirSync(out);
    const args = job.args.map((arg) => (arg === 'OUT' ? join(out, 'q.onnx') : arg));
    const answer = await child.ask({ args: [...args, ...ALWAYS], folder: out, ratio });
    if (typeof answer.exit === 'string') child = await startChild(script, { bundle, folder });
    return { ...answer, folder: out, slower: ratio === SLOW_RATIO };
  };
  try {
    for (const job of jobs) {
      const first = await run(job, RATIO);
      const runs = first.asked ? [await run(job, SLOW_RATIO), first] : [first];
      for (const ran of runs) {
        take(job, ran);
        rmSync(ran.folder, { recursive: true });
      }
    }
  } finally {
    await child.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a child says when it can take tasks. */
export const READY = 'ready';

type Settled = Omit<Answer, 'exit'> & { exit: number | string };

interface Child {
  ask(task: Task): Promise<Settled>;
  end(): Promise<void>;
}

async function startChild(
  script: string,
  { bundle, folder }: { bundle: string; folder: string },
): Promise<Child> {
  const { PATH, HOME, LD_LIBRARY_PATH } = process.env;
  const child = fork(script, ['serve', bundle], {
    env: { PATH, HOME, LD_LIBRARY_PATH, TMPDIR: folder },
    // What native code prints holds the time of day.
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  /** The next message, or how the child ended before there was one. */
  const next = async (): Promise<{ message: unknown } | { ended: string }> =>
    await new Promise((resolve) => {
      const settle = (found: { message: unknown } | { ended: string }) => {
        clearTimeout(timer);
        child.off('message', heard).off('exit', exited);
        resolve(found);
      };
      const heard = (message: unknown) => settle({ message });
      const exited = (code: number | null, signal: string | null) =>
        settle({ ended: signal ?? `ended with code ${code}` });
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        settle({ ended: 'timeout' });
      }, TIMEOUT_MS);
      child.on('message', heard).on('exit', exited);
      if (child.exitCode !== null || child.signalCode !== null) exited(child.exitCode, child.signalCode);
    });
  const first = await next();
  if (!('message' in first) || first.message !== READY)
    throw new Error(`${script} serve ${bundle} doesn't start: ${JSON.stringify(first)}`);
  return {
    ask: async (task) => {
      // A child that is gone hears nothing: its end is what comes next.
      child.send(task, () => {});
      const answer = await next();
      if ('message' in answer) return answer.message as Answer;
      return { exit: answer.ended, stdout: '', stderr: '', asked: false };
    },
    end: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
