/** Tokenized sentences out of an npz: one array of int64 per model input, a row per sentence. */
import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { parseNpyHeader } from '../../src/data/formats/arrays/npy-header.js';
import { fromBytes } from '../../src/tensor/elements.js';
import type { IntegerTensor } from './test-sets.js';

/** Every sentence's tensors [1, length], by input. */
export function sentencesIn(path: string): Record<string, IntegerTensor>[] {
  const sentences: Record<string, IntegerTensor>[] = [];
  for (const [member, bytes] of Object.entries(unzipSync(readFileSync(path)))) {
    const { type, dims, dataOffset } = parseNpyHeader(bytes, `${path}: ${member}`);
    const [count, length] = dims;
    if (type !== 'int64' || dims.length !== 2)
      throw new Error(`${path}: ${member} is no int64 [count, length]`);
    const values = fromBytes(type, bytes.slice(dataOffset)) as BigInt64Array;
    for (let row = 0; row < count!; row++) {
      sentences[row] ??= {};
      sentences[row]![member.replace(/\.npy$/, '')] = {
        dims: [1, length!],
        data: values.subarray(row * length!, (row + 1) * length!),
      };
    }
  }
  return sentences;
}
