/** One step of an LSTM in pieces becomes an LSTM of one step: some fourteen small operators, of which two can be quantized, become one that runs
 *  in 8 bits as a whole, or as one kernel in float.
 *
 *  Not where weights have other readers: an LSTM unrolled over many steps would prepare them for each step anew. */
import { intAttribute } from '../../../onnx/attributes.js';
import { makeNode } from '../../../onnx/build.js';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import type { Weighted } from '../../../onnx/query/weighted.js';
import type { Dimension } from '../../../onnx/shapes/dimension.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import type { RewriteContext, ShapeContext } from '../matching/context.js';
import { GATES, type LstmCell, readLstmCell } from '../matching/lstm-cell.js';
import { constantShape, makeReshape } from '../matching/reshape.js';

export function lstmCell({ graph }: Model, { types, frozen, decline, inferShapes }: ShapeContext): number {
  const splits = graph.nodes.filter((node) => node.opType === 'Split' && node.output.length === 4);
  if (splits.length === 0) return 0;
  const { shapes } = inferShapes();
  let changes = 0;
  for (const split of splits) {
    const cell = readLstmCell(split, { graph, shapes });
    if (!cell || cell.nodes.some((node) => frozen.has(node))) continue;
    const batch = shapes.get(cell.before)![0]!;
    if (batch === 0) {
      decline(split, 'its batch is empty');
      continue;
    }
    replaceCell(graph, cell, { batch, types });
    changes++;
  }
  return changes;
}

interface Edit {
  batch: Dimension;
  types: RewriteContext['types'];
}

function replaceCell(graph: Graph, cell: LstmCell, edit: Edit): void {
  const { hidden, products, nodes, before, after, output } = cell;
  const [x, h] = products;
  const base = nodes[0]!.name || output;
  const constant = (name: string, dims: number[], values: Float32Array): string => {
    const added = graph.addConstant(name, DataType.FLOAT, dims, values);
    edit.types.set(added, { dataType: DataType.FLOAT, shape: dims });
    return added;
  };
  const weights = products.map((product) =>
    constant(`${product.weight}_gates`, [1, 4 * hidden, product.inputs], gatesOf(graph, product, cell)),
  );
  const bias = constant(`${base}_bias`, [1, 8 * hidden], biasOf(graph, cell));
  const view = (from: string, to: string, shape: readonly [Dimension[], Dimension[]]): void => {
    const dims = constantShape(shape[1], shape[0])!;
    graph.addNode(makeReshape(graph, [from, to], { dims, types: edit.types }));
  };
  const stepOf = (name: string, length: number): string => {
    const step = graph.freshName(`${name}_step`);
    edit.types.set(step, { dataType: DataType.FLOAT, shape: typeShape([1, edit.batch, length]) });
    view(name, step, [
      [edit.batch, length],
      [1, edit.batch, length],
    ]);
    return step;
  };
  for (const node of nodes) graph.removeNode(node);
  const [data, state, memory] = [stepOf(x.input, x.inputs), stepOf(h.input, hidden), stepOf(before, hidden)];
  const made = [output, after].map((name) => {
    const last = graph.freshName(`${name}_last`);
    edit.types.set(last, { dataType: DataType.FLOAT, shape: typeShape([1, edit.batch, hidden]) });
    view(last, name, [
      [1, edit.batch, hidden],
      [edit.batch, hidden],
    ]);
    return last;
  });
  graph.addNode(
    makeNode('LSTM', [data, ...weights, bias, '', state, memory], ['', ...made], {
      name: graph.freshName(`${base}_lstm`),
      attributes: { hidden_size: { int: hidden } },
    }),
  );
}

/** Open sizes have no name that ONNX Runtime would know. */
function typeShape(dims: readonly Dimension[]): (number | string)[] {
  return dims.map((dim) => (typeof dim === 'number' ? dim : ''));
}

/** [depth, 4 · hidden] (or the other way round, as Gemm may have it) → [4 · hidden, depth] with the gates in ONNX's order. */
function gatesOf(graph: Graph, { node, weight, inputs }: Weighted, { hidden, part }: LstmCell): Float32Array {
  const values = graph.floats(weight);
  const isTransposed = node.opType === 'Gemm' && intAttribute(node, 'transB', 0) === 1;
  const gates = new Float32Array(values.length);
  for (const [index, gate] of GATES.entries()) {
    for (let unit = 0; unit < hidden; unit++) {
      const column = part[gate] * hidden + unit;
      const row = (index * hidden + unit) * inputs;
      for (let k = 0; k < inputs; k++) {
        gates[row + k] = values[isTransposed ? column * inputs + k : k * 4 * hidden + column]!;
      }
    }
  }
  return gates;
}

/** All constants of the sum, gates in ONNX's order; the other half of LSTM's bias is 0. */
function biasOf(graph: Graph, { hidden, part, biases }: LstmCell): Float32Array {
  const bias = new Float32Array(8 * hidden);
  for (const name of biases) {
    const values = graph.floats(name);
    for (const [index, gate] of GATES.entries()) {
      for (let unit = 0; unit < hidden; unit++)
        bias[index * hidden + unit]! += values[part[gate] * hidden + unit]!;
    }
  }
  return bias;
}
