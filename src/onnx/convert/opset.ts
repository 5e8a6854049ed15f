/** Raises a model's opset where that changes nothing: operators keep their meaning, or are rewritten to it. */

import { clone } from '@bufbuild/protobuf';
import { type GraphProto, type NodeProto, NodeProtoSchema, type TensorProto } from 'onnx-buf';
import { subgraphsOf } from '../attributes.js';
import type { Graph } from '../graph.js';
import { canonicalDomain, type Model } from '../model.js';
import { outerReferences } from '../scopes.js';
import { makeTensor, tensorValues } from '../tensor/tensor.js';
import { tensorType } from '../tensor/tensor-type.js';
import { irVersionOf, NEWEST_OPSET, OLDEST_OPSET, operatorIntroduced, runtimeAdds } from './operators.js';
import { OPSET_STEPS, type StepContext } from './opset-steps.js';

export interface UpgradeOptions {
  /** Shapes of values, where they are known: some operators need no rewriting then. */
  types?: ReadonlyMap<string, { shape: readonly (number | string)[] | null }>;
}

export interface UpgradeResult {
  /** The model is at the wanted opset (or was beyond it already). */
  upgraded: boolean;
  /** Why it isn't: one line per node. The model is unchanged then. */
  blockers: string[];
}

/** IR version from which initializers need not be graph inputs, and those that are can be overridden by the caller. */
export const OVERRIDABLE_INITIALIZERS_IR = 4n;

/** Raises the default domain's opset to `to`, subgraphs included, and the IR version with it; all or nothing.
 *  A model that is there already is left alone. */
export function upgradeOpset(model: Model, to: number, options: UpgradeOptions = {}): UpgradeResult {
  const from = model.opset();
  if (from >= to) return { upgraded: true, blockers: [] };
  if (to > NEWEST_OPSET || from < OLDEST_OPSET) {
    const reason =
      to > NEWEST_OPSET
        ? `opset ${to} is newer than ${NEWEST_OPSET}`
        : `opset ${from} is older than ${OLDEST_OPSET}`;
    return { upgraded: false, blockers: [`${reason}: what changed there is not known`] };
  }
  const blockers: string[] = [];
  if (model.proto.functions.length > 0)
    blockers.push('the model defines functions, which have opsets of their own');
  const added: TensorProto[] = [];
  const edits = planGraph({ model, from, to, types: options.types, blockers, added }, mainScope(model));
  if (blockers.length > 0) return { upgraded: false, blockers };

  for (const tensor of added) model.graph.setInitializer(tensor);
  for (const edit of edits) edit();
  model.setOpset('', to);
  raiseIrVersion(model, BigInt(irVersionOf(to)));
  return { upgraded: true, blockers: [] };
}

interface Plan {
  model: Model;
  from: number;
  to: number;
  types: UpgradeOptions['types'];
  blockers: string[];
  /** Constants that rewritten nodes read: initializers of the main graph, which subgraphs see. */
  added: TensorProto[];
}

/** One graph as the steps see it. */
interface Scope {
  nodes: readonly NodeProto[];
  constant(name: string): TensorProto | undefined;
  isRead(name: string): boolean;
  replace(node: NodeProto, replacement: readonly NodeProto[]): void;
  /** Makes the index of the main graph look again at a node whose subgraphs changed. */
  refresh(node: NodeProto): void;
}

function mainScope(model: Model): Scope {
  const graph: Graph = model.graph;
  return {
    nodes: graph.topologicalNodes(),
    constant: (name) => graph.constant(name),
    isRead: (name) => graph.isOutput(name) || graph.consumers(name).length > 0,
    replace: (node, replacement) => graph.replaceNode(node, replacement),
    refresh: (node) => graph.replaceNode(node, [node]),
  };
}

function subgraphScope(proto: GraphProto, outer: Scope): Scope {
  const initializers = new Map(proto.initializer.map((tensor) => [tensor.name, tensor]));
  const produced = new Set(proto.node.flatMap((node) => node.output));
  return {
    nodes: [...proto.node],
    constant: (name) => initializers.get(name) ?? (produced.has(name) ? undefined : outer.constant(name)),
    isRead: (name) =>
      proto.output.some((value) => value.name === name) ||
      proto.node.some(
        (node) =>
          node.input.includes(name) ||
          subgraphsOf(node).some((inner) => outerReferences(inner).includes(name)),
      ),
    replace(node, replacement) {
      proto.node.splice(proto.node.indexOf(node), 1, ...replacement);
    },
    refresh() {},
  };
}

/** Finds what must be done to a graph's nodes; nothing is done yet. */
function planGraph(plan: Plan, scope: Scope): (() => void)[] {
  const edits: (() => void)[] = [];
  const context = stepContext(plan, scope);
  for (const node of scope.nodes) {
    const inner = subgraphsOf(node).flatMap((graph) => planGraph(plan, subgraphScope(graph, scope)));
    if (inner.length > 0) edits.push(...inner, () => scope.refresh(node));
    if (canonicalDomain(node.domain) !== '') continue;
    const introduced = operatorIntroduced(node.opType);
    if (!runtimeAdds(node.opType) && (introduced === undefined || introduced > plan.from)) {
      plan.blockers.push(`${nameOf(node)}: opset ${plan.from} doesn't have this operator`);
      continue;
    }
    const replacement = planNode(plan, node, context);
    if (replacement) edits.push(() => scope.replace(node, replacement));
  }
  return edits;
}

/** The nodes that replace one; null when it stays as it is. */
function planNode(plan: Plan, node: NodeProto, context: StepContext): NodeProto[] | null {
  let nodes: NodeProto[] | null = null;
  for (let version = plan.from + 1; version <= plan.to; version++) {
    const current: NodeProto[] = nodes ?? [node];
    if (!current.some((one) => OPSET_STEPS.has(`${one.opType}@${version}`))) continue;
    nodes = [];
    for (const one of current) {
      const step = OPSET_STEPS.get(`${one.opType}@${version}`);
      const result = step ? step(one === node ? clone(NodeProtoSchema, one) : one, context) : [one];
      if (typeof result === 'string') {
        plan.blockers.push(`${nameOf(node)}: ${result} (opset ${version})`);
        return null;
      }
      nodes.push(...result);
    }
  }
  return nodes;
}

function stepContext(plan: Plan, scope: Scope): StepContext {
  const { model, added, types } = plan;
  const declared = new Map(
    [...model.graph.inputs, ...model.graph.outputs, ...model.graph.valueInfo].map((value) => [
      value.name,
      tensorType(value)?.shape,
    ]),
  );
  return {
    constant(base, dataType, dims, values) {
      const name = model.graph.freshName(base);
      added.push(makeTensor(name, dataType, dims, values));
      return name;
    },
    values(name) {
      const tensor = scope.constant(name) ?? added.find((candidate) => candidate.name === name);
      return tensor ? tensorValues(tensor, model.graph.directory) : undefined;
    },
    shape: (name) => types?.get(name)?.shape ?? declared.get(name),
    isRead: (name) => scope.isRead(name),
    freshName: (base) => model.graph.freshName(base),
  };
}

/** Before IR 4 every initializer had to be an input too, and was constant all the same; from IR 4 on it would be overridable: those inputs go. */
export function raiseIrVersion({ graph, proto }: Model, irVersion: bigint): void {
  if (proto.irVersion >= irVersion) return;
  if (
    proto.graph &&
    proto.irVersion < OVERRIDABLE_INITIALIZERS_IR &&
    irVersion >= OVERRIDABLE_INITIALIZERS_IR
  ) {
    proto.graph.input = proto.graph.input.filter((value) => !graph.initializers.has(value.name));
  }
  proto.irVersion = irVersion;
}

function nameOf(node: NodeProto): string {
  return `${node.opType} '${node.name || node.output[0]}'`;
}
