/** Constants that a Loop or Scan carries from turn to turn as they are (tf2onnx hands the weights of a recurrent layer on so) are read from the graph
 *  around it instead: as state they are no weights to any method, and each turn copies them. Loops within go first: what an inner one hands on of what the
 *  outer one carries is then seen to be handed on by that. */
import type { GraphProto, NodeProto } from 'onnx-buf';
import { intAttribute, subgraphsOf } from '../../onnx/attributes.js';
import { makeNode } from '../../onnx/build.js';
import { Graph } from '../../onnx/graph.js';
import type { Model } from '../../onnx/model.js';
import { outputOf } from '../../onnx/node.js';
import { addDefinedNames, referencesOf, renameReads } from '../../onnx/scopes.js';
import type { RewriteContext } from './matching/context.js';

/** Scan of operator set 8 has another form. */
const SCAN_OPSET = 9;

export function loopConstants(model: Model, { decline }: RewriteContext): number {
  const { graph } = model;
  return readConstants(graph, { model, decline, isConstant: (name) => graph.constant(name) !== undefined });
}

interface ReadOptions extends Pick<RewriteContext, 'decline'> {
  model: Model;
  /** Whether a value that nodes of the graph read is the same whenever they run: constants, and what the graph is given where it is a body. */
  isConstant: (name: string) => boolean;
}

/** @param graph the model's, or that of a body in it. */
function readConstants(graph: Graph, options: ReadOptions): number {
  const { model, decline, isConstant } = options;
  let changes = 0;
  for (const node of graph.nodes) {
    changes += readInBodies(graph, node, options);
    const form = formOf(node, model);
    if (!form) continue;
    // From the last, so that the places before it stay.
    for (let state = form.states - 1; state >= 0; state--) {
      const constant = node.input[form.input + state] ?? '';
      const way = isConstant(constant) ? wayThrough(form, state) : null;
      if (!way) continue;
      if (isAnother(constant, form, state)) {
        decline(node, `its body has a value of its own by the name of '${constant}'`);
        continue;
      }
      readFromOutside(graph, node, { form, state, constant, way });
      changes++;
    }
  }
  return changes;
}

function readInBodies(graph: Graph, node: NodeProto, options: ReadOptions): number {
  let changes = 0;
  for (const body of subgraphsOf(node)) {
    if (!holdsLoops(body)) continue;
    const inner = new Graph(body, graph.directory, graph);
    const isConstant = (name: string): boolean =>
      inner.isInput(name) ||
      inner.constant(name) !== undefined ||
      (inner.producer(name) === undefined && options.isConstant(name));
    const made = readConstants(inner, { ...options, isConstant });
    if (made > 0) graph.editSubgraphs(node, () => inner.commit());
    changes += made;
  }
  return changes;
}

function holdsLoops({ node }: GraphProto): boolean {
  return node.some(
    (one) => one.opType === 'Loop' || one.opType === 'Scan' || subgraphsOf(one).some(holdsLoops),
  );
}

/** Where a node and its body have the first of the values that they carry. */
interface LoopForm {
  body: GraphProto;
  states: number;
  input: number;
  bodyInput: number;
  bodyOutput: number;
}

function formOf(node: NodeProto, model: Model): LoopForm | null {
  const [body] = subgraphsOf(node);
  if (!body || node.domain !== '') return null;
  // A Loop reads how often and whether at all, its body which turn and whether, and gives whether once more.
  if (node.opType === 'Loop')
    return { body, states: body.input.length - 2, input: 2, bodyInput: 2, bodyOutput: 1 };
  if (node.opType !== 'Scan' || model.opset() < SCAN_OPSET) return null;
  const states = body.input.length - intAttribute(node, 'num_scan_inputs', 0);
  return { body, states, input: 0, bodyInput: 0, bodyOutput: 0 };
}

/** The Identities, the last first, through which a turn gives a value on as it got it; null: it makes another one. */
function wayThrough({ body, bodyInput, bodyOutput }: LoopForm, state: number): NodeProto[] | null {
  const way: NodeProto[] = [];
  let name = body.output[bodyOutput + state]!.name;
  while (name !== body.input[bodyInput + state]!.name) {
    const made = body.node.find(({ output }) => output.includes(name));
    if (made?.opType !== 'Identity' || made.domain !== '') return null;
    way.push(made);
    [name = ''] = made.input;
  }
  return way;
}

/** Whether a name from outside means another value in the body than the one that is carried. */
function isAnother(name: string, { body, bodyInput }: LoopForm, state: number): boolean {
  const names = new Set<string>();
  addDefinedNames(body, names);
  return names.has(name) && body.input[bodyInput + state]!.name !== name;
}

function readFromOutside(
  graph: Graph,
  node: NodeProto,
  {
    form: { body, input, bodyInput, bodyOutput },
    state,
    constant,
    way,
  }: { form: LoopForm; state: number; constant: string; way: readonly NodeProto[] },
): void {
  const last = node.output[state] ?? '';
  if (last !== '') {
    graph.replaceUses(last, constant);
    graph.setOutput(node, state, '');
    if (graph.isOutput(last)) graph.addNode(makeNode('Identity', [constant], [last]));
  }
  graph.editSubgraphs(node, () => {
    node.input.splice(input + state, 1);
    node.output.splice(state, 1);
    const [carried] = body.input.splice(bodyInput + state, 1);
    body.output.splice(bodyOutput + state, 1);
    for (const step of way) if (!isRead(outputOf(step), body)) body.node.splice(body.node.indexOf(step), 1);
    for (const inner of body.node) renameReads(inner, carried!.name, constant);
    // What a body gives must be made in it.
    if (body.output.some(({ name }) => name === carried!.name))
      body.node.unshift(makeNode('Identity', [constant], [carried!.name]));
  });
}

function isRead(name: string, body: GraphProto): boolean {
  return (
    body.output.some((value) => value.name === name) ||
    body.node.some((node) => referencesOf(node).includes(name))
  );
}
