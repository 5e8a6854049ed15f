/** A copy of a model that can be edited without touching the first: nodes are copied, weights are shared. */
import { clone, create } from '@bufbuild/protobuf';
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { Model } from '../model.js';

/** Weights are shared messages: replace an initializer instead of writing into it. */
export function copyModel(model: Model): Model {
  const graph = model.graph.commit();
  const { $typeName: _, $unknown: __, graph: ___, ...rest } = model.proto;
  const copy = new Model(
    create(ModelProtoSchema, {
      ...rest,
      opsetImport: model.proto.opsetImport.map((entry) => clone(OperatorSetIdProtoSchema, entry)),
      metadataProps: [...model.proto.metadataProps],
      graph: create(GraphProtoSchema, {
        name: graph.name,
        docString: graph.docString,
        node: graph.node.map((node) => clone(NodeProtoSchema, node)),
        initializer: [...graph.initializer],
        sparseInitializer: [...graph.sparseInitializer],
        input: graph.input.map((value) => clone(ValueInfoProtoSchema, value)),
        output: graph.output.map((value) => clone(ValueInfoProtoSchema, value)),
        valueInfo: [...graph.valueInfo],
        quantizationAnnotation: [...graph.quantizationAnnotation],
        metadataProps: [...graph.metadataProps],
      }),
    }),
    model.graph.directory,
  );
  if (model.graph.store) copy.graph.keepOutside(model.graph.store);
  return copy;
}
