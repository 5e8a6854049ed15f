/** Operators that ONNX Runtime doesn't know (TensorRT's plugins and other custom operators): the model is cut before them, and put together
 *  again around what became of the part in front. */

import { create } from '@bufbuild/protobuf';
import { GraphProtoSchema, ModelProtoSchema, type NodeProto, type TensorProto } from 'onnx-buf';
import { subgraphsOf } from '../attributes.js';
import { makeValue } from '../build.js';
import { canonicalDomain, Model } from '../model.js';
import { referencesOf } from '../scopes.js';
import { renamedTensor } from '../tensor/tensor.js';
import { NEWEST_OPSET, operatorIntroduced, runtimeAdds } from './operators.js';

/** Domains whose operators are ONNX Runtime's own, and of which it says itself what it doesn't know. */
const KNOWN_DOMAINS: ReadonlySet<string> = new Set([
  'ai.onnx.ml',
  'ai.onnx.training',
  'ai.onnx.preview',
  'ai.onnx.preview.training',
  'org.pytorch.aten',
]);
const KNOWN_PREFIXES = ['com.microsoft', 'com.ms.'];

/** Operators of the default domain that ONNX gave up, and ONNX Runtime still knows. */
const GIVEN_UP: ReadonlySet<string> = new Set([
  'Affine',
  'ATen',
  'ConstantFill',
  'Crop',
  'DynamicSlice',
  'GRUUnit',
  'GivenTensorFill',
  'ImageScaler',
  'ParametricSoftplus',
  'Scale',
  'ScaledTanh',
]);

/** Nodes of the main graph that are such operators, or hold some in their bodies. An outline will do. */
export function pluginNodes(model: Model): NodeProto[] {
  const functions = new Set(model.proto.functions.map(({ domain, name }) => `${domain} ${name}`));
  const isPlugin = (node: NodeProto): boolean => {
    if (subgraphsOf(node).some((body) => body.node.some(isPlugin))) return true;
    const domain = canonicalDomain(node.domain);
    if (functions.has(`${node.domain} ${node.opType}`)) return false;
    if (domain === '')
      return (
        model.opset() <= NEWEST_OPSET &&
        operatorIntroduced(node.opType) === undefined &&
        !runtimeAdds(node.opType) &&
        !GIVEN_UP.has(node.opType)
      );
    return !KNOWN_DOMAINS.has(domain) && !KNOWN_PREFIXES.some((prefix) => domain.startsWith(prefix));
  };
  return model.graph.nodes.filter(isPlugin);
}

export interface Cut {
  /** What needs none of them. Its outputs are those of the model that it makes, and what the rest reads of it. */
  front: Model;
  /** The plugins and all that depends on them. */
  rest: ReadonlySet<NodeProto>;
}

/** Cuts a model before its plugins. The model must not be edited afterwards: nodes are shared. */
export function cutBefore(model: Model, plugins: readonly NodeProto[]): Cut {
  const { graph, proto } = model;
  const rest = new Set<NodeProto>();
  const queue = [...plugins];
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (rest.has(node)) continue;
    rest.add(node);
    for (const name of node.output) queue.push(...graph.consumers(name));
  }
  const nodes = graph.topologicalNodes().filter((node) => !rest.has(node));
  const made = new Set(nodes.flatMap(({ output }) => output));
  const wanted = new Set(
    [...graph.outputs.map(({ name }) => name), ...[...rest].flatMap(referencesOf)].filter(
      (name) => name !== '' && made.has(name) && !graph.constant(name),
    ),
  );
  const read = new Set(nodes.flatMap(referencesOf));
  const front = new Model(
    create(ModelProtoSchema, {
      ...proto,
      opsetImport: [...proto.opsetImport],
      graph: create(GraphProtoSchema, {
        name: proto.graph!.name,
        node: nodes,
        input: graph.inputs.filter(({ name }) => read.has(name)),
        initializer: [...graph.initializers.values()].filter(({ name }) => read.has(name)),
        output: [...wanted].map(
          (name) => graph.outputs.find((value) => value.name === name) ?? makeValue(name),
        ),
      }),
    }),
    graph.directory,
  );
  return { front, rest };
}

/** The model with another front. @returns null where the front has another opset than the operators behind it were written for. */
export function joined(model: Model, { rest }: Cut, front: Model): Model | null {
  const behind = [...rest].some(({ domain }) => canonicalDomain(domain) === '');
  if (behind && front.opset() !== model.opset()) return null;
  const { graph, proto } = model;
  const needed = new Set([...rest].flatMap(referencesOf));
  const kept = (tensor: TensorProto): boolean =>
    needed.has(tensor.name) && !front.graph.initializers.has(tensor.name);
  keepNamesApart(front, new Set([...rest].flatMap(({ output, name }) => [...output, name])));
  const made = front.graph.commit();
  const result = new Model(
    create(ModelProtoSchema, {
      ...front.proto,
      opsetImport: [...front.proto.opsetImport],
      graph: create(GraphProtoSchema, {
        name: proto.graph!.name,
        node: [...made.node, ...graph.topologicalNodes().filter((node) => rest.has(node))],
        input: [...graph.inputs],
        initializer: [...made.initializer, ...[...graph.initializers.values()].filter(kept)],
        output: [...graph.outputs],
      }),
    }),
    graph.directory,
  );
  for (const { domain, version } of proto.opsetImport)
    if (result.opset(domain) === 0) result.setOpset(domain, Number(version));
  return result;
}

/** Gives other names to what was added to the front, where something behind it has the same. */
function keepNamesApart({ graph }: Model, behind: ReadonlySet<string>): void {
  for (const node of graph.nodes) {
    if (behind.has(node.name)) node.name = graph.freshName(`${node.name}_front`);
    for (const [index, name] of [...node.output.entries()]) {
      if (!behind.has(name)) continue;
      const renamed = graph.freshName(`${name}_front`);
      graph.setOutput(node, index, renamed);
      graph.replaceUses(name, renamed);
    }
  }
  for (const [name, tensor] of [...graph.initializers]) {
    if (!behind.has(name)) continue;
    const renamed = graph.freshName(`${name}_front`);
    graph.setInitializer(renamedTensor(tensor, renamed));
    graph.replaceUses(name, renamed);
    graph.removeInitializer(name);
  }
}
