/** Chains of multiplications and additions of constants become one Mul and one Add: (x + a) · s + b = x · s + (a · s + b). */
import { makeNode } from '../../../onnx/build.js';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { outputOf } from '../../../onnx/node.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { type Affine, compose, isAll, readAffine } from '../matching/affine.js';
import type { RewriteContext } from '../matching/context.js';
import { channelDims } from './affine-into-next.js';

export function mergeAffine(model: Model, context: RewriteContext): number {
  const { graph } = model;
  let changes = 0;
  for (const node of graph.topologicalNodes()) {
    // An earlier chain may have taken it.
    if (graph.producer(outputOf(node)) !== node) continue;
    const chains = [1, -1].flatMap((axis) => {
      const last = readAffine(graph, node, { context, axis });
      const chain = chainEndingAt(graph, last, { axis, context });
      return chain ? [{ chain, axis }] : [];
    });
    const worthy = chains.find(({ chain }) => isWorthMerging(graph, chain));
    if (worthy) {
      replaceChain(graph, worthy.chain, { axis: worthy.axis, context });
      changes++;
    } else if (chains.some(({ chain }) => chain.length > 1))
      context.decline(node, 'merged with what comes before, it would be as many operators');
  }
  return changes;
}

/** The longest chain that ends at a node, first node first; null unless nothing continues it. */
function chainEndingAt(
  graph: Graph,
  last: Affine | null,
  { axis, context }: { axis: number; context: RewriteContext },
): Affine[] | null {
  if (!last) return null;
  const read = (node: Parameters<typeof readAffine>[1]) => readAffine(graph, node, { context, axis });
  const reader = graph.onlyReader(last.output);
  if (reader && read(reader)) return null;
  const chain = [last];
  while (graph.onlyReader(chain[0]!.input)) {
    const producer = graph.producer(chain[0]!.input);
    const before = producer && read(producer);
    if (!before) break;
    chain.unshift(before);
  }
  return chain;
}

/** Fewer nodes, or no division: Mul is three times as fast. (Behind MatMul a Div is attention's scale, and Sub → Mul its mask:
 *  ONNX Runtime knows those by their looks.) */
function isWorthMerging(graph: Graph, chain: readonly Affine[]): boolean {
  const { scale, offset } = total(chain);
  const shifts = !isAll(offset, 0);
  const nodes = (isAll(scale, 1) && shifts ? 0 : 1) + (shifts ? 1 : 0);
  const divides = chain.some(({ node }) => node.opType === 'Div');
  return nodes < chain.length || (divides && graph.producer(chain[0]!.input)?.opType !== 'MatMul');
}

function total(chain: readonly Affine[]): Pick<Affine, 'scale' | 'offset'> {
  return chain.reduce<Pick<Affine, 'scale' | 'offset'>>(compose, {
    scale: Float64Array.of(1),
    offset: Float64Array.of(0),
  });
}

function replaceChain(
  graph: Graph,
  chain: readonly Affine[],
  { axis, context: { types } }: { axis: number; context: RewriteContext },
): void {
  const { scale, offset } = total(chain);
  const { input } = chain[0]!;
  const { output } = chain.at(-1)!;
  const rank = types.get(input)?.shape?.length ?? 0;
  const constant = (base: string, values: Float64Array) => {
    const dims = channelDims(values.length, rank, axis);
    const name = graph.addConstant(base, DataType.FLOAT, dims, Float32Array.from(values));
    types.set(name, { dataType: DataType.FLOAT, shape: dims });
    return name;
  };
  for (const { node } of chain) graph.removeNode(node);
  const shifts = !isAll(offset, 0);
  let current = input;
  if (!isAll(scale, 1) || !shifts) {
    const scaled = shifts ? graph.freshName(`${output}_scaled`) : output;
    const type = types.get(output);
    if (type) types.set(scaled, type);
    graph.addNode(makeNode('Mul', [current, constant(`${output}_scale`, scale)], [scaled], { name: scaled }));
    current = scaled;
  }
  if (shifts) {
    graph.addNode(
      makeNode('Add', [current, constant(`${output}_offset`, offset)], [output], { name: output }),
    );
  }
}
