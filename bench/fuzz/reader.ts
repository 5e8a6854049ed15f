/** The parent's side: a process that reads inputs, and what is wrong with how it ended. */
import { fork } from 'node:child_process';
import { readdirSync } from 'node:fs';
import type { Answer, Task } from './serve.js';

const TIMEOUT_MS = 30_000;
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
          clearTimeout(timer);
          child.off('message', answered).off('exit', exited);
          resolve(ran);
        };
        const died = (exit: string) => settle({ exit, stderr: '', rssBytes: 0, gone: true });
        const answered = (answer: unknown) => settle({ ...(answer as Answer), gone: false });
        const exited = (code: number | null, signal: string | null) =>
          died(signal ?? `died with code ${code}`);
        const timer = setTimeout(() => {
          child.kill('SIGKILL');
          died('timeout');
        }, TIMEOUT_MS);
        child.on('message', answered).on('exit', exited);
        if (child.exitCode !== null || child.signalCode !== null) died('it did not start');
        else child.send(task);
      });
    },
  };
}

/** What is wrong with a run; null: nothing. `place`: the folder that it wrote to. */
export function judgeRun({ exit, stderr, rssBytes }: Ran, place: string): string | null {
  if (typeof exit === 'string') return exit === 'timeout' ? 'longer than 30 s' : `the process ended: ${exit}`;
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
