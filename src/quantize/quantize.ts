/** The door of the quantizer: one model file in, a smaller one out, by the method that the options name. */
import { UserError } from '../errors.js';
import { float16 } from './float16.js';
import { int8Dynamic } from './int8-dynamic.js';
import { int8Static } from './int8-static.js';
import type { QuantizeRequest, QuantizeResult } from './request.js';
import { weightOnly } from './weight-only.js';

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
