/** size.file, size.compressed, size.brotli and size.parameters of a model and its variants: exact figures, the same on every provider. */
import { messageOf, UserError } from '../errors.js';
import { blankMeasurement, type Measurement, ORIGINAL } from '../terms/measurement.js';
import { type ModelSize, measureSize } from './size.js';
import type { SubjectFile } from './subject/subject.js';

const METRICS: [string, keyof ModelSize][] = [
  ['size.file', 'fileBytes'],
  ['size.compressed', 'compressedBytes'],
  ['size.brotli', 'brotliBytes'],
  ['size.parameters', 'parameters'],
];

/** Size doesn't depend on where a model runs. */
const ANYWHERE = { provider: null, batch: null, threads: null, concurrency: null } as const;

/** @param subjects the original first. A variant that can't be read is `invalid`. @throws UserError when the original can't be read. */
export async function sizeMeasurements(
  model: string,
  subjects: readonly SubjectFile[],
): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  let original: ModelSize | null = null;
  for (const subject of subjects) {
    let size: ModelSize | null = null;
    let reason: string | null = null;
    try {
      size = await measureSize(subject.file);
    } catch (error) {
      if (subject.variant === ORIGINAL || !(error instanceof UserError)) throw error;
      reason = messageOf(error);
    }
    if (subject.variant === ORIGINAL) original = size;
    const base = subject.base ? await measureSize(subject.base) : null;
    for (const [metric, key] of METRICS) {
      const at = { ...ANYWHERE, model, variant: subject.variant };
      measurements.push({
        ...blankMeasurement(at, metric),
        status: size ? 'ok' : 'invalid',
        reason,
        value: size ? size[key] : null,
        ratio: size && original && subject.variant !== ORIGINAL ? exactRatio(size[key], original[key]) : null,
        base: size && base ? { value: base[key], ratio: exactRatio(size[key], base[key]), note: null } : null,
      });
    }
  }
  return measurements;
}

function exactRatio(value: number, reference: number): { value: number; interval: null } | null {
  return reference > 0 ? { value: value / reference, interval: null } : null;
}
