/** Files that are larger than their original. */
import { modelBytes } from '../onnx/file/weights.js';
import type { QuantizeRequest } from '../quantize/method/request.js';
import { isChanged, leaveFloat, type QuantizeNote, type QuantizeResult } from '../quantize/method/result.js';

/** A file that is larger than the original has missed its purpose: the model is left as it was, unless its bytes were promised. */
export async function withoutGrowth(
  request: QuantizeRequest,
  result: QuantizeResult,
): Promise<QuantizeResult> {
  const [before, after] = [await modelBytes(request.model), await modelBytes(request.out)];
  if (after <= before) return result;
  const keeps = isPromised(request) || !result.decisions.some(isChanged);
  if (!keeps) await leaveFloat(request);
  const more = `${after - before} bytes more than the original (${before})`;
  const message = keeps
    ? `The file has ${more}.`
    : `The file would have ${more}: the model was left as it is.`;
  const left: Pick<QuantizeResult, 'groups' | 'decisions'> = keeps
    ? result
    : {
        groups: { quantized: 0, float: result.groups.float + result.groups.quantized },
        decisions: result.decisions.map((decision) =>
          isChanged(decision) ? { ...decision, became: 'float', reason: GROWS } : decision,
        ),
      };
  const { groups, decisions } = left;
  // What is told of a conversion is not true of a model that was left as it is.
  const told = keeps
    ? result.notes
    : result.notes.filter(({ code }) => code === 'quantize.unmatched-pattern');
  const notes: QuantizeNote[] = [...told, { level: 'warn', code: 'quantize.larger', message }];
  return { ...result, groups, decisions, notes };
}

const GROWS = 'the file would be larger than the original';

/** Whether the options name what is to be in the reduced type: such a file is warned about, never changed. */
export function isPromised({ options }: QuantizeRequest): boolean {
  return options.preset !== null || options.plan !== null || options.include !== null;
}
