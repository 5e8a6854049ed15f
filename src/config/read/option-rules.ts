/** Which of a variant's options each method reads: one that isn't read would be ignored, which is worse than an error. */
import { type Method, ROUNDINGS, type Rounding } from '../choices.js';
import type { RawVariant } from '../raw.js';

/** Options that not every method reads. `auto` hands its options to the methods of its stages. */
const READ_BY: Partial<Record<keyof RawVariant, readonly Method[]>> = {
  calibrator: ['int8-static', 'auto'],
  percentile: ['int8-static', 'auto'],
  'block-size': ['int8-weights', 'int4-weights', 'auto'],
  // int8-weights is always symmetric.
  symmetric: ['int8-static', 'int8-dynamic', 'int4-weights', 'auto'],
  'per-channel': ['int8-static', 'int8-dynamic', 'auto'],
  'saturation-safe': ['int8-static', 'int8-dynamic', 'auto'],
  'bias-correction': ['int8-static', 'auto'],
  equalization: ['int8-static', 'auto'],
  'smooth-quant': ['int8-dynamic', 'auto'],
  rounding: ['int8-static', 'int8-dynamic', 'int8-weights', 'int4-weights', 'auto'],
  'min-sqnr': ['int4-weights'],
  'max-size': ['int4-weights'],
  rest: ['int4-weights'],
  objective: ['auto'],
  budget: ['auto'],
};

/** Kinds of rounding that not every method with the option has. */
const FITTED_BY: Partial<Record<Rounding, readonly Method[]>> = {
  adaptive: ['int8-static', 'int8-dynamic', 'auto'],
  gptq: ['int8-dynamic', 'int8-weights', 'int4-weights', 'auto'],
};

/** How `method` can round weights. */
export function roundingsOf(method: Method): Rounding[] {
  if (!READ_BY.rounding?.includes(method)) return [];
  const fitted = ROUNDINGS.filter((rounding) => FITTED_BY[rounding]?.includes(method));
  return ['nearest', ...fitted];
}

/** What makes a file nearer to the original, and ONNX Runtime's quantizer doesn't do. */
const ABOVE_ONNXRUNTIME: readonly [keyof RawVariant, unknown][] = [
  ['rounding', 'adaptive'],
  ['bias-correction', true],
  ['equalization', true],
];

export interface UnreadOption {
  key: keyof RawVariant;
  message: string;
}

/** The options among `given` that a variant of `method` would not read, each with the reason. */
export function unreadOptions(
  given: Readonly<Partial<Record<keyof RawVariant, unknown>>>,
  method: Method,
): UnreadOption[] {
  const unread: UnreadOption[] = [];
  const refuse = (key: keyof RawVariant, message: string) => unread.push({ key, message });
  for (const [name, methods] of Object.entries(READ_BY)) {
    const key = name as keyof RawVariant;
    if (given[key] !== undefined && !methods.includes(method))
      refuse(key, `only for method ${either(methods)}; this variant's method is ${method}`);
  }
  const rounding = (given.rounding ?? undefined) as Rounding | undefined;
  if (rounding !== undefined && READ_BY.rounding?.includes(method) && !roundingsOf(method).includes(rounding))
    refuse(
      'rounding',
      `${rounding} is for method ${either(FITTED_BY[rounding] ?? [])}; this variant's method is ${method}`,
    );
  if (given.preset !== undefined && method !== 'int8-static')
    refuse('preset', `presets are for method int8-static; this variant's method is ${method}`);
  if (given.preset === 'onnxruntime') {
    for (const [key, asked] of ABOVE_ONNXRUNTIME)
      if (given[key] === asked)
        refuse(key, "the preset onnxruntime reproduces ONNX Runtime's own quantizer, which has no such step");
  }
  if (given.plan !== undefined && method !== 'auto')
    refuse('plan', `a plan is followed by method auto; this variant's method is ${method}`);
  if (given.percentile !== undefined && (given.calibrator ?? 'percentile') !== 'percentile')
    refuse('percentile', `only for calibrator percentile; this variant's is ${given.calibrator}`);
  return unread;
}

function either(names: readonly string[]): string {
  const [last, ...others] = names.toReversed();
  return others.length === 0 ? `${last}` : `${others.toReversed().join(', ')} or ${last}`;
}
