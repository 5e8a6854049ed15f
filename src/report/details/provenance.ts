/** What a variant was made with, in words: the keys that our own methods, commands and files leave in `provenance`. */
import { countOf, formatRatio } from '../words/format.js';
import { isNumber, type Reader } from '../words/free-form.js';

/** In the order in which they are told. */
export const PROVENANCE: readonly Reader[] = [
  ({ bits, blockSize, symmetric }) =>
    isNumber(bits) && isNumber(blockSize) && typeof symmetric === 'boolean'
      ? told(
          ['bits', 'blockSize', 'symmetric'],
          `${bits} bits in blocks of ${blockSize}, ${symmetric ? 'symmetric' : 'with zero-points'}`,
        )
      : null,
  ({ rounding }) =>
    typeof rounding === 'string' && Object.hasOwn(ROUNDINGS, rounding)
      ? told(['rounding'], ROUNDINGS[rounding]!)
      : null,
  ({ ranges }) =>
    ranges === 'full' || ranges === 'row-by-row'
      ? told(
          ['ranges'],
          ranges === 'full' ? "within the blocks' full ranges" : 'within ranges chosen row by row',
        )
      : null,
  ({ mixed }) => {
    const text = mixedInWords(mixed);
    return text === null ? null : told(['mixed'], text);
  },
  ({ scheme }) => {
    const text = schemeInWords(scheme);
    return text === null ? null : told(['scheme'], text);
  },
  ({ perChannel, saturationSafe }) =>
    typeof perChannel === 'boolean' && typeof saturationSafe === 'boolean'
      ? told(['perChannel', 'saturationSafe'], weightsInWords(perChannel, saturationSafe))
      : null,
  ({ percentile }) =>
    isNumber(percentile)
      ? told(['percentile'], `ranges hold ${percentile} % of the values that samples gave`)
      : null,
  ({ calibrator }) =>
    calibrator === 'mse'
      ? told(['calibrator'], 'ranges with the least mean squared error on what samples gave')
      : null,
  ({ calibrationSamples }) =>
    isNumber(calibrationSamples)
      ? told(['calibrationSamples'], countOf(calibrationSamples, 'calibration sample', 'calibration samples'))
      : null,
  ({ calibrated }) =>
    calibrated === null
      ? told(['calibrated'], null)
      : typeof calibrated === 'string'
        ? told(['calibrated'], `tried on ${calibrated}`)
        : null,
  ({ recovery }) => {
    const steps = recoveryInWords(recovery);
    return steps === null ? null : told(['recovery'], steps);
  },
  ({ smoothed }) =>
    Array.isArray(smoothed)
      ? told(
          ['smoothed'],
          smoothed.length > 0 ? `${countOf(smoothed.length, 'layer', 'layers')} smoothed` : null,
        )
      : null,
  ({ rewrites }) => {
    if (!isCounts(rewrites)) return null;
    const made = Object.entries(rewrites).map(([name, count]) => `${count} × ${name}`);
    return told(['rewrites'], made.length > 0 ? `rewritten in float: ${made.join(', ')}` : null);
  },
  ({ estimate }) => {
    const { float, planned } = (estimate ?? {}) as Record<string, unknown>;
    return isNumber(float) && isNumber(planned) && float > 0
      ? told(['estimate'], `planned for ${formatRatio(planned / float)} of the original's time`)
      : null;
  },
  ({ command }) =>
    Array.isArray(command) && command.every((word) => typeof word === 'string')
      ? told(['command'], `the command ${command.join(' ')}`)
      : null,
  ({ file }) =>
    typeof file === 'string' ? told(['file'], `the file ${file}, which was made elsewhere`) : null,
  ({ quantgate }) => (typeof quantgate === 'string' ? told(['quantgate'], `quantgate ${quantgate}`) : null),
  ({ runtime }) => (typeof runtime === 'string' ? told(['runtime'], `ONNX Runtime ${runtime}`) : null),
];

const told = (keys: string[], text: string | null) => ({ keys, text });

const ROUNDINGS: Record<string, string> = {
  nearest: 'rounded to the nearest',
  adaptive: 'rounded as the calibration data ask (adaptive)',
  gptq: 'fitted to the calibration data (gptq)',
};

/** Layers of int4-weights with other types. null: nothing that is known. */
function mixedInWords(mixed: unknown): string | null {
  if (typeof mixed !== 'object' || mixed === null) return null;
  const { eightBits, float } = mixed as Record<string, unknown>;
  if (!isNames(eightBits)) return null;
  const kept = isNames(float) ? [`${layersNamed(float)} left as they were`] : [];
  const finer = eightBits.length > 0 || kept.length === 0 ? [`8 bits in ${layersNamed(eightBits)}`] : [];
  return [...finer, ...kept].join(', ');
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

/** Named; the report's JSON has all. */
const NAMED = 5;

function layersNamed(names: readonly string[]): string {
  if (names.length === 0) return 'no layer';
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `${countOf(names.length, 'layer', 'layers')} (${names.slice(0, NAMED).join(', ')}${more})`;
}

/** Types and ranges of int8-static. */
function schemeInWords(scheme: unknown): string | null {
  if (typeof scheme !== 'object' || scheme === null) return null;
  const { activation, weight, calibrator } = scheme as Record<string, Record<string, unknown> | undefined>;
  const { type, symmetry } = activation ?? {};
  const { perChannel, saturationSafe } = weight ?? {};
  if (typeof type !== 'string' || typeof symmetry !== 'string' || typeof perChannel !== 'boolean')
    return null;
  return [
    `activations ${type}, ${symmetry}`,
    weightsInWords(perChannel, saturationSafe === true),
    ...(typeof calibrator === 'string' ? [`calibrator ${calibrator}`] : []),
  ].join('; ');
}

function weightsInWords(perChannel: boolean, saturationSafe: boolean): string {
  const scales = perChannel ? 'a scale per channel' : 'one scale per tensor';
  return `weights with ${scales}${saturationSafe ? ', saturation-safe' : ''}`;
}

/** What won accuracy back. null: nothing that is known. */
function recoveryInWords(recovery: unknown): string | null {
  if (typeof recovery !== 'object' || recovery === null) return null;
  const { equalized, biasCorrection, adaptiveRounding } = recovery as Record<string, unknown>;
  const steps = [
    ...(isNumber(equalized) && equalized > 0 ? [`${countOf(equalized, 'layer', 'layers')} equalized`] : []),
    ...(biasCorrection === true ? ['biases corrected'] : []),
    ...(adaptiveRounding === true ? ['rounding fitted to the calibration data'] : []),
  ];
  return steps.length > 0 ? steps.join(', ') : 'nothing equalized or corrected';
}

function isCounts(value: unknown): value is Record<string, number> {
  return typeof value === 'object' && value !== null && Object.values(value).every(isNumber);
}
