/** The door of the quantizer: one model file in, a smaller one out, by the method that the options name. */
import type { Method, QuantizeConfig, Target } from '../config/config.js';
import type { Dataset } from '../data/dataset.js';
import { UserError } from '../errors.js';
import type { Log } from '../log.js';
import type { Runtime } from '../runtime/runtime.js';
import { float16 } from './float16.js';
import { int8Dynamic } from './int8-dynamic.js';
import { int8Static } from './int8-static.js';
import { weightOnly } from './weight-only.js';

export interface QuantizeRequest {
  /** Path of the float model. */
  model: string;
  /** Path of the file to write. */
  out: string;
  options: QuantizeConfig;
  target: Target;
  /** Samples to calibrate on; int8-static needs them. */
  calibration: Dataset | null;
  runtime: Runtime;
  log: Log;
  /** Check on an `extended` dump that every planned group fused. */
  verify: boolean;
  /** Intra-op threads of the sessions that calibrate. */
  threads?: number;
  signal?: AbortSignal;
}

/** What one operator became. */
export interface Decision {
  /** Node name, or its first output where it has none. */
  node: string;
  opType: string;
  /** What the runtime will run: 'QLinearConv', 'MatMulNBits', 'float16', 'float', … */
  became: string;
  /** Why it stayed float; null when it didn't. */
  reason: string | null;
}

export interface Note {
  level: 'info' | 'warn';
  code: string;
  message: string;
}

export interface QuantizeResult {
  file: string;
  method: Method;
  target: Target;
  groups: { quantized: number; float: number };
  decisions: Decision[];
  notes: Note[];
  /** Everything needed to make the same file again. */
  provenance: Record<string, unknown>;
}

/** Quantizes one model. @throws UserError for a model, data or options that don't fit; MachineError when the runtime fails. */
export async function quantizeModel(request: QuantizeRequest): Promise<QuantizeResult> {
  const { method } = request.options;
  switch (method) {
    case 'int8-static':
      return await int8Static(request);
    case 'float16':
      return await float16(request);
    case 'int8-dynamic':
      return await int8Dynamic(request);
    case 'int8-weights':
      return await weightOnly(request, 8);
    case 'int4-weights':
      return await weightOnly(request, 4);
    default:
      throw new UserError(`The method '${method}' is not available in this build.`);
  }
}
