/** What the passes that look at one model file at a time (memory, placement) share: who is measured, where, on what. */
import { MachineError, messageOf, UserError } from '../../errors.js';
import type { WorkerContext } from '../../runtime/context.js';
import type { SessionOptions } from '../../runtime/runtime.js';
import { WorkerError } from '../../runtime/worker/connection.js';
import { blankMeasurement, type Measurement, ORIGINAL } from '../../terms/measurement.js';
import type { TimingInputs } from './inputs.js';

/** A model file as a variant: the first of a request is the original. */
export interface SubjectFile {
  /** 'original' for the unquantized model. */
  variant: string;
  file: string;
  /** The same variant built from the base branch. */
  base?: string | null;
}

export interface WorkerRequest {
  /** Name of the model in the measurements' coordinates. */
  model: string;
  subjects: readonly SubjectFile[];
  context: WorkerContext;
  /** Provider, device and threads. */
  session: SessionOptions;
  inputs: TimingInputs;
  deadlineMs?: number;
}

/** A measurement to fill in. */
export function emptyMeasurement(metric: string, subject: SubjectFile, request: WorkerRequest): Measurement {
  const at = {
    model: request.model,
    variant: subject.variant,
    provider: request.session.provider ?? 'cpu',
    batch: request.inputs.batch,
    threads: request.session.threads ?? null,
    concurrency: null,
  };
  return blankMeasurement(at, metric);
}

/** Why a variant is invalid. Rethrows what ends the run: any failure of the original, as UserError or MachineError. */
export function subjectFailure(error: unknown, subject: SubjectFile): string {
  if (subject.variant !== ORIGINAL) {
    if (error instanceof WorkerError || error instanceof UserError || error instanceof MachineError)
      return messageOf(error);
    throw error;
  }
  if (error instanceof WorkerError) {
    throw error.failure === 'refused'
      ? new UserError('data.refused-by-model', error.message)
      : new MachineError('measure.original-failed', `The original model can't be measured. ${error.message}`);
  }
  throw error;
}
