/**
 * Makes, beside a model's onnx/model.onnx, the files that transformers.js asks for by `dtype`.
 * Usage: node quantize.mjs FOLDER [q8] [fp16] [q4]
 */
import { join } from 'node:path';
import { quantize } from 'quantgate';

/** The suffix of the file's name, and how the file is made: WebAssembly multiplies in 8 bits, WebGPU takes half precision and 4-bit weights. */
const DTYPES = {
  q8: {
    suffix: '_quantized',
    method: /** @type {const} */ ('int8-dynamic'),
    target: /** @type {const} */ ('wasm'),
  },
  fp16: {
    suffix: '_fp16',
    method: /** @type {const} */ ('float16'),
    target: /** @type {const} */ ('webgpu'),
  },
  q4: {
    suffix: '_q4',
    method: /** @type {const} */ ('int4-weights'),
    target: /** @type {const} */ ('webgpu'),
  },
};

const [folder = '.', ...wanted] = process.argv.slice(2);
const model = join(folder, 'onnx', 'model.onnx');
for (const [dtype, { suffix, method, target }] of Object.entries(DTYPES)) {
  if (wanted.length > 0 && !wanted.includes(dtype)) continue;
  const { sizeBytes, verification, notes } = await quantize(model, {
    out: join(folder, 'onnx', `model${suffix}.onnx`),
    method,
    target,
    onProgress: ({ step, done, total }) => process.stderr.write(`\r${step}: ${done} of ${total} `),
  });
  const ratio = (sizeBytes.quantized / sizeBytes.original).toFixed(2);
  console.log(
    `${dtype}: ${ratio} of the size, ${verification.sqnr?.toFixed(1) ?? '?'} dB (${verification.state})`,
  );
  for (const { level, message } of notes) if (level === 'warn') console.log(`  ${message}`);
}
