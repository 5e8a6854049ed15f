/** The opset that Q/DQ need, and how a model gets there. */
import type { Target } from '../../config/choices.js';
import { UserError } from '../../errors.js';
import { upgradeOpset } from '../../onnx/convert/opset.js';
import type { QuantizeNote } from '../method/result.js';
import type { PreparedModel } from '../prepare/prepare.js';

/** From here on DequantizeLinear has an axis; below it, com.microsoft's Q/DQ serve. */
export const QDQ_OPSET = 13;
/** First opset with QLinearConv, which the runtime makes of the groups. */
const FUSED_OPSET = 10;

/** Q/DQ need opset 13 (or 10 with com.microsoft's Q/DQ). Gives the note that the opset was raised, if it was.
 *  @throws UserError when no operator's meaning allows even that. */
export function raiseOpset({ model, types }: PreparedModel, target: Target): QuantizeNote[] {
  const from = model.opset();
  if (from >= QDQ_OPSET) return [];
  const { upgraded, blockers } = upgradeOpset(model, QDQ_OPSET, { types });
  const enough = from >= FUSED_OPSET || upgraded || upgradeOpset(model, FUSED_OPSET, { types }).upgraded;
  if (!enough || (target === 'tensorrt' && !upgraded)) {
    throw new UserError(
      'model.opset',
      `The model is at opset ${from}; 8-bit operators need opset ${target === 'tensorrt' ? QDQ_OPSET : FUSED_OPSET}, and raising it would change what it computes: ` +
        `${blockers.join('; ')}. Export it again at opset ${QDQ_OPSET} or later.`,
    );
  }
  if (model.opset() === from) return [];
  const message = `Opset raised from ${from} to ${model.opset()}; no operator changes its meaning.`;
  return [{ level: 'info', code: 'quantize.opset-raised', message }];
}
