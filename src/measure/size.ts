/** Size on disk (external data included), compressed size, and the number of weights. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { readModelOutline } from '../onnx/read-outline.js';
import { filesOf, parameterCount, weightsOf } from '../onnx/weights.js';

export interface ModelSize {
  /** The model file and every external data file it refers to. */
  fileBytes: number;
  /** The same files, each through gzip at level 6: what a download of them carries. */
  compressedBytes: number;
  /** Elements of all weights: numeric constants, but not int64 and bool ones, which hold shapes and indices. Packed 4-bit weights count singly. */
  parameters: number;
}

const GZIP_LEVEL = 6;

/** Measures a model on disk. Throws UserError when it is missing, not ONNX, or its external data is. */
export async function measureSize(file: string): Promise<ModelSize> {
  const outline = readModelOutline(file);
  let fileBytes = 0;
  let compressedBytes = 0;
  for (const path of filesOf(file, outline)) {
    fileBytes += (await stat(path)).size;
    compressedBytes += await gzipSize(path);
  }
  return { fileBytes, compressedBytes, parameters: parameterCount(weightsOf(outline.proto)) };
}

async function gzipSize(path: string): Promise<number> {
  let bytes = 0;
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  await pipeline(createReadStream(path), createGzip({ level: GZIP_LEVEL }), count);
  return bytes;
}
