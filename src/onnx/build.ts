/** Makes nodes, values and models from scratch: for transforms, probes, tests and benchmarks. */
import { create } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { type AttributeValue, makeAttribute } from './attributes.js';
import { Model } from './model.js';
import type { DataType } from './tensor/element-type.js';

export interface NodeOptions {
  name?: string;
  domain?: string;
  attributes?: Record<string, AttributeValue>;
}

export function makeNode(
  opType: string,
  input: readonly string[],
  output: readonly string[],
  options: NodeOptions = {},
): NodeProto {
  return create(NodeProtoSchema, {
    opType,
    input: [...input],
    output: [...output],
    name: options.name ?? '',
    domain: options.domain ?? '',
    attribute: Object.entries(options.attributes ?? {}).map(([name, value]) => makeAttribute(name, value)),
  });
}

/** A declared value. Without a type only the name is set, which ONNX Runtime accepts for outputs and completes itself. */
export function makeValue(
  name: string,
  dataType?: DataType,
  shape?: readonly (number | string)[],
): ValueInfoProto {
  if (dataType === undefined) return create(ValueInfoProtoSchema, { name });
  const tensor = create(TypeProto_TensorSchema, { elemType: dataType });
  if (shape) {
    tensor.shape = create(TensorShapeProtoSchema, {
      dim: shape.map((dim) =>
        create(TensorShapeProto_DimensionSchema, {
          value:
            typeof dim === 'number'
              ? { case: 'dimValue', value: BigInt(dim) }
              : dim === ''
                ? { case: undefined }
                : { case: 'dimParam', value: dim },
        }),
      ),
    });
  }
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensor } }),
  });
}

export interface ModelParts {
  inputs: readonly ValueInfoProto[];
  outputs: readonly ValueInfoProto[];
  nodes: readonly NodeProto[];
  initializers?: readonly TensorProto[];
  /** Versions by domain; default { '': 17 }. */
  opsets?: Record<string, number>;
  irVersion?: number;
}

export function makeModel(parts: ModelParts): Model {
  const proto = create(ModelProtoSchema, {
    irVersion: BigInt(parts.irVersion ?? 8),
    producerName: 'quantgate',
    graph: create(GraphProtoSchema, {
      name: 'main',
      input: [...parts.inputs],
      output: [...parts.outputs],
      node: [...parts.nodes],
      initializer: [...(parts.initializers ?? [])],
    }),
  });
  const model = new Model(proto, null);
  for (const [domain, version] of Object.entries(parts.opsets ?? { '': 17 })) model.setOpset(domain, version);
  return model;
}
