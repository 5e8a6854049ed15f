/** A model's inputs and outputs as declared in its file: what a caller must feed and gets. */

import type { ValueInfoProto } from 'onnx-buf';
import type { ElementType } from '../../tensor/tensor.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import type { Model } from '../model.js';
import { elementTypeName } from '../tensor/element-type.js';
import { tensorType } from '../tensor/tensor-type.js';
import { tableLookups } from './table-rows.js';

/** Inputs without an initializer, in order. */
export function modelInputs({ graph }: Model): ValueMeta[] {
  return graph.inputs.map((input) => {
    const lookups = tableLookups(graph, input.name);
    return { ...valueMeta(input), ...(lookups.length === 0 ? {} : { lookups }) };
  });
}

export function modelOutputs(model: Model): ValueMeta[] {
  return model.graph.outputs.map(valueMeta);
}

function valueMeta(value: ValueInfoProto): ValueMeta {
  const type = tensorType(value);
  if (!type) return { name: value.name, type: null, shape: null };
  return { name: value.name, type: elementTypeName(type.dataType) as ElementType, shape: type.shape ?? [] };
}
