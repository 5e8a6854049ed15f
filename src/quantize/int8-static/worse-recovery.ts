/** Finds the recovery step that did harm: never a worse result silently. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../../data/samples/dataset.js';
import { scratchFolder } from '../../system/scratch.js';
import type { QuantizeRequest } from '../method/request.js';
import { outputErrors } from './recover/output-error.js';
import { type QuantizedParts, writeQuantized } from './write-quantized.js';

type Recovery = Pick<QuantizedParts, 'means' | 'moments'>;

/** The recovery step without which the file, as it was written, is nearer to the original on calibration data; null: none. */
export async function worseRecovery(
  request: QuantizeRequest,
  {
    dataset,
    parts,
    recovery,
  }: { dataset: Dataset; parts: Omit<QuantizedParts, keyof Recovery>; recovery: Recovery },
): Promise<keyof Recovery | null> {
  const { model: reference, out, runtime, threads, signal } = request;
  const steps = (['moments', 'means'] as const).filter((step) => recovery[step] !== null);
  if (steps.length === 0) return null;
  const directory = scratchFolder('recover');
  try {
    const without = steps.map((step) => {
      const file = join(directory, `without-${step}.onnx`);
      writeQuantized(file, { ...parts, ...recovery, [step]: null }, { durable: false });
      return file;
    });
    const [all, ...errors] = await outputErrors([out, ...without], {
      reference,
      dataset,
      runtime,
      ...(threads === undefined ? {} : { threads }),
      ...(signal === undefined ? {} : { signal }),
    });
    const least = Math.min(...errors);
    return least < all! ? steps[errors.indexOf(least)]! : null;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
