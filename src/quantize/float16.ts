/** Half precision: weights and activations as float16, the model's inputs and outputs as they were.
 *
 *  Every node is either half or stays float32 (half-safety.ts says which and why). A tensor has the form that its producer gives it;
 *  a consumer that wants the other form reads a Cast of it, one per tensor, so that no two Casts ever follow each other.
 *  Constants are rounded to nearest even; those beyond the half range are clamped to it and counted.
 *
 *  With calibration data, operators whose values come near the end of the half range stay float32 too. */
import type { NodeProto } from 'onnx-buf';
import { Interrupted, messageOf, UserError } from '../errors.js';
import { intAttribute, setAttribute, subgraphsOf, tensorAttribute } from '../onnx/attributes.js';
import { makeNode } from '../onnx/build.js';
import { DataType } from '../onnx/element-type.js';
import type { Graph } from '../onnx/graph.js';
import { outerReferences } from '../onnx/graph.js';
import { LARGEST_HALF, toHalf } from '../onnx/half.js';
import { dimsOf, makeTensor, tensorValues } from '../onnx/tensor.js';
import { writeModel } from '../onnx/write.js';
import { calibrateMinMax, type TensorRange } from './calibrate/minmax.js';
import { floatInputs, floatTensors, integerArithmetic, rangeReason, unsafeReason } from './half-safety.js';
import { type PreparedModel, prepareModel } from './prepare.js';
import type { Decision, Note, QuantizeRequest, QuantizeResult } from './request.js';
import { makeSelection, nodeLabel, type Selection } from './selection.js';

/** Smallest half above zero: constants nearer to zero become it, so that divisors and epsilons don't vanish. */
const SMALLEST_HALF = 2 ** -24;

export async function float16(request: QuantizeRequest): Promise<QuantizeResult> {
  const { options, runtime, log, target, calibration } = request;
  const notes: Note[] = [];
  const prepared = await prepareModel(request.model, { runtime, log });
  const ranges = await observedRanges(prepared, request, notes);
  const selection = makeSelection(options);
  const decisions = decide(prepared, selection, ranges);
  const converted = convert(prepared, decisions);
  prepared.model.graph.prune();
  prepared.model.graph.setValueInfo([]);
  writeModel(prepared.model, request.out);
  if (converted.clamped > 0) {
    notes.push({
      level: 'warn',
      code: 'half-range',
      message: `${converted.clamped} constant values beyond ±${LARGEST_HALF} were clamped to it (in ${list(converted.clampedTensors)}).`,
    });
  }
  if (target === 'cpu' || target === 'arm64') {
    notes.push({
      level: 'warn',
      code: 'slow-on-cpu',
      message:
        'float16 halves the file, but CPUs run most operators in float32 with conversions around them: expect it to be slower.',
    });
  }
  const half = [...decisions.values()].filter((decision) => decision.became === 'float16').length;
  return {
    file: request.out,
    method: 'float16',
    target,
    groups: { quantized: half, float: decisions.size - half },
    decisions: [...decisions.values()],
    notes,
    provenance: { calibrated: calibration?.description ?? null },
  };
}

/** Ranges of all float32 tensors on the calibration data; none without data. */
async function observedRanges(
  prepared: PreparedModel,
  request: QuantizeRequest,
  notes: Note[],
): Promise<Map<string, TensorRange>> {
  const { calibration } = request;
  if (!calibration) return new Map();
  const tensors = floatTensors(prepared);
  try {
    return await calibrateMinMax({ ...request, model: prepared.model, tensors, dataset: calibration });
  } catch (error) {
    if (error instanceof UserError || error instanceof Interrupted) throw error;
    // Some tensors have no extremes to reduce to (empty ones): the conversion doesn't depend on them.
    notes.push({
      level: 'warn',
      code: 'ranges-unseen',
      message: `Values could not be checked against the half range on the calibration data: ${messageOf(error)}`,
    });
    return new Map();
  }
}

/** What becomes of every node that has to do with float32. */
function decide(
  prepared: PreparedModel,
  selection: Selection,
  ranges: ReadonlyMap<string, TensorRange>,
): Map<NodeProto, Decision> {
  const { model, types } = prepared;
  const isFloat = (name: string): boolean => types.get(name)?.dataType === DataType.FLOAT;
  const integers = integerArithmetic(prepared);
  const decisions = new Map<NodeProto, Decision>();
  for (const node of model.graph.nodes) {
    const unsafe = unsafeReason(node, prepared);
    if (!node.input.some(isFloat) && !node.output.some(isFloat) && unsafe === null) continue;
    const override = selection.override(node);
    const reason =
      selection.reasonToKeep(node) ??
      (override?.activation === 'float32' || override?.weight === 'float32' ? 'overridden' : null) ??
      unsafe ??
      (integers.has(node) ? 'it computes sizes or indices' : null) ??
      rangeReason(node, ranges);
    decisions.set(node, {
      node: nodeLabel(node),
      opType: node.opType,
      became: reason === null ? 'float16' : 'float',
      reason,
    });
  }
  return decisions;
}

interface Conversion {
  /** Constant values clamped to the half range, and the constants they are in. */
  clamped: number;
  clampedTensors: string[];
}

function convert({ model, types }: PreparedModel, decisions: ReadonlyMap<NodeProto, Decision>): Conversion {
  const { graph } = model;
  const conversion: Conversion = { clamped: 0, clampedTensors: [] };
  const isHalfNode = (node: NodeProto | undefined): boolean =>
    node !== undefined && decisions.get(node)?.became === 'float16';
  const isFloat = (name: string): boolean => types.get(name)?.dataType === DataType.FLOAT;
  const halves = new Set<string>();
  const nodes = graph.topologicalNodes();
  for (const node of nodes) {
    if (!isHalfNode(node)) continue;
    for (const name of node.output) if (isFloat(name)) halves.add(name);
    convertAttributes(node, isFloat);
  }
  const forms = new Map<string, string>();
  const other = (name: string, half: boolean): string => {
    const known = forms.get(name);
    if (known) return known;
    const made = half ? halfForm(graph, name, conversion) : castTo(graph, name, DataType.FLOAT);
    forms.set(name, made);
    return made;
  };
  for (const node of nodes) {
    const keptFloat = floatInputs(node, model.opset());
    for (const [index, name] of [...node.input.entries()]) {
      if (!isFloat(name)) continue;
      const wantsHalf = isHalfNode(node) && !keptFloat.has(index);
      if (wantsHalf !== halves.has(name)) graph.setInput(node, index, other(name, wantsHalf));
    }
    // What subgraphs read from outside stays float32, like everything in them.
    for (const name of new Set(subgraphsOf(node).flatMap(outerReferences))) {
      if (halves.has(name)) graph.replaceUses(name, other(name, false), new Set([node]));
    }
  }
  for (const { name } of graph.outputs) if (halves.has(name)) restoreOutput(graph, name, forms.get(name));
  return conversion;
}

/** Attributes that say float32: Cast's target, ConstantOfShape's value. */
function convertAttributes(node: NodeProto, isFloat: (name: string) => boolean): void {
  if (node.opType === 'Cast' && isFloat(node.output[0]!) && intAttribute(node, 'to', 0) === DataType.FLOAT) {
    setAttribute(node, 'to', { int: DataType.FLOAT16 });
  }
  if (node.opType === 'ConstantOfShape') {
    const value = tensorAttribute(node, 'value');
    const fill = value ? (tensorValues(value) as Float32Array) : new Float32Array(1);
    const tensor = makeTensor('value', DataType.FLOAT16, [1], toHalf(intoHalfRange(fill).values));
    setAttribute(node, 'value', { tensor });
  }
}

/** The half form of a float32 value: a converted copy of a constant, else a Cast. */
function halfForm(graph: Graph, name: string, conversion: Conversion): string {
  const constant = graph.constant(name);
  if (!constant) return castTo(graph, name, DataType.FLOAT16);
  const { values, clamped } = intoHalfRange(graph.constantValues(name) as Float32Array);
  if (clamped > 0) {
    conversion.clamped += clamped;
    conversion.clampedTensors.push(name);
  }
  return graph.addConstant(`${name}_half`, DataType.FLOAT16, dimsOf(constant), toHalf(values));
}

/** Values with the finite ones beyond the half range clamped to it, and those below its smallest step raised to it. */
function intoHalfRange(values: Float32Array): { values: Float32Array; clamped: number } {
  let copy: Float32Array | undefined;
  let clamped = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const magnitude = Math.abs(value);
    if (magnitude > LARGEST_HALF && magnitude < Number.POSITIVE_INFINITY) {
      copy ??= values.slice();
      copy[i] = Math.sign(value) * LARGEST_HALF;
      clamped++;
    } else if (magnitude !== 0 && magnitude < SMALLEST_HALF) {
      copy ??= values.slice();
      copy[i] = Math.sign(value) * SMALLEST_HALF;
    }
  }
  return { values: copy ?? values, clamped };
}

function castTo(graph: Graph, name: string, to: DataType): string {
  const cast = graph.freshName(`${name}_${to === DataType.FLOAT ? 'float' : 'half'}`);
  graph.addNode(makeNode('Cast', [name], [cast], { name: cast, attributes: { to: { int: to } } }));
  return cast;
}

/** Gives a model output its float32 form back under its own name; its half form goes by another. */
function restoreOutput(graph: Graph, name: string, floatForm: string | undefined): void {
  const producer = graph.producer(name)!;
  const half = graph.freshName(`${name}_half`);
  graph.setOutput(producer, producer.output.indexOf(name), half);
  graph.replaceUses(name, half);
  const cast = floatForm ? graph.producer(floatForm) : undefined;
  if (cast) {
    graph.replaceUses(floatForm!, name);
    graph.setOutput(cast, 0, name);
    return;
  }
  graph.addNode(
    makeNode('Cast', [half], [name], { name: `${name}_cast`, attributes: { to: { int: DataType.FLOAT } } }),
  );
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 3).map((name) => `'${name}'`);
  return names.length > 3 ? `${shown.join(', ')} and ${names.length - 3} more` : shown.join(', ');
}
