/** The main graph and, nested in it, the bodies of its If, Loop and Scan nodes, each with the types of the tensors that it sees. */

import type { GraphProto, NodeProto, TensorProto } from 'onnx-buf';
import { messageOf } from '../../errors.js';
import { subgraphsOf } from '../../onnx/attributes.js';
import { Graph } from '../../onnx/graph.js';
import type { RunContext } from '../../runtime/context.js';
import { type BodySurroundings, bodyModel, typedInputs } from '../prepare/body-model.js';
import { inferTypes, liftConstants, type PreparedModel } from '../prepare/prepare.js';
import type { TypedGraph } from './safety.js';

export interface Scope extends TypedGraph {
  /** Names that this graph defines itself: inputs, constants, outputs of its nodes. */
  own: ReadonlySet<string>;
  /** Of the nodes whose subgraphs can be looked into. */
  bodies: ReadonlyMap<NodeProto, Scope[]>;
  /** The constant behind a name, of the graphs around this one too. */
  constant(name: string): TensorProto | undefined;
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
    constant: around.constant,
    freshName: around.freshName,
  };
}

interface Surroundings extends BodySurroundings {
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
    const types = await inferTypes(bodyModel(body, inputs, around), options);
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
      constant: inside.constant,
      freshName: around.freshName,
    };
  } catch (error) {
    options.context.log.debug(
      `A subgraph of ${node.opType} '${node.name}' stays float32: ${messageOf(error)}`,
    );
    return null;
  }
}
