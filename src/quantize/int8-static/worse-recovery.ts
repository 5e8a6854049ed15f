/** Finds the recovery step that did harm: never a worse result silently. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { scratchFolder } from '../../system/files/scratch.js';
import type { OutputErrors } from './recover/output-error.js';
import { isSurelyNearer } from './recover/surely-nearer.js';
import { type QuantizedParts, type Recovery, writeQuantized } from './write-quantized.js';

export interface RecoveryProof {
  /** The step without which the file is surely nearer to the original on calibration data; null: none. */
  worse: keyof Recovery | null;
  /** How much nearer the file is for adaptive rounding, in dB; null: not asked. */
  roundingGain: number | null;
}

/** Whether each recovery step of `file`, which was written from `parts`, brings it nearer to the original. */
export async function worseRecovery(
  file: string,
  parts: QuantizedParts,
  errors: OutputErrors,
): Promise<RecoveryProof> {
  const steps = (['moments', 'means'] as const).filter((step) => parts.recovery[step] !== null);
  if (steps.length === 0) return { worse: null, roundingGain: null };
  const directory = scratchFolder('recover');
  try {
    const without: string[] = [];
    for (const step of steps) {
      const other = join(directory, `without-${step}.onnx`);
      const recovery = { ...parts.recovery, [step]: null };
      await writeQuantized(other, { ...parts, recovery }, { durable: false });
      without.push(other);
    }
    const [own, ...others] = await errors.of([file, ...without]);
    const worse = steps
      .map((step, index) => ({ step, error: others[index]! }))
      .filter(({ error }) => isSurelyNearer(error, own!))
      .toSorted((a, b) => a.error.all - b.error.all);
    const rounded = steps.indexOf('moments');
    return {
      worse: worse[0]?.step ?? null,
      roundingGain: rounded < 0 || !(own!.all > 0) ? null : 10 * Math.log10(others[rounded]!.all / own!.all),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
