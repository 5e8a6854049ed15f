/** What the makers of a weight-only file share, and the part of a model that is not its large products. */
import type { NodeProto } from 'onnx-buf';
import { DataType } from '../../../onnx/tensor/element-type.js';
import type { BlockFormat } from '../../integers/block-quantize.js';
import { quantizeEmbeddings, type TableBits } from '../../layers/embeddings.js';
import { storeFinely } from '../../layers/fine-weights.js';
import { foldWeights } from '../../layers/folded-weights.js';
import { HalfStorage } from '../../layers/half-weights.js';
import { foldTiedTables } from '../../layers/tied-tables.js';
import type { QuantizeRequest } from '../../method/request.js';
import { type Decision, isQuantized } from '../../method/result.js';
import type { Selection } from '../../method/selection.js';
import { editBodies } from '../../prepare/edit-bodies.js';
import type { PreparedModel } from '../../prepare/prepare.js';
import type { HalfRest } from './half-rest.js';
import { type LargeWeight, largeWeights } from './large-weights.js';
import { toNearest } from './nearest-weights.js';

export interface Parts {
  prepared: PreparedModel;
  request: QuantizeRequest;
  selection: Selection;
  /** Of large products. */
  format: BlockFormat;
  /** Accuracy level of MatMulNBits. */
  level: number;
  /** What becomes half beside the weights; null: nothing. */
  rest: HalfRest | null;
  /** Weights are unpacked when the file is loaded: there are no large products. */
  unpacks: boolean;
}

/** The large products of a model (or of a body of it), and what became of those without a constant weight. */
export function productsOf(
  prepared: PreparedModel,
  { selection, format, unpacks }: Parts,
): ReturnType<typeof largeWeights> {
  return unpacks ? { weights: [], decisions: [] } : largeWeights(prepared, { selection, format });
}

/** The large products whose bits mixed precision chooses: those, and then the ones that are half and stay so (files for GPUs). */
export function mixedProductsOf(prepared: PreparedModel, parts: Parts): ReturnType<typeof largeWeights> {
  const floats = productsOf(prepared, parts);
  return { ...floats, weights: [...floats.weights, ...halfProductsOf(prepared, parts)] };
}

function halfProductsOf(prepared: PreparedModel, { selection, format, unpacks }: Parts): LargeWeight[] {
  if (unpacks) return [];
  return largeWeights(prepared, { selection, format, type: DataType.FLOAT16 }).weights;
}

export interface RestOptions {
  tableBits: TableBits;
  /** Layers that stay as they are. */
  kept?: ReadonlySet<NodeProto>;
  /** Replaces the layers of a body's large products. Default: by the nearest codes. */
  products?: (body: PreparedModel, weights: readonly LargeWeight[]) => Decision[];
}

/** Quantizes what is left when the large products have been: tables, smaller weights, and the bodies of If, Loop and Scan. What stays float after that
 *  is stored in half. */
export async function quantizeRest(
  prepared: PreparedModel,
  parts: Parts,
  {
    tableBits,
    kept = new Set(),
    products = (body, weights) => toNearest(body, weights, { level: parts.level }),
  }: RestOptions,
): Promise<{ made: Decision[]; storage: HalfStorage }> {
  const { request, selection } = parts;
  const { minSqnr, maxSize } = request.options;
  const isMixed = minSqnr !== null || maxSize !== null;
  const mayFold = (node: NodeProto) => !kept.has(node);
  const smaller = (graph: PreparedModel): Decision[] => [
    // Of the main graph, mixed precision has made them, or left them as they were.
    ...(isMixed && graph === prepared ? [] : quantizeHalves(graph, parts)),
    ...foldTiedTables(graph, selection, mayFold),
    ...quantizeEmbeddings(graph, selection, tableBits),
    ...foldWeights(graph, selection, mayFold),
    ...storeFinely(graph, request.options),
  ];
  const made = smaller(prepared);
  const storage = new HalfStorage(request.options);
  await editBodies(prepared, {
    ...request,
    edit: (body) => {
      const own = productsOf(body, parts);
      const inside = [...own.decisions, ...products(body, own.weights), ...smaller(body)];
      made.push(...inside);
      return inside.filter(isQuantized).length;
    },
    after: (body) => storage.store(body),
  });
  storage.store(prepared);
  return { made, storage };
}

/** Large products that are half already and stay so: their activations aren't observed, so that weights take the nearest codes. */
function quantizeHalves(prepared: PreparedModel, parts: Parts): Decision[] {
  return toNearest(prepared, halfProductsOf(prepared, parts), { level: parts.level });
}
