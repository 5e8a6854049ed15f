/** `rest: float16`: what weight-only quantization leaves in float32 becomes half, in the same file (transformers.js calls it q4f16).
 *
 *  Weights in 4 and 8 bits stay so, their scales become half, and MatMulNBits and GatherBlockQuantized compute in half. What `exclude` names stays
 *  float32; what `include` does not name is rest. */
import type { NodeProto } from 'onnx-buf';
import { subgraphsOf } from '../../../onnx/attributes.js';
import type { TensorRange } from '../../calibrate/minmax.js';
import { halve, observedRanges } from '../../float16/halve.js';
import { conversionNotes } from '../../float16/notes.js';
import { withStored } from '../../layers/half-weights.js';
import type { QuantizeRequest } from '../../method/request.js';
import {
  type Decision,
  HALF_STORED,
  isChanged,
  isQuantized,
  type QuantizeNote,
} from '../../method/result.js';
import { makeSelection, nodeLabel, type Selection } from '../../method/selection.js';
import { inferTypes, type PreparedModel } from '../../prepare/prepare.js';
import { writePrepared } from '../../prepare/write-prepared.js';

/** What is known before the weights are exchanged. */
export interface HalfRest {
  selection: Selection;
  /** Of the model's own tensors on the calibration data. */
  ranges: ReadonlyMap<string, TensorRange>;
  /** Labels of the model's own operators: what weights are unpacked with is none of them. */
  operators: ReadonlySet<string>;
  /** What is told of the observation. */
  notes: readonly QuantizeNote[];
}

/** null: the rest stays as it is. */
export async function halfRest(prepared: PreparedModel, request: QuantizeRequest): Promise<HalfRest | null> {
  if (request.options.rest === null) return null;
  const notes: QuantizeNote[] = [];
  const ranges = await observedRanges(prepared, request, notes);
  const { graph } = prepared.model;
  const selection = makeSelection({ ...request.options, include: null, includeNames: false }, graph.nodes);
  return { selection, ranges, operators: new Set(labelsOf(graph.nodes)), notes };
}

/** Writes what weight-only quantization made of a prepared model, its rest in half where that is asked for; says what became of every operator. */
export async function writeWithRest(
  prepared: PreparedModel,
  { request, rest }: { request: QuantizeRequest; rest: HalfRest | null },
  made: readonly Decision[],
): Promise<{ decisions: Decision[]; notes: QuantizeNote[] }> {
  if (rest === null) {
    if (made.some(isChanged)) await writePrepared(prepared, request);
    return { decisions: [...made], notes: [] };
  }
  prepared.model.graph.prune();
  const types = await inferTypes(prepared.model, request);
  const { decisions: halves, scope, converted } = await halve({ ...prepared, types }, request, rest);
  const decisions = merged(
    made,
    halves.filter(({ node }) => rest.operators.has(node)),
  );
  if (decisions.some(isChanged)) await writePrepared(prepared, request);
  const notes = converted ? conversionNotes(request, { scope, converted }) : [];
  return { decisions, notes: [...rest.notes, ...notes] };
}

/** What an operator's weights became says more than that it computes in half. */
function merged(weights: readonly Decision[], halves: readonly Decision[]): Decision[] {
  const compressed = new Map(weights.filter(isQuantized).map((decision) => [decision.node, decision]));
  const seen = new Set(halves.map(({ node }) => node));
  const all = [
    ...halves.map((decision) => compressed.get(decision.node) ?? decision),
    ...weights.filter(({ node }) => !seen.has(node)),
  ];
  return withStored(
    all,
    weights.filter(({ became }) => became === HALF_STORED),
  );
}

function labelsOf(nodes: Iterable<NodeProto>): string[] {
  return [...nodes].flatMap((node) => [
    nodeLabel(node),
    ...subgraphsOf(node).flatMap((body) => labelsOf(body.node)),
  ]);
}
