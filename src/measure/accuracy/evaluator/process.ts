/** The evaluator process's side: imports the user's module and hands it the model. */
import { pathToFileURL } from 'node:url';
import { messageOf } from '../../../errors.js';
import type { Feeds } from '../../../tensor/tensor.js';
import type { AskMessage, EndMessage, EvaluatedSample, ReplyMessage, StartMessage } from './protocol.js';
import { EVALUATOR_DECODERS, EVALUATOR_METRICS } from './toolbox.js';

/** What a module's `evaluate` is called with (docs/configuration.md). */
export interface EvaluatorContext {
  /** Absolute path of the model file. */
  model: string;
  /** One inference: tensors { type, dims, data } by input name in, by output name out. */
  run(feeds: Feeds, outputs?: readonly string[]): Promise<Feeds>;
  /** The evaluation data, preprocessed and run through the model. */
  samples(): AsyncIterable<EvaluatedSample>;
  /** The figures of the built-in tasks, sample by sample. */
  metrics: typeof EVALUATOR_METRICS;
  /** From outputs to answers. */
  decode: typeof EVALUATOR_DECODERS;
}

/** Waits for the start message, evaluates once, says what came out, and ends. */
export function serveEvaluator(): void {
  if (!process.send) {
    process.stderr.write('quantgate evaluator: started by hand; it is started by quantgate itself.\n');
    process.exit(2);
  }
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(0));
  const waiting = new Map<number, (reply: ReplyMessage) => void>();
  process.on('message', (message: StartMessage | ReplyMessage) => {
    if (message.kind === 'start') void evaluateOnce(message, waiting).then(end);
    else {
      waiting.get(message.id)?.(message);
      waiting.delete(message.id);
    }
  });
}

function end(message: EndMessage): void {
  process.send!(message, undefined, undefined, () => process.exit(0));
}

async function evaluateOnce(
  start: StartMessage,
  waiting: Map<number, (reply: ReplyMessage) => void>,
): Promise<EndMessage> {
  try {
    const module = (await import(pathToFileURL(start.module).href)) as { evaluate?: unknown };
    if (typeof module.evaluate !== 'function') {
      return { kind: 'error', message: 'it exports no function `evaluate`' };
    }
    let nextId = 1;
    const ask = (
      question: { kind: 'next' } | { kind: 'run'; feeds: Feeds; outputs: readonly string[] | null },
    ) =>
      new Promise<Feeds | EvaluatedSample | null>((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, (reply) => (reply.ok ? resolve(reply.value) : reject(new Error(reply.message))));
        process.send!({ ...question, id } satisfies AskMessage);
      });
    const context: EvaluatorContext = {
      model: start.model,
      metrics: EVALUATOR_METRICS,
      decode: EVALUATOR_DECODERS,
      run: async (feeds, outputs) => (await ask({ kind: 'run', feeds, outputs: outputs ?? null })) as Feeds,
      async *samples() {
        for (;;) {
          const sample = (await ask({ kind: 'next' })) as EvaluatedSample | null;
          if (sample === null) return;
          yield sample;
        }
      },
    };
    return { kind: 'result', value: await module.evaluate(context) };
  } catch (error) {
    return {
      kind: 'error',
      message: error instanceof Error ? (error.stack ?? error.message) : messageOf(error),
    };
  }
}
