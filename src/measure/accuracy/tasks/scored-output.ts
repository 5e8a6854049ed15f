/** Which output of a model is scored. */
import { UserError } from '../../../errors.js';
import type { ValueMeta } from '../../../tensor/value-meta.js';

/**
 * The configured output, or the only (or first) tensor output of numbers. Throws UserError that lists the outputs that can
 * be chosen when the configured one doesn't exist or is not a tensor (a sequence or a map), or when none is.
 */
export function scoredOutput(
  outputs: readonly ValueMeta[],
  configured: string | null,
  model: string,
): ValueMeta {
  const candidates = outputs.filter(({ type }) => type !== null && type !== 'string');
  const choices = candidates.map(({ name }) => `'${name}'`).join(', ');
  if (configured === null) {
    const [first] = [...candidates.filter(({ type }) => isFloat(type)), ...candidates];
    if (first) return first;
    throw new UserError(
      'model.no-tensor-output',
      `${model}: none of its outputs is a tensor of numbers (${outputs.map(({ name }) => `'${name}'`).join(', ')}), so none can be scored.`,
    );
  }
  const chosen = outputs.find(({ name }) => name === configured);
  if (chosen && candidates.includes(chosen)) return chosen;
  const why = chosen
    ? `is ${chosen.type === 'string' ? 'a tensor of strings' : 'not a tensor (a sequence or a map)'} and can't be scored`
    : 'is not an output of the model';
  throw new UserError(
    'accuracy.unknown-output',
    `${model}: output '${configured}' ${why}. ${choices ? `Set \`output\` to one of ${choices}.` : 'It has no output that could be scored.'}`,
  );
}

function isFloat(type: ValueMeta['type']): boolean {
  return type === 'float32' || type === 'float16' || type === 'float64';
}
