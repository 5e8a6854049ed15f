/** Finds the recovery step that did harm: never a worse result silently. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../../system/scratch.js';
import type { OutputErrors } from './recover/output-error.js';
import { type QuantizedParts, type Recovery, writeQuantized } from './write-quantized.js';

/** The recovery step without which `file`, which was written from `parts`, is nearer to the original on calibration data; null: none. */
export async function worseRecovery(
  file: string,
  parts: QuantizedParts,
  errors: OutputErrors,
): Promise<keyof Recovery | null> {
  const steps = (['moments', 'means'] as const).filter((step) => parts.recovery[step] !== null);
  if (steps.length === 0) return null;
  const directory = scratchFolder('recover');
  try {
    const without = steps.map((step) => {
      const other = join(directory, `without-${step}.onnx`);
      const recovery = { ...parts.recovery, [step]: null };
      writeQuantized(other, { ...parts, recovery }, { durable: false });
      return other;
    });
    const [all, ...rest] = (await errors.of([file, ...without])).map((error) => error.all);
    const least = Math.min(...rest);
    return least < all! ? steps[rest.indexOf(least)]! : null;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
