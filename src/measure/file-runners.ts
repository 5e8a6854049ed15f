/** The models of the accuracy pass: each opened in a worker of its own, one that holds half values as its reference in half arithmetic. */
import { rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Interrupted, MachineError, messageOf, UserError } from '../errors.js';
import type { RunContext } from '../runtime/context.js';
import { type SessionOptions, SPIN_WITHIN_RUNS } from '../runtime/runtime.js';
import { WorkerError } from '../runtime/worker/connection.js';
import type { FeedsFile } from '../runtime/worker/feeds-file.js';
import { startWorker, type Worker } from '../runtime/worker/worker.js';
import { scratchFolder } from '../system/files/scratch.js';
import type { ValueMeta } from '../tensor/value-meta.js';
import { type Note, ORIGINAL } from '../terms/measurement.js';
import { type Runner, workerRunner } from './accuracy/runner.js';
import { writeHalfReference } from './subject/half-reference.js';
import type { SubjectFile } from './subject/subject.js';

export interface FileRunner extends Runner {
  /** What is run, by us or by a custom evaluator: the file, or its reference in half arithmetic. */
  file: string;
}

export interface FileRunnersRequest {
  model: { name: string };
  session: SessionOptions;
  feedsFile: FeedsFile;
  context: RunContext;
}

/** Runners in the order in which their files were opened; `close` ends their workers. */
export class FileRunners {
  readonly runners: FileRunner[] = [];
  readonly notes: Note[] = [];
  /** Variants that are judged by their reference. */
  readonly inHalf = new Set<string>();
  readonly #workers: Worker[] = [];
  readonly #folders: string[] = [];
  readonly #request: FileRunnersRequest;

  constructor(request: FileRunnersRequest) {
    this.#request = request;
  }

  /** Inputs of the original. */
  get inputs(): readonly ValueMeta[] {
    return this.#workers[0]!.opened.inputs;
  }

  /** Adds the head's runner and, where there is one, the base's. A variant that can't be opened fails when it is run: its reason is kept.
   *  @throws UserError or MachineError when it is the original that can't be opened, Interrupted. */
  async open(subject: SubjectFile): Promise<void> {
    const { context } = this.#request;
    for (const [file, base] of [
      [subject.file, false],
      [subject.base ?? null, true],
    ] as const) {
      if (file === null) continue;
      try {
        const { worker, judged } = await this.#openFile(file, base ? null : subject.variant);
        this.#workers.push(worker);
        this.runners.push({ ...workerRunner(worker, subject.variant, { base }), file: judged });
      } catch (error) {
        if (error instanceof Interrupted || context.signal?.aborted) throw error;
        if (subject.variant === ORIGINAL && !base) throw originalFailure(error);
        if (!base) this.runners.push(this.#failed(subject.variant, { file, error }));
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }

  /** The file's own worker; where the provider would compute half values in float32, that of the file's reference.
   *  @param variant whose notes to write; null: nobody's. */
  async #openFile(file: string, variant: string | null): Promise<{ worker: Worker; judged: string }> {
    const worker = await this.#startWorker(file);
    if ((this.#request.session.provider ?? 'cpu') !== 'cpu') return { worker, judged: file };
    const folder = scratchFolder('half');
    this.#folders.push(folder);
    let reason: string | null;
    try {
      const reference = await writeHalfReference(file, join(folder, basename(file)), this.#request.context);
      if (reference === null) return { worker, judged: file };
      if (reference.file !== null) {
        const started = await this.#startWorker(reference.file);
        await worker.close();
        this.#tell(variant, null);
        return { worker: started, judged: reference.file };
      }
      reason = reference.reason;
    } catch (error) {
      if (error instanceof Interrupted) {
        await worker.kill();
        throw error;
      }
      reason = messageOf(error).split('\n', 1)[0]!.replace(/\.+$/, '');
    }
    this.#tell(variant, reason);
    return { worker, judged: file };
  }

  #startWorker(model: string): Promise<Worker> {
    const { session, context, feedsFile } = this.#request;
    // Threads that spin on after a run would take the cores from the next model.
    const options = { ...session, configEntries: SPIN_WITHIN_RUNS };
    return startWorker({ model, session: options, ...context, feedsFile });
  }

  /** What arithmetic a file of half values is judged in.
   *  @param reason why it is not half arithmetic; null: it is. */
  #tell(variant: string | null, reason: string | null): void {
    if (variant === null) return;
    if (reason === null) this.inHalf.add(variant);
    const message =
      reason === null
        ? 'Judged in half arithmetic: the CPU provider computes half-precision operators in float32, so accuracy and fidelity are taken with every half value rounded to half. Size, latency and memory are those of the file itself.'
        : `It holds half-precision values that are judged as this CPU computes them, in float32: on a device that computes in half, accuracy and fidelity can be lower (${reason}).`;
    this.notes.push({
      level: reason === null ? 'info' : 'warn',
      code: reason === null ? 'accuracy.half' : 'accuracy.half-as-float32',
      message,
      model: this.#request.model.name,
      variant,
    });
  }

  #failed(variant: string, { file, error }: { file: string; error: unknown }): FileRunner {
    const { outputs } = this.#workers[0]!.opened;
    return { variant, outputs, run: () => Promise.reject(error), file };
  }
}

function originalFailure(error: unknown): unknown {
  if (!(error instanceof WorkerError)) return error;
  if (error.failure === 'refused') return new UserError('data.refused-by-model', error.message);
  return new MachineError(
    'measure.original-failed',
    `The original model can't be evaluated. ${messageOf(error)}`,
  );
}
