/** The parent's side: a process that reads inputs, and what is wrong with how it ended. */
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { usedCpuSeconds } from '../../src/machine/machine.js';
import type { Answer, Task } from './serve.js';

/** Of the process's own time: what it waits for a core on a busy machine is no hang. Without Linux's word for it, of the clock. */
const LONGEST_SECONDS = 30;
/** By the clock, whatever the process used. */
const LONGEST_WAIT_SECONDS = 600;
const LOOK_EVERY_MS = 1000;
const MAX_RSS_BYTES = 1.5e9;

export interface Ran {
  /** Exit code, or how the process ended. */
  exit: number | string;
  stderr: string;
  rssBytes: number;
  /** The process ended: the next input needs another. */
  gone: boolean;
}

export interface Reader {
  ask(task: Task): Promise<Ran>;
  end(): void;
}

export function startReader(): Reader {
  const child = fork(process.argv[1]!, ['serve'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
  // What starting takes on a busy machine is nobody's hang.
  const started = new Promise<void>((resolve) => {
    child.once('message', () => resolve()).once('exit', () => resolve());
  });
  return {
    end: () => child.kill('SIGKILL'),
    ask: async (task) => {
      await started;
      return new Promise((resolve) => {
        const settle = (ran: Ran) => {
          clearInterval(timer);
          child.off('message', answered).off('exit', exited);
          resolve(ran);
        };
        const died = (exit: string) => settle({ exit, stderr: '', rssBytes: 0, gone: true });
        const answered = (answer: unknown) => settle({ ...(answer as Answer), gone: false });
        const exited = (code: number | null, signal: string | null) =>
          died(signal ?? `died with code ${code}`);
        const late = lateness(child.pid!);
        const timer = setInterval(() => {
          if (!late()) return;
          child.kill('SIGKILL');
          died('timeout');
        }, LOOK_EVERY_MS);
        child.on('message', answered).on('exit', exited);
        if (child.exitCode !== null || child.signalCode !== null) died('it did not start');
        else child.send(task);
      });
    },
  };
}

/** Tells whether a process has taken too long since now. */
function lateness(pid: number): () => boolean {
  const started = performance.now();
  const usedBefore = usedCpuSeconds(pid);
  return () => {
    const waited = (performance.now() - started) / 1000;
    const used = usedCpuSeconds(pid);
    const own = used === null || usedBefore === null ? waited : used - usedBefore;
    return own > LONGEST_SECONDS || waited > LONGEST_WAIT_SECONDS;
  };
}

/** What is wrong with a run; null: nothing. `place`: the folder that it wrote to. */
export function judgeRun({ exit, stderr, rssBytes }: Ran, place: string): string | null {
  if (typeof exit === 'string')
    return exit === 'timeout' ? `longer than ${LONGEST_SECONDS} s` : `the process ended: ${exit}`;
  if (exit < 0 || exit > 3) return `exit ${exit}: ${firstLine(stderr)}`;
  if (/^\s+at .+:\d+:\d+\)?$/m.test(stderr)) return `a stack: ${firstLine(stderr)}`;
  if (exit !== 0 && !stderr.includes('error: ')) return `exit ${exit} without a sentence`;
  if (rssBytes > MAX_RSS_BYTES) return `${(rssBytes / 1e9).toFixed(1)} GB of memory`;
  const names = readdirSync(place, { recursive: true, encoding: 'utf8' });
  const partial = names.find((name) => /\.\d+\.tmp/.test(name));
  if (partial) return `a partial file: ${partial}`;
  if (exit !== 0 && names.some((name) => name.startsWith('out/q.onnx'))) return 'a model although it failed';
  return null;
}

function firstLine(text: string): string {
  return (
    text
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.slice(0, 200) ?? '(nothing printed)'
  );
}
