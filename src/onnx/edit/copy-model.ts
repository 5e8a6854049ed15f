/** A copy of a model that can be edited without touching the first: nodes are copied, weights are shared. */
import { clone, create } from '@bufbuild/protobuf';
import {
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf';
import { subgraphsOf } from '../attributes.js';
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
        node: graph.node.map(copyNode),
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

/** Of bodies, too, the weights are shared: those of a merged decoder may all be there. */
function copyNode(node: NodeProto): NodeProto {
  if (subgraphsOf(node).length === 0) return clone(NodeProtoSchema, node);
  const { $typeName: _, $unknown: __, ...rest } = node;
  return create(NodeProtoSchema, {
    ...rest,
    input: [...node.input],
    output: [...node.output],
    attribute: node.attribute.map((attribute) => {
      if (!attribute.g) return clone(AttributeProtoSchema, attribute);
      const { $typeName: ___, $unknown: ____, ...own } = attribute;
      return create(AttributeProtoSchema, { ...own, g: copyBody(attribute.g) });
    }),
  });
}

function copyBody(body: GraphProto): GraphProto {
  const { $typeName: _, $unknown: __, ...rest } = body;
  return create(GraphProtoSchema, {
    ...rest,
    node: body.node.map(copyNode),
    initializer: [...body.initializer],
    input: body.input.map((value) => clone(ValueInfoProtoSchema, value)),
    output: body.output.map((value) => clone(ValueInfoProtoSchema, value)),
    valueInfo: [...body.valueInfo],
  });
}
