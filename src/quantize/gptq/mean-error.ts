/**
 * The mean of the error of a layer's output, which a constant that is added to the output takes up exactly: its codes need only be fitted to how the inputs
 * vary (bias correction: Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction", 2019, section 4.2, here of what is read on samples).
 */
import type { NodeProto } from 'onnx-buf';
import type { Graph } from '../../onnx/graph.js';
import { outputOf } from '../../onnx/node.js';
import { additionTo } from '../../onnx/query/addition.js';
import { addFloatConstant, type FloatConstant, floatConstant } from '../../onnx/query/float-constants.js';
import type { LinearLayer } from '../layers/linear-layer.js';
import type { MeanErrors } from '../method/evidence.js';
import type { InputMean } from './inputs/loudness-error.js';

/** A constant that is added to every vector of a layer's output: Gemm's own (`add` is null), or that of the Add which alone reads the output, as it is or
 *  cast to another type. */
interface Addend {
  name: string;
  constant: FloatConstant;
  add: NodeProto | null;
}

function addendOf(graph: Graph, { node, channels, bias }: LinearLayer): Addend | null {
  const addition = bias ? null : additionTo(castOf(graph, outputOf(node)), graph);
  const name = bias?.name ?? addition?.addend ?? '';
  const constant = floatConstant(graph, name);
  if (!constant) return null;
  const [last = 1, ...others] = constant.dims.toReversed();
  if ((last !== channels && last !== 1) || others.some((dim) => dim !== 1)) return null;
  return { name, constant, add: addition?.node ?? null };
}

/** What a Cast makes of a value that it alone reads; else the value. */
function castOf(graph: Graph, name: string): string {
  const reader = graph.onlyReader(name);
  return reader?.opType === 'Cast' && reader.domain === '' ? outputOf(reader) : name;
}

/** Whether every layer has a constant behind it that can take up a mean error. */
export function takeMeans(graph: Graph, layers: readonly LinearLayer[]): boolean {
  return layers.every((layer) => addendOf(graph, layer) !== null);
}

/**
 * Adds each layer's mean error to the constant behind it: to one of its own, so that no other reader of the constant sees it. Before the layer's node is replaced.
 * @returns the layers, those of a Gemm with another addend.
 */
export function takeUpMeans<L extends readonly LinearLayer[]>(graph: Graph, layers: L, means: MeanErrors): L {
  return layers.map((layer) => {
    const mean = means.get(layer.input);
    const addend = mean && addendOf(graph, layer);
    if (!addend) return layer;
    const { name, add, constant } = addend;
    const { type, dims, values: before } = constant;
    const beta = layer.bias?.beta ?? 1;
    const values = Float64Array.from(
      mean,
      (value, channel) => beta * before[before.length === 1 ? 0 : channel]! + layer.alpha * value,
    );
    const shape = [...dims.slice(0, -1), layer.channels];
    const own = addFloatConstant(graph, `${name}_corrected`, { type, dims: shape, values });
    if (add === null) return { ...layer, bias: { name: own, beta: 1 } };
    graph.setInput(add, add.input.indexOf(name), own);
    return layer;
  }) as readonly LinearLayer[] as L;
}

/** What fitRows sums up of a layer whose mean error is taken up. */
export class MeanErrorSums {
  /** By what is read: of each row of weights, what its layer's output loses in the mean. */
  readonly errors: Map<string, Float32Array>;
  readonly #means: ReadonlyMap<string, InputMean>;
  #power = 0;

  /** @param means of what is read, by name. @param rows of the layer's weights. */
  constructor(means: ReadonlyMap<string, InputMean>, rows: number) {
    this.#means = means;
    this.errors = new Map([...means.keys()].map((input) => [input, new Float32Array(rows)]));
  }

  /** @param weights some rows. @param errors the same rows less what they became. @param first place of the first. */
  add(weights: Float32Array, errors: Float32Array, first: number): void {
    const vectors = [...this.#means.values()].reduce((sum, { rows }) => sum + rows, 0);
    for (const [input, { values, chance, rows }] of this.#means) {
      this.errors.get(input)!.set(rowMeans(errors, values), first);
      const power = rowMeans(weights, values).reduce((sum, mean) => sum + mean ** 2, 0);
      this.#power += ((1 - chance) * rows * power) / vectors;
    }
  }

  /** Of the output: what its mean has, and a covariance does not tell. */
  get power(): number {
    return this.#power;
  }
}

/** Products of the rows of a matrix with a vector. */
function rowMeans(rows: Float32Array, vector: Float64Array): Float64Array {
  const products = new Float64Array(rows.length / vector.length);
  for (let row = 0, at = 0; row < products.length; row++) {
    let total = 0;
    for (let k = 0; k < vector.length; k++, at++) total += rows[at]! * vector[k]!;
    products[row] = total;
  }
  return products;
}
