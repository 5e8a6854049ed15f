/** Q/DQ around the tensors that onnxruntime-marks.ts marked, under the names that onnxruntime gives them. */
import { UserError } from '../../../errors.js';
import { makeNode } from '../../../onnx/build.js';
import type { Graph } from '../../../onnx/graph.js';
import { DataType } from '../../../onnx/tensor/element-type.js';
import { dimsOf } from '../../../onnx/tensor/tensor.js';
import { allFinite } from '../../../tensor/finite.js';
import type { TensorRange } from '../../calibrate/minmax.js';
import { quantizeBias, smallestWeightScale } from '../../integers/bias.js';
import { computeScale, type QuantizationParameters } from '../../integers/scale.js';
import { type QuantizedWeight, quantizeWeight } from '../../integers/weights.js';
import type { Marks } from './onnxruntime-marks.js';

/** Puts Q/DQ around every marked tensor. Edits the graph. */
export function insertLikeOnnxRuntime(
  graph: Graph,
  { tensors, biases }: Marks,
  ranges: ReadonlyMap<string, TensorRange>,
): void {
  const parameters = activationsOf(graph, tensors, ranges);
  let weights = weightsOf(graph, { tensors, biases }, parameters);
  const rows = lookedUp(graph, tensors, weights);
  if (rows.size > 0) {
    for (const [name, row] of rows) parameters.set(name, row);
    // Some biases' scales may have waited for those.
    weights = weightsOf(graph, { tensors, biases }, parameters);
  }
  addWeights(graph, weights);
  addActivations(graph, tensors, parameters);
  addBiases(graph, biases, { parameters, weights });
}

type Weights = ReadonlyMap<string, QuantizedWeight>;
type Parameters = ReadonlyMap<string, QuantizationParameters>;

function addWeights(graph: Graph, weights: Weights): void {
  for (const [name, { data, scale, zeroPoint }] of weights) {
    const inputs = [
      graph.addConstant(`${name}_quantized`, DataType.INT8, graph.dims(name), data),
      graph.addConstant(`${name}_scale`, DataType.FLOAT, [], scale),
      graph.addConstant(`${name}_zero_point`, DataType.INT8, [], zeroPoint),
    ];
    const output = `${name}_DequantizeLinear_Output`;
    graph.replaceUses(name, output);
    graph.addNode(makeNode('DequantizeLinear', inputs, [output], { name: `${name}_DequantizeLinear` }));
  }
}

function addActivations(graph: Graph, tensors: Marks['tensors'], parameters: Parameters): void {
  for (const [name, { scale, zeroPoint }] of parameters) {
    const source = rootOf(tensors, name);
    const scaleName = `${source}_scale`;
    if (!graph.initializers.has(scaleName)) {
      graph.addConstant(scaleName, DataType.FLOAT, [], Float32Array.of(scale));
      graph.addConstant(`${source}_zero_point`, DataType.INT8, [], Int8Array.of(zeroPoint));
    }
    addPair(graph, name, [scaleName, `${source}_zero_point`]);
  }
}

function addBiases(
  graph: Graph,
  biases: Marks['biases'],
  { parameters, weights }: { parameters: Parameters; weights: Weights },
): void {
  for (const [name, { input, weight, beta }] of biases) {
    const inputScale = parameters.get(input)?.scale;
    const weightScale = weights.get(weight)?.scale;
    if (inputScale === undefined || weightScale === undefined) continue;
    const { data, scale } = quantizeBias(
      graph.floats(name),
      inputScale,
      weightScale.map((one) => one * beta),
    );
    const inputs = [
      graph.addConstant(`${name}_quantized`, DataType.INT32, graph.dims(name), data),
      graph.addConstant(`${name}_quantized_scale`, DataType.FLOAT, [1], scale),
      graph.addConstant(`${name}_quantized_zero_point`, DataType.INT32, [], Int32Array.of(0)),
    ];
    // The dequantized bias takes over the initializer's name.
    graph.removeInitializer(name);
    graph.addNode(makeNode('DequantizeLinear', inputs, [name], { name: `${name}_DequantizeLinear` }));
  }
}

function activationsOf(
  graph: Graph,
  tensors: Marks['tensors'],
  ranges: ReadonlyMap<string, TensorRange>,
): Map<string, QuantizationParameters> {
  const parameters = new Map<string, QuantizationParameters>();
  for (const [name, mark] of tensors) {
    if (mark.kind !== 'activation' || graph.initializers.has(name)) continue;
    const softmax = graph.producer(name)?.opType === 'Softmax';
    const { min, max } = softmax ? { min: 0, max: 1 } : ranges.get(name)!;
    if (!Number.isFinite(min) || !Number.isFinite(max)) throw notFinite(name, 'on the calibration data');
    parameters.set(name, computeScale(min, max, { type: 'int8' }));
  }
  for (const [name, mark] of tensors) {
    const source = mark.kind === 'same' ? parameters.get(rootOf(tensors, name)) : undefined;
    if (source) parameters.set(name, source);
  }
  return parameters;
}

function notFinite(name: string, where: string): UserError {
  return new UserError(
    'quantize.not-finite',
    `The preset onnxruntime quantizes '${name}' (${where}), which holds NaN or infinity: no scale fits that. Keep the operators that read and write it with \`exclude\`, or leave the preset out.`,
  );
}

/** What Gather picks out of a constant takes over the constant's parameters. */
function lookedUp(
  graph: Graph,
  tensors: Marks['tensors'],
  weights: Weights,
): Map<string, QuantizationParameters> {
  const found = new Map<string, QuantizationParameters>();
  for (const [name, mark] of tensors) {
    const root = mark.kind === 'same' ? rootOf(tensors, name) : name;
    const weight = graph.initializers.has(name) ? undefined : weights.get(root);
    if (weight) found.set(name, { scale: weight.scale[0]!, zeroPoint: weight.zeroPoint[0]! });
  }
  return found;
}

/** The tensor whose parameters this one takes over. */
function rootOf(tensors: Marks['tensors'], name: string): string {
  const mark = tensors.get(name);
  return mark?.kind === 'same' ? rootOf(tensors, mark.as) : name;
}

/** Initializers: symmetric as weights, affine as operands of element-wise operators. */
function weightsOf(
  graph: Graph,
  { tensors, biases }: Pick<Marks, 'tensors' | 'biases'>,
  parameters: ReadonlyMap<string, QuantizationParameters>,
) {
  const weights = new Map<string, QuantizedWeight>();
  for (const [name, mark] of tensors) {
    const tensor = graph.initializers.get(name);
    if (!tensor) continue;
    const [guard] = [...biases].filter(([, { weight }]) => weight === name);
    const inputScale = guard && parameters.get(guard[1].input)?.scale;
    const smallestScale =
      guard && inputScale ? smallestWeightScale(graph.floats(guard[0]), inputScale, 1) : undefined;
    const values = graph.floats(name);
    if (!allFinite(values)) throw notFinite(name, 'a constant');
    const symmetric = mark.kind === 'weight';
    weights.set(
      name,
      quantizeWeight(values, dimsOf(tensor), { type: 'int8', axis: null, symmetric, smallestScale }),
    );
  }
  return weights;
}

/** producer → Q → DQ → readers. An output of the model keeps its name: the producer writes another. */
function addPair(graph: Graph, name: string, parameters: readonly string[]): void {
  const quantized = `${name}_QuantizeLinear_Output`;
  let [input, output] = [name, `${name}_DequantizeLinear_Output`];
  if (graph.isOutput(name)) {
    const producer = graph.producer(name);
    if (!producer) return;
    [input, output] = [`${name}_QuantizeLinear_Input`, name];
    graph.setOutput(producer, producer.output.indexOf(name), input);
  } else graph.replaceUses(name, output);
  graph.addNode(
    makeNode('QuantizeLinear', [input, ...parameters], [quantized], { name: `${name}_QuantizeLinear` }),
  );
  graph.addNode(
    makeNode('DequantizeLinear', [quantized, ...parameters], [output], { name: `${name}_DequantizeLinear` }),
  );
}
