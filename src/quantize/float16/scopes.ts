/** The main graph and, nested in it, the bodies of its If, Loop and Scan nodes, each with the types of the tensors that it sees. */

import { create } from '@bufbuild/protobuf';
import {
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  type ValueInfoProto,
} from 'onnx-buf';
import { messageOf } from '../../errors.js';
import { subgraphsOf } from '../../onnx/attributes.js';
import { makeValue } from '../../onnx/build.js';
import type { DataType } from '../../onnx/element-type.js';
import { Graph } from '../../onnx/graph.js';
import { Model } from '../../onnx/model.js';
import { outerReferences } from '../../onnx/scopes.js';
import { tensorType } from '../../onnx/tensor-type.js';
import type { RunContext } from '../../runtime/context.js';
import { inferTypes, liftConstants, type PreparedModel } from '../prepare/prepare.js';
import type { TypedGraph } from './safety.js';

export interface Scope extends TypedGraph {
  /** Names that this graph defines itself: inputs, constants, outputs of its nodes. */
  own: ReadonlySet<string>;
  /** Of the nodes whose subgraphs can be looked into. */
  bodies: ReadonlyMap<NodeProto, Scope[]>;
  /** A name that no graph of the model has. */
  freshName(base: string): string;
}

interface ScopeOptions {
  context: RunContext;
}

export async function mainScope(prepared: PreparedModel, options: ScopeOptions): Promise<Scope> {
  const { model, types } = prepared;
  const { graph } = model;
  const around: Surroundings = {
    model,
    types,
    constant: (name) => graph.constant(name),
    freshName: (base) => graph.freshName(base),
  };
  return {
    graph,
    types,
    opset: model.opset(),
    own: new Set(types.keys()),
    bodies: await bodiesOf(graph, around, options),
    freshName: around.freshName,
  };
}

/** What a body sees of the graphs around it. */
interface Surroundings {
  model: Model;
  types: TypedGraph['types'];
  constant: Graph['constant'];
  freshName: Scope['freshName'];
}

async function bodiesOf(
  graph: Graph,
  around: Surroundings,
  options: ScopeOptions,
): Promise<Map<NodeProto, Scope[]>> {
  const bodies = new Map<NodeProto, Scope[]>();
  for (const node of graph.nodes) {
    const scopes: Scope[] = [];
    for (const body of subgraphsOf(node)) {
      const scope = await bodyScope(body, node, { around, options });
      if (scope) scopes.push(scope);
    }
    if (scopes.length > 0) bodies.set(node, scopes);
  }
  return bodies;
}

/** null when the types inside of the body can't be known: then it is left as it is. */
async function bodyScope(
  body: GraphProto,
  node: NodeProto,
  { around, options }: { around: Surroundings; options: ScopeOptions },
): Promise<Scope | null> {
  const inputs = typedInputs(body, node, around.types);
  if (!inputs) return null;
  const graph = new Graph(body, around.model.graph.directory);
  liftConstants(graph);
  graph.commit();
  try {
    const types = await inferTypes(standalone(body, inputs, around), options);
    const seen = new Map([...around.types, ...types]);
    const own = new Set([
      ...body.input.map(({ name }) => name),
      ...body.initializer.map(({ name }) => name),
      ...body.node.flatMap(({ output }) => output),
    ]);
    const inside: Surroundings = {
      ...around,
      types: seen,
      constant: (name) => (own.has(name) ? graph.constant(name) : around.constant(name)),
    };
    return {
      graph,
      types: seen,
      opset: around.model.opset(),
      own,
      bodies: await bodiesOf(graph, inside, options),
      freshName: around.freshName,
    };
  } catch (error) {
    options.context.log.debug(
      `A subgraph of ${node.opType} '${node.name}' stays float32: ${messageOf(error)}`,
    );
    return null;
  }
}

/** The body as a model of its own: what it sees from outside becomes its constants and inputs. */
function standalone(
  body: GraphProto,
  inputs: readonly ValueInfoProto[],
  { model, types, constant }: Surroundings,
): Model {
  const outer = outerReferences(body);
  const constants = outer.flatMap((name) => {
    const tensor = constant(name);
    return tensor ? [tensor.name === name ? tensor : renamed(tensor, name)] : [];
  });
  const known = new Set(constants.map(({ name }) => name));
  const seen = outer.flatMap((name) => {
    const type = types.get(name);
    // Without a shape: what a body sees may differ from one iteration to the next.
    return type && !known.has(name) ? [makeValue(name, type.dataType)] : [];
  });
  const proto = create(ModelProtoSchema, {
    irVersion: model.proto.irVersion,
    opsetImport: model.proto.opsetImport,
    functions: model.proto.functions,
    graph: create(GraphProtoSchema, {
      name: 'body',
      node: [...body.node],
      input: [...inputs, ...seen],
      initializer: [...body.initializer, ...constants],
    }),
  });
  return new Model(proto, model.graph.directory);
}

/** The body's inputs with the types that it declares, or else those of what the node reads. */
function typedInputs(body: GraphProto, node: NodeProto, types: TypedGraph['types']): ValueInfoProto[] | null {
  const typed: ValueInfoProto[] = [];
  for (const [index, value] of body.input.entries()) {
    const dataType: DataType | undefined =
      tensorType(value)?.dataType ||
      (READS_IN_ORDER.has(node.opType) ? types.get(node.input[index] ?? '')?.dataType : undefined);
    if (dataType === undefined) return null;
    typed.push(makeValue(value.name, dataType));
  }
  return typed;
}

/** Operators whose body's inputs are the node's, one by one. */
const READS_IN_ORDER = new Set(['Loop', 'Scan']);

function renamed<T extends { name: string }>(tensor: T, name: string): T {
  return Object.assign(Object.create(Object.getPrototypeOf(tensor)), tensor, { name });
}
