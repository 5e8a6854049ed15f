/** Calibration data must not be evaluation data: a model tuned on its own exam proves nothing. */
import { UserError } from '../errors.js';
import type { StoredDataset } from './samples/dataset.js';

/** Overlapping samples named in the error. */
const NAMED = 3;

/** Throws UserError that counts and names the samples both sets hold, compared by the hash of their source bytes. */
export async function assertDisjoint(calibration: StoredDataset, evaluation: StoredDataset): Promise<void> {
  const [calibrating, evaluating] = await Promise.all([calibration.hashes(), evaluation.hashes()]);
  const shared: string[] = [];
  for (const [hash, id] of calibrating) {
    const other = evaluating.get(hash);
    if (other !== undefined) shared.push(id === other ? id : `${id} = ${other}`);
  }
  if (shared.length === 0) return;
  const named = shared.slice(0, NAMED).join(', ');
  throw new UserError(
    'data.overlap',
    `Calibration (${calibration.description}) and evaluation (${evaluation.description}) share ${shared.length} ` +
      `${shared.length === 1 ? 'sample' : 'samples'}: ${named}${shared.length > NAMED ? ', …' : ''}. ` +
      'Accuracy on samples that the quantizer was calibrated on is too good: keep the two sets apart.',
  );
}
