/** What changed in an operator's meaning or signature at an opset, and how a node is rewritten to mean the same after it.
 *
 *  An operator and version that isn't listed here only gained element types, optional inputs or attributes whose default is the
 *  old behaviour. Source: onnx/onnx docs/Changelog.md, and the schemas of `onnx.defs`. */
import type { NodeProto } from 'onnx-buf';
import type { NumericArray } from '../../tensor/tensor.js';
import {
  attribute,
  floatAttribute,
  intAttribute,
  intsAttribute,
  removeAttribute,
  setAttribute,
  stringAttribute,
} from '../attributes.js';
import { makeNode } from '../build.js';
import { inputOf, outputOf } from '../node.js';
import { DataType } from '../tensor/element-type.js';

/** What a step may ask about the graph around the node. */
export interface StepContext {
  /** Adds a constant that the node can read, and gives its name. */
  constant(base: string, dataType: DataType, dims: readonly number[], values: NumericArray): string;
  /** Values of a constant; undefined when the value isn't one. */
  values(name: string): NumericArray | undefined;
  /** Shape of a value as far as it is known. */
  shape(name: string): readonly (number | string)[] | null | undefined;
  isRead(name: string): boolean;
  freshName(base: string): string;
}

/** Gives the nodes that replace `node` (which is a copy: edit it in place), or says why there are none. */
export type Step = (node: NodeProto, context: StepContext) => NodeProto[] | string;

/** Lists of a node's inputs: trailing omitted inputs are dropped. */
function setInputs(node: NodeProto, inputs: readonly string[]): NodeProto {
  const list = [...inputs];
  while (list.at(-1) === '') list.pop();
  node.input = list;
  return node;
}

/** "To the end" is written as 2^63 − 1, which a number rounds up to 2^63: brought back into range. */
const int64 = (values: readonly number[]) =>
  BigInt64Array.from(values, (value) => (value >= 2 ** 63 ? 2n ** 63n - 1n : BigInt(value)));

/** An `ints` attribute became an input (position `index`). */
function intsToInput(name: string, index: number): Step {
  return (node, context) => {
    const values = intsAttribute(node, name);
    removeAttribute(node, name);
    if (!values || values.length === 0) return [node];
    const inputs = [...node.input];
    while (inputs.length < index) inputs.push('');
    const constant = context.constant(
      `${node.output[0]}_${name}`,
      DataType.INT64,
      [values.length],
      int64(values),
    );
    inputs[index] = constant;
    return [setInputs(node, inputs)];
  };
}

const axesToInput = intsToInput('axes', 1);

/** Clip 11: limits became inputs. */
const clipLimitsToInputs: Step = (node, context) => {
  const limit = (name: string) => {
    const found = attribute(node, name);
    if (!found) return '';
    return context.constant(`${node.output[0]}_${name}`, DataType.FLOAT, [], Float32Array.of(found.f));
  };
  const inputs = [inputOf(node, 0), limit('min'), limit('max')];
  removeAttribute(node, 'min');
  removeAttribute(node, 'max');
  return [setInputs(node, inputs)];
};

/** Pad 11: pads and value became inputs. */
const padsToInputs: Step = (node, context) => {
  const pads = intsAttribute(node, 'pads');
  if (!pads) return "it has no 'pads'";
  const value = floatAttribute(node, 'value', 0);
  const name = `${node.output[0]}_pads`;
  const inputs = [inputOf(node, 0), context.constant(name, DataType.INT64, [pads.length], int64(pads))];
  if (value !== 0) {
    inputs.push(context.constant(`${node.output[0]}_value`, DataType.FLOAT, [], Float32Array.of(value)));
  }
  removeAttribute(node, 'pads');
  removeAttribute(node, 'value');
  return [setInputs(node, inputs)];
};

/** Slice 10: starts, ends and axes became inputs. */
const sliceToInputs: Step = (node, context) => {
  const input = (name: string) => {
    const values = intsAttribute(node, name);
    removeAttribute(node, name);
    if (!values) return '';
    return context.constant(`${node.output[0]}_${name}`, DataType.INT64, [values.length], int64(values));
  };
  return [setInputs(node, [inputOf(node, 0), input('starts'), input('ends'), input('axes')])];
};

/** TopK 10: k became an input. */
const topKToInput: Step = (node, context) => {
  const k = intAttribute(node, 'k', 1);
  removeAttribute(node, 'k');
  return [
    setInputs(node, [
      inputOf(node, 0),
      context.constant(`${node.output[0]}_k`, DataType.INT64, [1], int64([k])),
    ]),
  ];
};

/** Upsample 9: scales became an input. */
const upsampleToInput: Step = (node, context) => {
  const scales = attribute(node, 'scales')?.floats ?? [];
  removeAttribute(node, 'scales');
  const name = `${node.output[0]}_scales`;
  const constant = context.constant(name, DataType.FLOAT, [scales.length], Float32Array.from(scales));
  return [setInputs(node, [inputOf(node, 0), constant])];
};

/** An operator was renamed, nothing else. */
function renamed(opType: string): Step {
  return (node) => {
    node.opType = opType;
    return [node];
  };
}

/** Resize 11: coordinates and rounding became attributes whose defaults are not what opset 10 did. */
const resizeCoordinates: Step = (node, context) => {
  const mode = stringAttribute(node, 'mode', 'nearest');
  setAttribute(node, 'coordinate_transformation_mode', { string: 'asymmetric' });
  if (mode === 'nearest') {
    const scales = context.values(inputOf(node, 1));
    if (!scales) return 'nearest with scales that are not constant';
    const factors = Array.from(scales, Number);
    // Opset 10 rounded down when enlarging; ONNX Runtime rounds up when reducing.
    if (factors.every((factor) => factor >= 1)) setAttribute(node, 'nearest_mode', { string: 'floor' });
    else if (factors.every((factor) => factor <= 1)) setAttribute(node, 'nearest_mode', { string: 'ceil' });
    else return 'nearest that enlarges one dimension and reduces another';
  }
  const roi = context.constant(`${node.output[0]}_roi`, DataType.FLOAT, [0], new Float32Array(0));
  return [setInputs(node, [inputOf(node, 0), roi, inputOf(node, 1)])];
};

/** Softmax 13 and its kin: one axis instead of everything from that axis on. */
const softmaxAxis: Step = (node, context) => {
  const axis = intAttribute(node, 'axis', 1);
  const shape = context.shape(inputOf(node, 0));
  const position = axis < 0 && shape ? axis + shape.length : axis;
  const isLast = axis === -1 || (shape && position === shape.length - 1);
  if (isLast || shape?.slice(position + 1).every((dim) => dim === 1)) {
    setAttribute(node, 'axis', { int: isLast ? -1 : axis });
    return [node];
  }
  const [input, output] = [inputOf(node, 0), outputOf(node)];
  const [flat, normalized, dims] = ['flat', 'normalized', 'shape'].map((part) =>
    context.freshName(`${output}_${part}`),
  ) as [string, string, string];
  node.input = [flat];
  node.output = [normalized];
  setAttribute(node, 'axis', { int: -1 });
  return [
    makeNode('Flatten', [input], [flat], { attributes: { axis: { int: axis } } }),
    node,
    makeNode('Shape', [input], [dims]),
    makeNode('Reshape', [normalized, dims], [output]),
  ];
};

/** Dropout does nothing in inference: only its mask changed meaning. */
const dropoutInference: Step = (node, context) => {
  const mask = node.output[1] ?? '';
  if (mask !== '' && context.isRead(mask)) return 'its mask is read';
  node.output = [outputOf(node)];
  removeAttribute(node, 'ratio');
  removeAttribute(node, 'seed');
  return [node];
};

/** BatchNormalization 9 lost `spatial`, 14 its training outputs. */
const batchNormSpatial: Step = (node) => {
  if (intAttribute(node, 'spatial', 1) !== 1) return 'spatial = 0 exists no more';
  removeAttribute(node, 'spatial');
  return [node];
};
const batchNormInference: Step = (node) =>
  node.output.slice(1).some((name) => name !== '') ? 'it has training outputs' : [node];

/** Split 18: equal parts need num_outputs. */
const splitCount: Step = (node) => {
  if (!node.input[1]) setAttribute(node, 'num_outputs', { int: node.output.length });
  return [node];
};

/** An attribute's default changed: the old one is written down. */
function oldDefault(name: string, value: string): Step {
  return (node) => {
    if (!attribute(node, name)) setAttribute(node, name, { string: value });
    return [node];
  };
}

/** GridSample 20 renamed its modes. */
const gridSampleModes: Step = (node) => {
  const mode = stringAttribute(node, 'mode', 'bilinear');
  const names: Record<string, string> = { bilinear: 'linear', bicubic: 'cubic' };
  setAttribute(node, 'mode', { string: names[mode] ?? mode });
  return [node];
};

/** DFT 20: axis became an input with another default. */
const dftAxis: Step = (node, context) => {
  const axis = context.constant(
    `${node.output[0]}_axis`,
    DataType.INT64,
    [],
    int64([intAttribute(node, 'axis', 1)]),
  );
  removeAttribute(node, 'axis');
  return [setInputs(node, [inputOf(node, 0), inputOf(node, 1), axis])];
};

/** The meaning changed in a case that the node is in. */
function blockedIf(applies: (node: NodeProto) => boolean, reason: string): Step {
  return (node) => (applies(node) ? reason : [node]);
}
const blocked = (reason: string) => blockedIf(() => true, reason);

/** Keyed by operator and the opset of the change. */
export const OPSET_STEPS: ReadonlyMap<string, Step> = new Map<string, Step>([
  ['Attention@24', blocked('its masking was redefined')],
  [
    'AveragePool@19',
    blockedIf(
      (node) => intAttribute(node, 'ceil_mode', 0) !== 0,
      'the mean over the rounded-up border was redefined',
    ),
  ],
  ['BatchNormalization@9', batchNormSpatial],
  ['BatchNormalization@14', batchNormInference],
  ['Clip@11', clipLimitsToInputs],
  [
    'ConvTranspose@11',
    blockedIf(
      (node) =>
        attribute(node, 'output_shape') !== undefined ||
        stringAttribute(node, 'auto_pad', '').startsWith('SAME'),
      'the padding derived from the output shape was redefined',
    ),
  ],
  ['DFT@20', dftAxis],
  ['Dropout@10', dropoutInference],
  ['Dropout@12', dropoutInference],
  ['GridSample@20', gridSampleModes],
  ['GroupNormalization@21', blocked('scale and bias are per channel, no longer per group')],
  ['Hardmax@13', softmaxAxis],
  ['LogSoftmax@13', softmaxAxis],
  ['OneHot@11', blocked('negative indices got a meaning')],
  ['Pad@11', padsToInputs],
  ...['L1', 'L2', 'LogSum', 'LogSumExp', 'Max', 'Mean', 'Min', 'Prod', 'SumSquare'].map(
    (kind) => [`Reduce${kind}@18`, axesToInput] as const,
  ),
  ['ReduceSum@13', axesToInput],
  ['Resize@11', resizeCoordinates],
  [
    'Resize@13',
    blockedIf(
      (node) => stringAttribute(node, 'coordinate_transformation_mode', '') === 'tf_half_pixel_for_nn',
      'tf_half_pixel_for_nn exists no more',
    ),
  ],
  ['RoiAlign@16', oldDefault('coordinate_transformation_mode', 'output_half_pixel')],
  ['Scan@9', blocked('its inputs were redefined')],
  ['Scatter@11', renamed('ScatterElements')],
  ['Slice@10', sliceToInputs],
  ['Softmax@13', softmaxAxis],
  ['Split@13', intsToInput('split', 1)],
  ['Split@18', splitCount],
  ['Squeeze@13', axesToInput],
  ['TopK@10', topKToInput],
  ['Unsqueeze@13', axesToInput],
  ['Upsample@9', upsampleToInput],
  ['Upsample@10', renamed('Resize')],
]);
