/** Models are tried in a process of their own, one after the other: one that crashes the runtime takes only that process with it. */
import { UserError } from '../../errors.js';
import type { RunContext } from '../../runtime/context.js';
import { DECIDING, type GraphOptimizationLevel } from '../../runtime/runtime.js';
import { WorkerError } from '../../runtime/worker/connection.js';
import { startWorker, type Worker } from '../../runtime/worker/worker.js';
import type { Feeds } from '../../tensor/tensor.js';

/** One session at a time, in a worker that is started when it is needed, and anew after one that died. */
export class Trials {
  readonly #context: RunContext;
  #worker: Worker | null = null;

  constructor(context: RunContext) {
    this.#context = context;
  }

  /** Opens a file in place of the last one.
   *  @throws UserError when ONNX Runtime refuses it, WorkerError when it crashes or hangs, Interrupted. */
  async open(file: string, graphOptimizationLevel: GraphOptimizationLevel): Promise<void> {
    const { runtime, signal } = this.#context;
    const session = { graphOptimizationLevel, ...DECIDING, silent: true };
    if (!this.#worker) {
      this.#worker = await startWorker({ model: file, session, runtime, signal });
      return;
    }
    const request = { model: file, runtimePath: runtime.directory, options: session, profileDirectory: null };
    await this.#orGone(this.#worker.call('open', request));
  }

  /** Every tensor output for these inputs. @throws as `open`. */
  async run(feeds: Feeds): Promise<Feeds> {
    if (!this.#worker) throw new Error('no model is open');
    return (await this.#orGone(this.#worker.call('run', { feeds, outputs: null }))).outputs;
  }

  /** Why the open model does not take these inputs, which may well be: its process goes on. null: it does.
   *  @throws Interrupted, MachineError. */
  async refusal(feeds: Feeds): Promise<Error | null> {
    if (!this.#worker) throw new Error('no model is open');
    try {
      await this.#worker.call('run', { feeds, outputs: null });
      return null;
    } catch (error) {
      if (error instanceof UserError || (error instanceof WorkerError && error.failure === 'refused'))
        return error;
      await this.#end();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#worker?.close();
    this.#worker = null;
  }

  /** A worker that failed may be gone: the next model gets another. */
  async #orGone<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      await this.#end();
      throw error;
    }
  }

  async #end(): Promise<void> {
    await this.#worker?.kill();
    this.#worker = null;
  }
}
