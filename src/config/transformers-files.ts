/** The names by which transformers.js finds a model's files: it asks for a `dtype`, and reads onnx/model<suffix of the dtype>.onnx
 *  (src/utils/dtypes.js of @huggingface/transformers, DEFAULT_DTYPE_SUFFIX_MAPPING). */
import { basename, dirname, extname, resolve } from 'node:path';
import type { Method, Target } from './choices.js';
import type { QuantizeConfig } from './config.js';

/** Its folder in a repository of models. */
const FOLDER = 'onnx';

/** `_quantized` is `dtype: 'q8'`, its default for WebAssembly; of the others the suffix is the dtype. */
const SUFFIXES: Readonly<Record<Method, string>> = {
  'int8-static': '_quantized',
  'int8-dynamic': '_quantized',
  auto: '_quantized',
  'int8-weights': '_int8',
  float16: '_fp16',
  'int4-weights': '_q4',
};
/** int4-weights with `rest: float16`. */
const HALF_REST_SUFFIX = '_q4f16';

/** Where the file of a variant lies below a model's folder, with a slash: `onnx/model_q4.onnx`. A model that lies in a folder `onnx` keeps its own name,
 *  for models of several parts: `onnx/decoder_model.onnx` becomes `onnx/decoder_model_q4.onnx`. */
export function transformersFile(
  model: string,
  { method, rest }: Pick<QuantizeConfig, 'method' | 'rest'>,
): string {
  const path = resolve(model);
  const stem = basename(dirname(path)) === FOLDER ? basename(path, extname(path)) : 'model';
  return `${FOLDER}/${stem}${rest === null ? SUFFIXES[method] : HALF_REST_SUFFIX}.onnx`;
}

/** Where such a file runs: transformers.js takes 8 bits for WebAssembly, half precision and 4-bit weights for WebGPU. */
export function browserTarget(method: Method): Target {
  return method === 'float16' || method === 'int4-weights' ? 'webgpu' : 'wasm';
}
