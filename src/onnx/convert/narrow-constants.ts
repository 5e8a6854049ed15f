/** Float32 constants that were half or bfloat16 go back to it, each behind a Cast that is done once, when the model is loaded. */

import { elementCount } from '../../tensor/dims.js';
import { toBfloat16, toHalf } from '../../tensor/half.js';
import { makeNode } from '../build.js';
import type { Graph } from '../graph.js';
import { DataType } from '../tensor/element-type.js';
import { dimsOf, makeTensor } from '../tensor/tensor.js';
import type { NarrowFloat } from './widen.js';

/** Smaller constants are not worth a Cast. */
const SMALLEST_NARROWED = 256;

/** Largest float32 that half rounds to a finite value (65504) without reaching the next. */
const HALF_LIMIT = 65520;

/** Stores large float32 constants of the main graph in `type`. Half: rounded, where they fit; bfloat16: only where nothing is lost. */
export function narrowConstants(graph: Graph, type: NarrowFloat): void {
  for (const tensor of [...graph.initializers.values()]) {
    const { name } = tensor;
    if (tensor.dataType !== DataType.FLOAT || elementCount(tensor.dims) < SMALLEST_NARROWED) continue;
    if (graph.isOutput(name) || graph.isInput(name) || isScale(graph, name)) continue;
    const bits = narrowed(graph.floats(name), type);
    if (!bits) continue;
    const stored = graph.freshName(`${name}_${type === DataType.FLOAT16 ? 'half' : 'bfloat16'}`);
    graph.setInitializer(makeTensor(stored, type, dimsOf(tensor), bits));
    graph.removeInitializer(name);
    const attributes = { to: { int: DataType.FLOAT } };
    graph.addNode(makeNode('Cast', [stored], [name], { name: `${name}_cast`, attributes }));
  }
}

/** Whether an operator in 8 or 4 bits reads a constant as its scales: ONNX Runtime 1.30 takes those of MatMulNBits for zero where they are not
 *  constant, as behind a Cast that is not folded. */
function isScale(graph: Graph, name: string): boolean {
  return graph.consumers(name).some((node) => SCALED.has(node.opType) && node.input.indexOf(name) > 0);
}

const SCALED: ReadonlySet<string> = new Set([
  'DequantizeLinear',
  'DynamicQuantizeLSTM',
  'DynamicQuantizeMatMul',
  'GatherBlockQuantized',
  'MatMulIntegerToFloat',
  'MatMulNBits',
  'QuantizeLinear',
]);

/** The bits of every value; null where they don't fit. */
function narrowed(values: Float32Array, type: NarrowFloat): Uint16Array | null {
  if (type === DataType.FLOAT16)
    return values.every((value) => Math.abs(value) < HALF_LIMIT) ? toHalf(values) : null;
  return toBfloat16(values);
}
