/** Constants that a model makes of next to nothing (a filter bank scattered into zeros, a mask): ONNX Runtime's `basic` level folds them, and a file
 *  that held them would be several times as large as the original. Where they weigh, what makes them is put back; it is folded again whenever
 *  the file is loaded. */
import type { NodeProto, TensorProto } from 'onnx-buf';
import { subgraphsOf } from '../../onnx/attributes.js';
import { readModel } from '../../onnx/file/read.js';
import { readModelOutline } from '../../onnx/file/read-outline.js';
import type { Graph } from '../../onnx/graph.js';
import { canonicalDomain } from '../../onnx/model.js';
import { renamedTensor, tensorByteLength } from '../../onnx/tensor/tensor.js';
import { isLargeConstant } from './copy-cost.js';

/** How many times larger than what it is made of a constant must be: weights that are unpacked, from 4 bits too, are no such constants. */
const LEAST_GROWTH = 10;
/** Share of the constants' bytes from which they weigh. */
const LEAST_SHARE = 0.1;

/** Nodes that give something else each time. */
const RANDOM = /^(Random|Bernoulli$|Multinomial$)/;

/** @param graph the prepared one, of the model at `path`. */
export function restoreGenerated(graph: Graph, path: string): void {
  const folded = foldedConstants(graph, readModelOutline(path).graph);
  if (folded.length === 0) return;
  const original = readModel(path).graph;
  const generated = folded.flatMap((tensor) => {
    const source = sourceOf(tensor.name, { graph, original });
    const isSmall = source !== null && source.bytes * LEAST_GROWTH <= tensorByteLength(tensor);
    return isSmall ? [{ tensor, source }] : [];
  });
  const bytes = (tensors: Iterable<TensorProto>): number =>
    [...tensors].reduce((sum, tensor) => sum + tensorByteLength(tensor), 0);
  const saved = bytes(generated.map(({ tensor }) => tensor));
  if (saved < LEAST_SHARE * bytes(graph.initializers.values())) return;
  const wanted = new Set(generated.flatMap(({ source }) => [...source.nodes]));
  for (const { tensor, source } of generated) {
    graph.removeInitializer(tensor.name);
    for (const leaf of source.constants) if (!graph.constant(leaf.name)) graph.setInitializer(leaf);
  }
  for (const node of original.topologicalNodes()) if (wanted.has(node)) graph.addNode(node);
}

/** Large constants that the original computes. */
function foldedConstants(graph: Graph, original: Graph): TensorProto[] {
  return [...graph.initializers.values()].filter(
    ({ name }) => isLargeConstant(graph, name) && original.producer(name) && !original.constant(name),
  );
}

interface Source {
  nodes: Set<NodeProto>;
  constants: TensorProto[];
  /** Of the constants. */
  bytes: number;
}

/** What a constant is made of in the original; null where that is not to be put back: it reads an input, or the prepared graph has
 *  something of another kind under one of its names. */
function sourceOf(name: string, { graph, original }: { graph: Graph; original: Graph }): Source | null {
  const source: Source = { nodes: new Set(), constants: [], bytes: 0 };
  const seen = new Set([name]);
  for (const tensor of seen) {
    const constant = original.constant(tensor);
    if (constant) {
      source.constants.push(constant.name === tensor ? constant : renamedTensor(constant, tensor));
      source.bytes += tensorByteLength(constant);
      continue;
    }
    const node = original.producer(tensor);
    if (!node || !canBePutBack(node) || node.output.some((other) => other !== name && isTaken(graph, other)))
      return null;
    source.nodes.add(node);
    for (const input of node.input) if (input !== '') seen.add(input);
  }
  return source;
}

function canBePutBack(node: NodeProto): boolean {
  return canonicalDomain(node.domain) === '' && !RANDOM.test(node.opType) && subgraphsOf(node).length === 0;
}

function isTaken(graph: Graph, name: string): boolean {
  return graph.initializers.has(name) || graph.producer(name) !== undefined || graph.isInput(name);
}
