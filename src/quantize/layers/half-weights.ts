/** Weights of layers that compute in float32, stored in half: Cast(half) → weight. ONNX Runtime does the Cast once, when it loads the file (constant
 *  folding, `basic` and above), so that the layer computes as before, of weights that lose some 74 dB and take half the bytes. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute } from '../../onnx/attributes.js';
import { makeNode } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import { canonicalDomain } from '../../onnx/model.js';
import { outputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { dimsOf, makeTensor } from '../../onnx/tensor/tensor.js';
import { elementCount } from '../../tensor/dims.js';
import { halfValue, toHalf } from '../../tensor/half.js';
import { type Decision, HALF_STORED, type QuantizeNote } from '../method/result.js';
import { halfSelection, nodeLabel, type Selection, type SelectionOptions } from '../method/selection.js';
import { type Foldable, isFoldableLayer } from './folded-weights.js';
import { heldInBodies, readersInBodies } from './shared-weights.js';
import { weightInputs } from './weight-inputs.js';

/** Weights below this many values aren't worth a Cast. */
const SMALLEST_STORED = 256;

/** What rounding to half may cost a weight, as noise power over signal power: 60 dB. Values whose halves have all their bits lose 74; those near the end of
 *  its range, or below 2⁻¹⁴, where halves have ever fewer bits, more. */
export const LARGEST_LOSS = 1e-6;

/** Stores in half the weights that layers read in float32; says of which layers. What `exclude`, `include` and overrides keep stays as it is, and so do
 *  tables that are looked up (they may hold coordinates) and what anything but a layer reads.
 *  @param among only these operators. */
export function storeInHalf(
  { model: { graph } }: Pick<Foldable, 'model'>,
  selection: Selection,
  among: (node: NodeProto) => boolean = () => true,
): Decision[] {
  const decisions: Decision[] = [];
  for (const tensor of [...graph.initializers.values()]) {
    const { name } = tensor;
    if (tensor.dataType !== DataType.FLOAT || elementCount(tensor.dims) < SMALLEST_STORED) continue;
    if (graph.isOutput(name) || graph.isInput(name)) continue;
    const layers = readingLayers(graph, name, { selection, among });
    if (layers.length === 0) continue;
    const bits = halvesOf(graph.floats(name));
    if (bits === null) continue;
    store(graph, name, bits);
    for (const node of layers)
      decisions.push({ node: nodeLabel(node), opType: node.opType, became: HALF_STORED, reason: null });
  }
  return decisions;
}

/** What is told of a file in which nothing else was done. */
export const ONLY_HALVES: QuantizeNote = {
  level: 'info',
  code: 'quantize.only-weights',
  message:
    'Nothing of this model can be in fewer bits with a gain: only its weights were stored in half, and it computes in float32 as before.',
};

/** Stores in half what a method leaves in float32, in the main graph and in bodies: what a repair left takes part, what the user keeps does not. */
export class HalfStorage {
  readonly #selection: Selection;
  readonly #stored: Decision[] = [];

  constructor(options: SelectionOptions) {
    this.#selection = halfSelection(options);
  }

  /** @returns of how many layers. */
  store(model: Pick<Foldable, 'model'>): number {
    const stored = storeInHalf(model, this.#selection);
    this.#stored.push(...stored);
    return stored.length;
  }

  /** What the method said of its operators, and what of their weights. */
  told(made: readonly Decision[]): Decision[] {
    return withStored(made, this.#stored);
  }
}

/** What was said of operators, with those that are still float but for the form in which their weights are stored. */
export function withStored(made: readonly Decision[], stored: readonly Decision[]): Decision[] {
  const byNode = new Map(stored.map((decision) => [decision.node, decision]));
  const seen = new Set(made.map(({ node }) => node));
  return [
    ...made.map((decision) =>
      decision.became === 'float' && byNode.has(decision.node)
        ? { ...decision, became: HALF_STORED }
        : decision,
    ),
    ...[...byNode.values()].filter(({ node }) => !seen.has(node)),
  ];
}

interface LayerOptions {
  selection: Selection;
  among(node: NodeProto): boolean;
}

/** The layers that read a weight, in bodies too; none where anything else reads it (but for a Cast to half), or one of them must have it as it is. */
function readingLayers(graph: Graph, weight: string, { selection, among }: LayerOptions): NodeProto[] {
  const layers: NodeProto[] = [];
  for (const reader of graph.consumers(weight)) {
    if (isCastToHalf(reader)) continue;
    const isDirect = reader.input.includes(weight);
    if (!isDirect && heldInBodies(reader, weight, selection) !== null) return [];
    layers.push(...(isDirect ? [reader] : readersInBodies(reader, weight)));
  }
  return layers.every((node) => mayRound(node, weight, selection) && among(node)) ? layers : [];
}

function mayRound(node: NodeProto, weight: string, selection: Selection): boolean {
  const inputs = weightInputs(node);
  const readsAsWeight = node.input.every((name, index) => name !== weight || inputs.includes(index));
  if (!isFoldableLayer(node) || !readsAsWeight) return false;
  return selection.reasonToKeep(node) === null && !selection.override(node)?.weight?.startsWith('float');
}

function isCastToHalf(node: NodeProto): boolean {
  const isCast = node.opType === 'Cast' && canonicalDomain(node.domain) === '';
  return isCast && intAttribute(node, 'to', 0) === DataType.FLOAT16;
}

/** The weight's readers find it under its name, behind the Cast; those of a Cast to half read what is stored. */
function store(graph: Graph, name: string, bits: Uint16Array): void {
  const tensor = graph.initializers.get(name)!;
  const stored = graph.freshName(`${name}_half`);
  graph.setInitializer(makeTensor(stored, DataType.FLOAT16, dimsOf(tensor), bits));
  graph.removeInitializer(name);
  for (const reader of [...graph.consumers(name)]) {
    if (!isCastToHalf(reader) || graph.isOutput(outputOf(reader))) continue;
    graph.replaceUses(outputOf(reader), stored);
    graph.removeNode(reader);
  }
  const attributes = { to: { int: DataType.FLOAT } };
  graph.addNode(makeNode('Cast', [stored], [name], { name: graph.freshName(`${name}_cast`), attributes }));
}

/** The bits of every value; null where rounding loses too much, or anything is not finite. */
function halvesOf(values: Float32Array): Uint16Array | null {
  const bits = toHalf(values);
  let [signal, noise] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    signal += values[i]! ** 2;
    noise += (values[i]! - halfValue(bits[i]!)) ** 2;
  }
  return noise <= LARGEST_LOSS * signal ? bits : null;
}
