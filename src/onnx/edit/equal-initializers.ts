/** Initializers with the same type, shape and bytes become one. */
import type { TensorProto } from 'onnx-buf';
import type { Model } from '../model.js';
import { tensorByteLength, tensorBytes } from '../tensor/tensor.js';

/** How many were merged. @param largestBytes larger ones are left alone. */
export function mergeEqualInitializers(model: Model, { largestBytes }: { largestBytes: number }): number {
  const { graph } = model;
  const seen = new Map<string, TensorProto[]>();
  let changes = 0;
  for (const tensor of graph.initializers.values()) {
    if (
      tensor.stringData.length > 0 ||
      tensorByteLength(tensor) > largestBytes ||
      graph.isOutput(tensor.name)
    )
      continue;
    if (isOverridable(model, tensor.name)) continue;
    const bytes = tensorBytes(tensor, graph.directory);
    const key = `${tensor.dataType} ${tensor.dims.join()} ${hash(bytes)}`;
    const candidates = seen.get(key) ?? [];
    const same = candidates.find((other) => Buffer.compare(tensorBytes(other, graph.directory), bytes) === 0);
    if (same) {
      graph.replaceUses(tensor.name, same.name);
      graph.removeInitializer(tensor.name);
      changes++;
    } else {
      seen.set(key, [...candidates, tensor]);
    }
  }
  return changes;
}

/** The caller may feed another value. */
function isOverridable(model: Model, name: string): boolean {
  return model.proto.graph?.input.some((value) => value.name === name) ?? false;
}

/** FNV-1a over a sample of the bytes: equal tensors hash alike, and candidates are compared in full. */
function hash(bytes: Uint8Array): number {
  const step = Math.max(1, Math.floor(bytes.length / 64));
  let value = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i += step) value = Math.imul(value ^ bytes[i]!, 0x01000193);
  return value >>> 0;
}
