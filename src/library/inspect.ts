/** inspect: what a model holds, and what would be quantized and why not. */
import { type Inspection, inspectModel } from '../quantize/inspect.js';
import { CALL_KEYS, type CallOptions, openCall } from './call.js';
import { assertKnown } from './options/config-keys.js';

export interface InspectOptions extends Omit<CallOptions, 'threads'> {
  /** Also what each method would make of the model: opens ONNX Runtime. Default false. */
  plan?: boolean | undefined;
}

/**
 * Reads the ONNX model at `model` (a path). Without `plan` it needs no runtime.
 *
 * @throws UserError when the file is no model; with `plan` MachineError when the runtime can't be had; Interrupted.
 */
export async function inspect(model: string, options: InspectOptions = {}): Promise<Inspection> {
  assertKnown(options, [...CALL_KEYS.filter((key) => key !== 'threads'), 'plan']);
  const call = openCall(options);
  return await inspectModel(model, options.plan ? { context: await call.context() } : {});
}
