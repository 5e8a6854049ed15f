/** Weights of layers that don't bear 8 bits, stored in 12 and turned back into float32 when ONNX Runtime loads the file: three eighths of float32's bytes for an error of
 *  a sixteenth of that of 8 bits (24 dB less), 5 dB more than half precision.
 *
 *  A code of 12 bits is an int8 and a nibble, two of which share a byte: weight → Reshape((Cast(int8) + Gather(nibbles, bytes)) · Cast(scale)), where `nibbles` gives the
 *  two sixteenths of each byte. Constant folding evaluates all of it at `basic` and above, as it does in folded-weights.ts. */
import { makeNode, type NodeOptions } from '../../onnx/build.js';
import type { Graph } from '../../onnx/graph.js';
import { outputOf } from '../../onnx/node.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import type { TensorType } from '../../onnx/tensor/tensor-type.js';
import { elementCount } from '../../tensor/dims.js';
import { halfBits, halfValue } from '../../tensor/half.js';
import type { Decision } from '../method/result.js';
import {
  halfSelection,
  LEFT_BY_REPAIR,
  makeSelection,
  nodeLabel,
  type Selection,
  type SelectionOptions,
} from '../method/selection.js';
import { type Foldable, isFoldableLayer } from './folded-weights.js';
import { LARGEST_LOSS } from './half-weights.js';
import { blockLength, isNormalHalf } from './int8-blocks.js';
import { weightInputs } from './weight-inputs.js';

/** What an operator became whose weights alone are stored so. */
export const FINE = 'weights in 12 bits, folded';

/** Weights below this many values aren't worth eight operators. */
const SMALLEST_FINE = 4096;
/** The largest code: −2047 … 2047. */
const LARGEST_CODE = 2047;
const NIBBLES = 16;

/** Weights as 12-bit codes in blocks with a scale: (high + low / 16) · scale. */
export interface FineBlocks {
  /** [blocks, length]. */
  high: Int8Array;
  /** [blocks, length / 2]: of two neighbours, the first has the lower four bits. */
  low: Uint8Array;
  /** As halves hold them. */
  scales: Float32Array;
}

/** @param length of a block: even, and a divisor of the number of values. @returns null: halves can't hold the scales, or too much is lost. */
export function fineBlocks(values: Float32Array, length: number): FineBlocks | null {
  const high = new Int8Array(values.length);
  const low = new Uint8Array(values.length / 2);
  const scales = new Float32Array(values.length / length);
  let [signal, noise] = [0, 0];
  for (let block = 0, start = 0; block < scales.length; block++, start += length) {
    let largest = 0;
    for (let i = start; i < start + length; i++) largest = Math.max(largest, Math.abs(values[i]!));
    // Rounded up by half a unit in the last place of a half, so that the largest value still fits.
    const scale = halfValue(halfBits(((largest * NIBBLES) / LARGEST_CODE) * (1 + 2 ** -11)));
    if (!isNormalHalf(scale) || (scale === 0 && largest > 0)) return null;
    scales[block] = scale;
    for (let i = start; i < start + length; i++) {
      const value = values[i]!;
      const code = scale === 0 ? 0 : Math.round((value / scale) * NIBBLES);
      high[i] = Math.floor(code / NIBBLES);
      const nibble = code - high[i]! * NIBBLES;
      low[i >> 1]! |= i % 2 === 0 ? nibble : nibble << 4;
      signal += value * value;
      noise += (value - (code / NIBBLES) * scale) ** 2;
    }
  }
  return noise <= LARGEST_LOSS * signal ? { high, low, scales } : null;
}

/** Stores finely the weights of layers that a repair left; says of which layers. Their other readers, which went on reading them in float32, follow. */
export function storeFinely({ model: { graph }, types }: Foldable, options: SelectionOptions): Decision[] {
  const [selection, halves] = [makeSelection(options), halfSelection(options)];
  const decisions: Decision[] = [];
  const done = new Set<string>();
  let nibbles: string | null = null;
  for (const node of graph.nodes) {
    if (!isFoldableLayer(node) || selection.reasonToKeep(node) !== LEFT_BY_REPAIR) continue;
    for (const index of weightInputs(node)) {
      const name = node.input[index] ?? '';
      if (done.has(name) || !mayStore(graph, name, halves)) continue;
      const length = blockLength(elementCount(graph.dims(name).slice(1)));
      const blocks = length % 2 === 0 ? fineBlocks(graph.floats(name), length) : null;
      if (!blocks) continue;
      nibbles ??= addNibbles(graph);
      const readers = graph.consumers(name);
      const stored = emit(graph, name, { blocks, length, nibbles });
      types?.set(stored, types.get(name) ?? typeOf(graph, name));
      graph.replaceUses(name, stored, new Set(readers));
      done.add(stored);
      for (const reader of readers) {
        const reason = selection.reasonToKeep(reader);
        decisions.push({ node: nodeLabel(reader), opType: reader.opType, became: FINE, reason });
      }
    }
  }
  return decisions;
}

/** Whether all who read a weight are layers that read it as a weight, and nobody but the repair keeps it as it is: what the outputs don't bear in half they don't
 *  in 12 bits. */
function mayStore(graph: Graph, name: string, halves: Selection): boolean {
  if (!graph.isFloats(name) || elementCount(graph.dims(name)) < SMALLEST_FINE) return false;
  if (graph.isOutput(name) || graph.isInput(name)) return false;
  return graph.consumers(name).every((reader) => {
    const readsIt = weightInputs(reader).some((index) => reader.input[index] === name);
    const isKept =
      halves.reasonToKeep(reader) !== null || halves.override(reader)?.weight?.startsWith('float');
    return readsIt && isFoldableLayer(reader) && !isKept;
  });
}

function typeOf(graph: Graph, name: string): TensorType {
  return { dataType: DataType.FLOAT, shape: graph.dims(name) };
}

/** Of each byte the two nibbles, as sixteenths: [256, 2]. */
function addNibbles(graph: Graph): string {
  const values = Float32Array.from({ length: 512 }, (_, at) =>
    at % 2 === 0 ? ((at >> 1) % NIBBLES) / NIBBLES : (at >> 5) / NIBBLES,
  );
  return graph.addConstant('nibbles', DataType.FLOAT, [256, 2], values);
}

/** The weight behind its blocks. */
function emit(
  graph: Graph,
  name: string,
  { blocks, length, nibbles }: { blocks: FineBlocks; length: number; nibbles: string },
): string {
  const { high, low, scales } = blocks;
  const count = scales.length;
  const add = (
    opType: string,
    input: readonly string[],
    base: string,
    attributes: NonNullable<NodeOptions['attributes']> = {},
  ): string => {
    const output = graph.freshName(`${name}_${base}`);
    const node = makeNode(opType, input, [output], { name: output, attributes });
    graph.addNode(node);
    return outputOf(node);
  };
  const shape = (base: string, dims: readonly number[]) =>
    graph.addConstant(`${name}_${base}`, DataType.INT64, [dims.length], BigInt64Array.from(dims, BigInt));
  const toFloat = { to: { int: DataType.FLOAT } };
  const bytes = graph.addConstant(`${name}_low`, DataType.UINT8, [count, length / 2], low);
  const indices = add('Cast', [bytes], 'low_index', { to: { int: DataType.INT32 } });
  const pairs = add('Gather', [nibbles, indices], 'low_pairs');
  const fraction = add('Reshape', [pairs, shape('block_shape', [count, length])], 'low_float');
  const codes = graph.addConstant(`${name}_int8`, DataType.INT8, [count, length], high);
  const sum = add('Add', [add('Cast', [codes], 'int8_cast', toFloat), fraction], 'codes');
  const halves = Uint16Array.from(scales, halfBits);
  const scale = graph.addConstant(`${name}_scale`, DataType.FLOAT16, [count, 1], halves);
  const product = add('Mul', [sum, add('Cast', [scale], 'scale_cast', toFloat)], 'blocks');
  return add('Reshape', [product, shape('shape', graph.dims(name))], 'float');
}
