/**
 * Makes, beside a model's onnx/model.onnx, the files that transformers.js asks for by `dtype`.
 * Usage: node quantize.mjs FOLDER [q8] [fp16] [q4] [q4f16]
 */
import { join } from 'node:path';
import { quantize } from 'quantgate';

/** The method decides on the file's name and on what it is for: WebAssembly multiplies in 8 bits, WebGPU takes half precision and 4-bit weights. */
const DTYPES = {
  q8: { method: /** @type {const} */ ('int8-dynamic') },
  fp16: { method: /** @type {const} */ ('float16') },
  q4: { method: /** @type {const} */ ('int4-weights') },
  q4f16: { method: /** @type {const} */ ('int4-weights'), rest: /** @type {const} */ ('float16') },
};

const [folder = '.', ...wanted] = process.argv.slice(2);
const model = join(folder, 'onnx', 'model.onnx');
for (const [dtype, options] of Object.entries(DTYPES)) {
  if (wanted.length > 0 && !wanted.includes(dtype)) continue;
  const { file, sizeBytes, verification, notes } = await quantize(model, {
    ...options,
    files: 'transformers.js',
    out: folder,
    onProgress: ({ step, done, total }) => process.stderr.write(`\r${step}: ${done} of ${total} `),
  });
  const ratio = (sizeBytes.quantized / sizeBytes.original).toFixed(2);
  console.log(
    `${dtype}: ${ratio} of the size, ${verification.sqnr?.toFixed(1) ?? '?'} dB (${verification.state}): ${file}`,
  );
  for (const { level, message } of notes) if (level === 'warn') console.log(`  ${message}`);
}
