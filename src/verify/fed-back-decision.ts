/** Choices between values that the next turn of a loop reads: one that falls to the other side changes all that follows. It is rare, and of few samples none may show
 *  it: what they give says nothing of the others. */
import type { GraphProto, NodeProto } from 'onnx-buf';
import { intAttribute, subgraphsOf } from '../onnx/attributes.js';
import { canonicalDomain } from '../onnx/model.js';
import { referencesOf } from '../onnx/scopes.js';
import { nodeLabel } from '../quantize/method/selection.js';

export interface FedBackDecision {
  /** Name of the operator that decides, and its type. */
  node: string;
  operator: string;
  /** Name of the Loop or Scan. */
  loop: string;
}

/** Which output of an operator is a choice and no value. */
const CHOICES: Readonly<Record<string, number>> = { ArgMax: 0, ArgMin: 0, TopK: 1 };

/** What hangs on which choice: the name of a value → the operator that decides. */
type Decided = ReadonlyMap<string, NodeProto>;

/** The first that is found, in bodies of bodies too; null: there is none. */
export function fedBackDecision(nodes: readonly NodeProto[]): FedBackDecision | null {
  for (const node of nodes) {
    for (const body of subgraphsOf(node)) {
      const own = carriedDecision(node, body);
      if (own) return { node: nodeLabel(own), operator: own.opType, loop: nodeLabel(node) };
      const inner = fedBackDecision(body.node);
      if (inner) return inner;
    }
  }
  return null;
}

/** The choice inside of a body that its next turn hangs on: a state of it, or whether it comes at all. */
function carriedDecision(node: NodeProto, body: GraphProto): NodeProto | null {
  const states = carriedStates(node);
  if (states === 0) return null;
  const decided = decidedBy(body.node, new Map());
  for (const { name } of body.output.slice(0, states)) {
    const decision = decided.get(name);
    if (decision) return decision;
  }
  return null;
}

/** How many outputs of its body a node hands to the next turn; of a Loop, with whether there is one. */
function carriedStates(node: NodeProto): number {
  if (node.opType === 'Loop') return node.input.length - 1;
  return node.opType === 'Scan' ? node.input.length - intAttribute(node, 'num_scan_inputs', 0) : 0;
}

function decidedBy(nodes: readonly NodeProto[], outer: Decided): Decided {
  const decided = new Map(outer);
  for (const node of nodes) {
    const choice = canonicalDomain(node.domain) === '' ? CHOICES[node.opType] : undefined;
    if (choice !== undefined && node.output[choice]) decided.set(node.output[choice], node);
    const by =
      referencesOf(node).flatMap((name) => decided.get(name) ?? [])[0] ?? innerDecision(node, decided);
    if (by) for (const name of node.output) if (name !== '') decided.set(name, by);
  }
  return decided;
}

/** The choice that an output of a node's bodies hangs on. */
function innerDecision(node: NodeProto, outer: Decided): NodeProto | undefined {
  for (const body of subgraphsOf(node)) {
    const decided = decidedBy(body.node, outer);
    for (const { name } of body.output) {
      const decision = decided.get(name);
      if (decision) return decision;
    }
  }
  return undefined;
}
