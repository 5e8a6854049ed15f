/** Calibration samples that the model itself can't take: ids beyond a table, arrays of another shape. */
import type { Dataset } from '../../data/samples/dataset.js';
import { refusal, refusesSample } from '../../data/samples/refusal.js';
import { messageOf, UserError } from '../../errors.js';
import type { Feeds } from '../../tensor/tensor.js';

/** What ONNX Runtime says when it stops a run. */
const RUN_FAILED = /Non-zero status code|Got invalid dimensions|INVALID_ARGUMENT|Unexpected input data type/;

/** The error of a run of the unquantized model, which runs on what its users feed it: if ONNX Runtime stopped it, it is these samples that it
 *  can't take. @param feeds what it was fed. */
export function refusedSample(error: unknown, { description }: Dataset, feeds: Feeds): unknown {
  const text = messageOf(error);
  if (error instanceof UserError || !RUN_FAILED.test(text)) return error;
  if (refusesSample(text))
    return refusal(text, { place: `The calibration data (${description})`, feeds: [feeds] });
  return new UserError(
    'data.refused-by-model',
    `The model doesn't run on the calibration data (${description}): ${text}. Check that ids and sizes are in the range that the model takes, and that each array goes to its own input.`,
  );
}
