/** Which tensors carry a model's data: what is looked at, heard or read, as against factors, sizes and states that come beside it.
 *
 *  An input is data where it flows: into what a convolution, a product, a recurrent layer or an embedding table reads as its data. On the
 *  way it may be moved, normalized and joined; where it is only broadcast over something larger (a scale factor, a mask, a mean), or says
 *  where to cut and how to resize, it does not flow on. The rank of an input says nothing: a state may have one more than the audio. */
import type { NodeProto } from 'onnx-buf';
import type { Graph } from '../../../onnx/graph.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import type { TensorType } from '../../../onnx/tensor/tensor-type.js';

type Types = ReadonlyMap<string, TensorType>;

/** Tensors computed from an input that is data. Where no input flows into weights, those of the highest rank are the data. */
export function dataTensors(graph: Graph, types: Types): Set<string> {
  const inputs = graph.inputs.map(({ name }) => name);
  const flowing = inputs.filter((name) => flowsIntoWeights(name, graph, types));
  const data = new Set(flowing.length > 0 ? flowing : highestRank(inputs, types));
  for (const node of graph.topologicalNodes()) {
    if (node.input.some((name) => data.has(name))) for (const output of node.output) data.add(output);
  }
  return data;
}

/** Operators of which only the first input is carried on: the others are states, sizes, places and limits. */
const FIRST_ONLY = new Set(
  'LSTM GRU RNN Reshape Slice Pad Tile Expand Resize Upsample Squeeze Unsqueeze TopK Clip Split ReduceSum ReduceMean ReduceMax ReduceMin'.split(
    ' ',
  ),
);

/** Operators that tell of a tensor's shape, not of its values. */
const SHAPE_ONLY = new Set(['Shape', 'Size', 'ConstantOfShape', 'Range', 'EyeLike']);

function flowsIntoWeights(input: string, graph: Graph, types: Types): boolean {
  const seen = new Set([input]);
  const waiting = [input];
  for (let tensor = waiting.pop(); tensor !== undefined; tensor = waiting.pop()) {
    for (const node of graph.consumers(tensor)) {
      if (readsAsData(node, tensor, graph)) return true;
      for (const output of carriedOn(node, tensor, { graph, types })) {
        if (seen.has(output)) continue;
        seen.add(output);
        waiting.push(output);
      }
    }
  }
  return false;
}

/** Whether weights meet the tensor in this node. */
function readsAsData(node: NodeProto, tensor: string, graph: Graph): boolean {
  if (node.domain !== '') return false;
  const [first = '', second = ''] = node.input;
  switch (node.opType) {
    case 'Conv':
    case 'ConvTranspose':
    case 'LSTM':
    case 'GRU':
    case 'RNN':
      return first === tensor;
    case 'Gather':
      return second === tensor && graph.isFloats(first);
    case 'MatMul':
    case 'Gemm':
      return (first === tensor && graph.isFloats(second)) || (second === tensor && graph.isFloats(first));
    default:
      return false;
  }
}

/** The outputs into which a tensor flows on. */
function carriedOn(
  node: NodeProto,
  tensor: string,
  { graph, types }: { graph: Graph; types: Types },
): string[] {
  if (SHAPE_ONLY.has(node.opType)) return [];
  if (FIRST_ONLY.has(node.opType) && node.input[0] !== tensor) return [];
  const outputs = node.output.filter((name) => name !== '');
  const others = node.input.filter((name) => name !== '' && name !== tensor && !graph.constant(name));
  if (others.length === 0 || !isElementwise(node)) return outputs;
  return outputs.filter((output) => elements(tensor, types) >= elements(output, types));
}

const ELEMENTWISE = new Set(
  'Add Sub Mul Div Pow Max Min Sum Mean Where Equal Greater Less GreaterOrEqual LessOrEqual And Or Mod PRelu'.split(
    ' ',
  ),
);

function isElementwise({ opType, domain }: NodeProto): boolean {
  return domain === '' && ELEMENTWISE.has(opType);
}

function highestRank(inputs: readonly string[], types: Types): string[] {
  const isFloat = (name: string) => types.get(name)?.dataType === DataType.FLOAT;
  const rank = (name: string): number => types.get(name)?.shape?.length ?? 0;
  const highest = Math.max(0, ...inputs.filter(isFloat).map(rank));
  return inputs.filter((name) => !isFloat(name) || rank(name) >= Math.min(highest, 3));
}

/** Unknown dimensions count as 1. */
function elements(tensor: string, types: Types): number {
  let count = 1;
  for (const dim of types.get(tensor)?.shape ?? []) if (typeof dim === 'number' && dim > 0) count *= dim;
  return count;
}
