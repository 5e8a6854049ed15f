/** Runs an evaluator module in a process of its own and answers what it asks of the model. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Dataset, Sample } from '../../../data/samples/dataset.js';
import { Interrupted, messageOf, UserError } from '../../../errors.js';
import type { Log } from '../../../log.js';
import { bundledFile } from '../../../runtime/bundled-file.js';
import type { Runner } from '../runner.js';
import type { AskMessage, EndMessage, EvaluatedSample, StartMessage } from './protocol.js';

export interface EvaluationTask {
  /** The model to score. */
  runner: Runner & { file: string };
  /** The evaluation data; null: the evaluator brings its own. */
  dataset: Dataset | null;
  /** Folder that the evaluator runs in. */
  directory: string;
  timeoutMs: number;
  log: Log;
  signal?: AbortSignal;
}

/** How much of what the evaluator wrote is quoted when it fails. */
const TAIL_BYTES = 2_000;

/**
 * What the module's `evaluate` returned, unchecked. Throws UserError when the module doesn't load, throws, ends early or
 * takes longer than `timeoutMs`; the process is gone in any case.
 */
export async function runEvaluatorModule(module: string, task: EvaluationTask): Promise<unknown> {
  if (!existsSync(module)) throw new UserError(`The evaluator ${module} does not exist.`);
  task.signal?.throwIfAborted();
  const child = fork(bundledFile('evaluator.js'), [], {
    cwd: task.directory,
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const killWithParent = () => child.kill('SIGKILL');
  process.once('exit', killWithParent);
  try {
    return await conversation(child, module, task);
  } finally {
    process.removeListener('exit', killWithParent);
    child.kill('SIGKILL');
  }
}

function conversation(child: ChildProcess, module: string, task: EvaluationTask): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let tail = '';
    const keep = (text: Buffer) => {
      tail = (tail + text.toString('utf8')).slice(-TAIL_BYTES);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    const fail = (what: string) =>
      reject(
        new UserError(`The evaluator ${module} ${what}.${tail.trim() ? `\nIt wrote:\n${tail.trim()}` : ''}`),
      );
    const timer = setTimeout(
      () =>
        fail(
          `took longer than ${task.timeoutMs / 1000} s and was stopped (raise \`evaluator: { timeout }\`)`,
        ),
      task.timeoutMs,
    );
    const onAbort = () => reject(new Interrupted('interrupted'));
    task.signal?.addEventListener('abort', onAbort, { once: true });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      task.signal?.removeEventListener('abort', onAbort);
      fail(`ended ${signal ? `by ${signal}` : `with exit code ${code}`} without a result`);
    });
    child.on('error', (error) => fail(`could not be started: ${error.message}`));
    const answer = answerer(task);
    child.on('message', (message: AskMessage | EndMessage) => {
      if (message.kind === 'result') resolve(message.value);
      else if (message.kind === 'error') fail(`failed: ${message.message}`);
      else {
        // A failed send means that the process is gone; 'close' says so.
        answer(message).then(
          (value) => child.send({ kind: 'reply', id: message.id, ok: true, value }, () => {}),
          (error: unknown) =>
            child.send({ kind: 'reply', id: message.id, ok: false, message: messageOf(error) }, () => {}),
        );
      }
    });
    const start: StartMessage = { kind: 'start', module, model: task.runner.file };
    child.send(start, () => {});
  });
}

/** Runs what the module feeds, and draws sample after sample from the data. */
function answerer({
  runner,
  dataset,
}: EvaluationTask): (message: AskMessage) => Promise<EvaluatedSample | object | null> {
  const tensors = runner.outputs
    .filter(({ type }) => type !== null && type !== 'string')
    .map(({ name }) => name);
  let samples: AsyncIterator<Sample> | null = null;
  return async (message) => {
    if (message.kind === 'run') return runner.run(message.feeds, message.outputs ?? tensors);
    if (dataset === null) throw new Error('there is no evaluation data: give `data.evaluation`');
    samples ??= dataset.samples()[Symbol.asyncIterator]();
    const next = await samples.next();
    if (next.done) {
      samples = null;
      return null;
    }
    const { id, label, feeds } = next.value;
    return { id, label, feeds, outputs: await runner.run(feeds, tensors) };
  };
}
