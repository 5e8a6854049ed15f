/** Covariance of what weighted operators read, collected from calibration samples: what adaptive rounding minimizes the error in.
 *
 *  Of every image a bounded number of positions is taken, so that neither memory nor time grows with its size. */

import type { NodeProto } from 'onnx-buf';
import type { Dataset } from '../../../data/samples/dataset.js';
import { intsAttribute, stringAttribute } from '../../../onnx/attributes.js';
import { makeValue } from '../../../onnx/build.js';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { readWeighted } from '../../../onnx/weighted.js';
import type { RunContext } from '../../../runtime/context.js';
import { floatsOf, type Tensor } from '../../../tensor/tensor.js';
import { batches } from '../../calibrate/batches.js';
import { openObserved } from '../../calibrate/observed-model.js';
import { refusedSample } from '../../calibrate/refused-sample.js';
import { withMatrices } from '../../gptq/matrices.js';
import type { Group } from '../placement/group.js';
import { RowMoments } from './row-moments.js';
import { shareMoments } from './shared-moments.js';

/** One covariance matrix [inputs, inputs] for all output channels, or one per group of them. */
export interface InputMoments {
  /** Inputs of one output channel: weights per row. */
  inputs: number;
  /** Row-major; one per convolution group. */
  covariances: Float32Array[];
}

export interface MomentsRequest {
  model: Model;
  groups: readonly Group[];
  dataset: Dataset;
  context: RunContext;
}

const SAMPLES = 32;
/** Positions per image and tensor. */
const POSITIONS = 48;
/** Of convolutions in groups fewer do: each group has few weights. */
const GROUPED_POSITIONS = 12;
/** Operators with more inputs per output are left to the nearest rounding: their matrices would be too large. */
const MOST_INPUTS = 2048;

/** Where a convolution's output looks at its input. */
interface Window {
  kernel: [number, number];
  strides: [number, number];
  dilations: [number, number];
  /** Above and left. */
  pads: [number, number];
}

interface Observed {
  /** What the group writes. */
  output: string;
  weight: string;
  tensor: string;
  inputs: number;
  convolutionGroups: number;
  window: Window;
  /** Of what the kernel saw, for a convolution without groups. */
  rows: RowMoments | null;
  /** Sums of what it saw and of the products, for one in groups. */
  sums: { count: number; inputs: Float64Array; products: Float32Array }[];
}

/** Inputs² × outputs of every convolution that is observed, summed: what the time of rounding adaptively is proportional to. */
export function roundingWork(groups: readonly Group[], graph: Graph): number {
  return groups.reduce((sum, { node, outputs }) => {
    const inputs = observe(node, outputs[0]!, graph)?.inputs ?? 0;
    return sum + inputs ** 2 * (readWeighted(graph, node)?.outputs ?? 0);
  }, 0);
}

/** Covariances by the name of what the node writes. Only two-dimensional convolutions with explicit padding are observed. */
export async function collectMoments(request: MomentsRequest): Promise<Map<string, InputMoments>> {
  const { model, groups, dataset, context } = request;
  const observed = groups.flatMap(({ node, outputs }) => observe(node, outputs[0]!, model.graph) ?? []);
  const moments = new Map<string, InputMoments>();
  if (observed.length === 0) return moments;
  const outputs = [...new Set(observed.map(({ tensor }) => tensor))].map((name) => makeValue(name));
  const session = await openObserved(model, { nodes: [], initializers: [], outputs }, { context });
  await withMatrices(context, async (matrices) => {
    let done = 0;
    try {
      for await (const feeds of batches(dataset, session.inputs, context.signal)) {
        const results = await session.run(feeds).catch((error: unknown) => {
          throw refusedSample(error, dataset);
        });
        for (const one of observed) {
          look(one, results[one.tensor]!, done);
          await one.rows?.settle(matrices);
        }
        if (++done >= SAMPLES) break;
      }
    } finally {
      await session.release();
    }
    for (const { output, inputs, rows, sums } of observed) {
      const covariances = rows ? [await rows.covariance(matrices)] : sums.map((sum) => covarianceOfSums(sum));
      moments.set(output, { inputs, covariances });
    }
  });
  shareMoments(observed, moments);
  return moments;
}

function observe(node: NodeProto, output: string, graph: Graph): Observed | null {
  const weighted = readWeighted(graph, node);
  if (weighted?.opType !== 'Conv' || weighted.dims.length !== 4) return null;
  if (!['NOTSET', 'VALID'].includes(stringAttribute(node, 'auto_pad', 'NOTSET'))) return null;
  const [, , height = 1, width = 1] = weighted.dims;
  const inputs = weighted.columns * weighted.kernel;
  const two = (name: string): [number, number] => {
    const [a = 1, b = 1] = intsAttribute(node, name) ?? [];
    return [a, b];
  };
  const [top = 0, left = 0] = intsAttribute(node, 'pads') ?? [];
  const convolutionGroups = weighted.group;
  if (inputs < 2 || inputs > MOST_INPUTS) return null;
  return {
    output,
    weight: weighted.weight,
    tensor: weighted.input,
    inputs,
    convolutionGroups,
    window: {
      kernel: [height, width],
      strides: two('strides'),
      dilations: two('dilations'),
      pads: [top, left],
    },
    rows: convolutionGroups === 1 ? new RowMoments(inputs) : null,
    sums: Array.from({ length: convolutionGroups === 1 ? 0 : convolutionGroups }, () => ({
      count: 0,
      inputs: new Float64Array(inputs),
      products: new Float32Array(inputs * inputs),
    })),
  };
}

/** Looks through the kernel at positions spread over the image; at other ones in every sample. */
function look(observed: Observed, tensor: Tensor, sample: number): void {
  const { inputs, convolutionGroups, window, rows, sums } = observed;
  const [, channels, height, width] = tensor.dims as [number, number, number, number];
  const { strides, pads } = window;
  const depth = channels / convolutionGroups;
  const columns = Math.max(1, Math.floor(width / strides[1]));
  const positions = Math.max(1, Math.floor(height / strides[0])) * columns;
  const wanted = convolutionGroups === 1 ? POSITIONS : GROUPED_POSITIONS;
  const step = Math.max(1, Math.floor(positions / wanted)) | 1;
  const image = { data: floatsOf(tensor), height, width };
  const row = new Float32Array(inputs);
  for (let position = sample % step; position < positions; position += step) {
    const top = Math.floor(position / columns) * strides[0] - pads[0];
    const left = (position % columns) * strides[1] - pads[1];
    for (let group = 0; group < convolutionGroups; group++) {
      readWindow(row, image, { window, top, left, channel: group * depth });
      const sum = sums[group];
      if (sum) {
        addProducts(sum, row);
      } else {
        rows?.add(row);
      }
    }
  }
}

function readWindow(
  row: Float32Array,
  { data, height, width }: { data: Float32Array; height: number; width: number },
  { window, top, left, channel }: { window: Window; top: number; left: number; channel: number },
): void {
  const { kernel, dilations } = window;
  const depth = row.length / kernel[0] / kernel[1];
  if (depth === row.length && top >= 0 && top < height && left >= 0 && left < width) {
    const plane = height * width;
    for (let c = 0, at = channel * plane + top * width + left; c < depth; c++, at += plane)
      row[c] = data[at]!;
    return;
  }
  let k = 0;
  for (let c = channel; c < channel + depth; c++) {
    for (let i = 0; i < kernel[0]; i++) {
      const y = top + i * dilations[0];
      for (let j = 0; j < kernel[1]; j++, k++) {
        const x = left + j * dilations[1];
        row[k] = y >= 0 && y < height && x >= 0 && x < width ? data[(c * height + y) * width + x]! : 0;
      }
    }
  }
}

function addProducts(sum: Observed['sums'][number], row: Float32Array): void {
  const { inputs, products } = sum;
  sum.count++;
  for (let i = 0; i < row.length; i++) {
    const value = row[i]!;
    inputs[i]! += value;
    if (value === 0) continue;
    // The other half is the same.
    for (let j = 0, at = i * row.length; j <= i; j++, at++) products[at]! += value * row[j]!;
  }
}

function covarianceOfSums({ count, inputs, products }: Observed['sums'][number]): Float32Array {
  const size = inputs.length;
  return products.map((_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    const product = products[Math.max(i, j) * size + Math.min(i, j)]!;
    return product / count - (inputs[i]! / count) * (inputs[j]! / count);
  });
}
