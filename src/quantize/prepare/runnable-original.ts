/** The original as this machine's CPU can run it, where files are compared with it. */
import { join } from 'node:path';
import { narrowFloatOf, widen } from '../../onnx/convert/widen.js';
import { readModel } from '../../onnx/file/read.js';
import { readModelOutline } from '../../onnx/file/read-outline.js';
import { writeModelUnlessInterrupted } from '../../onnx/file/write.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import type { RunContext } from '../../runtime/context.js';

/** Path of the original; where it computes in bfloat16, for which the CPU provider has no kernels, of the same in float32.
 *  @param directory where that is written. @throws Interrupted */
export async function runnableOriginal(
  original: string,
  directory: string,
  { signal }: Pick<RunContext, 'signal'>,
): Promise<string> {
  if (!computesInBfloat16(original)) return original;
  const model = readModel(original);
  widen(model);
  const path = join(directory, 'original.onnx');
  await writeModelUnlessInterrupted(model, path, { durable: false, signal });
  return path;
}

/** @param path of a model. */
export function computesInBfloat16(path: string): boolean {
  return narrowFloatOf(readModelOutline(path).proto) === DataType.BFLOAT16;
}
