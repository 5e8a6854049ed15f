/** Opens one tiny session on an execution provider, in a child process: a driver that crashes takes only that along. */
import { Interrupted, MachineError, messageOf, throwIfInterrupted } from '../errors.js';
import { oneNodeModel } from '../onnx/one-node.js';
import type { WorkerContext } from '../runtime/context.js';
import { startWorker } from '../runtime/worker/worker.js';
import { floatsOf } from '../tensor/tensor.js';

export interface ProbeRequest {
  context: WorkerContext;
  /** Device of the provider; default: its own choice. */
  deviceId?: number;
}

/** A device that doesn't answer shouldn't stop whoever asks. */
export const PROVIDER_DEADLINE_MS = 60_000;

/**
 * Whether the provider computes |−2| = 2. Throws MachineError naming what is missing when it doesn't open, whatever the
 * reason (the model is ours and valid), and Interrupted.
 */
export async function providerComputes(provider: string, request: ProbeRequest): Promise<boolean> {
  const { context, deviceId } = request;
  try {
    const worker = await startWorker({
      model: oneNodeModel('Abs'),
      name: `a session on ${provider}`,
      session: { provider, deviceId },
      ...context,
      deadlineMs: PROVIDER_DEADLINE_MS,
    });
    try {
      const x = { type: 'float32', dims: [1], data: Float32Array.of(-2) } as const;
      const { outputs } = await worker.call('run', { feeds: { x }, outputs: null });
      return floatsOf(outputs.y!)[0] === 2;
    } finally {
      await worker.kill();
    }
  } catch (error) {
    if (error instanceof Interrupted || error instanceof MachineError) throw error;
    throw new MachineError(
      'provider.not-opened',
      `The execution provider '${provider}' could not be opened: ${messageOf(error)}`,
    );
  }
}

/**
 * Throws MachineError for the first of `providers` that doesn't open. The CPU provider always does. To be asked before
 * anything is quantized: a run that needs a GPU shouldn't find out minutes later that there is none.
 */
export async function assertProvidersOpen(
  providers: readonly string[],
  request: ProbeRequest,
): Promise<void> {
  for (const provider of providers) {
    if (provider === 'cpu') continue;
    throwIfInterrupted(request.context.signal);
    if (await providerComputes(provider, request)) continue;
    throw new MachineError(
      'provider.wrong-results',
      `The execution provider '${provider}' opens but computes wrong results (|−2| is not 2): its driver or libraries don't fit ONNX Runtime. \`quantgate doctor\` tells more; take it out of benchmark.providers to measure without it.`,
    );
  }
}
