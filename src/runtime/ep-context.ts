/**
 * An ONNX file around a TensorRT engine: one EPContext node that the TensorRT provider loads instead of building anew, so that accuracy
 * is judged on the engine that ships. The engine must be of the TensorRT version that ONNX Runtime links. Not run on a GPU so far.
 */
import { basename } from 'node:path';
import { makeModel, makeNode } from '../onnx/build.js';
import type { Model } from '../onnx/model.js';

/**
 * The wrapper of `engine` (a path; the wrapper must lie in the same folder) with the inputs and outputs of `model`.
 * Source: ONNX Runtime's EPContext design and its gen_trt_engine_wrapper_onnx_model.py.
 */
export function wrapEngine(engine: string, model: Model): Model {
  const { inputs, outputs } = model.graph;
  const node = makeNode(
    'EPContext',
    inputs.map(({ name }) => name),
    outputs.map(({ name }) => name),
    {
      name: 'TensorRT engine',
      domain: 'com.microsoft',
      attributes: {
        main_context: { int: 1 },
        // 0: ep_cache_context is a path relative to this file, not the engine's bytes.
        embed_mode: { int: 0 },
        ep_cache_context: { string: basename(engine) },
        source: { string: 'TensorrtExecutionProvider' },
      },
    },
  );
  return makeModel({ inputs, outputs, nodes: [node], opsets: { '': 17, 'com.microsoft': 1 } });
}
