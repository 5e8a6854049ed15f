/** Arithmetic on the declared dimensions of model inputs becomes constants, where it comes to numbers although other dimensions
 *  stay open: Shape → Gather(2) → … → Concat → Pad. (ONNX Runtime folds shapes that are known as a whole.)
 *
 *  Only dimensions that the model declares count: those that were merely observed on a sample may be others tomorrow. */
import type { NodeProto } from 'onnx-buf';
import { intAttribute } from '../../../onnx/attributes.js';
import type { Graph } from '../../../onnx/graph.js';
import type { Model } from '../../../onnx/model.js';
import { outputOf } from '../../../onnx/node.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { dimsOf } from '../../../onnx/tensor/tensor.js';
import { tensorType } from '../../../onnx/tensor/tensor-type.js';
import type { RewriteContext } from '../matching/context.js';

/** A scalar or vector of int64; unknown elements are null. */
interface Known {
  values: (bigint | null)[];
  /** 0 or 1. */
  rank: number;
}

export function foldShapes(model: Model, { types }: RewriteContext): number {
  const { graph } = model;
  const known = new Map<string, Known>();
  let changes = 0;
  for (const node of graph.topologicalNodes()) {
    const result = node.domain === '' && node.output.length === 1 ? evaluate(node, graph, known) : null;
    if (!result) continue;
    const name = outputOf(node);
    known.set(name, result);
    if (result.values.includes(null) || node.opType === 'Constant' || graph.isOutput(name)) continue;
    const dims = result.rank === 0 ? [] : [result.values.length];
    const values = BigInt64Array.from(result.values as bigint[]);
    const constant = graph.addConstant(name, DataType.INT64, dims, values);
    types.set(constant, { dataType: DataType.INT64, shape: dims });
    known.set(constant, result);
    graph.replaceUses(name, constant);
    graph.removeNode(node);
    changes++;
  }
  return changes;
}

function evaluate(node: NodeProto, graph: Graph, known: ReadonlyMap<string, Known>): Known | null {
  if (node.opType === 'Shape') return declaredShape(node, graph);
  const inputs = node.input.map((name) => known.get(name) ?? constantOf(graph, name));
  if (inputs.length === 0 || inputs.includes(null)) return null;
  const [first, second] = inputs as [Known, Known | undefined];
  switch (node.opType) {
    case 'Gather':
      return second && first.rank === 1 ? gather(first, second) : null;
    case 'Concat':
      return (inputs as Known[]).every(({ rank }) => rank === 1)
        ? { rank: 1, values: (inputs as Known[]).flatMap(({ values }) => values) }
        : null;
    case 'Unsqueeze':
      return first.rank === 0 ? { rank: 1, values: first.values } : null;
    case 'Squeeze':
      return first.values.length === 1 ? { rank: 0, values: first.values } : null;
    case 'Identity':
      return first;
    case 'Cast':
      return intAttribute(node, 'to', 0) === DataType.INT64 ? first : null;
    default: {
      const operation = ARITHMETIC.get(node.opType);
      return operation && second ? elementwise(first, second, operation) : null;
    }
  }
}

const ARITHMETIC = new Map<string, (a: bigint, b: bigint) => bigint | null>([
  ['Add', (a, b) => a + b],
  ['Sub', (a, b) => a - b],
  ['Mul', (a, b) => a * b],
  // Integers are divided towards zero; what rounds otherwise is left to the runtime.
  ['Div', (a, b) => (a >= 0n && b > 0n ? a / b : null)],
]);

function declaredShape(node: NodeProto, graph: Graph): Known | null {
  const input = graph.inputs.find(({ name }) => name === node.input[0]);
  const shape = input && tensorType(input)?.shape;
  if (!shape) return null;
  const values = shape.map((dim) => (typeof dim === 'number' && dim >= 0 ? BigInt(dim) : null));
  return {
    rank: 1,
    values: values.slice(intAttribute(node, 'start', 0), intAttribute(node, 'end', values.length)),
  };
}

function constantOf(graph: Graph, name: string): Known | null {
  const tensor = graph.constant(name);
  if (tensor?.dataType !== DataType.INT64 || tensor.dims.length > 1) return null;
  return { rank: dimsOf(tensor).length, values: [...(graph.constantValues(name) as BigInt64Array)] };
}

function gather(data: Known, indices: Known): Known | null {
  const values = indices.values.map((index) => (index === null ? undefined : data.values.at(Number(index))));
  return values.includes(undefined) ? null : { rank: indices.rank, values: values as (bigint | null)[] };
}

function elementwise(a: Known, b: Known, operation: (a: bigint, b: bigint) => bigint | null): Known | null {
  const length = Math.max(a.values.length, b.values.length);
  if ([a, b].some(({ values }) => values.length !== 1 && values.length !== length)) return null;
  const at = ({ values }: Known, i: number) => values[values.length === 1 ? 0 : i]!;
  const values = Array.from({ length }, (_, i) => {
    const [left, right] = [at(a, i), at(b, i)];
    return left === null || right === null ? null : operation(left, right);
  });
  return { rank: Math.max(a.rank, b.rank), values };
}
