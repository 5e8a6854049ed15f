/** Which tensors of a model are its weights, how many values they stand for, and in which files they lie.
 *
 *  Everything is looked through: the main graph, the bodies of If, Loop and Scan, and functions. */
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import {
  type GraphProto,
  TensorProto_DataLocation as Location,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from 'onnx-buf';
import { elementCount } from '../../tensor/dims.js';
import { intAttribute, subgraphsOf, tensorAttribute } from '../attributes.js';
import type { Model } from '../model.js';
import { outputOf } from '../node.js';
import { DataType } from '../tensor/element-type.js';
import { externalLocation, externalPath } from '../tensor/external-data.js';
import { tensorByteLength } from '../tensor/tensor.js';
import { tensorsOf } from '../tensors.js';
import { readOutlineProto } from './read-outline.js';

export interface Weight {
  /** Of the initializer, or of the value that a Constant node writes. */
  name: string;
  tensor: TensorProto;
  /** Values that the tensor stands for: more than its elements where several share a byte. */
  values: number;
}

/** Every initializer and every Constant node's tensor of a model (an outline will do). */
export function weightsOf(model: ModelProto): Weight[] {
  const found: Weight[] = [];
  if (model.graph) addWeights(found, model.graph, []);
  for (const { node } of model.functions) addWeights(found, { node, initializer: [] }, []);
  return found;
}

/** Values of all weights: scales and zero points count, shapes, indices, flags and text don't. Packed values count singly. */
export function parameterCount(weights: readonly Weight[]): number {
  let count = 0;
  for (const { tensor, values } of weights) if (!NOT_WEIGHTS.has(tensor.dataType)) count += values;
  return count;
}

/** Constants of these types hold shapes, indices, flags or text. */
const NOT_WEIGHTS: ReadonlySet<number> = new Set([DataType.INT64, DataType.BOOL, DataType.STRING]);

/** The files beside the model's own that hold tensors, as the model names them: relative to its folder, and not checked to stay inside.
 *  @throws UserError when an offset or a length is not a number. */
export function externalLocations(model: ModelProto): string[] {
  const locations = new Set<string>();
  for (const tensor of tensorsOf(model)) {
    if (tensor.dataLocation === Location.EXTERNAL) locations.add(externalLocation(tensor).location);
  }
  return [...locations];
}

/** The model file and every external data file it refers to, absolute.
 *  @param outline the model, where it was read already.
 *  @throws UserError when the file is no model, or its external data is missing or outside its folder. */
export function filesOf(file: string, outline?: Pick<Model, 'proto'>): string[] {
  const path = resolve(file);
  const proto = outline?.proto ?? readOutlineProto(file);
  const external = externalLocations(proto).map((location) => externalPath(location, dirname(path)));
  return [...new Set([path, ...external])];
}

/** Bytes on disk of `filesOf`. */
export async function modelBytes(file: string, outline?: Pick<Model, 'proto'>): Promise<number> {
  let bytes = 0;
  for (const path of filesOf(file, outline)) bytes += (await stat(path)).size;
  return bytes;
}

/** Above this only one session at a time is held where that is possible, and less is tried. */
export const LARGE_MODEL_BYTES = 500e6;

/** Bytes of all weights of a model (an outline will do). */
export function weightsBytes({ proto }: Pick<Model, 'proto'>): number {
  return weightsOf(proto).reduce((sum, { tensor }) => sum + tensorByteLength(tensor), 0);
}

/** Weights by name of one graph. */
type Scope = ReadonlyMap<string, Weight>;

/** @param outer the scopes around the graph, nearest first: a body may read their weights. */
function addWeights(
  found: Weight[],
  graph: Pick<GraphProto, 'node' | 'initializer'>,
  outer: readonly Scope[],
): void {
  const own = new Map<string, Weight>();
  const add = (name: string, tensor: TensorProto): void => {
    const weight = { name, tensor, values: elementCount(tensor.dims) };
    own.set(name, weight);
    found.push(weight);
  };
  for (const tensor of graph.initializer) add(tensor.name, tensor);
  for (const node of graph.node) {
    const constant = node.opType === 'Constant' ? tensorAttribute(node, 'value') : undefined;
    if (constant) add(outputOf(node), constant);
  }
  const scopes = [own, ...outer];
  for (const node of graph.node) {
    countPacked(node, scopes);
    for (const body of subgraphsOf(node)) addWeights(found, body, scopes);
  }
}

/** How an operator holds its weights where a byte of a uint8 tensor is several of them. */
interface Packing {
  /** Positions of the inputs. */
  weight: number;
  scales?: number;
  /** Packed too; one per scale. */
  zeroPoints?: number;
  /** Values that the weight stands for. @param stored its elements. */
  values(node: NodeProto, stored: number): number;
}

const matrix = (node: NodeProto): number => intAttribute(node, 'K', 0) * intAttribute(node, 'N', 0);

/** Operators of ONNX Runtime (docs/ContribOperators.md). Tensors of type int4 or uint4 need no entry: their shapes count values. */
const PACKED: Readonly<Record<string, Packing>> = {
  MatMulNBits: { weight: 1, scales: 2, zeroPoints: 3, values: matrix },
  MatMulBnb4: { weight: 1, values: matrix },
  GatherBlockQuantized: {
    weight: 0,
    scales: 2,
    zeroPoints: 3,
    values: (node, stored) => (stored * 8) / intAttribute(node, 'bits', 4),
  },
};

/** Corrects the counts of the packed weights that a node reads. */
function countPacked(node: NodeProto, scopes: readonly Scope[]): void {
  const packing = node.domain === 'com.microsoft' ? PACKED[node.opType] : undefined;
  if (!packing) return;
  const weightAt = (position: number | undefined): Weight | undefined => {
    const name = node.input[position ?? -1] ?? '';
    return scopes.find((scope) => scope.has(name))?.get(name);
  };
  const [weight, scales, zeroPoints] = [packing.weight, packing.scales, packing.zeroPoints].map(weightAt);
  if (weight?.tensor.dataType === DataType.UINT8) {
    weight.values = packing.values(node, elementCount(weight.tensor.dims));
  }
  if (zeroPoints?.tensor.dataType === DataType.UINT8 && scales) zeroPoints.values = scales.values;
}
