/** Size on disk (external data included), sizes as a download of it carries them, and the number of weights. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliCompress, createGzip } from 'node:zlib';
import { readModelOutline } from '../onnx/file/read-outline.js';
import { filesOf, parameterCount, weightsOf } from '../onnx/file/weights.js';

export interface ModelSize {
  /** The model file and every external data file it refers to. */
  fileBytes: number;
  /** The same files, each through gzip at level 6: what a download of them carries. */
  compressedBytes: number;
  /** The same files, each through Brotli at quality 5: what a visitor's browser downloads from a server that compresses. */
  brotliBytes: number;
  /** Elements of all weights: numeric constants, but not int64 and bool ones, which hold shapes and indices. Packed 4-bit weights count singly. */
  parameters: number;
}

const GZIP_LEVEL = 6;
/** Above it weights hardly shrink further, at many times the cost (docs/method.md, "Size"). */
const BROTLI_QUALITY = 5;

/** Measures a model on disk. Throws UserError when it is missing, not ONNX, or its external data is. */
export async function measureSize(file: string): Promise<ModelSize> {
  const outline = readModelOutline(file);
  let fileBytes = 0;
  let compressedBytes = 0;
  let brotliBytes = 0;
  for (const path of filesOf(file, outline)) {
    fileBytes += (await stat(path)).size;
    compressedBytes += await sizeThrough(createGzip({ level: GZIP_LEVEL }), path);
    const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY };
    brotliBytes += await sizeThrough(createBrotliCompress({ params }), path);
  }
  return { fileBytes, compressedBytes, brotliBytes, parameters: parameterCount(weightsOf(outline.proto)) };
}

/** Length of a file after `compression`; streamed, whatever its size. */
async function sizeThrough(compression: Transform, path: string): Promise<number> {
  let bytes = 0;
  const count = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done();
    },
  });
  await pipeline(createReadStream(path), compression, count);
  return bytes;
}
