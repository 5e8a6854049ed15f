/** Whether one file is nearer to the original than another, by more than the chance of a few samples. */
import { meanInterval } from '../../../measure/statistics/statistics.js';
import type { FileError } from './output-error.js';

/** Fewer samples have no spread to speak of: then the sum of their errors decides. */
const LEAST_SAMPLES = 4;
const CONFIDENCE = 0.9;

/** Whether the first file is nearer than the second in all, and no chance that a sample or two make: of a recognizer's eight lines one alone can hold most of the
 *  error. Of each sample the errors' ratio counts, on a logarithmic scale; its mean must be below one by Student's t. */
export function isSurelyNearer(first: FileError, second: FileError): boolean {
  if (!(first.all < second.all)) return false;
  if (first.samples.length < LEAST_SAMPLES || second.all === Number.POSITIVE_INFINITY) return true;
  const logs = first.samples.map((error, index) => {
    const other = second.samples[index]!;
    return error === other ? 0 : logOf(error) - logOf(other);
  });
  const { mean, halfWidth } = meanInterval(logs, CONFIDENCE);
  return mean + halfWidth < 0;
}

function logOf(error: number): number {
  return Math.log(Math.max(error, Number.MIN_VALUE));
}
