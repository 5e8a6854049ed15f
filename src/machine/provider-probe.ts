/** Opens one tiny session on an execution provider, in a child process: a driver that crashes takes only that along. */
import { Interrupted, MachineError, messageOf, throwIfInterrupted } from '../errors.js';
import { oneNodeModel } from '../onnx/file/one-node.js';
import type { WorkerContext } from '../runtime/context.js';
import { startWorker } from '../runtime/worker/worker.js';
import { floatsOf } from '../tensor/tensor.js';
import { type BrowserOfRun, browserText } from '../terms/browser.js';
import type { Note } from '../terms/measurement.js';

export interface ProbeRequest {
  context: WorkerContext;
  /** Device of the provider; default: its own choice. */
  deviceId?: number;
}

/** A device that doesn't answer shouldn't stop whoever asks. */
export const PROVIDER_DEADLINE_MS = 60_000;

/** What one tiny session on a provider tells. */
export interface Probe {
  /** |−2| came out as 2. */
  computes: boolean;
  /** The browser that it ran in; null: none. */
  browser: BrowserOfRun | null;
}

/**
 * Opens the provider and has it compute |−2|. Throws MachineError naming what is missing when it doesn't open, whatever the
 * reason (the model is ours and valid), and Interrupted.
 */
export async function probeProvider(provider: string, request: ProbeRequest): Promise<Probe> {
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
      return {
        computes: floatsOf(outputs.y!)[0] === 2,
        browser: worker.opened.browser ? { provider, ...worker.opened.browser } : null,
      };
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
 * @returns the browsers of those that run in one; the log is told which.
 */
export async function assertProvidersOpen(
  providers: readonly string[],
  request: ProbeRequest,
): Promise<BrowserOfRun[]> {
  const browsers: BrowserOfRun[] = [];
  for (const provider of providers) {
    if (provider === 'cpu') continue;
    throwIfInterrupted(request.context.signal);
    const { computes, browser } = await probeProvider(provider, request);
    if (!computes) {
      throw new MachineError(
        'provider.wrong-results',
        `The execution provider '${provider}' opens but computes wrong results (|−2| is not 2): its driver or libraries don't fit ONNX Runtime. \`quantgate doctor\` tells more; take it out of benchmark.providers to measure without it.`,
      );
    }
    if (!browser) continue;
    request.context.log.info(`${provider} runs in ${browserText(browser)}`);
    browsers.push(browser);
  }
  return browsers;
}

/** What has to be known of a run's browsers before its figures are believed. */
export function browserNotes(browsers: readonly BrowserOfRun[]): Note[] {
  return browsers
    .filter(({ adapter }) => adapter?.software)
    .map(({ provider, adapter }) => ({
      level: 'warn',
      code: 'provider.software-gpu',
      message: `${provider} ran on ${adapter!.name}, which computes on the CPU: its outputs, accuracy and placement hold, its latencies say nothing of a GPU.`,
      model: null,
      variant: null,
    }));
}
