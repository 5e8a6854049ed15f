/** Whether one file is nearer to the original than another, by more than the chance of a few samples. */
import { sureGain } from '../../method/sure-gain.js';
import type { FileError } from './file-error.js';

/** Fewer samples have no spread to speak of: then the sum of their errors decides. */
const LEAST_SAMPLES = 4;

/** Whether the first file is nearer than the second in all, and no chance that a sample or two make: of a recognizer's eight lines one alone can hold most of the
 *  error. */
export function isSurelyNearer(first: FileError, second: FileError): boolean {
  if (!(first.all < second.all)) return false;
  if (first.noise.length < LEAST_SAMPLES) return true;
  return sureGain(first.noise, second.noise) > 0;
}
