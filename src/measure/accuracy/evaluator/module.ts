/** Runs an evaluator module in a process of its own and answers what it asks of the model. */
import { existsSync } from 'node:fs';
import type { Dataset, Sample } from '../../../data/samples/dataset.js';
import { messageOf, throwIfInterrupted, UserError } from '../../../errors.js';
import type { Log } from '../../../log.js';
import { bundledFile } from '../../../system/process/bundled-file.js';
import {
  type ChildProcess,
  forkFile,
  signalAll,
  superviseChild,
} from '../../../system/process/child-process.js';
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

/** Characters of what the evaluator wrote that are quoted when it fails. */
const TAIL_LENGTH = 2_000;

/**
 * What the module's `evaluate` returned, unchecked. Throws UserError when the module doesn't load, throws, ends early or
 * takes longer than `timeoutMs`, Interrupted; the process, which doesn't see the job's secrets, is ended in any case.
 */
export async function runEvaluatorModule(module: string, task: EvaluationTask): Promise<unknown> {
  if (!existsSync(module))
    throw new UserError('evaluator.not-found', `The evaluator ${module} does not exist.`);
  throwIfInterrupted(task.signal);
  const child = forkFile(bundledFile('evaluator.js'), {
    directory: task.directory,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  try {
    return await conversation(child, module, task);
  } finally {
    signalAll(child, 'SIGKILL');
  }
}

function conversation(child: ChildProcess, module: string, task: EvaluationTask): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let tail = '';
    const keep = (text: string) => {
      tail = (tail + text).slice(-TAIL_LENGTH);
    };
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    const fail = (what: string) =>
      reject(
        new UserError(
          'evaluator.failed',
          `The evaluator ${module} ${what}.${tail.trim() ? `\nIt wrote:\n${tail.trim()}` : ''}`,
        ),
      );
    superviseChild(child, task).ended.then(({ startError, stopped, exitCode, signal }) => {
      if (startError !== null) fail(`could not be started: ${startError.message}`);
      else if (stopped !== null) {
        const limit = `${task.timeoutMs / 1000} s`;
        fail(`took longer than ${limit} and was stopped (raise \`evaluator: { timeout }\`)`);
      } else fail(`ended ${signal ? `by ${signal}` : `with exit code ${exitCode}`} without a result`);
    }, reject);
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
    return { ...next.value, outputs: await runner.run(next.value.feeds, tensors) };
  };
}
