/** A session of ONNX Runtime's JavaScript API behind the Session interface: the same in Node and in a page, so nothing of Node is here. */
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { UserError } from '../errors.js';
import type { ElementType, Feeds, Tensor } from '../tensor/tensor.js';
import type { ValueMeta } from '../tensor/value-meta.js';
import type { PreparedRun, Session } from './runtime.js';
import { inWordsOfAxes } from './shared-axes.js';

export type OnnxRuntimeModule = typeof import('onnxruntime-node');

/** A session of onnxruntime-node or onnxruntime-web, which share their classes (onnxruntime-common).
 *  `profile`: where ONNX Runtime writes its profile. */
export function wrapSession(
  ort: OnnxRuntimeModule,
  session: InferenceSession,
  { profile = null }: { profile?: string | null } = {},
): Session {
  const outputs = session.outputMetadata.map(valueMeta);
  // Sequences and maps can't be fetched through the binding; a model that has them is run for its tensors.
  const tensorOutputs = outputs.filter((output) => output.type !== null).map((output) => output.name);
  const inputs = session.inputMetadata.map(valueMeta);
  const explained = (error: unknown, feeds: Feeds) => inWordsOfAxes(error, inputs, feeds);
  return {
    inputs,
    outputs,
    async run(feeds, wanted = tensorOutputs) {
      if (wanted.length === 0) throw new UserError('model.no-tensor-output', NO_TENSORS);
      try {
        return feedsFromOrt(await session.run(feedsToOrt(ort, feeds), [...wanted]));
      } catch (error) {
        throw explained(error, feeds);
      }
    },
    async runInto(feeds, into) {
      try {
        await session.run(feedsToOrt(ort, feeds), feedsToOrt(ort, into));
      } catch (error) {
        throw explained(error, feeds);
      }
    },
    prepare(feeds) {
      if (tensorOutputs.length === 0) throw new UserError('model.no-tensor-output', NO_TENSORS);
      const native = feedsToOrt(ort, feeds);
      return prepareRun(session, native, {
        names: tensorOutputs,
        explained: (error) => explained(error, feeds),
      });
    },
    endProfiling() {
      if (!profile) throw new Error('endProfiling() needs profilePrefix');
      session.endProfiling();
      return profile;
    },
    async release() {
      await session.release();
    },
  };
}

const NO_TENSORS =
  'None of the outputs is a tensor (sequences and maps only): there is nothing to read. Cut the model before the operator that makes them.';

function prepareRun(
  session: InferenceSession,
  feeds: Record<string, OrtTensor>,
  { names, explained }: { names: readonly string[]; explained: (error: unknown) => unknown },
): PreparedRun {
  let results: Record<string, OrtTensor> = {};
  let fetches: readonly string[] | Record<string, OrtTensor> = names;
  // The binding's types want a mutable array; it only reads.
  const run = async () => {
    try {
      results = (await session.run(feeds, fetches as string[])) as Record<string, OrtTensor>;
    } catch (error) {
      throw explained(error);
    }
  };
  return {
    run,
    async reuseOutputs() {
      await run();
      const buffers = results;
      if (Object.values(buffers).some((tensor) => tensor.type === 'string' || tensor.location !== 'cpu'))
        return false;
      fetches = buffers;
      try {
        await run();
        return true;
      } catch {
        // The runtime refuses buffers whose shape differs from this run's output.
        fetches = names;
        await run();
        return false;
      }
    },
    outputs: () => feedsFromOrt(results),
  };
}

function valueMeta(meta: InferenceSession.ValueMetadata): ValueMeta {
  return meta.isTensor
    ? { name: meta.name, type: meta.type as ElementType, shape: meta.shape.map(knownDim) }
    : { name: meta.name, type: null, shape: null };
}

/** Some exporters write a size that isn't fixed as -1, and ONNX Runtime takes any there. */
function knownDim(dim: number | string): number | string {
  return typeof dim === 'number' && dim < 0 ? '' : dim;
}

function feedsToOrt(ort: OnnxRuntimeModule, feeds: Feeds): Record<string, OrtTensor> {
  const native: Record<string, OrtTensor> = {};
  for (const [name, tensor] of Object.entries(feeds)) {
    native[name] = new ort.Tensor(tensor.type as 'float32', tensor.data as Float32Array, tensor.dims);
  }
  return native;
}

function feedsFromOrt(results: Record<string, unknown>): Feeds {
  const values: Feeds = {};
  for (const [name, tensor] of Object.entries(results)) values[name] = fromOrt(tensor as OrtTensor);
  return values;
}

function fromOrt(tensor: OrtTensor): Tensor {
  return { type: tensor.type as ElementType, dims: tensor.dims, data: bitsOf(tensor.data as Tensor['data']) };
}

/** onnxruntime-web gives half values in a Float16Array where JavaScript has one (Node 24): here they are their bits. */
function bitsOf(data: Tensor['data']): Tensor['data'] {
  if (!ArrayBuffer.isView(data) || data[Symbol.toStringTag] !== ('Float16Array' as string)) return data;
  return new Uint16Array(data.buffer, data.byteOffset, data.length);
}
