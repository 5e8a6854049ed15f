import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  floatsOf
} from "./chunk-DVNG3BAF.js";
import {
  modelBytes
} from "./chunk-KL4S4GDE.js";
import {
  SPIN_WITHIN_RUNS,
  copyModel,
  fixedBatch,
  hasBodies,
  inferTypes,
  isLargeConstant,
  liftConstants,
  openObserved,
  prepareModel,
  stack,
  wouldCopyConvolutions
} from "./chunk-TJ7D4N7I.js";
import {
  matchesPattern
} from "./chunk-OU7AXWVO.js";
import {
  modelOutputs,
  tensorType
} from "./chunk-BVHWY5TI.js";
import {
  readModelOutline
} from "./chunk-QBQKLG2U.js";
import {
  encodeModel,
  makeModel,
  makeNode,
  makeValue,
  writeModel
} from "./chunk-MK6PZPSP.js";
import {
  partialName,
  removePartials
} from "./chunk-LB3U3NNG.js";
import {
  Graph,
  Model,
  attribute,
  canonicalDomain,
  floatAttribute,
  inputOf,
  intAttribute,
  intsAttribute,
  outerReferences,
  outputOf,
  readModel,
  removeAttribute,
  renameReads,
  setAttribute,
  stringAttribute,
  subgraphsOf,
  tensorAttribute
} from "./chunk-IZBBBSAD.js";
import {
  scratchFolder
} from "./chunk-65YWRPIP.js";
import {
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  TensorProto_DataType,
  clone,
  create,
  dimsOf,
  elementCount,
  makeTensor,
  tensorByteLength,
  tensorBytes,
  tensorValues
} from "./chunk-OEIIXWBO.js";
import {
  isFloatType,
  numbersOf
} from "./chunk-K7D3JYL6.js";
import {
  LARGEST_HALF,
  fromHalf,
  halfBits,
  halfValue,
  toBfloat16,
  toHalf
} from "./chunk-B4R2XIPD.js";
import {
  Interrupted,
  MachineError,
  UserError,
  messageOf,
  throwIfInterrupted,
  writeError
} from "./chunk-IYM25C4U.js";

// src/quantize/method/result.ts
function resultOf(request, parts) {
  const { decisions, notes, provenance, method = request.options.method } = parts;
  const float = decisions.filter((decision) => !isQuantized(decision)).length;
  return {
    file: request.out,
    method,
    target: request.target,
    groups: { quantized: parts.quantized ?? decisions.length - float, float },
    decisions,
    notes,
    provenance
  };
}
function isQuantized({ became }) {
  return became !== "float";
}
function leaveFloat({ model, out }) {
  writeModel(readModel(model), out);
}
function unmatchedNotes(selection) {
  return selection.unmatched().map(unmatchedNote);
}
function unmatchedNote(pattern) {
  return { level: "warn", code: "unmatched-pattern", message: `No operator is called '${pattern}'.` };
}

// src/quantize/calibrate/observed-shapes.ts
async function observeShapes({ model, types, sample, context }) {
  const unknown2 = model.graph.nodes.flatMap((node) => node.output).filter((name) => types.get(name)?.dataType === TensorProto_DataType.FLOAT && !isKnown(types.get(name)));
  if (unknown2.length === 0) return;
  const outputs = unknown2.map((name) => model.graph.freshName(`${name}_shape`));
  const observation = {
    nodes: unknown2.map((name, i) => makeNode("Shape", [name], [outputs[i]])),
    initializers: [],
    outputs: outputs.map((name) => makeValue(name, TensorProto_DataType.INT64))
  };
  try {
    const session = await openObserved(model, observation, { context });
    try {
      const feeds = Object.fromEntries(session.inputs.map(({ name }) => [name, sample[name]]));
      const shapes = await session.run(feeds);
      for (const [i, name] of unknown2.entries()) {
        const shape = [...shapes[outputs[i]].data].map(Number);
        types.set(name, { dataType: TensorProto_DataType.FLOAT, shape });
      }
    } finally {
      await session.release();
    }
  } catch (error) {
    context.log.debug(`Shapes were not observed: ${messageOf(error)}`);
  }
}
function isKnown({ shape }) {
  return shape !== null && shape.length > 0 && shape.every((dim) => typeof dim === "number" && dim >= 0);
}

// src/quantize/method/selection.ts
var FUSION_SUFFIX = /\/MatMulAddFusion(_\d+)?$/;
function nodeLabel(node) {
  return node.name.replace(FUSION_SUFFIX, "") || (node.output.find((name) => name !== "") ?? node.opType);
}
function makeSelection(options, nodes = []) {
  const included = (text) => options.includeNames && !text.includes("*") ? makeName(text) : makePattern(text);
  const include = options.include?.map(included) ?? null;
  const exclude = options.exclude.map(makePattern);
  const overrides = Object.entries(options.overrides).map(
    ([text, override2]) => [makePattern(text), override2]
  );
  const all2 = [...include ?? [], ...exclude, ...overrides.map(([pattern]) => pattern)];
  for (const pattern of all2) pattern.used = nodes.some((node) => pattern.matches(node));
  const override = (node) => overrides.filter(([pattern]) => pattern.matches(node)).at(-1)?.[1];
  return {
    isListed: include !== null,
    override,
    isExcluded(node) {
      if (include !== null) return false;
      return exclude.some((pattern) => pattern.matches(node)) || override(node)?.weight?.startsWith("float") === true;
    },
    reasonToKeep(node) {
      const excluded = exclude.filter((pattern) => pattern.matches(node))[0];
      const isIncluded = include === null || include.filter((pattern) => pattern.matches(node)).length > 0;
      if (excluded) return `excluded by '${excluded.text}'`;
      return isIncluded ? null : "not among the included operators";
    },
    unmatched() {
      return all2.filter((pattern) => !pattern.used).map((pattern) => pattern.text);
    }
  };
}
function makeName(text) {
  return asked(text, (node) => nodeLabel(node) === text);
}
function makePattern(text) {
  return asked(
    text,
    (node) => [node.name, nodeLabel(node), node.opType, ...node.output].some(
      (name) => name !== "" && matchesPattern(name, text)
    )
  );
}
function asked(text, test) {
  const pattern = {
    text,
    used: false,
    matches(node) {
      const hit = test(node);
      if (hit) pattern.used = true;
      return hit;
    }
  };
  return pattern;
}

// src/quantize/rewrite/affine.ts
var ONE = Float64Array.of(1);
var ZERO = Float64Array.of(0);
function readAffine(graph, node, { context: { types, frozen }, axis }) {
  if (frozen.has(node) || node.domain !== "" || !["Mul", "Div", "Add", "Sub"].includes(node.opType))
    return null;
  const [left = "", right = ""] = node.input;
  const constants = [graph.constant(left), graph.constant(right)];
  if (constants[0] === void 0 === (constants[1] === void 0)) return null;
  const constantLeft = constants[0] !== void 0;
  const [input, name] = constantLeft ? [right, left] : [left, right];
  if (constantLeft && node.opType === "Div") return null;
  const shape = types.get(input)?.shape;
  if (!shape || types.get(input)?.dataType !== TensorProto_DataType.FLOAT) return null;
  const values = alongAxis(graph, name, { rank: shape.length, axis, size: shape.at(axis) });
  if (!values) return null;
  const output = outputOf(node);
  switch (node.opType) {
    case "Mul":
      return { node, input, output, scale: values, offset: ZERO };
    case "Div":
      return values.includes(0) ? null : { node, input, output, scale: values.map((value) => 1 / value), offset: ZERO };
    case "Add":
      return { node, input, output, scale: ONE, offset: values };
    default:
      return constantLeft ? { node, input, output, scale: Float64Array.of(-1), offset: values } : { node, input, output, scale: ONE, offset: values.map((value) => -value) };
  }
}
function alongAxis(graph, name, { rank, axis, size }) {
  const tensor = graph.constant(name);
  if (tensor?.dataType !== TensorProto_DataType.FLOAT) return null;
  const dims = dimsOf(tensor);
  if (dims.length > rank) return null;
  const position = (axis < 0 ? axis + rank : axis) - (rank - dims.length);
  if (dims.some((dim, index) => dim !== 1 && index !== position)) return null;
  if ((dims[position] ?? 1) !== 1 && dims[position] !== size) return null;
  const values = new Float64Array(graph.floats(name));
  return values.every(Number.isFinite) ? values : null;
}
function compose(first2, second) {
  return {
    scale: combine(first2.scale, second.scale, (a, b) => a * b),
    offset: combine(
      combine(first2.offset, second.scale, (a, b) => a * b),
      second.offset,
      (a, b) => a + b
    )
  };
}
function combine(a, b, operation) {
  const length = Math.max(a.length, b.length);
  return Float64Array.from(
    { length },
    (_, i) => operation(a[a.length === 1 ? 0 : i], b[b.length === 1 ? 0 : i])
  );
}
function isAll(values, value) {
  return values.every((one) => one === value);
}
function otherAxis({ opType }) {
  return `its constants vary along another axis than the channels of ${opType}`;
}

// src/quantize/rewrite/context.ts
function isDeclined(result) {
  return "reason" in result;
}

// src/onnx/weighted.ts
var OPERATORS = /* @__PURE__ */ new Set(["Conv", "ConvTranspose", "Gemm", "MatMul"]);
function isWeightedOperator(node) {
  return OPERATORS.has(node.opType) && canonicalDomain(node.domain) === "";
}
function readWeighted(graph, node) {
  if (!isWeightedOperator(node)) return null;
  const { opType } = node;
  const [input = "", weight = "", bias = ""] = node.input;
  const tensor = graph.constant(weight);
  if (!tensor || tensor.dims.length < 2) return null;
  const dims = dimsOf(tensor);
  const matrixAxis = opType === "MatMul" ? dims.length - 2 : 0;
  const layout = weightLayout(node, dims.slice(matrixAxis));
  const { rows, columns, rowsAreOutputs, group } = layout;
  const [inputs, outputs] = rowsAreOutputs ? [columns * group, rows] : [rows, columns * group];
  return {
    node,
    opType,
    input,
    weight,
    bias: opType === "MatMul" ? "" : bias,
    dims,
    ...layout,
    inputs,
    outputs,
    outputAxis: matrixAxis + (rowsAreOutputs ? 0 : 1),
    channelAxis: opType === "MatMul" ? -1 : 1,
    alpha: floatAttribute(node, "alpha", 1),
    beta: floatAttribute(node, "beta", 1),
    transA: intAttribute(node, "transA", 0) !== 0
  };
}
function weightLayout(node, [rows = 0, columns = 0, ...kernel]) {
  return {
    rows,
    columns,
    kernel: elementCount(kernel),
    rowsAreOutputs: node.opType === "Conv" || intAttribute(node, "transB", 0) !== 0,
    group: intAttribute(node, "group", 1)
  };
}
function firstColumn({ rows, columns, group }, row) {
  return Math.floor(row / (rows / group)) * columns;
}

// src/tensor/finite.ts
function allFinite(values) {
  let [a, b, c, d] = [0, 0, 0, 0];
  const whole2 = values.length & ~3;
  for (let i = 0; i < whole2; i += 4) {
    a += 0 * values[i];
    b += 0 * values[i + 1];
    c += 0 * values[i + 2];
    d += 0 * values[i + 3];
  }
  for (let i = whole2; i < values.length; i++) a += 0 * values[i];
  return a + b + c + d === 0;
}
var NOT_FINITE = "its weights hold NaN or infinity";

// src/quantize/rewrite/linear.ts
function readLinear(graph, node) {
  const weighted2 = readWeighted(graph, node);
  if (!weighted2 || weighted2.transA || !hasUsualRank(weighted2)) return null;
  if (!graph.isFloats(weighted2.weight) || weighted2.dims.includes(0)) return null;
  const bias = weighted2.opType === "MatMul" ? null : readBias(graph, weighted2);
  if (bias === void 0) return null;
  const { rows, columns, kernel, rowsAreOutputs, group, alpha } = weighted2;
  const weight = graph.floats(weighted2.weight);
  const layout = { rows, columns, kernel, rowsAreOutputs, group };
  return { node, axis: weighted2.channelAxis, weight, ...layout, bias, alpha, padded: isPadded(weighted2) };
}
function hasUsualRank({ opType, dims }) {
  return opType.startsWith("Conv") ? dims.length >= 3 : dims.length === 2;
}
function scaleOutput(graph, linear, { scale, offset }, context) {
  if (linear.bias === null && !isAll(offset, 0)) return { reason: `${linear.node.opType} has no bias` };
  const weight = isAll(scale, 1) ? null : new Float32Array(linear.weight.length);
  if (weight) {
    forEachKernel(linear, ({ start, end, output }) => {
      const factor2 = channelOf(scale, output);
      for (let i = start; i < end; i++) weight[i] = linear.weight[i] * factor2;
    });
  }
  const bias = linear.bias?.map(
    (value, channel) => value * channelOf(scale, channel) + channelOf(offset, channel)
  );
  return edit(graph, linear.node, { weight, bias: bias ?? null }, context);
}
function scaleInput(graph, linear, { scale, offset }, context) {
  const shifts = !isAll(offset, 0);
  const { opType } = linear.node;
  if (shifts && linear.padded)
    return { reason: `${opType} pads its input with zeros, to which nothing is added` };
  if (shifts && linear.bias === null) return { reason: `${opType} has no bias` };
  const bias = linear.bias ? Float64Array.from(linear.bias) : null;
  const weight = isAll(scale, 1) ? null : new Float32Array(linear.weight.length);
  forEachKernel(linear, ({ start, end, output, input }) => {
    const factor2 = channelOf(scale, input);
    let sum2 = 0;
    for (let i = start; i < end; i++) {
      sum2 += linear.weight[i];
      if (weight) weight[i] = linear.weight[i] * factor2;
    }
    if (bias && shifts) bias[output] = bias[output] + linear.alpha * sum2 * channelOf(offset, input);
  });
  return edit(graph, linear.node, { weight, bias }, context);
}
function channelOf(values, channel) {
  return values[values.length === 1 ? 0 : channel];
}
function forEachKernel(linear, visit) {
  const { rows, columns, kernel, rowsAreOutputs } = linear;
  for (let row = 0; row < rows; row++) {
    const first2 = firstColumn(linear, row);
    for (let column = 0; column < columns; column++) {
      const start = (row * columns + column) * kernel;
      const [output, input] = rowsAreOutputs ? [row, first2 + column] : [first2 + column, row];
      visit({ start, end: start + kernel, output, input });
    }
  }
}
function mustShare(graph, node) {
  const name = inputOf(node, 1);
  const isAlone = graph.consumers(name).length === 1 && !graph.isOutput(name);
  return !isAlone && isLargeConstant(graph, name);
}
function edit(graph, node, { weight, bias }, { types }) {
  const biasValues = bias ? Float32Array.from(bias) : null;
  if (weight && mustShare(graph, node)) return { reason: `others read the weights of ${node.opType} too` };
  if (weight && !allFinite(weight) || biasValues && !allFinite(biasValues))
    return { reason: `the weights of ${node.opType} would not stay finite` };
  const dims = graph.dims(inputOf(node, 1));
  const set = (index, shape, data) => {
    const old = node.input[index] || `${node.output[0]}_bias`;
    const name = graph.addConstant(old, TensorProto_DataType.FLOAT, shape, data);
    types.set(name, { dataType: TensorProto_DataType.FLOAT, shape });
    graph.setInput(node, index, name);
  };
  return () => {
    if (weight) set(1, dims, weight);
    if (!biasValues || !node.input[2] && biasValues.every((value) => value === 0)) return;
    set(2, [biasValues.length], biasValues);
    if (node.opType === "Gemm") setAttribute(node, "beta", { float: 1 });
  };
}
function readBias(graph, { bias, beta, outputs }) {
  if (!bias) return new Float64Array(outputs);
  if (!graph.isFloats(bias) || graph.dims(bias).slice(0, -1).some((dim) => dim !== 1))
    return void 0;
  const values = Float64Array.from(graph.floats(bias), (value) => value * beta);
  if (values.length === outputs) return values;
  return values.length === 1 ? new Float64Array(outputs).fill(values[0] ?? 0) : void 0;
}
function isPadded({ node, opType }) {
  if (opType === "ConvTranspose") return true;
  if (opType !== "Conv") return false;
  const auto = stringAttribute(node, "auto_pad", "NOTSET");
  if (auto === "VALID") return false;
  return auto !== "NOTSET" || (intsAttribute(node, "pads") ?? []).some((pad2) => pad2 !== 0);
}

// src/quantize/rewrite/positively-homogeneous.ts
var ELEMENTWISE = /* @__PURE__ */ new Set(["Relu", "LeakyRelu", "Identity"]);
var POOLING = /* @__PURE__ */ new Set(["MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool"]);
var PER_TENSOR = /* @__PURE__ */ new Set([
  "Reshape",
  "Flatten",
  "Transpose",
  "Squeeze",
  "Unsqueeze",
  "Slice",
  "Gather",
  "DepthToSpace",
  "SpaceToDepth",
  "Expand",
  "Tile",
  "ReduceMean",
  "ReduceSum",
  "ReduceMax",
  "ReduceMin"
]);
function commutes(node, { perTensor, axis }) {
  if (node.domain !== "" || node.output.filter((name) => name !== "").length !== 1) return false;
  if (ELEMENTWISE.has(node.opType)) return true;
  return POOLING.has(node.opType) ? perTensor || axis === 1 : perTensor && PER_TENSOR.has(node.opType);
}

// src/quantize/rewrite/affine-into-next.ts
function affineIntoNext(model, context) {
  const { graph } = model;
  let changes = 0;
  for (const node of graph.topologicalNodes()) {
    if (graph.producer(outputOf(node)) !== node) continue;
    const edit2 = possibleEdit(graph, node, context);
    if (!edit2) continue;
    if (isDeclined(edit2)) context.decline(node, edit2.reason);
    else {
      edit2();
      changes++;
    }
  }
  return changes;
}
function possibleEdit(graph, node, context) {
  let declined = null;
  for (const fold of [foldForward, foldScaleBeforeOffset]) {
    for (const axis of [1, -1]) {
      const affine = readAffine(graph, node, { context, axis });
      const edit2 = affine && fold(graph, affine, { axis, context });
      if (edit2 && !isDeclined(edit2)) return edit2;
      declined ??= edit2;
    }
  }
  return declined;
}
function foldForward(graph, affine, { axis, context }) {
  const readers = linearReaders(graph, affine, axis);
  if (!readers || isDeclined(readers)) return readers;
  const scaled2 = scaleInputs(graph, readers, { coefficients: affine, context });
  if (isDeclined(scaled2)) return scaled2;
  return () => {
    scaled2();
    graph.replaceUses(affine.output, affine.input);
    graph.removeNode(affine.node);
  };
}
function foldScaleBeforeOffset(graph, multiply2, { axis, context }) {
  const { types } = context;
  const next = isMultiplication(multiply2) ? graph.onlyReader(multiply2.output) : void 0;
  const add = next && readAffine(graph, next, { context, axis });
  const readers = add && isAll(add.scale, 1) ? linearReaders(graph, add, axis) : null;
  if (!next || !add || !readers) return null;
  if (isDeclined(readers)) return readers;
  if (multiply2.scale.includes(0)) return { reason: "a factor is zero" };
  const offset = Float32Array.from(combine(add.offset, multiply2.scale, (b, s) => b / s));
  if (!offset.every(Number.isFinite)) return { reason: `what ${next.opType} adds would not stay finite` };
  const coefficients = { scale: multiply2.scale, offset: Float64Array.of(0) };
  const scaled2 = scaleInputs(graph, readers, { coefficients, context });
  if (isDeclined(scaled2)) return scaled2;
  return () => {
    scaled2();
    const shape = types.get(add.input)?.shape ?? [];
    const dims = channelDims(offset.length, shape.length, axis);
    const name = graph.addConstant(`${add.output}_offset`, TensorProto_DataType.FLOAT, dims, offset);
    types.set(name, { dataType: TensorProto_DataType.FLOAT, shape: dims });
    next.opType = "Add";
    graph.setInput(next, 0, multiply2.input);
    graph.setInput(next, 1, name);
    graph.removeNode(multiply2.node);
  };
}
function isMultiplication({ node }) {
  return node.opType === "Mul" || node.opType === "Div";
}
function scaleInputs(graph, readers, { coefficients, context }) {
  const edits = [];
  for (const linear of readers) {
    const edit2 = scaleInput(graph, linear, coefficients, context);
    if (isDeclined(edit2)) return edit2;
    edits.push(edit2);
  }
  return () => {
    for (const edit2 of edits) edit2();
  };
}
function channelDims(channels, rank, axis) {
  if (channels === 1) return [];
  return [channels, ...new Array(rank - 1 - (axis < 0 ? axis + rank : axis)).fill(1)];
}
function linearReaders(graph, affine, axis) {
  const perTensor = affine.scale.length === 1 && affine.offset.length === 1;
  const scaleOnly = isAll(affine.offset, 0) && affine.scale.every((value) => value > 0);
  const found = [];
  let obstacle;
  const visit = (name) => {
    if (graph.isOutput(name)) obstacle ??= "the model puts it out";
    for (const reader2 of graph.consumers(name)) {
      const readsOnce = reader2.input[0] === name && reader2.input.indexOf(name, 1) < 0;
      if (scaleOnly && reader2.input[0] === name && commutes(reader2, { perTensor, axis })) {
        visit(outputOf(reader2));
        continue;
      }
      const linear = readsOnce ? readLinear(graph, reader2) : null;
      if (!linear) obstacle ??= `${reader2.opType} '${nodeLabel(reader2)}' reads it too`;
      else if (!perTensor && linear.axis !== axis) obstacle ??= otherAxis(reader2);
      if (linear) found.push(linear);
    }
  };
  visit(affine.output);
  if (found.length === 0) return null;
  return obstacle === void 0 ? found : { reason: obstacle };
}

// src/quantize/rewrite/affine-into-previous.ts
function affineIntoPrevious(model, context) {
  const { graph } = model;
  let changes = 0;
  for (const node of graph.topologicalNodes()) {
    let reason;
    for (const axis of [1, -1]) {
      const affine = readAffine(graph, node, { context, axis });
      const edit2 = affine && foldBack(graph, affine, { axis, context });
      if (!edit2) continue;
      if (isDeclined(edit2)) {
        reason ??= edit2.reason;
        continue;
      }
      edit2();
      removeIdentity(graph, affine);
      reason = void 0;
      changes++;
      break;
    }
    if (reason) context.decline(node, reason);
  }
  return changes;
}
function foldBack(graph, affine, { axis, context }) {
  const before2 = graph.producer(affine.input);
  if (before2 && !graph.onlyReader(affine.input) && readLinear(graph, before2))
    return { reason: `what ${before2.opType} '${nodeLabel(before2)}' writes is read by others too` };
  const { source, blocked: blocked2 } = linearBefore(graph, affine, axis);
  const linear = source && readLinear(graph, source);
  if (!linear) return null;
  if (blocked2) return { reason: `only a positive scale passes ${blocked2.opType} '${nodeLabel(blocked2)}'` };
  const rank = context.types.get(outputOf(source))?.shape?.length;
  const sameAxis = linear.axis === axis || rank !== void 0 && (linear.axis + rank) % rank === (axis + rank) % rank;
  if (linear.bias === null && isAll(affine.scale, 1)) return { reason: `${source.opType} has no bias` };
  const perTensor = affine.scale.length === 1 && affine.offset.length === 1;
  if (!sameAxis && !perTensor) return { reason: otherAxis(source) };
  return scaleOutput(graph, linear, affine, context);
}
function linearBefore(graph, { input, scale, offset }, axis) {
  const passes = isAll(offset, 0) && scale.every((value) => value > 0);
  let blocked2;
  for (let name = input; graph.onlyReader(name); ) {
    const node = graph.producer(name);
    if (!node) return {};
    if (!commutes(node, { perTensor: scale.length === 1, axis })) return { source: node, blocked: blocked2 };
    if (!passes) blocked2 ??= node;
    name = inputOf(node, 0);
  }
  return {};
}
function removeIdentity(graph, { node, input, output }) {
  const producer = graph.producer(input);
  graph.removeNode(node);
  graph.setOutput(producer, producer.output.indexOf(input), output);
}

// src/quantize/rewrite/batch-norm.ts
function batchNormToAffine(model, { types, decline }) {
  const { graph } = model;
  let changes = 0;
  for (const node of graph.nodes) {
    if (node.domain !== "" || node.opType !== "BatchNormalization") continue;
    const parts = readParts(graph, node, types);
    if (isDeclined(parts)) {
      decline(node, parts.reason);
      continue;
    }
    replace(graph, node, { parts, types });
    changes++;
  }
  return changes;
}
function readParts(graph, node, types) {
  if (node.output.filter((name) => name !== "").length !== 1) return { reason: "it has several outputs" };
  const [input, output] = [inputOf(node, 0), outputOf(node)];
  const type = types.get(input);
  const parts = node.input.slice(1, 5).map((name) => graph.constantValues(name));
  if (!parts.every((part) => part instanceof Float32Array))
    return { reason: "its parameters are not constant float32" };
  if (type?.dataType !== TensorProto_DataType.FLOAT || !type.shape)
    return { reason: "its input is not float32 of a known rank" };
  const isBesideLinear = graph.onlyReader(input) && isLinear(graph, graph.producer(input)) || !graph.isOutput(output) && graph.consumers(output).every((reader2) => isLinear(graph, reader2));
  if (!isBesideLinear) return { reason: "no operator with weights beside it could take it" };
  const [gamma, beta, mean, variance] = parts;
  return { type, rank: type.shape.length, gamma, beta, mean, variance };
}
function replace(graph, node, { parts, types }) {
  const { type, rank, gamma, beta, mean, variance } = parts;
  const [input, output] = [inputOf(node, 0), outputOf(node)];
  const epsilon = floatAttribute(node, "epsilon", 1e-5);
  const scale = Float64Array.from(gamma, (value, i) => value / Math.sqrt(variance[i] + epsilon));
  const offset = scale.map((value, i) => beta[i] - mean[i] * value);
  const dims = [gamma.length, ...new Array(Math.max(0, rank - 2)).fill(1)];
  const constant = (base, values) => {
    const name = graph.addConstant(base, TensorProto_DataType.FLOAT, dims, Float32Array.from(values));
    types.set(name, { dataType: TensorProto_DataType.FLOAT, shape: dims });
    return name;
  };
  const scaled2 = graph.freshName(`${output}_scaled`);
  types.set(scaled2, type);
  graph.removeNode(node);
  graph.addNode(makeNode("Mul", [input, constant(`${output}_scale`, scale)], [scaled2], { name: scaled2 }));
  graph.addNode(
    makeNode("Add", [scaled2, constant(`${output}_offset`, offset)], [output], { name: node.name })
  );
}
function isLinear(graph, node) {
  return node !== void 0 && readLinear(graph, node) !== null;
}

// src/onnx/symbolic-shapes.ts
function inferSymbolicShapes(graph, rank = () => void 0) {
  const inference = new Inference(graph);
  for (const input of graph.inputs) {
    const shape = tensorType(input)?.shape;
    if (shape) inference.shapes.set(input.name, shape.map(declared(input.name)));
  }
  for (const node of graph.topologicalNodes()) {
    const [output = ""] = node.output;
    const shape = node.domain === "" ? inference.shapeOf(node) : void 0;
    if (shape && output !== "") inference.shapes.set(output, shape);
    const values = node.domain === "" ? inference.valuesOf(node) : void 0;
    if (values && output !== "") inference.values.set(output, values);
    for (const name of node.output) {
      const length = inference.shapes.has(name) ? void 0 : rank(name);
      if (name !== "" && length !== void 0 && length > 0) {
        inference.shapes.set(
          name,
          Array.from({ length }, (_, axis) => unknown(name, axis))
        );
      }
    }
  }
  return inference;
}
var unknown = (name, axis) => `${name}#${axis}`;
var declared = (name) => (dim, axis) => typeof dim === "number" && dim >= 0 ? dim : unknown(name, axis);
var LIKE_INPUT = new Set(
  "Abs Cast Ceil Clip Dropout Elu Erf Exp Floor Gelu HardSigmoid HardSwish Identity LayerNormalization LeakyRelu Log LogSoftmax Neg Not Reciprocal Relu Round Sigmoid Softmax Softplus Sqrt Tanh".split(" ")
);
var BROADCAST = new Set(
  "Add And Div Equal Greater GreaterOrEqual Less LessOrEqual Max Min Mul Or Pow Sub Where".split(" ")
);
var Inference = class {
  shapes = /* @__PURE__ */ new Map();
  values = /* @__PURE__ */ new Map();
  #graph;
  constructor(graph) {
    this.#graph = graph;
  }
  shapeOf(node) {
    const [first2, second] = node.input.map((name) => this.#shape(name));
    const output = outputOf(node);
    if (LIKE_INPUT.has(node.opType)) return first2;
    if (BROADCAST.has(node.opType)) {
      const shapes = node.input.map((name) => this.#shape(name));
      return shapes.some((shape) => !shape) ? void 0 : this.#broadcast(shapes, output);
    }
    if (!first2) return void 0;
    switch (node.opType) {
      case "MatMul":
        if (!second || first2.length < 2 || second.length < 2) return void 0;
        return [
          ...this.#broadcast([first2.slice(0, -2), second.slice(0, -2)], output),
          first2.at(-2),
          second.at(-1)
        ];
      case "Transpose":
        return (intsAttribute(node, "perm") ?? first2.map((_, i) => first2.length - 1 - i)).map(
          (i) => first2[i]
        );
      case "Reshape":
        return this.#reshaped(node, first2);
      case "Gather": {
        const axis = fromEnd(intAttribute(node, "axis", 0), first2.length);
        return second && [...first2.slice(0, axis), ...second, ...first2.slice(axis + 1)];
      }
      case "Concat":
        return this.#joined(node, first2.length);
      case "Slice":
        return this.#sliced(node, first2);
      case "Unsqueeze":
        return this.#unsqueezed(node, first2);
      case "Expand": {
        const asked2 = this.#values(inputOf(node, 1));
        return asked2 && this.#broadcast([first2, asked2], output);
      }
      case "Range": {
        const [start, limit, delta] = node.input.map((name) => this.#values(name)?.[0]);
        return start === 0 && delta === 1 && limit !== void 0 ? [limit] : void 0;
      }
      default:
        return void 0;
    }
  }
  valuesOf(node) {
    if (node.opType === "Shape") {
      const shape = this.#shape(inputOf(node, 0));
      return shape?.slice(intAttribute(node, "start", 0), intAttribute(node, "end", shape.length));
    }
    const inputs = node.input.map((name) => this.#values(name));
    const [first2, second] = inputs;
    if (!first2) return void 0;
    switch (node.opType) {
      case "Gather": {
        const picked = second?.map((index) => typeof index === "number" ? first2.at(index) : void 0);
        return picked?.includes(void 0) ? void 0 : picked;
      }
      case "Concat":
        return inputs.includes(void 0) ? void 0 : inputs.flat();
      case "Slice": {
        const range = sliceRange(node, this.#graph, 1);
        return range && first2.slice(...bounds(range, first2.length));
      }
      case "Unsqueeze":
      case "Squeeze":
      case "Identity":
        return first2;
      case "Reshape":
        return second && second.length <= 1 ? first2 : void 0;
      case "Equal":
        return second && pointwise([first2, second], ([a, b]) => equal(a, b));
      case "Where": {
        const choices = inputs.includes(void 0) ? void 0 : inputs;
        return choices && pointwise(choices, ([condition, a, b]) => condition === 1 ? a : condition === 0 ? b : void 0);
      }
      case "Cast":
        return intAttribute(node, "to", 0) === TensorProto_DataType.INT64 ? first2 : void 0;
      default:
        return void 0;
    }
  }
  #shape(name) {
    const known = this.shapes.get(name);
    if (known) return known;
    const constant = this.#graph.constant(name);
    return constant && dimsOf(constant);
  }
  /** Numbers of a constant, or what is known of computed ones. */
  #values(name) {
    const known = this.values.get(name);
    if (known) return known;
    const constant = this.#graph.constant(name);
    if (constant?.dataType !== TensorProto_DataType.INT64 || constant.dims.length > 1) return void 0;
    return Array.from(this.#graph.constantValues(name), Number);
  }
  /** By numpy's rule; two unknown sizes that may differ give a third. */
  #broadcast(shapes, output) {
    const length = Math.max(...shapes.map((shape) => shape.length));
    return Array.from({ length }, (_, axis) => {
      const dims = new Set(shapes.map((shape) => shape[axis - (length - shape.length)] ?? 1));
      dims.delete(1);
      const number = [...dims].find((dim) => typeof dim === "number");
      if (dims.size === 0) return 1;
      if (number !== void 0) return number;
      return dims.size === 1 ? [...dims][0] : unknown(output, axis);
    });
  }
  #reshaped(node, data) {
    const asked2 = this.#values(inputOf(node, 1));
    if (!asked2 || intAttribute(node, "allowzero", 0) !== 0) return void 0;
    const dims = asked2.map((dim, axis) => dim === 0 ? data[axis] ?? dim : dim);
    const inferred = dims.indexOf(-1);
    if (inferred >= 0)
      dims[inferred] = quotient(data, dims.toSpliced(inferred, 1)) ?? unknown(outputOf(node), inferred);
    return dims;
  }
  #unsqueezed(node, data) {
    const axes = intsAttribute(node, "axes") ?? this.#values(inputOf(node, 1));
    if (!axes) return void 0;
    const rank = data.length + axes.length;
    const added2 = new Set(axes.map((axis) => fromEnd(Number(axis), rank)));
    const rest = data.values();
    return Array.from({ length: rank }, (_, axis) => added2.has(axis) ? 1 : rest.next().value ?? 1);
  }
  #joined(node, rank) {
    const shapes = node.input.map((name) => this.#shape(name));
    if (shapes.some((shape) => shape?.length !== rank)) return void 0;
    const axis = fromEnd(intAttribute(node, "axis", 0), rank);
    const sizes = shapes.map((shape) => shape[axis]);
    const known = sizes.every((size) => typeof size === "number");
    const sum2 = sizes.reduce((total2, size) => total2 + size, 0);
    return shapes[0].map((dim, i) => i !== axis ? dim : known ? sum2 : unknown(outputOf(node), axis));
  }
  #sliced(node, data) {
    const range = sliceRange(node, this.#graph, data.length);
    const size = data[range?.axis ?? data.length];
    if (!range || size === void 0) return void 0;
    const { axis } = range;
    if (typeof size !== "number") return data.with(axis, unknown(outputOf(node), axis));
    const [start, end] = bounds(range, size);
    return data.with(axis, Math.max(0, end - start));
  }
};
function sliceRange(node, graph, rank) {
  const read = (index, name) => {
    const input = node.input[index];
    if (!input) return intsAttribute(node, name);
    const values = graph.constantValues(input);
    return values && Array.from(values, Number);
  };
  const [starts, ends2] = [read(1, "starts"), read(2, "ends")];
  const axes = node.input[3] || intsAttribute(node, "axes") ? read(3, "axes") : [0];
  const steps = node.input[4] ? read(4, "steps") : [1];
  if (starts?.length !== 1 || ends2?.length !== 1 || axes?.length !== 1 || steps?.[0] !== 1) return void 0;
  return { axis: fromEnd(axes[0], rank), start: starts[0], end: ends2[0] };
}
function bounds({ start, end }, size) {
  const clamp2 = (index) => Math.min(size, Math.max(0, index < 0 ? index + size : index));
  return [clamp2(start), clamp2(end)];
}
function fromEnd(axis, rank) {
  return axis < 0 ? axis + rank : axis;
}
function pointwise(inputs, operation) {
  const length = Math.max(...inputs.map((values) => values.length));
  const results = Array.from(
    { length },
    (_, i) => operation(inputs.map((values) => values[values.length === 1 ? 0 : i]))
  );
  return results.includes(void 0) ? void 0 : results;
}
function equal(a, b) {
  if (a === b) return 1;
  if (typeof a === "number" && typeof b === "number") return 0;
  return [a, b].some((dim) => typeof dim === "number" && dim < 0) ? 0 : void 0;
}
function quotient(dims, others) {
  const names = dims.filter((dim) => typeof dim === "string");
  for (const name of others.filter((dim) => typeof dim === "string")) {
    const at = names.indexOf(name);
    if (at < 0) return void 0;
    names.splice(at, 1);
  }
  const product2 = (factors) => factors.reduce((result, dim) => typeof dim === "number" ? result * dim : result, 1);
  const [whole2, part] = [product2(dims), product2(others)];
  return names.length === 0 && part > 0 && whole2 % part === 0 ? whole2 / part : void 0;
}

// src/quantize/rewrite/constant-reshape.ts
function constantReshape({ graph }, { types, decline }) {
  const reshapes = graph.nodes.filter(
    (node) => node.opType === "Reshape" && node.domain === "" && !graph.constant(inputOf(node, 1))
  );
  if (reshapes.length === 0) return 0;
  const { shapes, values } = inferSymbolicShapes(graph, (name) => types.get(name)?.shape?.length);
  let changes = 0;
  for (const node of reshapes) {
    const [data = "", shape = ""] = node.input;
    const [from, asked2, made] = [shapes.get(data), values.get(shape), shapes.get(outputOf(node))];
    if (!from || !asked2 || !made || intAttribute(node, "allowzero", 0) !== 0) {
      decline(node, "how its shape is computed is not known");
      continue;
    }
    const constant = copied(asked2, { from, made });
    if (!constant) {
      decline(node, "several of its dimensions are neither numbers nor copied");
      continue;
    }
    const dims = [constant.length];
    const name = graph.addConstant(shape, TensorProto_DataType.INT64, dims, BigInt64Array.from(constant, BigInt));
    types.set(name, { dataType: TensorProto_DataType.INT64, shape: dims });
    graph.setInput(node, 1, name);
    changes++;
  }
  return changes;
}
function copied(asked2, { from, made }) {
  const constant = asked2.map((dim, axis) => {
    const size = made[axis];
    if (typeof size === "number" && size > 0) return size;
    return size === from[axis] ? 0 : typeof dim === "number" ? dim : -1;
  });
  return constant.filter((dim) => dim === -1).length > 1 ? null : constant;
}

// src/quantize/rewrite/dedupe.ts
var MAX_BYTES = 2 ** 20;
function dedupe(model, _context) {
  const { graph } = model;
  const seen = /* @__PURE__ */ new Map();
  let changes = 0;
  for (const tensor of graph.initializers.values()) {
    if (tensor.stringData.length > 0 || tensorByteLength(tensor) > MAX_BYTES || graph.isOutput(tensor.name))
      continue;
    if (isOverridable(model, tensor.name)) continue;
    const bytes = tensorBytes(tensor, graph.directory);
    const key = `${tensor.dataType} ${tensor.dims.join()} ${hash(bytes)}`;
    const candidates2 = seen.get(key) ?? [];
    const same = candidates2.find((other) => Buffer.compare(tensorBytes(other, graph.directory), bytes) === 0);
    if (same) {
      graph.replaceUses(tensor.name, same.name);
      graph.removeInitializer(tensor.name);
      changes++;
    } else {
      seen.set(key, [...candidates2, tensor]);
    }
  }
  return changes;
}
function isOverridable(model, name) {
  return model.proto.graph?.input.some((value) => value.name === name) ?? false;
}
function hash(bytes) {
  const step = Math.max(1, Math.floor(bytes.length / 64));
  let value = 2166136261;
  for (let i = 0; i < bytes.length; i += step) value = Math.imul(value ^ bytes[i], 16777619);
  return value >>> 0;
}

// src/quantize/rewrite/double-layers.ts
var SMALLEST_WEIGHT = 1024;
var WEIGHTED = { MatMul: 1, Gemm: 1, Gather: 0 };
function doubleLayers({ graph }, { types, decline }) {
  let changes = 0;
  const narrowed2 = /* @__PURE__ */ new Map();
  for (const node of graph.nodes) {
    const position = node.domain === "" ? WEIGHTED[node.opType] : void 0;
    if (position === void 0 || !isLargeDouble(graph, inputOf(node, position))) continue;
    if (!fits(graph, inputOf(node, position))) {
      decline(node, "its weights are beyond float32");
      continue;
    }
    const readers = graph.consumers(inputOf(node, position));
    if (readers.some(({ opType, domain }) => domain !== "" || WEIGHTED[opType] === void 0)) {
      decline(node, "others read its weights in double precision");
      continue;
    }
    toFloat(graph, node, { types, narrowed: narrowed2 });
    changes++;
  }
  return changes;
}
function isLargeDouble(graph, name) {
  const tensor = graph.constant(name);
  return tensor?.dataType === TensorProto_DataType.DOUBLE && elementCount(tensor.dims) >= SMALLEST_WEIGHT;
}
function fits(graph, name) {
  return graph.constantValues(name).every((value) => Number.isFinite(Math.fround(value)));
}
function toFloat(graph, node, { types, narrowed: narrowed2 }) {
  for (const [index, name] of [...node.input.entries()]) {
    if (types.get(name)?.dataType !== TensorProto_DataType.DOUBLE) continue;
    const made = narrowed2.get(name) ?? floatForm(graph, name, types);
    narrowed2.set(name, made);
    graph.setInput(node, index, made);
  }
  const output = outputOf(node);
  const float = graph.freshName(`${output}_float`);
  types.set(float, { dataType: TensorProto_DataType.FLOAT, shape: types.get(output)?.shape ?? null });
  graph.setOutput(node, 0, float);
  const attributes = { to: { int: TensorProto_DataType.DOUBLE } };
  graph.addNode(makeNode("Cast", [float], [output], { name: `${output}_cast`, attributes }));
}
function floatForm(graph, name, types) {
  const shape = types.get(name)?.shape ?? null;
  if (graph.constant(name)) {
    const values = Float32Array.from(graph.constantValues(name));
    const made2 = graph.addConstant(`${name}_float`, TensorProto_DataType.FLOAT, graph.dims(name), values);
    types.set(made2, { dataType: TensorProto_DataType.FLOAT, shape });
    return made2;
  }
  const made = graph.freshName(`${name}_float`);
  types.set(made, { dataType: TensorProto_DataType.FLOAT, shape });
  const attributes = { to: { int: TensorProto_DataType.FLOAT } };
  graph.addNode(makeNode("Cast", [name], [made], { name: made, attributes }));
  return made;
}

// src/quantize/rewrite/fold-shapes.ts
function foldShapes(model, { types }) {
  const { graph } = model;
  const known = /* @__PURE__ */ new Map();
  let changes = 0;
  for (const node of graph.topologicalNodes()) {
    const result = node.domain === "" && node.output.length === 1 ? evaluate(node, graph, known) : null;
    if (!result) continue;
    const name = outputOf(node);
    known.set(name, result);
    if (result.values.includes(null) || node.opType === "Constant" || graph.isOutput(name)) continue;
    const dims = result.rank === 0 ? [] : [result.values.length];
    const values = BigInt64Array.from(result.values);
    const constant = graph.addConstant(name, TensorProto_DataType.INT64, dims, values);
    types.set(constant, { dataType: TensorProto_DataType.INT64, shape: dims });
    known.set(constant, result);
    graph.replaceUses(name, constant);
    graph.removeNode(node);
    changes++;
  }
  return changes;
}
function evaluate(node, graph, known) {
  if (node.opType === "Shape") return declaredShape(node, graph);
  const inputs = node.input.map((name) => known.get(name) ?? constantOf(graph, name));
  if (inputs.length === 0 || inputs.includes(null)) return null;
  const [first2, second] = inputs;
  switch (node.opType) {
    case "Gather":
      return second && first2.rank === 1 ? gather(first2, second) : null;
    case "Concat":
      return inputs.every(({ rank }) => rank === 1) ? { rank: 1, values: inputs.flatMap(({ values }) => values) } : null;
    case "Unsqueeze":
      return first2.rank === 0 ? { rank: 1, values: first2.values } : null;
    case "Squeeze":
      return first2.values.length === 1 ? { rank: 0, values: first2.values } : null;
    case "Identity":
      return first2;
    case "Cast":
      return intAttribute(node, "to", 0) === TensorProto_DataType.INT64 ? first2 : null;
    default: {
      const operation = ARITHMETIC.get(node.opType);
      return operation && second ? elementwise(first2, second, operation) : null;
    }
  }
}
var ARITHMETIC = /* @__PURE__ */ new Map([
  ["Add", (a, b) => a + b],
  ["Sub", (a, b) => a - b],
  ["Mul", (a, b) => a * b],
  // Integers are divided towards zero; what rounds otherwise is left to the runtime.
  ["Div", (a, b) => a >= 0n && b > 0n ? a / b : null]
]);
function declaredShape(node, graph) {
  const input = graph.inputs.find(({ name }) => name === node.input[0]);
  const shape = input && tensorType(input)?.shape;
  if (!shape) return null;
  const values = shape.map((dim) => typeof dim === "number" && dim >= 0 ? BigInt(dim) : null);
  return {
    rank: 1,
    values: values.slice(intAttribute(node, "start", 0), intAttribute(node, "end", values.length))
  };
}
function constantOf(graph, name) {
  const tensor = graph.constant(name);
  if (tensor?.dataType !== TensorProto_DataType.INT64 || tensor.dims.length > 1) return null;
  return { rank: dimsOf(tensor).length, values: [...graph.constantValues(name)] };
}
function gather(data, indices) {
  const values = indices.values.map((index) => index === null ? void 0 : data.values.at(Number(index)));
  return values.includes(void 0) ? null : { rank: indices.rank, values };
}
function elementwise(a, b, operation) {
  const length = Math.max(a.values.length, b.values.length);
  if ([a, b].some(({ values: values2 }) => values2.length !== 1 && values2.length !== length)) return null;
  const at = ({ values: values2 }, i) => values2[values2.length === 1 ? 0 : i];
  const values = Array.from({ length }, (_, i) => {
    const [left, right] = [at(a, i), at(b, i)];
    return left === null || right === null ? null : operation(left, right);
  });
  return { rank: Math.max(a.rank, b.rank), values };
}

// src/quantize/rewrite/patterns.ts
var TOLERANCE = 1e-3;
var SQRT_HALF = Math.SQRT1_2;
function findPatterns(graph) {
  const found = [];
  for (const node of graph.nodes) {
    if (node.domain !== "") continue;
    const pattern = node.opType === "Erf" ? readGelu(graph, node) : node.opType === "Tanh" ? readTanhGelu(graph, node) : node.opType === "Sqrt" ? readLayerNormalization(graph, node) : null;
    if (pattern && isClosed(graph, pattern)) found.push(pattern);
  }
  return found;
}
function isClosed(graph, { nodes, output }) {
  const pieces = new Set(nodes);
  return nodes.flatMap((node) => node.output).filter((name) => name !== "" && name !== output).every((name) => !graph.isOutput(name) && graph.consumers(name).every((reader2) => pieces.has(reader2)));
}
function scalar(graph, name) {
  const values = name ? graph.constantValues(name) : void 0;
  return values?.length === 1 ? Number(values[0]) : void 0;
}
function near(value, wanted) {
  return value !== void 0 && Math.abs(value / wanted - 1) < TOLERANCE;
}
function operand(graph, node, opType, wanted) {
  if (node?.opType !== opType || node.domain !== "") return void 0;
  const [a, b] = node.input;
  if (near(scalar(graph, b), wanted)) return a;
  return opType !== "Div" && opType !== "Pow" && opType !== "Sub" && near(scalar(graph, a), wanted) ? b : void 0;
}
function reader(graph, name) {
  return name === void 0 ? void 0 : graph.onlyReader(name);
}
function readHalfProduct(graph, sum2, input) {
  const next = reader(graph, sum2.output[0]);
  if (next?.opType !== "Mul") return null;
  const other = next.input[0] === sum2.output[0] ? inputOf(next, 1) : inputOf(next, 0);
  const half = graph.producer(other);
  if (half && operand(graph, half, "Mul", 0.5) === input && graph.onlyReader(other)) {
    return { output: outputOf(next), nodes: [half, next] };
  }
  const last = reader(graph, next.output[0]);
  if (!last) return null;
  if (other === input && operand(graph, last, "Mul", 0.5) === next.output[0]) {
    return { output: outputOf(last), nodes: [next, last] };
  }
  if (near(scalar(graph, other), 0.5) && last.opType === "Mul" && last.input.includes(input)) {
    return { output: outputOf(last), nodes: [next, last] };
  }
  return null;
}
function readGelu(graph, erf) {
  const scaled2 = graph.producer(inputOf(erf, 0));
  const input = operand(graph, scaled2, "Div", Math.SQRT2) ?? operand(graph, scaled2, "Mul", SQRT_HALF);
  const sum2 = reader(graph, erf.output[0]);
  if (!scaled2 || !input || !sum2 || !graph.onlyReader(inputOf(erf, 0))) return null;
  if (operand(graph, sum2, "Add", 1) !== erf.output[0]) return null;
  const product2 = readHalfProduct(graph, sum2, input);
  return product2 && { kind: "gelu", input, output: product2.output, nodes: [scaled2, erf, sum2, ...product2.nodes] };
}
function readTanhGelu(graph, tanh) {
  const sum2 = reader(graph, tanh.output[0]);
  if (!sum2 || operand(graph, sum2, "Add", 1) !== tanh.output[0]) return null;
  const nodes = [];
  let input;
  const visit = (name) => {
    const node = graph.producer(name);
    const isPiece = node && node.domain === "" && ["Mul", "Add", "Pow"].includes(node.opType);
    if (!isPiece || !graph.onlyReader(name) || nodes.length > 6) {
      if (!graph.constant(name)) input = name;
      return;
    }
    nodes.push(node);
    for (const next of node.input) visit(next);
  };
  visit(inputOf(tanh, 0));
  if (input === void 0 || !isTanhGate(graph, inputOf(tanh, 0), input)) return null;
  const product2 = readHalfProduct(graph, sum2, input);
  return product2 && {
    kind: "gelu-tanh",
    input,
    output: product2.output,
    nodes: [...nodes, tanh, sum2, ...product2.nodes]
  };
}
var PROBES = [-2.5, -0.5, 0.3, 1, 3];
function isTanhGate(graph, name, input) {
  return PROBES.every(
    (x) => near(valueAt(graph, name, { input, x }), Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3))
  );
}
function valueAt(graph, name, at) {
  if (name === at.input) return at.x;
  if (graph.constant(name)) return scalar(graph, name);
  const node = graph.producer(name);
  const [a, b] = (node?.input ?? []).map((input) => valueAt(graph, input, at));
  if (node?.domain !== "" || a === void 0 || b === void 0) return void 0;
  return { Mul: a * b, Add: a + b, Pow: a ** b }[node.opType];
}
function readLayerNormalization(graph, sqrt) {
  const deviation = readDeviation(graph, sqrt);
  if (!deviation) return null;
  const { input, centered, epsilon } = deviation;
  const divide2 = reader(graph, sqrt.output[0]);
  if (divide2?.opType !== "Div" || divide2.input[0] !== centered || divide2.input[1] !== sqrt.output[0])
    return null;
  const scaled2 = readScaleAndBias(graph, divide2);
  if (!scaled2) return null;
  const { scale, bias, output } = scaled2;
  const nodes = [...deviation.nodes, sqrt, divide2, ...scaled2.nodes];
  return { kind: "layer-normalization", input, output, nodes, scale, bias, epsilon };
}
function readDeviation(graph, sqrt) {
  const sum2 = graph.producer(inputOf(sqrt, 0));
  const variance = graph.producer(sum2?.input.find((name) => !graph.constant(name)) ?? "");
  const epsilon = scalar(
    graph,
    sum2?.input.find((name) => graph.constant(name))
  );
  if (sum2?.opType !== "Add" || epsilon === void 0 || !variance || !isMeanOfLastAxis(graph, variance))
    return null;
  const square = graph.producer(inputOf(variance, 0));
  const centered = square?.input[0];
  const isSquare = square?.opType === "Pow" ? scalar(graph, square.input[1]) === 2 : square?.opType === "Mul" && square.input[1] === centered;
  const subtract = graph.producer(centered ?? "");
  if (!square || !isSquare || subtract?.opType !== "Sub" || !centered) return null;
  const input = inputOf(subtract, 0);
  const mean = graph.producer(inputOf(subtract, 1));
  if (!mean || !isMeanOfLastAxis(graph, mean) || mean.input[0] !== input) return null;
  return { input, centered, epsilon, nodes: [mean, subtract, square, variance, sum2] };
}
function readScaleAndBias(graph, node) {
  const multiply2 = reader(graph, node.output[0]);
  const scale = multiply2?.opType === "Mul" ? multiply2.input.find((name) => name !== node.output[0]) : void 0;
  if (!multiply2 || !scale || !isVector(graph, scale)) return null;
  const add = reader(graph, multiply2.output[0]);
  const bias = add?.opType === "Add" ? add.input.find((name) => name !== multiply2.output[0]) : void 0;
  if (!add || bias === void 0 || !isVector(graph, bias))
    return { scale, bias: null, output: outputOf(multiply2), nodes: [multiply2] };
  return { scale, bias, output: outputOf(add), nodes: [multiply2, add] };
}
function isVector(graph, name) {
  return graph.constant(name)?.dims.length === 1;
}
function isMeanOfLastAxis(graph, node) {
  if (node.opType !== "ReduceMean" || node.domain !== "" || intAttribute(node, "keepdims", 1) !== 1)
    return false;
  const axes = node.input[1] ? graph.constantValues(node.input[1]) : intsAttribute(node, "axes");
  return axes?.length === 1 && Number(axes[0]) === -1;
}

// src/quantize/rewrite/fuse-patterns.ts
var OPERATORS2 = {
  "layer-normalization": { opType: "LayerNormalization", opset: 17 },
  gelu: { opType: "Gelu", opset: 20 },
  "gelu-tanh": { opType: "Gelu", opset: 20 }
};
function fusePatterns(model, { decline }) {
  const { graph } = model;
  let changes = 0;
  for (const pattern of findPatterns(graph)) {
    const { opType, opset } = OPERATORS2[pattern.kind];
    if (model.opset() < opset) {
      decline(
        pattern.nodes.at(-1),
        `it ends a spelled-out ${opType}, which opset ${model.opset()} doesn't have as one operator (${opset} does)`
      );
      continue;
    }
    for (const node of pattern.nodes) graph.removeNode(node);
    graph.addNode(operatorFor(pattern));
    changes++;
  }
  return changes;
}
function operatorFor({ kind, input, output, scale, bias, epsilon, nodes }) {
  const { opType } = OPERATORS2[kind];
  const name = nodes.at(-1).name;
  if (kind === "layer-normalization") {
    const attributes = { axis: { int: -1 }, epsilon: { float: epsilon } };
    return makeNode(opType, bias ? [input, scale, bias] : [input, scale], [output], { name, attributes });
  }
  const approximate = { string: kind === "gelu-tanh" ? "tanh" : "none" };
  return makeNode(opType, [input], [output], { name, attributes: { approximate } });
}

// src/onnx/clamp.ts
function isClamp(node) {
  return node.domain === "" && (node.opType === "Relu" || node.opType === "Clip");
}
function clampLimits(node, graph) {
  if (node.opType === "Relu") return [0, Number.POSITIVE_INFINITY];
  const limit = (index, name, fallback) => {
    const input = node.input[index];
    if (!input) return floatAttribute(node, name, fallback);
    const values = graph.constantValues(input);
    return values ? Number(values[0]) : Number.NaN;
  };
  const lower = limit(1, "min", Number.NEGATIVE_INFINITY);
  const upper = limit(2, "max", Number.POSITIVE_INFINITY);
  return Number.isNaN(lower) || Number.isNaN(upper) ? null : [lower, upper];
}

// src/quantize/rewrite/hard-swish.ts
var SHIFT = 3;
var LIMIT = 6;
function hardSwish(model, context) {
  const { graph } = model;
  let changes = 0;
  for (const clip of graph.nodes) {
    const gate = readGate(graph, clip, context);
    if (!gate) continue;
    if (isDeclined(gate)) {
      context.decline(clip, gate.reason);
      continue;
    }
    const product2 = graph.onlyReader(gate.output);
    const scaled2 = product2?.opType === "Mul" && product2.domain === "" ? product2 : null;
    const other = scaled2?.input[0] === gate.output ? scaled2.input[1] : scaled2?.input[0];
    const made = !scaled2 || other !== gate.input ? replaceGate(graph, gate, context) : replaceProduct(graph, { ...gate, product: scaled2 }, context);
    if (made === 0) context.decline(clip, `nothing divides by ${LIMIT} what it lets through`);
    changes += made;
  }
  return changes;
}
function readGate(graph, clip, context) {
  if (clip.domain !== "" || clip.opType !== "Clip") return null;
  const [min, max] = clampLimits(clip, graph) ?? [];
  if (min !== 0 || max !== LIMIT) return null;
  const add = graph.producer(inputOf(clip, 0));
  const shift = add && readAffine(graph, add, { context, axis: 1 });
  if (!shift || shift.scale.length + shift.offset.length !== 2) return null;
  if (shift.scale[0] !== 1 || shift.offset[0] !== SHIFT) return null;
  if (!graph.onlyReader(inputOf(clip, 0)) || !graph.onlyReader(outputOf(clip)))
    return { reason: "parts of its h-swish are read by others too" };
  return { input: shift.input, output: outputOf(clip), nodes: [shift.node, clip] };
}
function replaceProduct(graph, gate, context) {
  const { product: product2 } = gate;
  const reader2 = graph.onlyReader(outputOf(product2));
  const divided = reader2 && readAffine(graph, reader2, { context, axis: 1 });
  const isSixth = divided && divided.scale.length + divided.offset.length === 2 && divided.offset[0] === 0 && Math.abs(divided.scale[0] * LIMIT - 1) < 1e-6;
  if (!isSixth) return replaceGate(graph, gate, context);
  const sigmoid = addHardSigmoid(graph, gate, context);
  for (const node of [...gate.nodes, product2, divided.node]) graph.removeNode(node);
  graph.addNode(makeNode("Mul", [gate.input, sigmoid], [divided.output], { name: divided.node.name }));
  return 1;
}
function replaceGate(graph, gate, context) {
  const reader2 = graph.onlyReader(gate.output);
  const divided = reader2 && readAffine(graph, reader2, { context, axis: 1 });
  if (!divided || divided.scale.length + divided.offset.length !== 2 || divided.offset[0] !== 0) return 0;
  if (Math.abs(divided.scale[0] * LIMIT - 1) >= 1e-6) return 0;
  const sigmoid = addHardSigmoid(graph, gate, context);
  for (const node of [...gate.nodes, divided.node]) graph.removeNode(node);
  const producer = graph.producer(sigmoid);
  graph.setOutput(producer, 0, divided.output);
  return 1;
}
function addHardSigmoid(graph, { input, output, nodes }, { types }) {
  const name = graph.freshName(`${output}_gate`);
  const type = types.get(input);
  if (type) types.set(name, type);
  const attributes = { alpha: { float: 1 / LIMIT }, beta: { float: SHIFT / LIMIT } };
  graph.addNode(makeNode("HardSigmoid", [input], [name], { name: nodes[1].name, attributes }));
  return name;
}

// src/quantize/rewrite/image-scaler.ts
function imageScaler(model, { types, decline }) {
  const { graph } = model;
  let changes = 0;
  for (const node of graph.nodes) {
    if (node.domain !== "" || node.opType !== "ImageScaler") continue;
    const [input, output] = [inputOf(node, 0), outputOf(node)];
    const type = types.get(input);
    if (type?.dataType !== TensorProto_DataType.FLOAT || type.shape?.length !== 4) {
      decline(node, "its input is not an image of float32");
      continue;
    }
    const constant = (base, dims, values) => {
      const name = graph.addConstant(base, TensorProto_DataType.FLOAT, dims, Float32Array.from(values));
      types.set(name, { dataType: TensorProto_DataType.FLOAT, shape: dims });
      return name;
    };
    const bias = attribute(node, "bias")?.floats ?? [];
    const scaled2 = graph.freshName(`${output}_scaled`);
    types.set(scaled2, type);
    const scale = constant(`${output}_scale`, [], [floatAttribute(node, "scale", 1)]);
    const offset = constant(`${output}_bias`, [bias.length, 1, 1], bias);
    graph.removeNode(node);
    graph.addNode(makeNode("Mul", [input, scale], [scaled2], { name: scaled2 }));
    graph.addNode(makeNode("Add", [scaled2, offset], [output], { name: node.name }));
    changes++;
  }
  return changes;
}

// src/quantize/rewrite/merge-affine.ts
function mergeAffine(model, context) {
  const { graph } = model;
  let changes = 0;
  for (const node of graph.topologicalNodes()) {
    if (graph.producer(outputOf(node)) !== node) continue;
    const chains = [1, -1].flatMap((axis) => {
      const last = readAffine(graph, node, { context, axis });
      const chain2 = chainEndingAt(graph, last, { axis, context });
      return chain2 ? [{ chain: chain2, axis }] : [];
    });
    const worthy = chains.find(({ chain: chain2 }) => isWorthMerging(graph, chain2));
    if (worthy) {
      replaceChain(graph, worthy.chain, { axis: worthy.axis, context });
      changes++;
    } else if (chains.some(({ chain: chain2 }) => chain2.length > 1))
      context.decline(node, "merged with what comes before, it would be as many operators");
  }
  return changes;
}
function chainEndingAt(graph, last, { axis, context }) {
  if (!last) return null;
  const read = (node) => readAffine(graph, node, { context, axis });
  const reader2 = graph.onlyReader(last.output);
  if (reader2 && read(reader2)) return null;
  const chain2 = [last];
  while (graph.onlyReader(chain2[0].input)) {
    const producer = graph.producer(chain2[0].input);
    const before2 = producer && read(producer);
    if (!before2) break;
    chain2.unshift(before2);
  }
  return chain2;
}
function isWorthMerging(graph, chain2) {
  const { scale, offset } = total(chain2);
  const shifts = !isAll(offset, 0);
  const nodes = (isAll(scale, 1) && shifts ? 0 : 1) + (shifts ? 1 : 0);
  const divides = chain2.some(({ node }) => node.opType === "Div");
  return nodes < chain2.length || divides && graph.producer(chain2[0].input)?.opType !== "MatMul";
}
function total(chain2) {
  return chain2.reduce(compose, {
    scale: Float64Array.of(1),
    offset: Float64Array.of(0)
  });
}
function replaceChain(graph, chain2, { axis, context: { types } }) {
  const { scale, offset } = total(chain2);
  const { input } = chain2[0];
  const { output } = chain2.at(-1);
  const rank = types.get(input)?.shape?.length ?? 0;
  const constant = (base, values) => {
    const dims = channelDims(values.length, rank, axis);
    const name = graph.addConstant(base, TensorProto_DataType.FLOAT, dims, Float32Array.from(values));
    types.set(name, { dataType: TensorProto_DataType.FLOAT, shape: dims });
    return name;
  };
  for (const { node } of chain2) graph.removeNode(node);
  const shifts = !isAll(offset, 0);
  let current = input;
  if (!isAll(scale, 1) || !shifts) {
    const scaled2 = shifts ? graph.freshName(`${output}_scaled`) : output;
    const type = types.get(output);
    if (type) types.set(scaled2, type);
    graph.addNode(makeNode("Mul", [current, constant(`${output}_scale`, scale)], [scaled2], { name: scaled2 }));
    current = scaled2;
  }
  if (shifts) {
    graph.addNode(
      makeNode("Add", [current, constant(`${output}_offset`, offset)], [output], { name: output })
    );
  }
}

// src/quantize/rewrite/pad-into-conv.ts
function padIntoConv(model, { types, decline }) {
  const { graph } = model;
  let changes = 0;
  for (const pad2 of graph.nodes) {
    if (pad2.domain !== "" || pad2.opType !== "Pad") continue;
    const convolutions = graph.consumers(outputOf(pad2)).filter(
      ({ opType, domain, input }) => opType === "Conv" && domain === "" && input[0] === pad2.output[0]
    );
    if (convolutions.length === 0) continue;
    const rank = types.get(inputOf(pad2, 0))?.shape?.length;
    const pads = rank === void 0 ? { reason: "its rank is not known" } : spatialZeroPads(graph, pad2, rank);
    if (isDeclined(pads)) {
      decline(pad2, pads.reason);
      continue;
    }
    for (const conv of convolutions) {
      const own = convPads(graph, conv, pads.length);
      if (!own) {
        decline(pad2, `the pads of ${conv.opType} '${nodeLabel(conv)}' are not written out`);
        continue;
      }
      setAttribute(conv, "pads", { ints: pads.map((value, i) => value + own[i]) });
      setAttribute(conv, "auto_pad", { string: "NOTSET" });
      graph.setInput(conv, 0, inputOf(pad2, 0));
      changes++;
    }
  }
  return changes;
}
function spatialZeroPads(graph, node, rank) {
  const mode = stringAttribute(node, "mode", "constant");
  if (mode !== "constant") return { reason: `it pads by mode ${mode}, Conv with zeros` };
  const value = node.input[2] ? graph.constantValues(node.input[2])?.[0] : floatAttribute(node, "value", 0);
  const given = node.input[1] ? graph.constantValues(node.input[1]) : intsAttribute(node, "pads");
  const axes = node.input[3] ? graph.constantValues(node.input[3]) : void 0;
  if (value === void 0 || !given || node.input[3] && !axes)
    return { reason: "its pads are not constant" };
  if (Number(value) !== 0) return { reason: `it pads with ${Number(value)}, Conv with zeros` };
  const pads = new Array(rank * 2).fill(0);
  const positions = Array.from(
    { length: axes?.length ?? rank },
    (_, i) => axes ? (Number(axes[i]) + rank) % rank : i
  );
  positions.forEach((axis, i) => {
    pads[axis] = Number(given[i]);
    pads[axis + rank] = Number(given[i + positions.length]);
  });
  if (pads.some((pad2) => pad2 < 0)) return { reason: "its negative pads cut off" };
  if ([0, 1, rank, rank + 1].some((i) => pads[i] !== 0)) return { reason: "it pads batch or channels" };
  return [...pads.slice(2, rank), ...pads.slice(rank + 2)];
}
function convPads(graph, node, length) {
  const auto = stringAttribute(node, "auto_pad", "NOTSET");
  if (auto !== "NOTSET" && auto !== "VALID") return null;
  const weight = graph.constant(inputOf(node, 1));
  if (!attribute(node, "kernel_shape") && (!weight || dimsOf(weight).length !== length / 2 + 2)) return null;
  return auto === "NOTSET" && intsAttribute(node, "pads") || new Array(length).fill(0);
}

// src/quantize/rewrite/slice-of-concat.ts
function sliceOfConcat({ graph }, { types, decline }) {
  const slices = graph.nodes.filter(
    (node) => node.opType === "Slice" && node.domain === "" && graph.producer(inputOf(node, 0))?.opType === "Concat" && !graph.isOutput(outputOf(node))
  );
  if (slices.length === 0) return 0;
  const { shapes } = inferSymbolicShapes(graph, (name) => types.get(name)?.shape?.length);
  let changes = 0;
  for (const slice of slices) {
    const piece = pieceOf(slice, graph, shapes);
    if (typeof piece !== "string") {
      decline(slice, piece.reason);
      continue;
    }
    graph.replaceUses(outputOf(slice), piece);
    graph.removeNode(slice);
    changes++;
  }
  return changes;
}
function pieceOf(slice, graph, shapes) {
  const concat = graph.producer(inputOf(slice, 0));
  const joined = shapes.get(outputOf(concat));
  const range = joined && sliceRange(slice, graph, joined.length);
  if (!range || concat.domain !== "") return { reason: "it cuts by more than constants along one axis" };
  const { axis } = range;
  const along = intAttribute(concat, "axis", 0);
  const size = joined[axis];
  if ((along < 0 ? along + joined.length : along) !== axis)
    return { reason: "it cuts along another axis than Concat joins" };
  if (typeof size !== "number") return UNKNOWN_SIZES;
  const [start, end] = bounds(range, size);
  let position = 0;
  for (const name of concat.input) {
    const length = shapes.get(name)?.[axis];
    if (typeof length !== "number") return UNKNOWN_SIZES;
    if (position === start && position + length === end) return name;
    position += length;
  }
  return { reason: "what it cuts out is not one of the pieces" };
}
var UNKNOWN_SIZES = { reason: "the sizes of the pieces are not known" };

// src/quantize/rewrite/stacked-matrix.ts
function stackedMatrix({ graph }, { types, decline }) {
  const changed = /* @__PURE__ */ new Set();
  for (const node of graph.nodes) {
    const name = inputOf(node, 1);
    if (node.opType !== "MatMul" || node.domain !== "" || changed.has(name)) continue;
    const tensor = graph.initializers.get(name);
    const dims = tensor ? graph.dims(name) : [];
    const ones = dims.slice(0, -2);
    if (!tensor || ones.length === 0 || ones.some((dim) => dim !== 1)) continue;
    const readers = graph.consumers(name);
    if (graph.isOutput(name) || !readers.every((reader2) => keepsRank(graph, reader2, { name, rank: dims.length, types }))) {
      decline(node, "the stack of one matrix gives its output a dimension, or is read otherwise");
      continue;
    }
    const matrix = graph.freshName(`${name}_matrix`);
    const shape = dims.slice(-2);
    graph.setInitializer(
      Object.assign(Object.create(Object.getPrototypeOf(tensor)), tensor, {
        name: matrix,
        dims: shape.map(BigInt)
      })
    );
    types.set(matrix, { dataType: tensor.dataType, shape });
    graph.replaceUses(name, matrix);
    changed.add(matrix);
  }
  return changed.size;
}
function keepsRank(graph, reader2, { name, rank, types }) {
  const isFactor = reader2.opType === "MatMul" && reader2.domain === "" && inputOf(reader2, 1) === name;
  const other = inputOf(reader2, 0);
  const shape = types.get(other)?.shape;
  return isFactor && other !== name && !graph.constant(other) && (shape?.length ?? 0) >= rank;
}

// src/quantize/rewrite/unfuse.ts
function unfuse(model, context) {
  let changes = 0;
  for (const node of model.graph.nodes) {
    if (node.domain !== "com.microsoft") continue;
    const apart2 = APART[node.opType]?.(node, model.graph, context);
    if (!apart2) continue;
    model.graph.replaceNode(node, apart2);
    changes++;
  }
  return changes;
}
var APART = {
  FusedConv(node, graph, context) {
    const { decline } = context;
    const name = stringAttribute(node, "activation", "");
    const params = attribute(node, "activation_params")?.floats ?? [];
    if (name !== "" && !activationNodes(name, params)) {
      decline(node, `its activation is ${name}`);
      return null;
    }
    const kept2 = node.attribute.filter((one) => !one.name.startsWith("activation"));
    const [x, w, b, z] = [0, 1, 2, 3].map((index) => inputOf(node, index));
    const steps = [
      (from, to) => sameAttributes(makeNode("Conv", b === "" ? [from, w] : [from, w, b], [to]), kept2)
    ];
    if (z !== "") steps.push((from, to) => makeNode("Add", [from, z], [to]));
    if (name !== "") steps.push(activationNodes(name, params));
    return chain(node, x, steps, { graph, context });
  },
  FusedGemm(node, graph, context) {
    const name = stringAttribute(node, "activation", "");
    const params = ["alpha", "beta"].flatMap((one) => attribute(node, `activation_${one}`)?.f ?? []);
    if (name !== "" && !activationNodes(name, params)) {
      context.decline(node, `its activation is ${name}`);
      return null;
    }
    const kept2 = node.attribute.filter((one) => !one.name.startsWith("activation"));
    const rest = node.input.slice(1);
    const steps = [(from, to) => sameAttributes(makeNode("Gemm", [from, ...rest], [to]), kept2)];
    if (name !== "") steps.push(activationNodes(name, params));
    return chain(node, inputOf(node, 0), steps, { graph, context });
  },
  FusedMatMul(node, graph, context) {
    const set = (name) => intAttribute(node, name, 0) !== 0;
    if (set("transA") || set("transBatchA") || set("transBatchB")) return null;
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    const alpha = floatAttribute(node, "alpha", 1);
    if (!graph.isFloats(b) || graph.dims(b).length !== 2) return null;
    const changes = set("transB") || alpha !== 1;
    if (changes && graph.consumers(b).length > 1) {
      context.decline(node, "others read its weight too");
      return null;
    }
    const weight = changes ? factor(graph, b, { alpha, transposed: set("transB"), context }) : b;
    return chain(node, a, [(from, to) => makeNode("MatMul", [from, weight], [to])], { graph, context });
  }
};
function chain(node, input, steps, { graph, context: { types } }) {
  const output = outputOf(node);
  let from = input;
  return steps.map((step, index) => {
    const isLast = index === steps.length - 1;
    const to = isLast ? output : graph.freshName(`${output}_unfused`);
    const type = types.get(output);
    if (type) types.set(to, type);
    const made = step(from, to);
    made.name = index === 0 ? node.name : graph.freshName(`${to}_${made.opType}`);
    from = to;
    return made;
  });
}
function sameAttributes(made, attributes) {
  made.attribute = attributes;
  return made;
}
function activationNodes(name, params) {
  const attributes = ACTIVATIONS[name]?.(params);
  return attributes ? (from, to) => makeNode(name, [from], [to], { attributes }) : null;
}
var ACTIVATIONS = {
  Relu: () => ({}),
  Tanh: () => ({}),
  Sigmoid: () => ({}),
  LeakyRelu: ([alpha = 0.01]) => ({ alpha: { float: alpha } }),
  HardSigmoid: ([alpha = 0.2, beta = 0.5]) => ({ alpha: { float: alpha }, beta: { float: beta } })
};
function factor(graph, name, { alpha, transposed, context }) {
  const [rows = 0, columns = 0] = graph.dims(name);
  const values = graph.floats(name);
  const result = new Float32Array(values.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result[transposed ? column * rows + row : row * columns + column] = values[row * columns + column] * alpha;
  const shape = transposed ? [columns, rows] : [rows, columns];
  const made = graph.addConstant(`${name}_factor`, TensorProto_DataType.FLOAT, shape, result);
  context.types.set(made, { dataType: TensorProto_DataType.FLOAT, shape });
  return made;
}

// src/quantize/rewrite/rewrite.ts
var REWRITES = /* @__PURE__ */ new Map([
  ["unfuse", unfuse],
  ["double-layers", doubleLayers],
  ["stacked-matrix", stackedMatrix],
  ["fold-shapes", foldShapes],
  ["constant-reshape", constantReshape],
  ["slice-of-concat", sliceOfConcat],
  ["fuse-patterns", fusePatterns],
  ["image-scaler", imageScaler],
  ["pad-into-conv", padIntoConv],
  ["hard-swish", hardSwish],
  ["batch-norm", batchNormToAffine],
  ["merge-affine", mergeAffine],
  ["affine-into-previous", affineIntoPrevious],
  ["affine-into-next", affineIntoNext],
  ["dedupe", dedupe]
]);
var MAX_ROUNDS = 20;
function applyRewrites(model, types, log) {
  const counts = {};
  let left = /* @__PURE__ */ new Set();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    left = /* @__PURE__ */ new Set();
    let changes = 0;
    for (const [name, rewrite] of REWRITES) {
      const frozen = new Set(findPatterns(model.graph).flatMap((pattern) => pattern.nodes));
      const decline = (node, reason) => {
        left.add(`Rewrite ${name} leaves ${node.opType} '${nodeLabel(node)}': ${reason}.`);
      };
      const made = rewrite(model, { types, frozen, decline });
      if (made > 0) {
        counts[name] = (counts[name] ?? 0) + made;
        model.graph.prune();
      }
      changes += made;
    }
    if (changes === 0) break;
  }
  for (const message of left) log?.debug(message);
  return counts;
}

// src/quantize/int8-static/placement/channel-padding.ts
var CHANNEL_PACK = 4;
var LEAST_OUTPUT_CHANNELS = 16;
function paddedChannels(weighted2, graph) {
  const { opType, input, inputs, outputs, kernel, dims, group } = weighted2;
  if (opType !== "Conv" || !graph.isInput(input) || group !== 1) return null;
  const fits2 = outputs >= LEAST_OUTPUT_CHANNELS && outputs % CHANNEL_PACK === 0;
  if (!fits2 || dims.length !== 4 || kernel === 1 || inputs % CHANNEL_PACK === 0) return null;
  return Math.ceil(inputs / CHANNEL_PACK) * CHANNEL_PACK;
}

// src/quantize/int8-static/placement/fusion-table.ts
var first = () => [0];
var firstTwo = () => [0, 1];
var all = (node) => node.input.map((_, index) => index);
var ROWS = {
  Conv: {
    fused: "QLinearConv",
    output: "own",
    absorbsActivation: true,
    dataInputs: first,
    refuses: refusesConv
  },
  Gemm: {
    fused: "QGemm",
    output: "own",
    floatOutput: true,
    absorbsActivation: true,
    dataInputs: first,
    refuses: refusesGemm
  },
  MatMul: {
    fused: "QLinearMatMul",
    output: "own",
    floatOutput: true,
    absorbsActivation: true,
    dataInputs: first,
    refuses: refusesMatMul
  },
  Add: {
    fused: "QLinearAdd",
    output: "own",
    absorbsActivation: true,
    dataInputs: firstTwo,
    refuses: refusesConstant
  },
  Mul: {
    fused: "QLinearMul",
    output: "own",
    absorbsActivation: true,
    dataInputs: firstTwo,
    refuses: refusesConstant
  },
  Concat: { fused: "QLinearConcat", output: "own", dataInputs: all, refuses: refusesConstant },
  AveragePool: { fused: "QLinearAveragePool", output: "own", dataInputs: first },
  GlobalAveragePool: { fused: "QLinearGlobalAveragePool", output: "own", dataInputs: first },
  LeakyRelu: { fused: "QLinearLeakyRelu", output: "own", dataInputs: first },
  Sigmoid: { fused: "QLinearSigmoid", output: "unit", dataInputs: first },
  Softmax: { fused: "QLinearSoftmax", output: "unit", dataInputs: first, refuses: refusesSoftmax },
  MaxPool: { fused: "MaxPool", output: "same", dataInputs: first, refuses: refusesMaxPool },
  Reshape: { fused: "Reshape", output: "same", dataInputs: first },
  Transpose: { fused: "Transpose", output: "same", dataInputs: first },
  Squeeze: { fused: "Squeeze", output: "same", dataInputs: first },
  Unsqueeze: { fused: "Unsqueeze", output: "same", dataInputs: first },
  Flatten: { fused: "Flatten", output: "same", dataInputs: first },
  DepthToSpace: { fused: "DepthToSpace", output: "same", dataInputs: first },
  Tile: { fused: "Tile", output: "same", dataInputs: first },
  Expand: { fused: "Expand", output: "same", dataInputs: first },
  ReduceMax: { fused: "ReduceMax", output: "same", dataInputs: first },
  Slice: { fused: "Slice", output: "same", dataInputs: first },
  Gather: { fused: "Gather", output: "same", dataInputs: first },
  Split: { fused: "Split", output: "same", dataInputs: first },
  Resize: { fused: "Resize", output: "same", dataInputs: first, refuses: refusesResize }
};
function fusionRow(node) {
  return node.domain === "" || node.domain === "ai.onnx" ? ROWS[node.opType] : void 0;
}
function refusesConv(node, { graph }) {
  const [, weight = "", bias = ""] = node.input;
  if (!graph.isFloats(weight)) return "its weight is not a float32 constant";
  return bias && !graph.isFloats(bias) ? "its bias is not a float32 constant" : null;
}
function refusesGemm(node, { graph }) {
  const weighted2 = readWeighted(graph, node);
  if (!weighted2 || !graph.isFloats(weighted2.weight)) return "its weight is not a float32 constant";
  const { bias, outputs, transA } = weighted2;
  if (transA) return "its data input is transposed";
  if (!bias) return null;
  if (!graph.isFloats(bias)) return "its bias is not a float32 constant";
  const dims = graph.dims(bias);
  const isPerChannel = elementCount(dims) === outputs && (dims.at(-1) ?? 1) === outputs;
  return isPerChannel ? null : "its bias is not one value per output channel";
}
function refusesMatMul(node, { graph }) {
  const weight = graph.constant(inputOf(node, 1));
  if (!weight) return "both of its inputs are computed: 8-bit kernels for that are no faster";
  if (weight.dataType !== TensorProto_DataType.FLOAT) return "its weight is not a float32 constant";
  return weight.dims.length === 2 ? null : "its weight is not a matrix";
}
function refusesConstant(node, { graph }) {
  return node.input.some((name) => graph.constant(name)) ? "one of its inputs is constant: float costs less than requantizing" : null;
}
function refusesMaxPool(node) {
  return node.output.length > 1 && node.output[1] ? "its indices are used" : null;
}
var SOFTMAX_OF_ONE_AXIS = 13;
function refusesSoftmax(node, { types, declared: declared2 = types, opset }) {
  const shape = declared2.get(inputOf(node, 0))?.shape;
  if (!shape || shape.length === 0)
    return "the length of its axis is not known, and its 8-bit kernel fails over one element";
  const ofOneAxis = opset >= SOFTMAX_OF_ONE_AXIS;
  const axis = intAttribute(node, "axis", ofOneAxis ? -1 : 1);
  const from = axis < 0 ? axis + shape.length : axis;
  const dims = ofOneAxis ? shape.slice(from, from + 1) : shape.slice(from);
  if (dims.some((dim) => typeof dim === "number" && dim > 1)) return null;
  return "its axis may have a single element, over which its 8-bit kernel fails";
}
function refusesResize(node) {
  return stringAttribute(node, "mode", "nearest") === "nearest" ? null : "only nearest-neighbour resizing runs in 8 bits";
}

// src/quantize/int8-static/placement/composites.ts
var HARD_SWISH = { fused: "QLinearMul", output: "own", dataInputs: () => [0] };
var SHIFT_LEFT = { fused: "another zero-point", output: "own", dataInputs: () => [0] };
var SHIFT_RIGHT = { fused: "another zero-point", output: "own", dataInputs: () => [1] };
var HARD_SIGMOID_OPENS = -3;
var HARD_SIGMOID_OPEN = 3;
var INTEGER_CLIP_OPSET = 12;
var LEVELS = 255;
function readComposite(node, graph, opset) {
  if (node.domain !== "") return null;
  if (node.opType === "HardSigmoid") return opset < INTEGER_CLIP_OPSET ? null : readHardSwish(node, graph);
  return node.opType === "Add" ? readShift(node, graph) : null;
}
function isHardSwish({ row }) {
  return row === HARD_SWISH;
}
function isShift({ row }) {
  return row === SHIFT_LEFT || row === SHIFT_RIGHT;
}
function readHardSwish(gate, graph) {
  const slope = floatAttribute(gate, "alpha", 0.2) * (HARD_SIGMOID_OPEN - HARD_SIGMOID_OPENS);
  if (Math.abs(slope - 1) > 1e-5 || Math.abs(floatAttribute(gate, "beta", 0.5) - 0.5) > 1e-5) return null;
  const [input, output] = [inputOf(gate, 0), outputOf(gate)];
  const product2 = graph.onlyReader(output);
  if (product2?.opType !== "Mul" || product2.domain !== "" || !product2.input.includes(input)) return null;
  if (graph.consumers(input).some((reader2) => reader2 !== gate && reader2 !== product2)) return null;
  return graph.isOutput(input) || !choosesItsRange(input, graph) ? null : { row: HARD_SWISH, absorbed: [product2] };
}
function readShift(add, graph) {
  const index = add.input.findIndex((name) => !graph.constant(name));
  const input = add.input[index];
  if (input === void 0 || graph.isOutput(input) || graph.consumers(input).length > 1) return null;
  if (offsetOf(add, graph) === null || !choosesItsRange(input, graph)) return null;
  return { row: index === 0 ? SHIFT_LEFT : SHIFT_RIGHT, absorbed: [] };
}
function offsetOf(add, graph) {
  const name = add.input.find((candidate) => graph.constant(candidate));
  const tensor = name === void 0 ? void 0 : graph.constant(name);
  if (tensor?.dataType !== TensorProto_DataType.FLOAT || tensor.dims.length > 1) return null;
  const values = graph.constantValues(name);
  return values.length === 1 && Number.isFinite(Number(values[0])) ? Number(values[0]) : null;
}
function choosesItsRange(name, graph) {
  const producer = graph.producer(name);
  if (!producer) return graph.isInput(name);
  if (isClamp(producer) || offsetOf(producer, graph) !== null) return false;
  const row = fusionRow(producer);
  return row === void 0 || row.output === "own";
}

// src/quantize/int8-static/placement/costs.ts
var QUANTIZE = 0.25;
var DEQUANTIZE = 0.25;
var CHANGE_LAYOUT = 0.45;
var CHANGE_INPUT_LAYOUT = 0.35;
var PAD = 0.1;
var NODE_OVERHEAD = 3;
var CONV_OVERHEAD = [8, 11];
var ADDRESS = 0.7;
var COPY = [2, 0.03];
var PER_ELEMENT = {
  // A float Add behind a Conv is fused into it and costs almost nothing.
  Add: [0.1, 0.2],
  Mul: [0.25, 0.3],
  // h-swish: HardSigmoid and Mul, or Clip and QLinearMul.
  HardSigmoid: [0.45, 0.45],
  Concat: [0.13, 0.17],
  AveragePool: [0.6, 0.6],
  GlobalAveragePool: [0.1, 0.1],
  LeakyRelu: [0.3, 0.5],
  Sigmoid: [1.5, 0.6],
  Softmax: [3, 3],
  MaxPool: [0.08, 0.07],
  Transpose: [0.8, 0.4],
  Slice: [0.25, 0.15],
  Gather: [0.25, 0.15],
  Split: [0.25, 0.15],
  Resize: [1, 0.6],
  // A view: nothing is copied.
  Reshape: [0, 0],
  Squeeze: [0, 0],
  Unsqueeze: [0, 0],
  Flatten: [0, 0]
};
function tableCosts(context) {
  const thousands = (tensor) => elements(tensor, context) / 1e3;
  const { graph } = context;
  return {
    group(group) {
      const { node } = group;
      const weighted2 = readWeighted(graph, node);
      if (weighted2?.opType === "Conv") return convCost(group, weighted2, context);
      if (isShift(group)) return { float: 0.25 * thousands(group.outputs[0]) + NODE_OVERHEAD, int8: 0 };
      if (weighted2) return matMulCost(group, weighted2, context);
      const [float, int8] = PER_ELEMENT[node.opType] ?? [0.3, 0.3];
      const size = Math.max(thousands(group.inputs[0]), thousands(group.outputs[0]));
      return { float: float * size + NODE_OVERHEAD, int8: int8 * size + NODE_OVERHEAD };
    },
    quantize(tensor) {
      const change = graph.isInput(tensor) ? CHANGE_INPUT_LAYOUT : CHANGE_LAYOUT;
      return thousands(tensor) * (QUANTIZE + (hasLayout(tensor, context) ? change : 0)) + NODE_OVERHEAD;
    },
    dequantize(tensor) {
      return thousands(tensor) * (DEQUANTIZE + (hasLayout(tensor, context) ? CHANGE_LAYOUT : 0)) + NODE_OVERHEAD;
    }
  };
}
function convCost({ inputs, outputs }, weighted2, context) {
  const { rows: channels, columns: depth, kernel: area, group: groups } = weighted2;
  const input = elements(inputs[0], context) / 1e3;
  const output = elements(outputs[0], context) / 1e3;
  const macs = output * depth * area / 1e3;
  const weights = channels * depth * area / 1e3;
  const pixels = output / channels;
  const [floatOverhead, int8Overhead] = CONV_OVERHEAD;
  if (depth === 1 && groups > 1) {
    return {
      float: 27 * macs + 0.08 * output + 0.04 * input + floatOverhead,
      int8: 27 * macs + 0.08 * output + ADDRESS * pixels * area + int8Overhead
    };
  }
  const float = 18.8 * macs * (depth < 8 ? 1.4 : 1) + 0.16 * output + 0.4 * weights;
  const padded = context.padsChannels ? paddedChannels(weighted2, context.graph) : null;
  const wider = (padded ?? depth) / depth;
  const inPlace2 = (padded ?? depth) % 4 === 0 && groups === 1;
  const direct2 = area === 1 && groups === 1;
  const reading = direct2 ? 0 : pixels * area * (inPlace2 ? ADDRESS : groups * (COPY[0] + COPY[1] * depth));
  const padding = padded === null ? 0 : PAD * input * wider + NODE_OVERHEAD;
  const int8 = (3.7 * macs + 0.05 * input) * wider + 0.136 * output + 0.11 * weights + reading + padding;
  return { float: float + floatOverhead, int8: int8 + int8Overhead };
}
function matMulCost({ outputs }, { dims, inputs }, context) {
  const weights = elementCount(dims) / 1e3;
  const output = elements(outputs[0], context) / 1e3;
  const macs = output * inputs / 1e3;
  return {
    float: 18.8 * macs + 0.22 * weights + NODE_OVERHEAD,
    int8: 5 * macs + 0.075 * weights + 0.12 * output + NODE_OVERHEAD
  };
}
function elements(tensor, { types }) {
  let count = 1;
  for (const dim of types.get(tensor)?.shape ?? []) if (typeof dim === "number") count *= dim;
  return count;
}
function hasLayout(tensor, { types }) {
  const shape = types.get(tensor)?.shape;
  return shape !== null && shape !== void 0 && shape.length === 4 && elementCount(shape.slice(2).map(dimension)) > 1;
}
function dimension(dim) {
  return typeof dim === "number" ? dim : 1;
}

// src/quantize/layers/weight-inputs.ts
var WEIGHT_INPUTS = /* @__PURE__ */ new Map([
  ["Conv", [1]],
  ["ConvTranspose", [1]],
  ["MatMul", [0, 1]],
  ["Gemm", [0, 1]],
  ["Gather", [0]],
  ["LSTM", [1, 2]],
  ["GRU", [1, 2]],
  ["RNN", [1, 2]]
]);
var FUSED_WEIGHT_INPUTS = /* @__PURE__ */ new Map([
  ["FusedConv", [1]],
  ["FusedGemm", [0, 1]],
  ["FusedMatMul", [0, 1]],
  ["Attention", [1]],
  ["EmbedLayerNormalization", [2, 3, 4]]
]);
function weightInputs({ domain, opType }) {
  if (domain === "com.microsoft") return FUSED_WEIGHT_INPUTS.get(opType) ?? [];
  return domain === "" ? WEIGHT_INPUTS.get(opType) ?? [] : [];
}

// src/quantize/layers/shared-weights.ts
function keptForOthers(graph, weight, selection) {
  if (!isLargeConstant(graph, weight)) return null;
  const readers = graph.consumers(weight);
  const excluded = readers.find((reader2) => selection.isExcluded(reader2));
  if (excluded) return `its weight must stay for '${nodeLabel(excluded)}', which is excluded`;
  if (selection.isListed) return null;
  if (graph.isOutput(weight)) return "its weight is an output of the model, too";
  const holder = readers.find((reader2) => weightInputs(reader2).every((i) => reader2.input[i] !== weight));
  return holder ? `its weight must stay for '${nodeLabel(holder)}', which reads it as it is` : null;
}

// src/quantize/int8-static/placement/data-tensors.ts
function dataTensors(graph, types) {
  const inputs = graph.inputs.map(({ name }) => name);
  const flowing = inputs.filter((name) => flowsIntoWeights(name, graph, types));
  const data = new Set(flowing.length > 0 ? flowing : highestRank(inputs, types));
  for (const node of graph.topologicalNodes()) {
    if (node.input.some((name) => data.has(name))) for (const output of node.output) data.add(output);
  }
  return data;
}
var FIRST_ONLY = new Set(
  "LSTM GRU RNN Reshape Slice Pad Tile Expand Resize Upsample Squeeze Unsqueeze TopK Clip Split ReduceSum ReduceMean ReduceMax ReduceMin".split(
    " "
  )
);
var SHAPE_ONLY = /* @__PURE__ */ new Set(["Shape", "Size", "ConstantOfShape", "Range", "EyeLike"]);
function flowsIntoWeights(input, graph, types) {
  const seen = /* @__PURE__ */ new Set([input]);
  const waiting = [input];
  for (let tensor = waiting.pop(); tensor !== void 0; tensor = waiting.pop()) {
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
function readsAsData(node, tensor, graph) {
  if (node.domain !== "") return false;
  const [first2 = "", second = ""] = node.input;
  switch (node.opType) {
    case "Conv":
    case "ConvTranspose":
    case "LSTM":
    case "GRU":
    case "RNN":
      return first2 === tensor;
    case "Gather":
      return second === tensor && graph.isFloats(first2);
    case "MatMul":
    case "Gemm":
      return first2 === tensor && graph.isFloats(second) || second === tensor && graph.isFloats(first2);
    default:
      return false;
  }
}
function carriedOn(node, tensor, { graph, types }) {
  if (SHAPE_ONLY.has(node.opType)) return [];
  if (FIRST_ONLY.has(node.opType) && node.input[0] !== tensor) return [];
  const outputs = node.output.filter((name) => name !== "");
  const others = node.input.filter((name) => name !== "" && name !== tensor && !graph.constant(name));
  if (others.length === 0 || !isElementwise(node)) return outputs;
  return outputs.filter((output) => elements2(tensor, types) >= elements2(output, types));
}
var ELEMENTWISE2 = new Set(
  "Add Sub Mul Div Pow Max Min Sum Mean Where Equal Greater Less GreaterOrEqual LessOrEqual And Or Mod PRelu".split(
    " "
  )
);
function isElementwise({ opType, domain }) {
  return domain === "" && ELEMENTWISE2.has(opType);
}
function highestRank(inputs, types) {
  const isFloat2 = (name) => types.get(name)?.dataType === TensorProto_DataType.FLOAT;
  const rank = (name) => types.get(name)?.shape?.length ?? 0;
  const highest = Math.max(0, ...inputs.filter(isFloat2).map(rank));
  return inputs.filter((name) => !isFloat2(name) || rank(name) >= Math.min(highest, 3));
}
function elements2(tensor, types) {
  let count = 1;
  for (const dim of types.get(tensor)?.shape ?? []) if (typeof dim === "number" && dim > 0) count *= dim;
  return count;
}

// src/quantize/int8-static/placement/groups.ts
function findGroups(context, options) {
  const { graph } = context;
  const groups = [];
  const reasons = /* @__PURE__ */ new Map();
  const absorbed = /* @__PURE__ */ new Set();
  const around = { ...context, data: dataTensors(graph, context.types), weighted: leadsToWeights(graph) };
  for (const node of graph.topologicalNodes()) {
    if (absorbed.has(node)) continue;
    const composite = context.composites === false ? null : readComposite(node, graph, context.opset);
    const row = composite?.row ?? fusionRow(node);
    const reason = row ? options.excluded(node) ?? refusal(node, { ...around, row }) : isShapeArithmetic(node, context) ? "it computes shapes or indices" : `${node.opType} has no 8-bit kernel that the runtime fuses`;
    if (!row || reason !== null) {
      reasons.set(node, reason ?? "");
      continue;
    }
    const clamps = composite?.absorbed ?? (row.absorbsActivation ? clampsBehind(node, graph) : []);
    for (const clamp2 of clamps) absorbed.add(clamp2);
    const group = groupOf(node, { row, clamps, graph });
    if (group) {
      groups.push(group);
      continue;
    }
    reasons.set(node, "its output is the model's: outputs stay float");
    for (const clamp2 of clamps) reasons.set(clamp2, "the operator before it stayed float");
  }
  return { groups, reasons };
}
function groupOf(node, { row, clamps, graph }) {
  const last = clamps.at(-1) ?? node;
  const outputs = last.output.filter((name) => name !== "");
  const floatOutput = row.floatOutput === true && clamps.length === 0;
  const endsModel = outputs.some((name) => graph.isOutput(name));
  if (endsModel && (!floatOutput || outputs.some((name) => graph.consumers(name).length > 0))) return null;
  const inputs = row.dataInputs(node).map((index) => inputOf(node, index));
  return { node, row, clamps, inputs, outputs, floatOutput, endsModel };
}
function refusal(node, context) {
  const { row, types, graph, data, weighted: weighted2 } = context;
  for (const index of row.dataInputs(node)) {
    const name = node.input[index] ?? "";
    const type = types.get(name);
    if (!type) return `the type of its input '${name}' is not known`;
    if (type.dataType !== TensorProto_DataType.FLOAT) return "it does not work on float32";
    if (graph.constant(name) && row.dataInputs(node).length === 1) return "its input is constant";
  }
  const refused = row.refuses?.(node, context) ?? null;
  if (refused !== null) return refused;
  if (row.dataInputs(node).some((index) => !data.has(node.input[index]))) {
    return "one of its inputs does not come from the model's data (a scale factor, a size)";
  }
  if (node.opType === "Concat" && !weighted2.has(node)) {
    return "it joins unlike things at the model's end (boxes and scores share no scale)";
  }
  return null;
}
function clampsBehind(node, graph) {
  const clamps = [];
  for (let last = node; ; ) {
    const output = outputOf(last);
    const next = graph.onlyReader(output);
    if (!next || !isClamp(next)) return clamps;
    const limits = clampLimits(next, graph);
    if (!limits || limits[0] > 0 || limits[1] < 0 || next.input[0] !== output) return clamps;
    clamps.push(next);
    last = next;
  }
}
function leadsToWeights(graph) {
  const leading = /* @__PURE__ */ new Set();
  for (const node of graph.topologicalNodes().reverse()) {
    const behind = node.output.flatMap((name) => graph.consumers(name));
    if (behind.some((next) => leading.has(next) || isWeightedOperator(next))) leading.add(node);
  }
  return leading;
}
function isShapeArithmetic(node, { types }) {
  return node.output.every((name) => name === "" || types.get(name)?.dataType !== TensorProto_DataType.FLOAT);
}

// src/quantize/int8-static/placement/minimum-cut.ts
var Network = class {
  source = 0;
  sink = 1;
  #edges = [[], []];
  addNode() {
    return this.#edges.push([]) - 1;
  }
  /** Cutting the edge (its start on the source's side, its end on the sink's) costs `capacity`. */
  addEdge(from, to, capacity) {
    if (capacity <= 0) return;
    const forward = this.#edges[from];
    const backward = this.#edges[to];
    forward.push({ to, capacity, reverse: backward.length });
    backward.push({ to: from, capacity: 0, reverse: forward.length - 1 });
  }
  /** Nodes on the source's side of a minimum cut: the smallest such set. Uses the capacities up. */
  sourceSide() {
    for (let levels2 = this.#levels(); levels2[this.sink] >= 0; levels2 = this.#levels()) {
      const next = new Int32Array(this.#edges.length);
      while (this.#augment(levels2, next) > 0) ;
    }
    const levels = this.#levels();
    return new Set([...this.#edges.keys()].filter((node) => levels[node] >= 0));
  }
  #levels() {
    const levels = new Int32Array(this.#edges.length).fill(-1);
    levels[this.source] = 0;
    const queue = [this.source];
    for (const node of queue) {
      for (const { to, capacity } of this.#edges[node]) {
        if (capacity <= EPSILON || levels[to] >= 0) continue;
        levels[to] = levels[node] + 1;
        queue.push(to);
      }
    }
    return levels;
  }
  /** Pushes flow along one path of the level graph; 0 when there is none left. No recursion: graphs are deep. */
  #augment(levels, next) {
    const path = [];
    let node = this.source;
    while (node !== this.sink) {
      const edges = this.#edges[node];
      while (next[node] < edges.length) {
        const { to, capacity } = edges[next[node]];
        if (capacity > EPSILON && levels[to] === levels[node] + 1) break;
        next[node]++;
      }
      const edge = edges[next[node]];
      if (edge) {
        path.push(edge);
        node = edge.to;
      } else {
        const back = path.pop();
        if (!back) return 0;
        node = this.#edges[back.to][back.reverse].to;
        next[node]++;
      }
    }
    const flow = Math.min(...path.map((edge) => edge.capacity));
    for (const edge of path) {
      edge.capacity -= flow;
      this.#edges[edge.to][edge.reverse].capacity += flow;
    }
    return flow;
  }
};
var EPSILON = 1e-9;

// src/quantize/int8-static/placement/partition.ts
function partitionGroups(groups, graph, { costs, forced }) {
  const flow = new Dataflow(groups, graph);
  const side = minimumCut(flow, { costs, forced });
  const quantized2 = groups.filter((group) => side.has(group));
  const float = groups.filter((group) => !side.has(group));
  return { quantized: quantized2, float, estimate: estimate(groups, new Set(quantized2), { costs, flow }) };
}
var Dataflow = class {
  groups;
  producer;
  readers = /* @__PURE__ */ new Map();
  #graph;
  constructor(groups, graph) {
    this.groups = groups;
    this.#graph = graph;
    this.producer = new Map(groups.flatMap((group) => group.outputs.map((name) => [name, group])));
    for (const group of groups) {
      for (const name of group.inputs) {
        const among = this.readers.get(name) ?? /* @__PURE__ */ new Set();
        this.readers.set(name, among.add(group));
      }
    }
  }
  /** Whether anyone reads the tensor but the groups among `readers`. */
  isReadBesides(name, readers) {
    const nodes = new Set([...readers].map((reader2) => reader2.node));
    return this.#graph.isOutput(name) || this.#graph.consumers(name).some((node) => !nodes.has(node));
  }
};
function minimumCut(flow, { costs, forced }) {
  const { groups, producer, readers } = flow;
  const network = new Network();
  const nodes = new Map(groups.map((group) => [group, network.addNode()]));
  for (const [group, node] of nodes) {
    const { float, int8 } = costs.group(group);
    network.addEdge(network.source, node, forced?.has(group) ? Number.POSITIVE_INFINITY : float);
    network.addEdge(node, network.sink, int8);
  }
  for (const [name, among] of readers) {
    const wanted = network.addNode();
    for (const reader2 of among) network.addEdge(nodes.get(reader2), wanted, Number.POSITIVE_INFINITY);
    const writer = producer.get(name);
    network.addEdge(wanted, writer ? nodes.get(writer) : network.sink, costs.quantize(name));
  }
  for (const [name, writer] of producer) {
    if (writer.floatOutput) continue;
    const among = readers.get(name) ?? [];
    const kept2 = network.addNode();
    network.addEdge(nodes.get(writer), kept2, costs.dequantize(name));
    if (flow.isReadBesides(name, among)) network.addEdge(kept2, network.sink, Number.POSITIVE_INFINITY);
    for (const reader2 of among) network.addEdge(kept2, nodes.get(reader2), Number.POSITIVE_INFINITY);
  }
  const side = network.sourceSide();
  return new Set(groups.filter((group) => side.has(nodes.get(group))));
}
function estimate(groups, chosen, { costs, flow }) {
  const { producer, readers } = flow;
  let float = 0;
  let planned = 0;
  for (const group of groups) {
    const cost = costs.group(group);
    float += cost.float;
    planned += chosen.has(group) ? cost.int8 : cost.float;
  }
  for (const [name, among] of readers) {
    const writer = producer.get(name);
    if (!(writer && chosen.has(writer)) && [...among].some((reader2) => chosen.has(reader2))) {
      planned += costs.quantize(name);
    }
  }
  for (const [name, writer] of producer) {
    if (!chosen.has(writer) || writer.floatOutput) continue;
    const inside = [...readers.get(name) ?? []].filter((reader2) => chosen.has(reader2));
    if (flow.isReadBesides(name, inside)) planned += costs.dequantize(name);
  }
  return { float, planned };
}

// src/quantize/int8-static/placement/weighted-inputs.ts
var WEIGHTED2 = /* @__PURE__ */ new Set(["Conv", "Gemm", "MatMul"]);
var ROW = { fused: "int8 in TensorRT", output: "own", dataInputs: () => [0] };
function findTensorRtGroups(context, options) {
  const groups = [];
  const reasons = /* @__PURE__ */ new Map();
  for (const node of context.graph.topologicalNodes()) {
    const input = quantizedInput(node, context);
    const reason = typeof input === "string" ? options.excluded(node) : input.reason;
    if (typeof input !== "string" || reason !== null) {
      reasons.set(node, reason ?? "");
      continue;
    }
    groups.push({
      node,
      row: ROW,
      clamps: [],
      inputs: [input],
      // No Q behind it: the output belongs to whoever reads it.
      outputs: [],
      floatOutput: true,
      endsModel: false
    });
  }
  return { groups, reasons };
}
function quantizedInput(node, context) {
  const { graph, types } = context;
  if (WEIGHTED2.has(node.opType) && node.domain === "") {
    const refused = fusionRow(node)?.refuses?.(node, context) ?? null;
    if (refused !== null) return { reason: refused };
    const input = inputOf(node, 0);
    return isFloat(types, input) && !graph.constant(input) ? input : { reason: "it does not work on float32 data" };
  }
  if (node.opType === "Add" && node.domain === "") {
    const [left, right] = node.input;
    const residual = residualBranch(graph, left, right);
    if (residual !== null && isFloat(types, residual)) return residual;
  }
  return { reason: "TensorRT takes its type from its neighbours" };
}
function residualBranch(graph, left, right) {
  if (graph.constant(left) || graph.constant(right)) return null;
  const fusible = (name) => {
    const producer = graph.producer(name);
    return producer !== void 0 && WEIGHTED2.has(producer.opType) && graph.consumers(name).length === 1;
  };
  if (fusible(right)) return left;
  return fusible(left) ? right : null;
}
function isFloat(types, name) {
  return types.get(name)?.dataType === TensorProto_DataType.FLOAT;
}

// src/quantize/int8-static/placement/draft.ts
var Draft = class {
  #prepared;
  #scheme;
  #costs;
  #groups;
  #reasons;
  #refused = /* @__PURE__ */ new Map();
  #distrust = 1;
  /** How often measuring has disproved the costs. */
  distrusted = 0;
  partition = { quantized: [], float: [], estimate: { float: 0, planned: 0 } };
  constructor(prepared, {
    scheme,
    selection,
    costs,
    declared: declared2,
    keepsFloat = null
  }) {
    this.#prepared = prepared;
    this.#scheme = scheme;
    this.#costs = costs;
    const { model, types } = prepared;
    const find = scheme.placement === "weighted-inputs" ? findTensorRtGroups : findGroups;
    const { groups, reasons } = find(
      {
        graph: model.graph,
        types,
        declared: declared2,
        opset: model.opset(),
        composites: scheme.placement === "fused" && scheme.activation.type === "uint8" && scheme.activation.symmetry === "affine"
      },
      {
        excluded: (node) => keepsFloat ?? selection.reasonToKeep(node) ?? (isFloatOverride(selection, node) ? "an override keeps it in float" : null) ?? heldWeight(model.graph, node, selection)
      }
    );
    this.#groups = groups;
    this.#reasons = reasons;
  }
  /** What may run in 8 bits, whether it pays or not. */
  get candidates() {
    return this.#groups;
  }
  /** Counts 8-bit kernels and crossings as slower than the table says: measuring has shown it to be too hopeful here. */
  distrust(factor2) {
    this.#distrust = factor2;
    this.#shrink();
  }
  update() {
    const candidates2 = this.#groups.filter((group) => !this.#refused.has(group));
    this.partition = partitionGroups(candidates2, this.#prepared.model.graph, {
      costs: slower(this.#costs, this.#distrust),
      forced: this.#scheme.everything ? new Set(candidates2) : void 0
    });
  }
  /** Takes groups back for a reason, and those that no longer pay without them. */
  refuse(groups) {
    for (const [group, reason] of groups) this.#refused.set(group, reason);
    this.#shrink();
  }
  #shrink() {
    const before2 = new Set(this.partition.quantized);
    this.update();
    this.partition.quantized = this.partition.quantized.filter((group) => before2.has(group));
  }
  refuseUnboundedRanges(ranges) {
    const unbounded = (name) => {
      const range = ranges.get(name);
      return range !== void 0 && !(Number.isFinite(range.min) && Number.isFinite(range.max));
    };
    const refused = this.partition.quantized.filter(
      (group) => [...group.inputs, ...group.outputs].some(unbounded)
    );
    if (refused.length > 0) {
      this.refuse(refused.map((group) => [group, "its values are not finite on the calibration data"]));
    }
  }
  decisions(became) {
    const verdicts = /* @__PURE__ */ new Map();
    for (const [node, reason] of this.#reasons) verdicts.set(node, { became: "float", reason });
    const chosen = new Set(this.partition.quantized);
    for (const group of this.#groups) {
      const quantized2 = chosen.has(group);
      const reason = this.#refused.get(group) ?? "float is faster here, crossings included";
      const operator = became.get(group) ?? group.row.fused;
      verdicts.set(group.node, quantized2 ? { became: operator, reason: null } : { became: "float", reason });
      for (const clamp2 of group.clamps) {
        verdicts.set(
          clamp2,
          quantized2 ? { became: `part of ${operator}`, reason: null } : { became: "float", reason }
        );
      }
    }
    return this.#prepared.model.graph.topologicalNodes().map((node) => ({
      node: nodeLabel(node),
      opType: node.opType,
      ...verdicts.get(node) ?? { became: "float", reason: "it is outside of every group" }
    }));
  }
};
function slower(costs, factor2) {
  return {
    group: (group) => {
      const { float, int8 } = costs.group(group);
      return { float, int8: int8 * factor2 };
    },
    quantize: (tensor) => costs.quantize(tensor) * factor2,
    dequantize: (tensor) => costs.dequantize(tensor) * factor2
  };
}
function heldWeight(graph, node, selection) {
  const weighted2 = readWeighted(graph, node);
  return weighted2 && keptForOthers(graph, weighted2.weight, selection);
}
function isFloatOverride(selection, node) {
  const override = selection.override(node);
  return override?.activation?.startsWith("float") === true || override?.weight?.startsWith("float") === true;
}

// src/quantize/method/compare-speed.ts
var LEAST_ROUNDS = 6;
var MOST_ROUNDS = 60;
var BUDGET_MS = 500;
var WARM_UP_RUNS = 2;
var BLOCK_MS = 15;
async function speedRatio(original, quantized2, { context: { runtime, threads }, feeds }) {
  return await withSessions([original, quantized2], { runtime, session: { threads } }, async (sessions) => {
    const runs = sessions.map((session) => session.prepare(feeds));
    for (const { run } of runs) for (let i = 0; i < WARM_UP_RUNS; i++) await run();
    const timed = runs.map((prepared) => () => elapsed(prepared.run));
    const times = await inTurns(timed, { budgetMs: BUDGET_MS, isOver: areApart });
    const [before2, after] = times.map(lowerQuartile);
    return after / before2;
  });
}
var LOOKS = 4;
var NOISE = 1.03;
async function sureSlowdown(original, quantized2, options) {
  const ratios = [];
  while (ratios.length < LOOKS) {
    const ratio = await speedRatio(original, quantized2, options);
    if (!(ratio > NOISE)) return null;
    ratios.push(ratio);
  }
  return { least: Math.min(...ratios), most: Math.max(...ratios), looks: LOOKS };
}
function slowdownText({ least, most, looks }) {
  const [from, to] = [least.toFixed(2), most.toFixed(2)];
  const times = from === to ? from : `${from} to ${to}`;
  return `takes ${times} times the original's time here (in each of ${looks} comparisons)`;
}
function runsHere(target) {
  return target === (process.arch === "arm64" ? "arm64" : "cpu");
}
function isCpu(target) {
  return target === "cpu" || target === "arm64" || target === "wasm";
}
function saturates(target) {
  return target === "cpu" || target === "wasm";
}
async function race(files, options) {
  const { provider, deviceId, feeds, budgetMs } = options;
  const { runtime, threads, signal } = options.context;
  const session = { provider, deviceId, threads, configEntries: SPIN_WITHIN_RUNS };
  return await withSessions(files, { runtime, session }, async (sessions) => {
    const blocks = [];
    for (const one of sessions) blocks.push(await blockOf(one, feeds));
    return (await inTurns(blocks, { budgetMs, signal })).map(lowerQuartile);
  });
}
async function withSessions(files, { runtime, session }, use) {
  const sessions = [];
  try {
    for (const file of files) sessions.push(await runtime.open(file, session));
    return await use(sessions);
  } finally {
    for (const one of sessions) await one.release();
  }
}
async function blockOf(session, feeds) {
  const { run } = session.prepare(feeds);
  await run();
  const once = await elapsed(run);
  const runs = Math.max(1, Math.round(BLOCK_MS / Math.max(0.01, once)));
  const block = async () => {
    for (let i = 0; i < runs; i++) await run();
  };
  return async () => await elapsed(block) / runs;
}
async function inTurns(runners, { budgetMs, isOver, signal }) {
  const times = runners.map(() => []);
  const entries = [...runners.entries()];
  const started = performance.now();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    throwIfInterrupted(signal);
    const isEnough = () => performance.now() - started > budgetMs || isOver?.(times) === true;
    if (round >= LEAST_ROUNDS && isEnough()) break;
    for (const [index, run] of round % 2 === 0 ? entries : entries.toReversed())
      times[index].push(await run());
  }
  return times;
}
async function elapsed(run) {
  const started = performance.now();
  await run();
  return performance.now() - started;
}
function areApart(times) {
  const [before2, after] = times;
  return Math.max(...after) < Math.min(...before2) || Math.max(...before2) < Math.min(...after);
}
function lowerQuartile(values) {
  return values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 4)];
}

// src/quantize/int8-static/placement/scheme.ts
function symmetryOf({ type, symmetry }, symmetric) {
  if (symmetric === null) return symmetry;
  return symmetric ? SYMMETRIC[type] : "affine";
}
function schemeOf(options, target) {
  const base = PRESETS[options.preset ?? (target === "tensorrt" ? "tensorrt" : "default")];
  return {
    ...base,
    activation: {
      ...base.activation,
      symmetry: symmetryOf(base.activation, options.symmetric)
    },
    weight: {
      ...base.weight,
      perChannel: options.perChannel ?? base.weight.perChannel,
      saturationSafe: options.saturationSafe ?? (options.preset === null && saturates(target))
    },
    calibrator: options.calibrator ?? base.calibrator,
    padsChannels: options.preset === null && target === "cpu",
    // Who lists what to quantize wants it quantized.
    everything: base.everything || options.include !== null
  };
}
var SYMMETRIC = { uint8: "restricted", int8: "symmetric" };
var DEFAULT = {
  activation: { type: "uint8", symmetry: "affine" },
  weight: { perChannel: true, saturationSafe: true, fullRange: false },
  bias: "int32",
  calibrator: "minmax",
  placement: "fused",
  padsChannels: false,
  everything: false
};
var PRESETS = {
  default: DEFAULT,
  // torch.ao.quantization: MovingAverageMinMaxObserver, quint8 affine activations, qint8 symmetric weights per channel.
  torch: {
    ...DEFAULT,
    weight: { perChannel: true, saturationSafe: false, fullRange: true },
    calibrator: "moving-average",
    everything: true
  },
  // onnxruntime.quantization.quantize_static without arguments.
  onnxruntime: {
    ...DEFAULT,
    activation: { type: "int8", symmetry: "affine" },
    weight: { perChannel: false, saturationSafe: false, fullRange: false },
    placement: "onnxruntime",
    everything: true
  },
  // TensorRT's explicit quantization, as Model Optimizer places it.
  tensorrt: {
    ...DEFAULT,
    activation: { type: "int8", symmetry: "symmetric" },
    weight: { perChannel: true, saturationSafe: false, fullRange: false },
    bias: "float32",
    placement: "weighted-inputs",
    everything: true
  }
};

// src/onnx/operators.ts
var OLDEST_OPSET = 7;
var NEWEST_OPSET = 24;
var INTRODUCED = {
  7: `Abs Acos Add And ArgMax ArgMin Asin Atan AveragePool BatchNormalization Cast Ceil Clip Concat Constant Conv
    ConvTranspose Cos DepthToSpace Div Dropout Elu Equal Exp Flatten Floor GRU Gather Gemm GlobalAveragePool GlobalLpPool
    GlobalMaxPool Greater HardSigmoid Hardmax Identity If InstanceNormalization LRN LSTM LeakyRelu Less Log LogSoftmax Loop
    LpNormalization LpPool MatMul Max MaxPool MaxRoiPool Mean Min Mul Multinomial Neg Not Or PRelu Pad Pow RNN RandomNormal
    RandomNormalLike RandomUniform RandomUniformLike Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax
    ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Selu Shape Sigmoid Sin Size Slice Softmax Softplus
    Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tan Tanh Tile TopK Transpose Unsqueeze Upsample Xor`,
  8: "Expand Scan",
  9: `Acosh Asinh Atanh Compress ConstantOfShape Cosh Erf EyeLike IsNaN MaxUnpool MeanVarianceNormalization NonZero OneHot
    Scatter Shrink Sign Sinh TfIdfVectorizer Where`,
  10: `ConvInteger DequantizeLinear IsInf MatMulInteger Mod NonMaxSuppression QLinearConv QLinearMatMul QuantizeLinear Resize
    ReverseSequence RoiAlign StringNormalizer ThresholdedRelu`,
  11: `BitShift ConcatFromSequence CumSum Det DynamicQuantizeLinear GatherElements GatherND Range Round ScatterElements
    ScatterND SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SplitToSequence Unique`,
  12: "Celu Einsum GreaterOrEqual LessOrEqual NegativeLogLikelihoodLoss SoftmaxCrossEntropyLoss",
  14: "HardSwish Trilu",
  15: "Bernoulli CastLike Optional OptionalGetElement OptionalHasElement",
  16: "GridSample",
  17: "BlackmanWindow DFT HammingWindow HannWindow LayerNormalization MelWeightMatrix STFT SequenceMap",
  18: "BitwiseAnd BitwiseNot BitwiseOr BitwiseXor CenterCropPad Col2Im GroupNormalization Mish",
  19: "DeformConv",
  20: "AffineGrid Gelu ImageDecoder RegexFullMatch StringConcat StringSplit",
  23: "Attention RMSNormalization RotaryEmbedding",
  24: "Swish TensorScatter"
};
var introduced = new Map(
  Object.entries(INTRODUCED).flatMap(
    ([version, names]) => names.split(/\s+/).map((name) => [name, Number(version)])
  )
);
function operatorIntroduced(opType) {
  return introduced.get(opType);
}
var IR_VERSIONS = [
  [24, 12],
  [23, 11],
  [21, 10],
  [19, 9],
  [15, 8],
  [12, 7],
  [11, 6],
  [10, 5],
  [9, 4]
];
function irVersionOf(opset) {
  return IR_VERSIONS.find(([first2]) => opset >= first2)?.[1] ?? 3;
}

// src/onnx/opset-steps.ts
function setInputs(node, inputs) {
  const list2 = [...inputs];
  while (list2.at(-1) === "") list2.pop();
  node.input = list2;
  return node;
}
var int64 = (values) => BigInt64Array.from(values, (value) => value >= 2 ** 63 ? 2n ** 63n - 1n : BigInt(value));
function intsToInput(name, index) {
  return (node, context) => {
    const values = intsAttribute(node, name);
    removeAttribute(node, name);
    if (!values || values.length === 0) return [node];
    const inputs = [...node.input];
    while (inputs.length < index) inputs.push("");
    const constant = context.constant(
      `${node.output[0]}_${name}`,
      TensorProto_DataType.INT64,
      [values.length],
      int64(values)
    );
    inputs[index] = constant;
    return [setInputs(node, inputs)];
  };
}
var axesToInput = intsToInput("axes", 1);
var clipLimitsToInputs = (node, context) => {
  const limit = (name) => {
    const found = attribute(node, name);
    if (!found) return "";
    return context.constant(`${node.output[0]}_${name}`, TensorProto_DataType.FLOAT, [], Float32Array.of(found.f));
  };
  const inputs = [inputOf(node, 0), limit("min"), limit("max")];
  removeAttribute(node, "min");
  removeAttribute(node, "max");
  return [setInputs(node, inputs)];
};
var padsToInputs = (node, context) => {
  const pads = intsAttribute(node, "pads");
  if (!pads) return "it has no 'pads'";
  const value = floatAttribute(node, "value", 0);
  const name = `${node.output[0]}_pads`;
  const inputs = [inputOf(node, 0), context.constant(name, TensorProto_DataType.INT64, [pads.length], int64(pads))];
  if (value !== 0) {
    inputs.push(context.constant(`${node.output[0]}_value`, TensorProto_DataType.FLOAT, [], Float32Array.of(value)));
  }
  removeAttribute(node, "pads");
  removeAttribute(node, "value");
  return [setInputs(node, inputs)];
};
var sliceToInputs = (node, context) => {
  const input = (name) => {
    const values = intsAttribute(node, name);
    removeAttribute(node, name);
    if (!values) return "";
    return context.constant(`${node.output[0]}_${name}`, TensorProto_DataType.INT64, [values.length], int64(values));
  };
  return [setInputs(node, [inputOf(node, 0), input("starts"), input("ends"), input("axes")])];
};
var topKToInput = (node, context) => {
  const k = intAttribute(node, "k", 1);
  removeAttribute(node, "k");
  return [
    setInputs(node, [
      inputOf(node, 0),
      context.constant(`${node.output[0]}_k`, TensorProto_DataType.INT64, [1], int64([k]))
    ])
  ];
};
var upsampleToInput = (node, context) => {
  const scales = attribute(node, "scales")?.floats ?? [];
  removeAttribute(node, "scales");
  const name = `${node.output[0]}_scales`;
  const constant = context.constant(name, TensorProto_DataType.FLOAT, [scales.length], Float32Array.from(scales));
  return [setInputs(node, [inputOf(node, 0), constant])];
};
function renamed(opType) {
  return (node) => {
    node.opType = opType;
    return [node];
  };
}
var resizeCoordinates = (node, context) => {
  const mode = stringAttribute(node, "mode", "nearest");
  setAttribute(node, "coordinate_transformation_mode", { string: "asymmetric" });
  if (mode === "nearest") {
    const scales = context.values(inputOf(node, 1));
    if (!scales) return "nearest with scales that are not constant";
    const factors = Array.from(scales, Number);
    if (factors.every((factor2) => factor2 >= 1)) setAttribute(node, "nearest_mode", { string: "floor" });
    else if (factors.every((factor2) => factor2 <= 1)) setAttribute(node, "nearest_mode", { string: "ceil" });
    else return "nearest that enlarges one dimension and reduces another";
  }
  const roi = context.constant(`${node.output[0]}_roi`, TensorProto_DataType.FLOAT, [0], new Float32Array(0));
  return [setInputs(node, [inputOf(node, 0), roi, inputOf(node, 1)])];
};
var softmaxAxis = (node, context) => {
  const axis = intAttribute(node, "axis", 1);
  const shape = context.shape(inputOf(node, 0));
  const position = axis < 0 && shape ? axis + shape.length : axis;
  const isLast = axis === -1 || shape && position === shape.length - 1;
  if (isLast || shape?.slice(position + 1).every((dim) => dim === 1)) {
    setAttribute(node, "axis", { int: isLast ? -1 : axis });
    return [node];
  }
  const [input, output] = [inputOf(node, 0), outputOf(node)];
  const [flat, normalized, dims] = ["flat", "normalized", "shape"].map(
    (part) => context.freshName(`${output}_${part}`)
  );
  node.input = [flat];
  node.output = [normalized];
  setAttribute(node, "axis", { int: -1 });
  return [
    makeNode("Flatten", [input], [flat], { attributes: { axis: { int: axis } } }),
    node,
    makeNode("Shape", [input], [dims]),
    makeNode("Reshape", [normalized, dims], [output])
  ];
};
var dropoutInference = (node, context) => {
  const mask = node.output[1] ?? "";
  if (mask !== "" && context.isRead(mask)) return "its mask is read";
  node.output = [outputOf(node)];
  removeAttribute(node, "ratio");
  removeAttribute(node, "seed");
  return [node];
};
var batchNormSpatial = (node) => {
  if (intAttribute(node, "spatial", 1) !== 1) return "spatial = 0 exists no more";
  removeAttribute(node, "spatial");
  return [node];
};
var batchNormInference = (node) => node.output.slice(1).some((name) => name !== "") ? "it has training outputs" : [node];
var splitCount = (node) => {
  if (!node.input[1]) setAttribute(node, "num_outputs", { int: node.output.length });
  return [node];
};
function oldDefault(name, value) {
  return (node) => {
    if (!attribute(node, name)) setAttribute(node, name, { string: value });
    return [node];
  };
}
var gridSampleModes = (node) => {
  const mode = stringAttribute(node, "mode", "bilinear");
  const names = { bilinear: "linear", bicubic: "cubic" };
  setAttribute(node, "mode", { string: names[mode] ?? mode });
  return [node];
};
var dftAxis = (node, context) => {
  const axis = context.constant(
    `${node.output[0]}_axis`,
    TensorProto_DataType.INT64,
    [],
    int64([intAttribute(node, "axis", 1)])
  );
  removeAttribute(node, "axis");
  return [setInputs(node, [inputOf(node, 0), inputOf(node, 1), axis])];
};
function blockedIf(applies, reason) {
  return (node) => applies(node) ? reason : [node];
}
var blocked = (reason) => blockedIf(() => true, reason);
var OPSET_STEPS = new Map([
  ["Attention@24", blocked("its masking was redefined")],
  [
    "AveragePool@19",
    blockedIf(
      (node) => intAttribute(node, "ceil_mode", 0) !== 0,
      "the mean over the rounded-up border was redefined"
    )
  ],
  ["BatchNormalization@9", batchNormSpatial],
  ["BatchNormalization@14", batchNormInference],
  ["Clip@11", clipLimitsToInputs],
  [
    "ConvTranspose@11",
    blockedIf(
      (node) => attribute(node, "output_shape") !== void 0 || stringAttribute(node, "auto_pad", "").startsWith("SAME"),
      "the padding derived from the output shape was redefined"
    )
  ],
  ["DFT@20", dftAxis],
  ["Dropout@10", dropoutInference],
  ["Dropout@12", dropoutInference],
  ["GridSample@20", gridSampleModes],
  ["GroupNormalization@21", blocked("scale and bias are per channel, no longer per group")],
  ["Hardmax@13", softmaxAxis],
  ["LogSoftmax@13", softmaxAxis],
  ["OneHot@11", blocked("negative indices got a meaning")],
  ["Pad@11", padsToInputs],
  ...["L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "SumSquare"].map(
    (kind) => [`Reduce${kind}@18`, axesToInput]
  ),
  ["ReduceSum@13", axesToInput],
  ["Resize@11", resizeCoordinates],
  [
    "Resize@13",
    blockedIf(
      (node) => stringAttribute(node, "coordinate_transformation_mode", "") === "tf_half_pixel_for_nn",
      "tf_half_pixel_for_nn exists no more"
    )
  ],
  ["RoiAlign@16", oldDefault("coordinate_transformation_mode", "output_half_pixel")],
  ["Scan@9", blocked("its inputs were redefined")],
  ["Scatter@11", renamed("ScatterElements")],
  ["Slice@10", sliceToInputs],
  ["Softmax@13", softmaxAxis],
  ["Split@13", intsToInput("split", 1)],
  ["Split@18", splitCount],
  ["Squeeze@13", axesToInput],
  ["TopK@10", topKToInput],
  ["Unsqueeze@13", axesToInput],
  ["Upsample@9", upsampleToInput],
  ["Upsample@10", renamed("Resize")]
]);

// src/onnx/opset.ts
var OVERRIDABLE_INITIALIZERS_IR = 4n;
function upgradeOpset(model, to, options = {}) {
  const from = model.opset();
  if (from >= to) return { upgraded: true, blockers: [] };
  if (to > NEWEST_OPSET || from < OLDEST_OPSET) {
    const reason = to > NEWEST_OPSET ? `opset ${to} is newer than ${NEWEST_OPSET}` : `opset ${from} is older than ${OLDEST_OPSET}`;
    return { upgraded: false, blockers: [`${reason}: what changed there is not known`] };
  }
  const blockers = [];
  if (model.proto.functions.length > 0)
    blockers.push("the model defines functions, which have opsets of their own");
  const added2 = [];
  const edits = planGraph({ model, from, to, types: options.types, blockers, added: added2 }, mainScope(model));
  if (blockers.length > 0) return { upgraded: false, blockers };
  for (const tensor of added2) model.graph.setInitializer(tensor);
  for (const edit2 of edits) edit2();
  model.setOpset("", to);
  raiseIrVersion(model, BigInt(irVersionOf(to)));
  return { upgraded: true, blockers: [] };
}
function mainScope(model) {
  const graph = model.graph;
  return {
    nodes: graph.topologicalNodes(),
    constant: (name) => graph.constant(name),
    isRead: (name) => graph.isOutput(name) || graph.consumers(name).length > 0,
    replace: (node, replacement) => graph.replaceNode(node, replacement),
    refresh: (node) => graph.replaceNode(node, [node])
  };
}
function subgraphScope(proto, outer) {
  const initializers = new Map(proto.initializer.map((tensor) => [tensor.name, tensor]));
  const produced = new Set(proto.node.flatMap((node) => node.output));
  return {
    nodes: [...proto.node],
    constant: (name) => initializers.get(name) ?? (produced.has(name) ? void 0 : outer.constant(name)),
    isRead: (name) => proto.output.some((value) => value.name === name) || proto.node.some(
      (node) => node.input.includes(name) || subgraphsOf(node).some((inner) => outerReferences(inner).includes(name))
    ),
    replace(node, replacement) {
      proto.node.splice(proto.node.indexOf(node), 1, ...replacement);
    },
    refresh() {
    }
  };
}
function planGraph(plan, scope) {
  const edits = [];
  const context = stepContext(plan, scope);
  for (const node of scope.nodes) {
    const inner = subgraphsOf(node).flatMap((graph) => planGraph(plan, subgraphScope(graph, scope)));
    if (inner.length > 0) edits.push(...inner, () => scope.refresh(node));
    if (canonicalDomain(node.domain) !== "") continue;
    const introduced2 = operatorIntroduced(node.opType);
    if (introduced2 === void 0 || introduced2 > plan.from) {
      plan.blockers.push(`${nameOf(node)}: opset ${plan.from} doesn't have this operator`);
      continue;
    }
    const replacement = planNode(plan, node, context);
    if (replacement) edits.push(() => scope.replace(node, replacement));
  }
  return edits;
}
function planNode(plan, node, context) {
  let nodes = null;
  for (let version = plan.from + 1; version <= plan.to; version++) {
    const current = nodes ?? [node];
    if (!current.some((one) => OPSET_STEPS.has(`${one.opType}@${version}`))) continue;
    nodes = [];
    for (const one of current) {
      const step = OPSET_STEPS.get(`${one.opType}@${version}`);
      const result = step ? step(one === node ? clone(NodeProtoSchema, one) : one, context) : [one];
      if (typeof result === "string") {
        plan.blockers.push(`${nameOf(node)}: ${result} (opset ${version})`);
        return null;
      }
      nodes.push(...result);
    }
  }
  return nodes;
}
function stepContext(plan, scope) {
  const { model, added: added2, types } = plan;
  const declared2 = new Map(
    [...model.graph.inputs, ...model.graph.outputs, ...model.graph.valueInfo].map((value) => [
      value.name,
      tensorType(value)?.shape
    ])
  );
  return {
    constant(base, dataType, dims, values) {
      const name = model.graph.freshName(base);
      added2.push(makeTensor(name, dataType, dims, values));
      return name;
    },
    values(name) {
      const tensor = scope.constant(name) ?? added2.find((candidate) => candidate.name === name);
      return tensor ? tensorValues(tensor, model.graph.directory) : void 0;
    },
    shape: (name) => types?.get(name)?.shape ?? declared2.get(name),
    isRead: (name) => scope.isRead(name),
    freshName: (base) => model.graph.freshName(base)
  };
}
function raiseIrVersion({ graph, proto }, irVersion) {
  if (proto.irVersion >= irVersion) return;
  if (proto.graph && proto.irVersion < OVERRIDABLE_INITIALIZERS_IR && irVersion >= OVERRIDABLE_INITIALIZERS_IR) {
    proto.graph.input = proto.graph.input.filter((value) => !graph.initializers.has(value.name));
  }
  proto.irVersion = irVersion;
}
function nameOf(node) {
  return `${node.opType} '${node.name || node.output[0]}'`;
}

// src/quantize/int8-static/qdq-opset.ts
var QDQ_OPSET = 13;
var FUSED_OPSET = 10;
function raiseOpset({ model, types }, target) {
  const from = model.opset();
  if (from >= QDQ_OPSET) return [];
  const { upgraded, blockers } = upgradeOpset(model, QDQ_OPSET, { types });
  const enough = from >= FUSED_OPSET || upgraded || upgradeOpset(model, FUSED_OPSET, { types }).upgraded;
  if (!enough || target === "tensorrt" && !upgraded) {
    throw new UserError(
      `The model is at opset ${from}; 8-bit operators need opset ${target === "tensorrt" ? QDQ_OPSET : FUSED_OPSET}, and raising it would change what it computes: ${blockers.join("; ")}. Export it again at opset ${QDQ_OPSET} or later.`
    );
  }
  if (model.opset() === from) return [];
  const message = `Opset raised from ${from} to ${model.opset()}; no operator changes its meaning.`;
  return [{ level: "info", code: "opset-raised", message }];
}

// src/quantize/int8-static/prologue.ts
async function staticPrologue(request) {
  const { options, target } = request;
  const scheme = schemeOf(options, target);
  const prepared = await prepareModel(request.model, { ...request, narrowFloats: "float32" });
  const { model, types, widened } = prepared;
  const rewrites = applyRewrites(model, types, request.context.log);
  const notes = raiseOpset({ model, types }, target);
  const declared2 = needsDeclared(model) && request.inputShapes ? await inferTypes(model, { context: request.context }) : types;
  if (request.sample) await observeShapes({ model, types, sample: request.sample, context: request.context });
  const selection = makeSelection(options, model.graph.nodes);
  const costs = tableCosts({ graph: model.graph, types, padsChannels: scheme.padsChannels });
  const keepsFloat = target === "wasm" && !scheme.everything ? SLOWER_ON_WASM : null;
  const draft = new Draft({ model, types }, { scheme, selection, costs, declared: declared2, keepsFloat });
  draft.update();
  return { model, types, widened, scheme, selection, rewrites, costs, draft, notes };
}
var SLOWER_ON_WASM = "its 8-bit kernel is slower than float in WebAssembly";
function needsDeclared({ graph }) {
  return graph.nodes.some(({ opType }) => opType === "Softmax");
}

// src/quantize/quantize.ts
import { existsSync, mkdirSync, renameSync, rmSync as rmSync6 } from "node:fs";
import { basename, join as join6 } from "node:path";

// src/quantize/calibrate/not-a-number.ts
function refuseNotANumber({ id, feeds }, description) {
  for (const [input, { type, data }] of Object.entries(feeds)) {
    if (type !== "float32" && type !== "float64") continue;
    const at = firstNaN(data);
    if (at < 0) continue;
    throw new UserError(
      `${description}, sample ${id}: element ${at} of input '${input}' is NaN, and no range can be calibrated with it. Repair or remove the sample.`
    );
  }
}
function firstNaN(values) {
  if (allFinite(values)) return -1;
  for (let at = 0; at < values.length; at++) {
    if (values[at] !== values[at]) return at;
  }
  return -1;
}

// src/quantize/calibrate/batches.ts
async function* batches(dataset, inputs, signal) {
  const size = fixedBatch(inputs);
  let waiting = [];
  for await (const sample of dataset.samples()) {
    throwIfInterrupted(signal);
    refuseNotANumber(sample, dataset.description);
    const { feeds } = sample;
    const wanted = Object.fromEntries(inputs.map(({ name }) => [name, feeds[name]]));
    if (size === 1 || inputs.every(({ name }) => wanted[name].dims[0] === size)) {
      yield wanted;
      continue;
    }
    waiting.push(wanted);
    if (waiting.length < size) continue;
    yield stack(waiting, inputs);
    waiting = [];
  }
  if (waiting.length === 0) return;
  const filled = Array.from({ length: size }, (_, index) => waiting[index % waiting.length]);
  yield stack(filled, inputs);
}

// src/quantize/calibrate/refused-sample.ts
var RUN_FAILED = /Non-zero status code|Got invalid dimensions|INVALID_ARGUMENT|Unexpected input data type/;
function refusedSample(error, { description }) {
  const text = messageOf(error);
  if (error instanceof UserError || !RUN_FAILED.test(text)) return error;
  return new UserError(
    `The model doesn't run on the calibration data (${description}): ${text}. Check that ids and sizes are in the range that the model takes, and that each array goes to its own input.`
  );
}

// src/quantize/calibrate/observer.ts
var CALIBRATING = "calibrating";
async function observe(request, observers) {
  const { model, dataset, context, step, maxSamples = Number.POSITIVE_INFINITY, runs = oneByOne } = request;
  const session = await openObserver(model, observers, request);
  const total2 = Math.min(maxSamples, dataset.length);
  let done = 0;
  try {
    for await (const { values, feeds, samples } of runs(session, request)) {
      for (const observer of observers) observer.add(values, feeds);
      done += samples;
      if (step !== void 0) context.log.progress(step, Math.min(done, total2), total2);
      if (done >= maxSamples) break;
    }
  } catch (error) {
    throw refusedSample(error, dataset);
  } finally {
    await session.release();
  }
  if (done === 0) throw new UserError(`The calibration data (${dataset.description}) holds no samples.`);
  return done;
}
async function* oneByOne(session, { dataset, context }) {
  for await (const feeds of batches(dataset, session.inputs, context.signal))
    yield { values: await session.run(feeds), feeds, samples: 1 };
}
var VALUES = "quantgate_values";
var LENGTHS = "quantgate_lengths";
async function openObserver(model, observers, options) {
  const values = deepestFirst(
    model,
    observers.flatMap((observer) => observer.values)
  );
  const initializers = observers.flatMap((observer) => observer.initializers ?? []);
  const session = await openObserved(model, asOneOutput(model, values, initializers), options);
  return {
    inputs: session.inputs,
    async run(feeds) {
      const results = await session.run(feeds);
      return apart(values, results);
    },
    release: () => session.release()
  };
}
function asOneOutput({ graph }, values, initializers) {
  const flatShape = graph.freshName("quantgate_flat");
  const unknown2 = values.filter(({ single }) => !single);
  const flatOf = new Map(values.map((one) => [one, graph.freshName(`${one.value}_flat`)]));
  const lengths = unknown2.map(({ value }) => graph.freshName(`${value}_length`));
  const along = { attributes: { axis: { int: 0 } } };
  const flatten = (one) => makeNode("Reshape", [one.value, flatShape], [flatOf.get(one)]);
  return {
    nodes: [
      ...values.flatMap((one) => [...one.nodes, flatten(one)]),
      ...unknown2.map((one, i) => makeNode("Shape", [flatOf.get(one)], [lengths[i]])),
      ...unknown2.length > 0 ? [makeNode("Concat", lengths, [LENGTHS], along)] : [],
      // Last: the runtime begins at the last output.
      makeNode("Concat", [...flatOf.values()], [VALUES], along)
    ],
    initializers: [...initializers, makeTensor(flatShape, TensorProto_DataType.INT64, [1], BigInt64Array.of(-1n))],
    outputs: [...unknown2.length > 0 ? [makeValue(LENGTHS)] : [], makeValue(VALUES)]
  };
}
function apart(values, results) {
  const all2 = floatsOf(results[VALUES]);
  const lengths = results[LENGTHS]?.data ?? [];
  const found = /* @__PURE__ */ new Map();
  let [start, next] = [0, 0];
  for (const { value, single } of values) {
    const end = start + (single ? 1 : Number(lengths[next++]));
    found.set(value, all2.subarray(start, end));
    start = end;
  }
  return found;
}
function deepestFirst(model, values) {
  const depth = /* @__PURE__ */ new Map();
  for (const [position, node] of model.graph.topologicalNodes().entries()) {
    for (const name of node.output) depth.set(name, position);
  }
  const depthOf = ({ tensor }) => depth.get(tensor) ?? -1;
  return values.toSorted((a, b) => depthOf(b) - depthOf(a));
}

// src/quantize/calibrate/stacked.ts
var MOST_SAMPLES = 8;
var MOST_ELEMENTS = 3 * 2 ** 17;
async function* stackedRuns(session, { dataset, context }) {
  const { inputs } = session;
  let trusted = leavesBatchOpen(inputs) ? null : false;
  let waiting = [];
  let stacked;
  async function* flush() {
    const samples = waiting;
    waiting = [];
    if (trusted && samples.length > 1) {
      stacked = stack(samples, inputs, stacked);
      yield { values: await session.run(stacked), feeds: stacked, samples: samples.length };
      return;
    }
    const alone = [];
    for (const feeds of samples) {
      const values = await session.run(feeds);
      alone.push(values);
      yield { values, feeds, samples: 1 };
    }
    if (trusted === null && samples.length > 1) trusted = await agrees(session, samples, alone);
  }
  for await (const feeds of batches(dataset, inputs, context.signal)) {
    if (waiting.length > 0 && !sameShapes(waiting[0], feeds)) yield* flush();
    waiting.push(feeds);
    if (trusted === false || waiting.length >= stackSize(feeds)) yield* flush();
  }
  yield* flush();
}
function leavesBatchOpen(inputs) {
  const symbols = new Set(inputs.map(({ shape }) => shape?.[0]));
  const [symbol] = symbols;
  return symbols.size === 1 && typeof symbol === "string" && symbol !== "";
}
function stackSize(feeds) {
  const tensors = Object.values(feeds);
  if (tensors.some(({ dims }) => dims[0] !== 1)) return 1;
  const elements3 = Math.max(1, ...tensors.map(({ data }) => data.length));
  return Math.max(1, Math.min(MOST_SAMPLES, Math.floor(MOST_ELEMENTS / elements3)));
}
function sameShapes(a, b) {
  return Object.keys(a).every((name) => a[name].dims.join() === b[name].dims.join());
}
async function agrees(session, samples, alone) {
  let together;
  try {
    together = await session.run(stack(samples, session.inputs));
  } catch {
    return false;
  }
  for (const [name, value] of together) {
    const parts = alone.map((values) => values.get(name));
    const joined = parts.flatMap((part) => [...part]);
    const same = value.length === joined.length ? joined.every((element, i) => element === value[i]) : value.length === 1 && (value[0] === Math.max(...joined) || value[0] === Math.min(...joined));
    if (!same) return false;
  }
  return true;
}

// src/quantize/calibrate/minmax.ts
var AVERAGING_CONSTANT = 0.01;
async function calibrateMinMax(request, mode = "minmax") {
  const { model, tensors, types, observers = [] } = request;
  if (tensors.length === 0) return /* @__PURE__ */ new Map();
  const extremes = new MinMaxObserver(tensors, model, { mode, types });
  const runs = mode === "minmax" ? stackedRuns : void 0;
  await observe({ ...request, runs, step: CALIBRATING }, [extremes, ...observers]);
  return extremes.ranges();
}
var IMAGE_RANK = 4;
var MinMaxObserver = class {
  values = [];
  #mode;
  /** Names of the values; no minimum where it is known to be zero. */
  #tensors;
  /** Of each fold, [min₀, max₀, min₁, max₁, …]. */
  #ranges;
  #runs = 0;
  constructor(tensors, model, options) {
    const { graph } = model;
    this.#mode = options.mode;
    this.#ranges = Array.from({ length: options.folds ?? 1 }, () => void 0);
    const reduced = (opType, tensor, pooled) => {
      const value = graph.freshName(`${tensor}_${opType}`);
      const attributes = { keepdims: { int: 0 } };
      const nodes = [makeNode(opType, [pooled ?? tensor], [value], { attributes })];
      if (pooled !== void 0) nodes.unshift(makeNode("GlobalMaxPool", [tensor], [pooled]));
      this.values.push({ tensor, value, nodes, single: true });
      return value;
    };
    this.#tensors = tensors.map((name) => {
      if (!isNonNegative(name, graph))
        return { name, min: reduced("ReduceMin", name), max: reduced("ReduceMax", name) };
      const isImage = options.types?.get(name)?.shape?.length === IMAGE_RANK;
      const pooled = isImage ? graph.freshName(`${name}_pooled`) : void 0;
      return { name, min: null, max: reduced("ReduceMax", name, pooled) };
    });
  }
  /** Gives the largest magnitude of each tensor in this run; NaN where there is one. */
  add(values) {
    const found = Float64Array.from(
      this.#tensors.flatMap(({ min, max }) => [
        min === null ? 0 : values.get(min)[0],
        values.get(max)[0]
      ])
    );
    const largest = this.#tensors.map((_, i) => Math.max(-found[2 * i], found[2 * i + 1]));
    const fold = this.#runs++ % this.#ranges.length;
    const known = this.#ranges[fold];
    this.#ranges[fold] = known ? mergeExtremes(known, found, this.#mode) : found;
    return largest;
  }
  /** Over all runs, or those of one fold; empty where there were none. */
  ranges(fold) {
    const of = fold === void 0 ? this.#ranges : [this.#ranges[fold]];
    const seen = of.filter((ranges2) => ranges2 !== void 0);
    if (seen.length === 0) return /* @__PURE__ */ new Map();
    const ranges = seen.reduce((merged, one) => mergeExtremes(merged.slice(), one, "minmax"));
    return new Map(
      this.#tensors.map(({ name }, i) => [name, { min: ranges[2 * i], max: ranges[2 * i + 1] }])
    );
  }
};
function isNonNegative(name, graph) {
  const producer = graph.producer(name);
  if (!producer || !isClamp(producer)) return false;
  const limits = clampLimits(producer, graph);
  return limits !== null && limits[0] >= 0;
}
function mergeExtremes(ranges, found, mode) {
  for (let i = 0; i < ranges.length; i++) {
    const old = ranges[i];
    const value = found[i];
    if (mode === "moving-average") ranges[i] = old + AVERAGING_CONSTANT * (value - old);
    else ranges[i] = i % 2 === 0 ? Math.min(old, value) : Math.max(old, value);
  }
  return ranges;
}

// src/quantize/prepare/shared-transposes.ts
function restoreTransposes(graph, path) {
  for (const node of readModelOutline(path).graph.nodes) {
    if (node.opType !== "Transpose" || !isCopied(graph, node)) continue;
    graph.removeInitializer(outputOf(node));
    graph.addNode(node);
  }
}
function isCopied(graph, node) {
  const [table, copy] = [graph.initializers.get(inputOf(node, 0)), graph.initializers.get(outputOf(node))];
  if (!table || !copy || graph.isOutput(copy.name)) return false;
  return isLargeConstant(graph, copy.name) && tensorByteLength(table) === tensorByteLength(copy) && graph.consumers(table.name).length > 0;
}

// src/quantize/float16/half-range.ts
var SMALLEST_HALF = 2 ** -24;
function intoHalfRange(values) {
  let copy;
  let clamped = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
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

// src/quantize/float16/safety.ts
var FIRST_HALF_OPSET = /* @__PURE__ */ new Map([
  ["CumSum", 14],
  ["IsInf", 20],
  ["NonMaxSuppression", Number.POSITIVE_INFINITY],
  ["Range", Number.POSITIVE_INFINITY],
  ["ImageScaler", Number.POSITIVE_INFINITY],
  ["RandomNormal", Number.POSITIVE_INFINITY],
  ["RandomNormalLike", Number.POSITIVE_INFINITY],
  ["RandomUniform", Number.POSITIVE_INFINITY],
  ["RandomUniformLike", Number.POSITIVE_INFINITY],
  ["Multinomial", Number.POSITIVE_INFINITY],
  // Their type is an attribute's, not an input's.
  ["Bernoulli", Number.POSITIVE_INFINITY],
  ["BlackmanWindow", Number.POSITIVE_INFINITY],
  ["HammingWindow", Number.POSITIVE_INFINITY],
  ["HannWindow", Number.POSITIVE_INFINITY],
  ["MelWeightMatrix", Number.POSITIVE_INFINITY],
  ["EyeLike", Number.POSITIVE_INFINITY],
  // Their scales are float32; a model that is quantized already keeps its meaning.
  ["QuantizeLinear", Number.POSITIVE_INFINITY],
  ["DequantizeLinear", Number.POSITIVE_INFINITY],
  ["DynamicQuantizeLinear", Number.POSITIVE_INFINITY],
  ["QLinearConv", Number.POSITIVE_INFINITY],
  ["QLinearMatMul", Number.POSITIVE_INFINITY]
]);
var OVERFLOWING = /* @__PURE__ */ new Set([
  "CumSum",
  "Pow",
  "ReduceL1",
  "ReduceL2",
  "ReduceLogSum",
  "ReduceLogSumExp",
  "ReduceProd",
  "ReduceSum",
  "ReduceSumSquare"
]);
var INDEXING = /* @__PURE__ */ new Set(["RoiAlign", "MaxRoiPool", "TopK", "Upsample", "GridSample"]);
function floatInputs(node, opset) {
  if (node.opType === "Resize") return new Set(opset < 11 ? [1] : [1, 2]);
  return NO_INPUTS;
}
var NO_INPUTS = /* @__PURE__ */ new Set();
function unsafeReason(node, { types, opset }) {
  if (canonicalDomain(node.domain) !== "") return `operators of the domain '${node.domain}' are left alone`;
  if (subgraphsOf(node).length > 0)
    return "it hands on float32; what its subgraphs hold is decided for each operator";
  const first2 = FIRST_HALF_OPSET.get(node.opType);
  if (first2 !== void 0 && opset < first2) return `${node.opType} has no float16 form`;
  if (node.opType === "LayerNormalization" && node.output.slice(1).some((name) => name !== ""))
    return "its mean and deviation are float32 (stash_type)";
  if (OVERFLOWING.has(node.opType)) return "sums and powers overflow the half range";
  if (INDEXING.has(node.opType)) return "it computes indices or coordinates";
  if (node.output.some((name) => name !== "" && !types.has(name))) return "its output is not a tensor";
  if (node.input.some((name) => name !== "" && !types.has(name))) return "its input is not a tensor";
  return null;
}
function cpuReason(node, { graph }) {
  if (node.opType !== "Transpose" || node.domain !== "") return null;
  const crashes = graph.consumers(outputOf(node)).some(
    ({ opType, domain, input }) => opType === "MatMul" && domain === "" && input.some((name) => graph.constant(name))
  );
  return crashes ? "ONNX Runtime crashes on a half product behind a half Transpose" : null;
}
function integerArithmetic({ graph, types }) {
  const found = /* @__PURE__ */ new Set();
  const queue = graph.nodes.filter((node) => isCastToInteger(node, types));
  for (let node = queue.pop(); node; node = queue.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    for (const name of node.input) {
      const producer = graph.producer(name);
      if (producer && types.get(name)?.dataType === TensorProto_DataType.FLOAT && ARITHMETIC2.has(producer.opType)) {
        queue.push(producer);
      }
    }
  }
  return found;
}
var ARITHMETIC2 = new Set(
  "Add Sub Mul Div Floor Ceil Round Neg Abs Min Max Sqrt Mod Concat Slice Gather Squeeze Unsqueeze Reshape Cast Where".split(
    " "
  )
);
var INTEGERS = /* @__PURE__ */ new Set([
  TensorProto_DataType.INT8,
  TensorProto_DataType.UINT8,
  TensorProto_DataType.INT16,
  TensorProto_DataType.UINT16,
  TensorProto_DataType.INT32,
  TensorProto_DataType.UINT32,
  TensorProto_DataType.INT64,
  TensorProto_DataType.UINT64
]);
function isCastToInteger(node, types) {
  return node.opType === "Cast" && INTEGERS.has(intAttribute(node, "to", 0)) && types.get(inputOf(node, 0))?.dataType === TensorProto_DataType.FLOAT;
}
var LARGEST_SAFE = LARGEST_HALF / 2;
function rangeReason(node, ranges) {
  for (const name of [...node.input, ...node.output]) {
    const range = ranges.get(name);
    if (!range) continue;
    const largest = Math.max(-range.min, range.max);
    if (!(largest < LARGEST_SAFE)) return `its values reach ${largest.toPrecision(3)}`;
  }
  return null;
}
function floatTensors({ graph, types }) {
  return graph.nodes.flatMap((node) => node.output).filter((name) => name !== "" && types.get(name)?.dataType === TensorProto_DataType.FLOAT);
}

// src/quantize/float16/convert.ts
function convertScope(scope, decisions) {
  const conversion = { clamped: 0, clampedTensors: [] };
  new Converter(scope, { decisions, conversion, parent: null }).convert();
  return conversion;
}
var Converter = class _Converter {
  #scope;
  #graph;
  #parent;
  #decisions;
  #conversion;
  /** Tensors that their producers write as half. */
  #halves = /* @__PURE__ */ new Set();
  /** The other form of a tensor, where one was made. */
  #forms = /* @__PURE__ */ new Map();
  constructor(scope, context) {
    this.#scope = scope;
    this.#graph = scope.graph;
    this.#decisions = context.decisions;
    this.#conversion = context.conversion;
    this.#parent = context.parent;
  }
  convert() {
    const graph = this.#graph;
    const nodes = graph.topologicalNodes();
    for (const node of nodes) {
      if (!this.#isHalfNode(node)) continue;
      if (this.#isReadyHalf(node)) {
        this.#forms.set(outputOf(node), inputOf(node, 0));
        continue;
      }
      for (const name of node.output) if (this.#isFloat(name)) this.#halves.add(name);
      convertAttributes(node, (name) => this.#isFloat(name));
    }
    for (const node of nodes) {
      this.#convertInputs(node);
      graph.editSubgraphs(node, () => this.#convertBodies(node));
    }
    for (const node of nodes) this.#dropNoOp(node);
    for (const { name } of graph.outputs) this.#restoreOutput(name);
  }
  /** A Cast to float32 of what is half already: half readers go past it, and others read it as before. */
  #isReadyHalf(node) {
    return isCast(node, TensorProto_DataType.FLOAT) && this.#scope.types.get(inputOf(node, 0))?.dataType === TensorProto_DataType.FLOAT16 && this.#scope.own.has(inputOf(node, 0));
  }
  /** A Cast to half that the model had, of what has become half: its readers go past it. */
  #dropNoOp(node) {
    const [input, output] = [inputOf(node, 0), outputOf(node)];
    if (!isCast(node, TensorProto_DataType.FLOAT16) || !this.#halves.has(input) || this.#graph.isOutput(output)) return;
    if (this.#scope.types.get(output)?.dataType === TensorProto_DataType.FLOAT16) this.#graph.replaceUses(output, input);
  }
  #convertInputs(node) {
    const keptFloat = floatInputs(node, this.#scope.opset);
    for (const [index, name] of [...node.input.entries()]) {
      if (!this.#isFloat(name)) continue;
      const form = this.#form(name, this.#isHalfNode(node) && !keptFloat.has(index));
      if (form !== name) this.#graph.setInput(node, index, form);
    }
  }
  #convertBodies(node) {
    for (const body of this.#scope.bodies.get(node) ?? []) {
      const context = { decisions: this.#decisions, conversion: this.#conversion, parent: this };
      new _Converter(body, context).convert();
      body.graph.prune();
      body.graph.setValueInfo([]);
      body.graph.commit();
    }
  }
  #isHalfNode(node) {
    return this.#decisions.get(node)?.became === "float16";
  }
  #isFloat(name) {
    return this.#scope.types.get(name)?.dataType === TensorProto_DataType.FLOAT;
  }
  /** The name under which a float tensor is read in this form, here or in a body. */
  #form(name, half) {
    if (this.#parent && !this.#scope.own.has(name)) return this.#parent.#form(name, half);
    if (this.#halves.has(name) === half) return name;
    const known = this.#forms.get(name);
    if (known) return known;
    const made = half ? this.#halfForm(name) : this.#castTo(name, TensorProto_DataType.FLOAT);
    this.#forms.set(name, made);
    return made;
  }
  /** Whether a large constant stays float32 in the file anyway, for operators that do. */
  #staysFloat(name) {
    const { bodies, opset } = this.#scope;
    return isLargeConstant(this.#graph, name) && this.#graph.consumers(name).some((reader2) => {
      if (bodies.has(reader2)) return false;
      return !this.#isHalfNode(reader2) || floatInputs(reader2, opset).has(reader2.input.indexOf(name));
    });
  }
  /** The half form of a float32 value: a converted copy of a constant, else a Cast. A constant that stays is cast too, which is done
   *  when the model is loaded. */
  #halfForm(name) {
    const graph = this.#graph;
    const constant = graph.constant(name);
    if (!constant) return this.#castTo(name, TensorProto_DataType.FLOAT16);
    const { values, clamped } = intoHalfRange(graph.floats(name));
    if (clamped === 0 && this.#staysFloat(name)) return this.#castTo(name, TensorProto_DataType.FLOAT16);
    if (clamped > 0) {
      this.#conversion.clamped += clamped;
      this.#conversion.clampedTensors.push(name);
    }
    const half = this.#scope.freshName(`${name}_half`);
    graph.setInitializer(makeTensor(half, TensorProto_DataType.FLOAT16, dimsOf(constant), toHalf(values)));
    return half;
  }
  #castTo(name, to) {
    const cast = this.#scope.freshName(`${name}_${to === TensorProto_DataType.FLOAT ? "float" : "half"}`);
    this.#graph.addNode(makeNode("Cast", [name], [cast], { name: cast, attributes: { to: { int: to } } }));
    return cast;
  }
  /** Gives an output its float32 form back under its own name; its half form goes by another. */
  #restoreOutput(name) {
    const graph = this.#graph;
    if (!this.#halves.has(name)) return;
    const producer = graph.producer(name);
    const half = this.#scope.freshName(`${name}_half`);
    graph.setOutput(producer, producer.output.indexOf(name), half);
    graph.replaceUses(name, half);
    const floatForm2 = this.#forms.get(name);
    const cast = floatForm2 ? graph.producer(floatForm2) : void 0;
    if (cast) {
      graph.replaceUses(floatForm2, name);
      graph.setOutput(cast, 0, name);
      return;
    }
    const attributes = { to: { int: TensorProto_DataType.FLOAT } };
    graph.addNode(makeNode("Cast", [half], [name], { name: `${name}_cast`, attributes }));
  }
};
function isCast(node, to) {
  return node.opType === "Cast" && node.domain === "" && intAttribute(node, "to", 0) === to;
}
function convertAttributes(node, isFloat2) {
  if (node.opType === "Cast" && isFloat2(outputOf(node)) && intAttribute(node, "to", 0) === TensorProto_DataType.FLOAT) {
    setAttribute(node, "to", { int: TensorProto_DataType.FLOAT16 });
  }
  if (node.opType === "ConstantOfShape") {
    const value = tensorAttribute(node, "value");
    const fill = value ? tensorValues(value) : new Float32Array(1);
    const tensor = makeTensor("value", TensorProto_DataType.FLOAT16, [1], toHalf(intoHalfRange(fill).values));
    setAttribute(node, "value", { tensor });
  }
}

// src/quantize/prepare/body-model.ts
function bodyModel(body, inputs, { model, types, constant }) {
  const outer = outerReferences(body);
  const constants = outer.flatMap((name) => {
    const tensor = constant(name);
    return tensor ? [tensor.name === name ? tensor : renamed2(tensor, name)] : [];
  });
  const known = new Set(constants.map(({ name }) => name));
  const seen = outer.flatMap((name) => {
    const type = types.get(name);
    return type && !known.has(name) ? [makeValue(name, type.dataType)] : [];
  });
  const proto = create(ModelProtoSchema, {
    irVersion: model.proto.irVersion,
    opsetImport: [...model.proto.opsetImport],
    functions: model.proto.functions,
    graph: create(GraphProtoSchema, {
      name: "body",
      node: [...body.node],
      input: [...inputs, ...seen],
      initializer: [...body.initializer, ...constants],
      output: body.output.map(({ name }) => makeValue(name))
    })
  });
  return new Model(proto, model.graph.directory, model.graph);
}
function typedInputs(body, node, types) {
  const typed = [];
  for (const [index, value] of body.input.entries()) {
    const dataType = tensorType(value)?.dataType || (READS_IN_ORDER.has(node.opType) ? types.get(node.input[index] ?? "")?.dataType : void 0);
    if (dataType === void 0) return null;
    typed.push(makeValue(value.name, dataType));
  }
  return typed;
}
var READS_IN_ORDER = /* @__PURE__ */ new Set(["Loop", "Scan"]);
function renamed2(tensor, name) {
  return Object.assign(Object.create(Object.getPrototypeOf(tensor)), tensor, { name });
}

// src/quantize/float16/scopes.ts
async function mainScope2(prepared, options) {
  const { model, types } = prepared;
  const { graph } = model;
  const around = {
    model,
    types,
    constant: (name) => graph.constant(name),
    freshName: (base) => graph.freshName(base)
  };
  return {
    graph,
    types,
    opset: model.opset(),
    own: new Set(types.keys()),
    bodies: await bodiesOf(graph, around, options),
    freshName: around.freshName
  };
}
async function bodiesOf(graph, around, options) {
  const bodies = /* @__PURE__ */ new Map();
  for (const node of graph.nodes) {
    const scopes = [];
    for (const body of subgraphsOf(node)) {
      const scope = await bodyScope(body, node, { around, options });
      if (scope) scopes.push(scope);
    }
    if (scopes.length > 0) bodies.set(node, scopes);
  }
  return bodies;
}
async function bodyScope(body, node, { around, options }) {
  const inputs = typedInputs(body, node, around.types);
  if (!inputs) return null;
  const graph = new Graph(body, around.model.graph.directory);
  liftConstants(graph);
  graph.commit();
  try {
    const types = await inferTypes(bodyModel(body, inputs, around), options);
    const seen = new Map([...around.types, ...types]);
    const own = /* @__PURE__ */ new Set([
      ...body.input.map(({ name }) => name),
      ...body.initializer.map(({ name }) => name),
      ...body.node.flatMap(({ output }) => output)
    ]);
    const inside = {
      ...around,
      types: seen,
      constant: (name) => own.has(name) ? graph.constant(name) : around.constant(name)
    };
    return {
      graph,
      types: seen,
      opset: around.model.opset(),
      own,
      bodies: await bodiesOf(graph, inside, options),
      freshName: around.freshName
    };
  } catch (error) {
    options.context.log.debug(
      `A subgraph of ${node.opType} '${node.name}' stays float32: ${messageOf(error)}`
    );
    return null;
  }
}

// src/quantize/float16/float16.ts
async function float16(request) {
  const { options, calibration } = request;
  const notes = [];
  const prepared = await prepareModel(request.model, { ...request, keepsSharing: true });
  restoreTransposes(prepared.model.graph, request.model);
  const ranges = await observedRanges(prepared, request, notes);
  const selection = makeSelection(options, prepared.model.graph.nodes);
  const scope = await mainScope2(prepared, request);
  const decisions = decide(scope, { selection, ranges, target: request.target });
  if ([...decisions.values()].some(isQuantized)) {
    const converted = convertScope(scope, decisions);
    prepared.model.graph.prune();
    prepared.model.graph.setValueInfo([]);
    writeModel(prepared.model, request.out);
    notes.push(...conversionNotes(request, { scope, converted }));
  } else {
    leaveFloat(request);
    notes.push(NOTHING_TO_HALVE);
  }
  notes.push(...unmatchedNotes(selection));
  return resultOf(request, {
    decisions: [...decisions.values()],
    notes,
    provenance: { calibrated: calibration?.description ?? null }
  });
}
var NOTHING_TO_HALVE = {
  level: "info",
  code: "nothing-pays",
  message: "No operator of this model computes in float32 and can do so in float16: the model was left as it is."
};
function conversionNotes({ target, calibration }, { scope, converted }) {
  const notes = [];
  if (converted.clamped > 0) {
    notes.push({
      level: "warn",
      code: "half-range",
      message: `${converted.clamped} constant values beyond \xB1${LARGEST_HALF} were clamped to it (in ${list(converted.clampedTensors)}).`
    });
  }
  if (calibration && scope.bodies.size > 0) {
    notes.push({
      level: "info",
      code: "subgraphs-unseen",
      message: "Values inside of subgraphs are not observed: whether they fit the half range is not known."
    });
  }
  if (isCpu(target)) {
    notes.push({
      level: "warn",
      code: "slow-on-cpu",
      message: "CPUs run most float16 operators in float32 with conversions around them: expect the file to be slower than the original there."
    });
  }
  return notes;
}
async function observedRanges(prepared, request, notes) {
  const { calibration } = request;
  if (!calibration) return /* @__PURE__ */ new Map();
  const tensors = floatTensors({ graph: prepared.model.graph, types: prepared.types });
  try {
    return await calibrateMinMax({ ...request, model: prepared.model, tensors, dataset: calibration });
  } catch (error) {
    if (error instanceof UserError || error instanceof Interrupted) throw error;
    notes.push({
      level: "warn",
      code: "ranges-unseen",
      message: `Values could not be checked against the half range on the calibration data: ${messageOf(error)}`
    });
    return /* @__PURE__ */ new Map();
  }
}
function decide(scope, options) {
  const { graph, types } = scope;
  const { selection, ranges, target } = options;
  const onCpu = isCpu(target);
  const isFloat2 = (name) => types.get(name)?.dataType === TensorProto_DataType.FLOAT;
  const integers = integerArithmetic(scope);
  const decisions = /* @__PURE__ */ new Map();
  for (const node of graph.nodes) {
    if (node.opType === "Constant" && node.domain === "") continue;
    const unsafe = unsafeReason(node, scope);
    for (const body of scope.bodies.get(node) ?? []) {
      for (const [inner, decision] of decide(body, options)) decisions.set(inner, decision);
    }
    if (!node.input.some(isFloat2) && !node.output.some(isFloat2) && unsafe === null) continue;
    const override = selection.override(node);
    const reason = selection.reasonToKeep(node) ?? (override?.activation === "float32" || override?.weight === "float32" ? "overridden" : null) ?? unsafe ?? (onCpu ? cpuReason(node, scope) : null) ?? (integers.has(node) ? "it computes sizes or indices" : null) ?? rangeReason(node, ranges);
    decisions.set(node, {
      node: nodeLabel(node),
      opType: node.opType,
      became: reason === null ? "float16" : "float",
      reason
    });
  }
  return decisions;
}
function list(names) {
  const shown = names.slice(0, 3).map((name) => `'${name}'`);
  return names.length > 3 ? `${shown.join(", ")} and ${names.length - 3} more` : shown.join(", ");
}

// src/quantize/integers/scale.ts
var FULL_RANGE = {
  uint8: { min: 0, max: 255 },
  int8: { min: -128, max: 127 },
  uint16: { min: 0, max: 65535 },
  int16: { min: -32768, max: 32767 }
};
var SYMMETRIC_RANGE = {
  uint8: { min: 0, max: 255 },
  int8: { min: -127, max: 127 },
  uint16: { min: 0, max: 65535 },
  int16: { min: -32767, max: 32767 }
};
var REDUCED_RANGE = {
  uint8: { min: 0, max: 127 },
  int8: { min: -64, max: 64 },
  uint16: { min: 0, max: 32767 },
  int16: { min: -16384, max: 16384 }
};
var SMALLEST_NORMAL = 2 ** -126;
function roundHalfEven(x) {
  return Math.abs(x) < 2 ** 51 ? x + 6755399441055744 - 6755399441055744 : x;
}
function computeScale(min, max, options) {
  if (!Number.isFinite(min) || !Number.isFinite(max)) {
    throw new RangeError(`a range of [${min}, ${max}] can't be quantized`);
  }
  const { type, symmetric = false, reduceRange = false, fullRange = false } = options;
  const range = (reduceRange ? REDUCED_RANGE : symmetric && !fullRange ? SYMMETRIC_RANGE : FULL_RANGE)[type];
  let low = Math.min(Math.fround(min), 0);
  let high = Math.max(Math.fround(max), 0);
  if (symmetric) {
    high = Math.max(-low, high);
    low = -high;
  }
  const scale = Math.fround(high - low) / (range.max - range.min);
  if (!(scale >= SMALLEST_NORMAL)) return { scale: 1, zeroPoint: 0 };
  if (!Number.isFinite(scale)) throw new RangeError(`a range of [${min}, ${max}] is too wide for float32`);
  const zeroPoint = symmetric ? roundHalfEven((range.min + range.max) / 2) : roundHalfEven(range.min - low / scale);
  return { scale: Math.fround(scale), zeroPoint };
}
function integerArray(type, length) {
  return type === "uint8" ? new Uint8Array(length) : new Int8Array(length);
}
function activationScale({ min, max }, { type, symmetry }) {
  if (symmetry === "affine" || symmetry === "restricted" && min >= 0) {
    return { ...computeScale(min, max, { type }), type };
  }
  if (symmetry === "symmetric") return { ...computeScale(min, max, { type, symmetric: true }), type };
  const reach = Math.max(-min / 128, max / 127);
  return { ...computeScale(-reach * 128, reach * 127, { type }), type };
}

// src/quantize/integers/block-quantize.ts
function quantizeBlocks(values, depth, format, { importance = null, keepsRange = false } = {}) {
  const rows = values.length / depth;
  const blocks = Math.ceil(depth / format.blockSize);
  const result = {
    codes: new Uint8Array(rows * blocks * format.blockSize),
    scales: new Float32Array(rows * blocks),
    zeroPoints: new Uint8Array(rows * blocks),
    blocks
  };
  const search = new BlockSearch(format, { importance, keepsRange });
  for (let row = 0, block = 0; row < rows; row++) {
    for (let b = 0; b < blocks; b++, block++) {
      const from = b * format.blockSize;
      const length = Math.min(format.blockSize, depth - from);
      const codes = result.codes.subarray(block * format.blockSize, (block + 1) * format.blockSize);
      const start = row * depth + from;
      const fit = format.bits === 8 ? roundSymmetric(values.subarray(start, start + length), codes) : search.round(values.subarray(start, start + length), { codes, position: from });
      codes.fill(fit.zeroPoint, length);
      result.scales[block] = fit.scale;
      result.zeroPoints[block] = fit.zeroPoint;
    }
  }
  return result;
}
function dequantizeBlocks(quantized2, depth) {
  const { codes, scales, zeroPoints, blocks } = quantized2;
  const rows = scales.length / blocks;
  const blockSize = codes.length / scales.length;
  const values = new Float32Array(rows * depth);
  for (let row = 0, i = 0; row < rows; row++) {
    for (let k = 0; k < depth; k++) {
      const block = row * blocks + Math.floor(k / blockSize);
      const code = codes[block * blockSize + k % blockSize];
      values[i++] = (code - zeroPoints[block]) * scales[block];
    }
  }
  return values;
}
function roundSymmetric(values, codes) {
  let largest = 0;
  for (const value of values) {
    const magnitude = value < 0 ? -value : value;
    if (magnitude > largest) largest = magnitude;
  }
  const scale = Math.fround(largest / 127) || 1;
  for (let i = 0; i < values.length; i++) codes[i] = roundHalfEven(values[i] / scale) + 128;
  return { scale, zeroPoint: 128 };
}
var SHRINKAGE = [1, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7];
var FULL_RANGE2 = [1];
var LEVELS2 = 15;
var BlockSearch = class {
  #symmetric;
  #importance;
  #shares;
  #codes;
  constructor(format, { importance, keepsRange }) {
    this.#symmetric = format.symmetric;
    this.#importance = importance;
    this.#shares = keepsRange ? FULL_RANGE2 : SHRINKAGE;
    this.#codes = new Uint8Array(format.blockSize);
  }
  /** @param place where the codes go, and the block's first position in its row. */
  round(values, place) {
    let min = 0;
    let max = 0;
    for (const value of values) {
      if (value < min) min = value;
      else if (value > max) max = value;
    }
    let best = { scale: 1, zeroPoint: 8 };
    let smallest = Number.POSITIVE_INFINITY;
    if (min === max) {
      place.codes.fill(best.zeroPoint);
      return best;
    }
    const fits2 = this.#symmetric ? symmetricFits : asymmetricFits;
    for (const candidate of fits2(min, max, this.#shares)) {
      const { scale, error } = this.#try(values, candidate, place.position);
      if (error >= smallest) continue;
      smallest = error;
      best = { scale, zeroPoint: candidate.zeroPoint };
      place.codes.set(this.#codes.subarray(0, values.length));
    }
    return best;
  }
  /** Rounds with a candidate, refits its scale to the codes found, and gives the error that is left. */
  #try(values, { scale, zeroPoint }, position) {
    const codes = this.#codes;
    const importance = this.#importance;
    let xx = 0;
    let xq = 0;
    let qq = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      let code = Math.floor(value / scale + zeroPoint + 0.5);
      if (code < 0) code = 0;
      else if (code > LEVELS2) code = LEVELS2;
      codes[i] = code;
      const q = code - zeroPoint;
      const weight = importance ? importance[position + i] : 1;
      xx += weight * value * value;
      xq += weight * value * q;
      qq += weight * q * q;
    }
    if (qq === 0 || xq === 0) return { scale, error: xx };
    const refitted = Math.fround(xq / qq);
    return { scale: refitted, error: xx - 2 * refitted * xq + refitted * refitted * qq };
  }
};
function* asymmetricFits(min, max, shares) {
  for (const share of shares) {
    const scale = Math.fround((max - min) * share / LEVELS2);
    if (scale === 0) continue;
    const zeroPoint = Math.min(LEVELS2, Math.max(0, Math.round(-min * share / scale)));
    yield { scale, zeroPoint };
  }
}
function* symmetricFits(min, max, shares) {
  const signed = -min > max ? min : max;
  for (const share of shares) {
    const scale = Math.fround(-signed * share / 8);
    if (scale !== 0) yield { scale, zeroPoint: 8 };
  }
}
function packRows(codes, rowLength, padding = 0) {
  const bytes = Math.ceil(rowLength / 2);
  const rows = codes.length / rowLength;
  const packed = new Uint8Array(rows * bytes);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < bytes; i++) {
      const low = codes[row * rowLength + 2 * i];
      const high = 2 * i + 1 < rowLength ? codes[row * rowLength + 2 * i + 1] : padding;
      packed[row * bytes + i] = low | high << 4;
    }
  }
  return packed;
}

// src/quantize/integers/saturation.ts
var MAX_PAIR_SUM = 128;
function reductionOrder(layout) {
  const { rows, columns, kernel, rowsAreOutputs, group } = layout;
  if (columns === 1 && group > 1) return null;
  if (!rowsAreOutputs) {
    const offsets2 = Int32Array.from({ length: rows }, (_, k) => k * columns);
    return { channels: columns, channelStride: 1, offsets: offsets2 };
  }
  const offsets = new Int32Array(columns * kernel);
  for (let position = 0, k = 0; position < kernel; position++) {
    for (let column = 0; column < columns; column++) offsets[k++] = column * kernel + position;
  }
  return { channels: rows, channelStride: columns * kernel, offsets };
}
function largestPairSum(values, order, channel) {
  const { offsets, channelStride } = order;
  const base = channel * channelStride;
  let largest = 0;
  for (let k = 0; k + 1 < offsets.length; k += 2) {
    const sum2 = Math.abs(values[base + offsets[k]] + values[base + offsets[k + 1]]);
    if (sum2 > largest) largest = sum2;
  }
  return largest;
}
function largestPairSums(values, order) {
  const { channels, channelStride, offsets } = order;
  if (channelStride !== 1) {
    return Float64Array.from({ length: channels }, (_, channel) => largestPairSum(values, order, channel));
  }
  const largest = new Float64Array(channels);
  for (let k = 0; k + 1 < offsets.length; k += 2) {
    const [first2, second] = [offsets[k], offsets[k + 1]];
    for (let channel = 0; channel < channels; channel++) {
      const sum2 = Math.abs(values[first2 + channel] + values[second + channel]);
      if (sum2 > largest[channel]) largest[channel] = sum2;
    }
  }
  return largest;
}
function channelsToNudge(quantized2, order) {
  const largest = largestPairSums(quantized2, order);
  return [...largest.keys()].filter((channel) => largest[channel] > MAX_PAIR_SUM);
}
function nudgePairs(quantized2, values, channel) {
  const { order, index, scale } = channel;
  const base = index * order.channelStride;
  for (let k = 0; k + 1 < order.offsets.length; k += 2) {
    const first2 = base + order.offsets[k];
    const second = base + order.offsets[k + 1];
    for (let sum2 = quantized2[first2] + quantized2[second]; Math.abs(sum2) > MAX_PAIR_SUM; ) {
      const sign = Math.sign(sum2);
      const outwards = (i) => sign * (quantized2[i] - values[i] / scale);
      const moved = outwards(first2) >= outwards(second) ? first2 : second;
      quantized2[moved] = quantized2[moved] - sign;
      sum2 -= sign;
    }
  }
}

// src/quantize/integers/weights.ts
function quantizeWeight(values, dims, options) {
  const { type, axis } = options;
  const channels = axis === null ? 1 : dims[axis];
  const layout = channelLayout(dims, axis);
  let scale = new Float32Array(channels);
  const zeroPoint = integerArray(type, channels);
  const ranges = channelRanges(values, layout);
  const pairs = type === "int8" && options.symmetric ? options.pairs ?? null : null;
  const scaleOptions = {
    type,
    symmetric: options.symmetric,
    reduceRange: options.reduceRange ?? false,
    fullRange: options.fullRange ?? false
  };
  const safeScales = pairs && !options.reduceRange ? pairScales(values, pairs, axis !== null) : [];
  for (let channel = 0; channel < channels; channel++) {
    const parameters = computeScale(ranges.min[channel], ranges.max[channel], scaleOptions);
    const safe = safeScales[channel] ?? 0;
    const smallest = options.smallestScale?.[options.smallestScale.length === 1 ? 0 : channel] ?? 0;
    const empty = ranges.min[channel] === 0 && ranges.max[channel] === 0;
    scale[channel] = empty ? Math.max(1, smallest) : Math.max(parameters.scale, safe, smallest);
    zeroPoint[channel] = parameters.zeroPoint;
  }
  if (options.widen) scale = Float32Array.from(options.widen(scale));
  const data = quantizeWithScales(values, layout, { type, scale, zeroPoint });
  if (pairs && data instanceof Int8Array) {
    for (const index of channelsToNudge(data, pairs)) {
      nudgePairs(data, values, { order: pairs, index, scale: scale[axis === null ? 0 : index] });
    }
  }
  return { data, scale, zeroPoint, axis };
}
function channelLayout(dims, axis) {
  const product2 = (sizes) => sizes.reduce((total2, size) => total2 * size, 1);
  if (axis === null) return { outer: 1, channels: 1, inner: product2(dims) };
  return { outer: product2(dims.slice(0, axis)), channels: dims[axis], inner: product2(dims.slice(axis + 1)) };
}
function channelRanges(values, layout) {
  const { outer, channels, inner } = layout;
  const min = new Float32Array(channels);
  const max = new Float32Array(channels);
  if (inner === 1) {
    for (let i = 0; i < values.length; ) {
      for (let channel = 0; channel < channels; channel++, i++) {
        const value = values[i];
        if (value < min[channel]) min[channel] = value;
        else if (value > max[channel]) max[channel] = value;
        else if (Number.isNaN(value)) min[channel] = max[channel] = Number.NaN;
      }
    }
    return { min, max };
  }
  for (let o = 0, i = 0; o < outer; o++) {
    for (let channel = 0; channel < channels; channel++) {
      const range = rangeOf(values, i, i + inner);
      min[channel] = Math.min(min[channel], range.min);
      max[channel] = Math.max(max[channel], range.max);
      i += inner;
    }
  }
  return { min, max };
}
function rangeOf(values, start, end) {
  let [min, max, zero] = [0, 0, 0];
  for (let i = start; i < end; i++) {
    const value = values[i];
    if (value < min) min = value;
    if (value > max) max = value;
    zero += 0 * value;
  }
  return zero === 0 ? { min, max } : { min: Number.NaN, max: Number.NaN };
}
function pairScales(values, order, perChannel) {
  const scales = Array.from(largestPairSums(values, order), (sum2) => Math.fround(sum2 / MAX_PAIR_SUM));
  return perChannel ? scales : [scales.reduce((largest, scale) => Math.max(largest, scale), 0)];
}
function quantizeWithScales(values, { outer, channels, inner }, parameters) {
  const { type, scale, zeroPoint } = parameters;
  const data = integerArray(type, values.length);
  for (let o = 0, i = 0; o < outer; o++) {
    if (inner === 1) {
      roundRow(data, values, i, { scale, zeroPoint, ...FULL_RANGE[type] });
      i += channels;
      continue;
    }
    for (let channel = 0; channel < channels; channel++, i += inner) {
      const parameters2 = { scale: scale[channel], zeroPoint: zeroPoint[channel], ...FULL_RANGE[type] };
      roundChannel(data, values, { start: i, end: i + inner }, parameters2);
    }
  }
  return data;
}
var ROUNDING = 6755399441055744;
function roundChannel(data, values, { start, end }, { scale, zeroPoint, min, max }) {
  for (let i = start; i < end; i++) {
    const q = Math.fround(values[i] / scale) + ROUNDING - ROUNDING + zeroPoint;
    data[i] = q < min ? min : q > max ? max : q;
  }
}
function roundRow(data, values, start, parameters) {
  const { scale, zeroPoint, min, max } = parameters;
  for (let channel = 0, i = start; channel < scale.length; channel++, i++) {
    const q = Math.fround(values[i] / scale[channel]) + ROUNDING - ROUNDING + zeroPoint[channel];
    data[i] = q < min ? min : q > max ? max : q;
  }
}

// src/quantize/layers/quantized-rows.ts
function quantizedRows(graph, table) {
  const dims = graph.dims(table);
  for (const node of graph.nodes) {
    const rows = readRows(graph, node, dims);
    if (rows && standsFor(graph.floats(table), rows, graph)) return rows;
  }
  return null;
}
function readRows(graph, node, dims) {
  if (node.opType !== "DequantizeLinear" || intAttribute(node, "axis", 1) !== 0) return null;
  const data = graph.constant(inputOf(node, 0));
  const scale = graph.constantValues(inputOf(node, 1));
  if (data?.dataType !== TensorProto_DataType.INT8 || dimsOf(data).join() !== dims.join()) return null;
  if (!(scale instanceof Float32Array) || scale.length !== dims[0]) return null;
  const zeroPoint = node.input[2] ? graph.constantValues(node.input[2]) : void 0;
  if (node.input[2] && (!zeroPoint || [...zeroPoint].some((value) => Number(value) !== 0))) return null;
  return { data: inputOf(node, 0), scale };
}
var LARGEST_MOVE = 1.01;
function standsFor(values, { data, scale }, graph) {
  const codes = tensorValues(graph.constant(data));
  const columns = values.length / scale.length;
  return values.every((value, i) => {
    const step = scale[Math.floor(i / columns)];
    return Math.abs(codes[i] * step - value) <= step * LARGEST_MOVE;
  });
}

// src/quantize/layers/embeddings.ts
var SMALLEST_TABLE = 65536;
function quantizeEmbeddings({ model }, selection, bits = 8) {
  const { graph } = model;
  const decisions = [];
  const tables = /* @__PURE__ */ new Map();
  const blockTables = /* @__PURE__ */ new Map();
  for (const node of graph.nodes) {
    if (!isLookup(graph, node)) continue;
    const name = inputOf(node, 0);
    const reason = refusal2(graph, node, selection);
    const inBlocks = bits === 4 && Number(graph.constant(name).dims[1]) % 2 === 0;
    decisions.push({
      node: nodeLabel(node),
      opType: "Gather",
      became: reason !== null ? "float" : inBlocks ? "GatherBlockQuantized" : "int8 table",
      reason
    });
    if (reason !== null) continue;
    if (inBlocks) {
      const inputs = blockTables.get(name) ?? addBlockTable(graph, name);
      blockTables.set(name, inputs);
      replaceByBlockLookup(graph, node, inputs);
      continue;
    }
    let table = tables.get(name);
    if (!table) {
      table = addTable(graph, name);
      tables.set(name, table);
    }
    replaceLookup(graph, node, table);
  }
  if (blockTables.size > 0) model.setOpset("com.microsoft", 1);
  return decisions;
}
function isLookup(graph, node) {
  if (node.opType !== "Gather" || node.domain !== "") return false;
  const table = graph.constant(inputOf(node, 0));
  if (table?.dataType !== TensorProto_DataType.FLOAT || table.dims.length !== 2) return false;
  return [0, -2].includes(intAttribute(node, "axis", 0));
}
function refusal2(graph, node, selection) {
  const kept2 = selection.reasonToKeep(node);
  if (kept2 !== null) return kept2;
  if (selection.override(node)?.weight?.startsWith("float")) return "overridden";
  const [rows = 0, columns = 0] = graph.dims(inputOf(node, 0));
  if (rows * columns < SMALLEST_TABLE) return `too small to pay: ${rows} \xD7 ${columns}`;
  const held = keptForOthers(graph, inputOf(node, 0), selection);
  if (held !== null) return held;
  return allFinite(graph.floats(inputOf(node, 0))) ? null : NOT_FINITE;
}
var HALF_RANGE = [2 ** -14, 65504];
function addTable(graph, name) {
  const dims = graph.dims(name);
  const known = quantizedRows(graph, name);
  if (known) {
    const scale2 = graph.addConstant(`${name}_row_scale`, TensorProto_DataType.FLOAT, [dims[0], 1], known.scale);
    return { data: known.data, scale: scale2, halfScale: false };
  }
  const values = graph.floats(name);
  let halfScale = false;
  const { data, scale } = quantizeWeight(values, dims, {
    type: "int8",
    axis: 0,
    symmetric: true,
    widen(scales) {
      halfScale = scales.every((value) => value >= HALF_RANGE[0] && value < HALF_RANGE[1] / 2);
      return halfScale ? scales.map((value) => halfValue(halfBits(value * (1 + 2 ** -11)))) : scales;
    }
  });
  return {
    data: graph.addConstant(`${name}_quantized`, TensorProto_DataType.INT8, dims, data),
    scale: halfScale ? graph.addConstant(`${name}_scale`, TensorProto_DataType.FLOAT16, [dims[0], 1], Uint16Array.from(scale, halfBits)) : graph.addConstant(`${name}_scale`, TensorProto_DataType.FLOAT, [dims[0], 1], scale),
    halfScale
  };
}
function replaceLookup(graph, node, table) {
  const output = outputOf(node);
  const indices = inputOf(node, 1);
  const rows = graph.freshName(`${table.data}_rows`);
  const scales = graph.freshName(`${table.scale}_rows`);
  const name = nodeLabel(node);
  const toFloat2 = (value) => {
    const cast = graph.freshName(`${value}_cast`);
    const attributes = { to: { int: TensorProto_DataType.FLOAT } };
    graph.addNode(makeNode("Cast", [value], [cast], { name: cast, attributes }));
    return cast;
  };
  graph.removeNode(node);
  graph.addNode(makeNode("Gather", [table.data, indices], [rows], { name }));
  graph.addNode(makeNode("Gather", [table.scale, indices], [scales], { name: scales }));
  const factor2 = table.halfScale ? toFloat2(scales) : scales;
  graph.addNode(makeNode("Mul", [toFloat2(rows), factor2], [output], { name: `${rows}_scaled` }));
}
var BLOCK = 32;
function addBlockTable(graph, name) {
  const [rows = 0, columns = 0] = graph.dims(name);
  const values = graph.floats(name);
  const quantized2 = quantizeBlocks(values, columns, { bits: 4, blockSize: BLOCK, symmetric: false });
  const { blocks } = quantized2;
  return [
    graph.addConstant(
      `${name}_blocks`,
      TensorProto_DataType.UINT8,
      [rows, columns / 2],
      packRows(unpaddedRows(quantized2, columns), columns)
    ),
    graph.addConstant(`${name}_scales`, TensorProto_DataType.FLOAT, [rows, blocks], quantized2.scales),
    graph.addConstant(
      `${name}_zero_points`,
      TensorProto_DataType.UINT8,
      [rows, Math.ceil(blocks / 2)],
      packRows(quantized2.zeroPoints, blocks, DEFAULT_ZERO_POINT)
    )
  ];
}
var DEFAULT_ZERO_POINT = 8;
function unpaddedRows({ codes, blocks }, columns) {
  const stride = blocks * BLOCK;
  if (stride === columns) return codes;
  const rows = codes.length / stride;
  const result = new Uint8Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    result.set(codes.subarray(row * stride, row * stride + columns), row * columns);
  }
  return result;
}
function replaceByBlockLookup(graph, node, inputs) {
  const [data = "", scales = "", zeroPoints = ""] = inputs;
  graph.removeNode(node);
  graph.addNode(
    makeNode("GatherBlockQuantized", [data, inputOf(node, 1), scales, zeroPoints], [outputOf(node)], {
      name: nodeLabel(node),
      domain: "com.microsoft",
      attributes: {
        bits: { int: 4 },
        block_size: { int: BLOCK },
        gather_axis: { int: 0 },
        quantize_axis: { int: 1 }
      }
    })
  );
}

// src/quantize/layers/folded-weights.ts
var SMALLEST_FOLDED = 1024;
var BLOCK2 = 64;
var SMALLEST_BLOCK = 16;
var RECURRENT = /* @__PURE__ */ new Set(["LSTM", "GRU", "RNN"]);
var FOLDABLE_LAYERS = /* @__PURE__ */ new Set([
  ...RECURRENT,
  "Conv",
  "ConvTranspose",
  "MatMul",
  "Gemm",
  ...FUSED_WEIGHT_INPUTS.keys()
]);
function foldWeights(graph, selection, among) {
  const decisions = [];
  const folded = /* @__PURE__ */ new Map();
  for (const node of graph.nodes) {
    if (among?.has(node.opType) === false) continue;
    const weights = weightInputs(node).filter((index) => holdsWeights(graph, node, index));
    if (weights.length === 0) continue;
    const reason = refusal3(graph, node, { weights, selection });
    decisions.push({
      node: nodeLabel(node),
      opType: node.opType,
      became: reason === null ? "int8 weights, folded" : "float",
      reason
    });
    if (reason !== null) continue;
    for (const index of weights) {
      const name = node.input[index];
      let made = folded.get(name);
      if (!made) {
        made = foldWeight(graph, name);
        folded.set(name, made);
      }
      graph.setInput(node, index, made);
    }
  }
  return decisions;
}
function holdsWeights(graph, node, index) {
  const name = node.input[index] ?? "";
  return node.opType === "Gather" ? graph.isFloats(name) : graph.isReal(name);
}
function refusal3(graph, node, { weights, selection }) {
  const kept2 = selection.reasonToKeep(node);
  if (kept2 !== null) return kept2;
  if (selection.override(node)?.weight?.startsWith("float")) return "overridden";
  const values = Math.max(...weights.map((index) => elementCount(graph.constant(node.input[index]).dims)));
  if (values < SMALLEST_FOLDED) return `too small to pay: ${values} values`;
  for (const index of weights) {
    const held = keptForOthers(graph, node.input[index], selection);
    if (held !== null) return held;
  }
  const finite = weights.every((index) => allFinite(graph.realValues(node.input[index])));
  return finite ? null : NOT_FINITE;
}
function foldWeight(graph, name) {
  const dims = graph.dims(name);
  const values = graph.realValues(name);
  const to = graph.constant(name).dataType;
  const block = blockLength(elementCount(dims.slice(1)));
  const { codes, scales } = roundBlocks(values, block);
  const codesName = graph.addConstant(`${name}_int8`, TensorProto_DataType.INT8, [scales.length, block], codes);
  const halves = Uint16Array.from(scales, halfBits);
  const scaleName = graph.addConstant(`${name}_scale`, TensorProto_DataType.FLOAT16, [scales.length, 1], halves);
  const shape = graph.addConstant(
    `${name}_shape`,
    TensorProto_DataType.INT64,
    [dims.length],
    BigInt64Array.from(dims, BigInt)
  );
  const inItsType = (value, type) => {
    if (type === to) return value;
    const cast = graph.freshName(`${value}_cast`);
    const attributes = { to: { int: to } };
    graph.addNode(makeNode("Cast", [value], [cast], { name: cast, attributes }));
    return cast;
  };
  const product2 = graph.freshName(`${name}_blocks`);
  const weight = graph.freshName(`${name}_float`);
  graph.addNode(
    makeNode(
      "Mul",
      [inItsType(codesName, TensorProto_DataType.INT8), inItsType(scaleName, TensorProto_DataType.FLOAT16)],
      [product2],
      { name: product2 }
    )
  );
  graph.addNode(makeNode("Reshape", [product2, shape], [weight], { name: weight }));
  return weight;
}
function blockLength(channelLength) {
  for (let length = Math.min(BLOCK2, channelLength); length >= SMALLEST_BLOCK; length--) {
    if (channelLength % length === 0) return length;
  }
  return Math.max(1, channelLength);
}
function roundBlocks(values, block) {
  const codes = new Int8Array(values.length);
  const scales = new Float32Array(values.length / block);
  for (let b = 0, start = 0; b < scales.length; b++, start += block) {
    let largest = 0;
    for (let i = start; i < start + block; i++) largest = Math.max(largest, Math.abs(values[i]));
    const scale = halfValue(halfBits(largest / 127 * (1 + 2 ** -11))) || SMALLEST_SCALE;
    scales[b] = scale;
    for (let i = start; i < start + block; i++) {
      codes[i] = Math.max(-127, Math.min(127, roundHalfEven(values[i] / scale)));
    }
  }
  return { codes, scales };
}
var SMALLEST_SCALE = 2 ** -24;

// src/quantize/layers/linear-layer.ts
function linearLayer(graph, node) {
  const [input = "", weight = ""] = node.input;
  const tensor = graph.constant(weight);
  if (!tensor) {
    return graph.constant(input) ? { reason: "the first factor is the constant one" } : { reason: "both factors are computed" };
  }
  if (tensor.dataType !== TensorProto_DataType.FLOAT) return { reason: "the weight is not float32" };
  const dims = dimsOf(tensor);
  if (dims.length !== 2) return { reason: `the weight has ${dims.length} dimensions` };
  if (dims.includes(0)) return { reason: "the weight is empty" };
  if (graph.constant(input)) return { reason: "both factors are constant" };
  const weighted2 = readWeighted(graph, node);
  if (!weighted2) return { reason: "it is no product" };
  if (weighted2.transA) return { reason: "transA is set" };
  const { inputs, outputs, rowsAreOutputs, alpha, beta, bias } = weighted2;
  return {
    node,
    input,
    weight,
    depth: inputs,
    channels: outputs,
    transposed: rowsAreOutputs,
    alpha,
    bias: bias === "" ? null : { name: bias, beta }
  };
}
function layerWeights(graph, layer) {
  const stored = graph.floats(layer.weight);
  return layer.transposed ? transpose(stored, layer.channels, layer.depth) : stored;
}
function transpose(values, rows, columns) {
  const result = new values.constructor(values.length);
  const tile = 32;
  for (let r0 = 0; r0 < rows; r0 += tile) {
    for (let c0 = 0; c0 < columns; c0 += tile) {
      const r1 = Math.min(rows, r0 + tile);
      const c1 = Math.min(columns, c0 + tile);
      for (let r = r0; r < r1; r++)
        for (let c = c0; c < c1; c++) result[c * rows + r] = values[r * columns + c];
    }
  }
  return result;
}
function hasPlainAddend(graph, { bias }) {
  return !bias || bias.beta === 1 || graph.isFloats(bias.name);
}
function addendName(graph, { bias }) {
  if (!bias) return null;
  if (bias.beta === 1) return bias.name;
  const values = graph.floats(bias.name).map((value) => value * bias.beta);
  return graph.addConstant(`${bias.name}_scaled`, TensorProto_DataType.FLOAT, graph.dims(bias.name), values);
}

// src/quantize/prepare/edit-bodies.ts
import { createHash } from "node:crypto";
async function editBodies(prepared, options) {
  return await editWithin(prepared, options, new SharedConstants(prepared));
}
async function editWithin(prepared, options, shared) {
  const { graph } = prepared.model;
  let edits = 0;
  for (const node of graph.nodes) {
    for (const body of subgraphsOf(node)) {
      const edited = await editedBody(body, { node, prepared, options, shared });
      if (!edited) continue;
      edits += edited.edits;
      graph.editSubgraphs(node, edited.put);
    }
  }
  return edits;
}
async function editedBody(body, { node, prepared, options, shared }) {
  const { model, types } = prepared;
  const inputs = typedInputs(body, node, types);
  if (!inputs) return null;
  const outer = /* @__PURE__ */ new Set();
  const constant = (name) => {
    const tensor = model.graph.constant(name);
    if (!tensor || model.graph.consumers(name).length > 1 || model.graph.isOutput(name)) return void 0;
    outer.add(name);
    return tensor;
  };
  const inner = bodyModel(body, inputs, { model, types, constant });
  try {
    liftConstants(inner.graph);
    const seen = new Map([...types, ...await inferTypes(inner, options)]);
    const within = { model: inner, types: seen };
    const edits = await options.edit(within) + await editWithin(within, options, shared);
    if (edits === 0) return null;
    inner.graph.prune();
    for (const { domain, version } of inner.proto.opsetImport) model.setOpset(domain, Number(version));
    const made = inner.graph.commit();
    return {
      edits,
      put() {
        body.node = made.node;
        body.initializer = made.initializer.filter(({ name }) => !outer.has(name));
        body.valueInfo = [];
        shared.share(body);
      }
    };
  } catch (error) {
    if (error instanceof Interrupted) throw error;
    options.context.log.debug(`A body of ${node.opType} '${node.name}' stays as it is: ${messageOf(error)}`);
    return null;
  }
}
var SMALLEST_SHARED_BYTES = 1024;
var SharedConstants = class {
  #main;
  #known = /* @__PURE__ */ new Map();
  constructor(main) {
    this.#main = main;
  }
  share(body) {
    const { graph } = this.#main.model;
    for (const tensor of [...body.initializer]) {
      const bytes = tensorBytes(tensor, graph.directory);
      if (bytes.length < SMALLEST_SHARED_BYTES) continue;
      const key = `${tensor.dataType} ${tensor.dims} ${createHash("sha256").update(bytes).digest("hex")}`;
      const first2 = this.#known.get(key);
      if (!first2) {
        this.#known.set(key, { name: tensor.name, holder: body });
        continue;
      }
      if (first2.holder) {
        const held = first2.holder.initializer.find(({ name }) => name === first2.name);
        first2.holder.initializer = first2.holder.initializer.filter((one) => one !== held);
        graph.setInitializer(held);
        first2.holder = null;
      }
      body.initializer = body.initializer.filter((one) => one !== tensor);
      for (const node of body.node) renameReads(node, tensor.name, first2.name);
    }
  }
};

// src/onnx/narrow-constants.ts
var SMALLEST_NARROWED = 256;
var HALF_LIMIT = 65520;
function narrowConstants(graph, type) {
  for (const tensor of [...graph.initializers.values()]) {
    const { name } = tensor;
    if (tensor.dataType !== TensorProto_DataType.FLOAT || elementCount(tensor.dims) < SMALLEST_NARROWED) continue;
    if (graph.isOutput(name) || graph.isInput(name)) continue;
    const bits = narrowed(graph.floats(name), type);
    if (!bits) continue;
    const stored = graph.freshName(`${name}_${type === TensorProto_DataType.FLOAT16 ? "half" : "bfloat16"}`);
    graph.setInitializer(makeTensor(stored, type, dimsOf(tensor), bits));
    graph.removeInitializer(name);
    const attributes = { to: { int: TensorProto_DataType.FLOAT } };
    graph.addNode(makeNode("Cast", [stored], [name], { name: `${name}_cast`, attributes }));
  }
}
function narrowed(values, type) {
  if (type === TensorProto_DataType.FLOAT16)
    return values.every((value) => Math.abs(value) < HALF_LIMIT) ? toHalf(values) : null;
  return toBfloat16(values);
}

// src/quantize/prepare/write-prepared.ts
function writePrepared({ model, widened }, out) {
  const { graph } = model;
  graph.prune();
  if (widened) narrowConstants(graph, widened);
  graph.setValueInfo([]);
  writeModel(model, out);
}
function narrowFile(file, widened) {
  const model = readModel(file);
  narrowConstants(model.graph, widened);
  writeModel(model, file);
}

// src/quantize/int8-dynamic/attention.ts
var INPUT = 0;
var WEIGHT = 1;
var BIAS = 2;
var MASK = 3;
var PAST = 4;
var LEAST_OPSET = 11;
function quantizeAttention(model, selection, options) {
  const { graph } = model;
  const decisions = [];
  const weights = /* @__PURE__ */ new Map();
  for (const node of graph.nodes) {
    if (node.opType !== "Attention" || node.domain !== "com.microsoft") continue;
    const reason = refusal4(model, node, selection);
    const became = reason === null ? "QAttention" : "float";
    decisions.push({ node: nodeLabel(node), opType: "Attention", became, reason });
    if (reason !== null) continue;
    const name = inputOf(node, WEIGHT);
    const weight = weights.get(name) ?? addProjections(graph, name, options);
    weights.set(name, weight);
    graph.replaceNode(node, quantized(graph, node, weight));
  }
  return decisions;
}
function refusal4(model, node, selection) {
  const { graph } = model;
  const kept2 = selection.reasonToKeep(node);
  if (kept2 !== null) return kept2;
  const override = selection.override(node);
  if (override?.weight?.startsWith("float") || override?.activation?.startsWith("float")) return "overridden";
  if (model.opset() < LEAST_OPSET) return `opset ${model.opset()} has no DynamicQuantizeLinear`;
  const weight = inputOf(node, WEIGHT);
  if (!graph.isFloats(weight) || !graph.isFloats(inputOf(node, BIAS)))
    return "its weight or bias is not a float32 constant";
  if (attribute(node, "qkv_hidden_sizes") || intAttribute(node, "do_rotary", 0) !== 0)
    return "QAttention has no such form";
  if (node.input.slice(PAST + 1).some((name) => name !== "")) return "QAttention takes no attention bias";
  const held = keptForOthers(graph, weight, selection);
  if (held !== null) return held;
  return allFinite(graph.floats(weight)) ? null : NOT_FINITE;
}
function addProjections(graph, name, options) {
  const dims = graph.dims(name);
  const [rows = 0, columns = 0] = dims;
  const layout = { rows, columns, kernel: 1, rowsAreOutputs: false, group: 1 };
  const { data, scale } = quantizeWeight(graph.floats(name), dims, {
    type: "int8",
    axis: options.perChannel ? 1 : null,
    symmetric: true,
    pairs: options.saturationSafe ? reductionOrder(layout) : null
  });
  const shape = options.perChannel ? [columns] : [];
  return [
    graph.addConstant(`${name}_quantized`, TensorProto_DataType.INT8, dims, data),
    graph.addConstant(`${name}_scale`, TensorProto_DataType.FLOAT, shape, scale),
    graph.addConstant(`${name}_zero_point`, TensorProto_DataType.INT8, shape, new Int8Array(scale.length))
  ];
}
function quantized(graph, node, [data, scale, zero]) {
  const x = graph.freshName(`${data}_x`);
  const xScale = graph.freshName(`${x}_scale`);
  const xZero = graph.freshName(`${x}_zero`);
  const at = (index) => inputOf(node, index);
  const inputs = [x, data, at(BIAS), xScale, scale, at(MASK), xZero, zero, at(PAST)];
  const attention = makeNode("QAttention", inputs, node.output, { name: node.name, domain: "com.microsoft" });
  attention.attribute = node.attribute.filter(
    ({ name }) => name !== "rotary_embedding_dim" && name !== "do_rotary"
  );
  return [makeNode("DynamicQuantizeLinear", [at(INPUT)], [x, xScale, xZero], { name: x }), attention];
}

// src/quantize/int8-dynamic/recurrent.ts
var W = 1;
var R = 2;
var INPUTS = 8;
var WEIGHTS = [W, R];
function recurrentLayer(graph, node) {
  if (node.opType !== "LSTM" || node.domain !== "" || intAttribute(node, "layout", 0) !== 0) return null;
  if (!WEIGHTS.every((index) => graph.isFloats(node.input[index] ?? ""))) return null;
  const [directions = 0, gates = 0, inputs = 0] = graph.dims(inputOf(node, W));
  const hidden = graph.dims(inputOf(node, R))[2] ?? 0;
  if (directions * gates * inputs * hidden === 0) return null;
  return { node, directions, gates, inputs, hidden };
}
function quantizeRecurrent(model, layers, options) {
  const weights = /* @__PURE__ */ new Map();
  for (const layer of layers) model.graph.replaceNode(layer.node, [twinOf(model, layer, options, weights)]);
}
function twinOf(model, layer, options, weights) {
  const { graph } = model;
  const { node } = layer;
  model.setOpset("com.microsoft", 1);
  const [w, r] = WEIGHTS.map((index) => {
    const name = inputOf(node, index);
    const made = weights.get(name) ?? addQuantizedGates(graph, name, options);
    weights.set(name, made);
    return made;
  });
  const inputs = Array.from({ length: INPUTS }, (_, index) => node.input[index] ?? "");
  inputs[W] = w[0];
  inputs[R] = r[0];
  const twin = makeNode("DynamicQuantizeLSTM", [...inputs, w[1], w[2], r[1], r[2]], node.output, {
    name: node.name,
    domain: "com.microsoft"
  });
  twin.attribute = node.attribute.filter(({ name }) => name !== "layout");
  return twin;
}
function addQuantizedGates(graph, name, options) {
  const [directions = 0, gates = 0, depth = 0] = graph.dims(name);
  const values = graph.floats(name);
  const size = gates * depth;
  const data = new Int8Array(directions * size);
  const channels = options.perChannel ? gates : 1;
  const scale = new Float32Array(directions * channels);
  const layout = { rows: depth, columns: gates, kernel: 1, rowsAreOutputs: false, group: 1 };
  for (let direction = 0; direction < directions; direction++) {
    const rows = values.subarray(direction * size, (direction + 1) * size);
    const quantized2 = quantizeWeight(transpose(rows, gates, depth), [depth, gates], {
      type: "int8",
      axis: options.perChannel ? 1 : null,
      symmetric: true,
      pairs: options.saturationSafe ? reductionOrder(layout) : null
    });
    data.set(quantized2.data, direction * size);
    scale.set(quantized2.scale, direction * channels);
  }
  const shape = options.perChannel ? [directions, gates] : [directions];
  return [
    graph.addConstant(`${name}_quantized`, TensorProto_DataType.INT8, [directions, depth, gates], data),
    graph.addConstant(`${name}_scale`, TensorProto_DataType.FLOAT, shape, scale),
    graph.addConstant(`${name}_zero_point`, TensorProto_DataType.INT8, shape, new Int8Array(scale.length))
  ];
}

// src/quantize/int8-dynamic/choose-recurrent.ts
var SMALLEST_PAYING_RECURRENT = 16384;
var LEAST_FIDELITY_DB = 20;
async function chooseRecurrent(request) {
  const { graph } = request.prepared.model;
  const decisions = /* @__PURE__ */ new Map();
  for (const node of graph.nodes) {
    const layer = recurrentLayer(graph, node);
    if (!layer) continue;
    const reason = refusal5(graph, layer, request);
    const became = reason === null ? "DynamicQuantizeLSTM" : "float";
    decisions.set(layer, { node: nodeLabel(node), opType: "LSTM", became, reason });
  }
  const refuse = (layer, reason) => {
    Object.assign(decisions.get(layer), { became: "float", reason });
  };
  const chosen = () => [...decisions.keys()].filter((layer) => decisions.get(layer).reason === null);
  const fidelity = await tried(request, chosen());
  for (const [layer, decibels3] of fidelity)
    if (!(decibels3 >= LEAST_FIDELITY_DB))
      refuse(layer, `in 8 bits it follows float with ${decibels3.toFixed(1)} dB only`);
  for (let before2 = -1; before2 !== chosen().length; ) {
    before2 = chosen().length;
    const layers = chosen();
    const readers = new Set(layers.map(({ node }) => node));
    for (const layer of layers) {
      const shared = WEIGHTS.flatMap((index) => graph.consumers(inputOf(layer.node, index)));
      if (shared.some((reader2) => !readers.has(reader2)))
        refuse(layer, "another operator reads its weights in float");
    }
  }
  return { layers: chosen(), decisions: [...decisions.values()] };
}
function refusal5(graph, { node, gates, inputs, hidden }, { selection, options: { onlyPaying } }) {
  const kept2 = selection.reasonToKeep(node);
  if (kept2 !== null) return kept2;
  const override = selection.override(node);
  if (override?.weight?.startsWith("float") || override?.activation?.startsWith("float")) return "overridden";
  const weights = gates * (inputs + hidden);
  if (onlyPaying && weights < SMALLEST_PAYING_RECURRENT) return `too small to pay: ${weights} weights`;
  for (const index of WEIGHTS) {
    const held = keptForOthers(graph, inputOf(node, index), selection);
    if (held !== null) return held;
    if (!allFinite(graph.floats(inputOf(node, index)))) return NOT_FINITE;
  }
  return null;
}
async function tried(request, layers) {
  const {
    dataset,
    request: { calibration, context }
  } = request;
  if (!dataset || layers.length === 0) return /* @__PURE__ */ new Map();
  try {
    return await recurrentFidelity({ ...request, dataset }, layers);
  } catch (error) {
    if (calibration || error instanceof Interrupted) throw error;
    context.log.debug(`Made-up tokens don't suit this model (${messageOf(error)}): its LSTMs are not tried.`);
    return /* @__PURE__ */ new Map();
  }
}
var SAMPLES = 8;
async function recurrentFidelity({ prepared, options, dataset, request: { context } }, layers) {
  const model = copyModel(prepared.model);
  const nodes = prepared.model.graph.topologicalNodes();
  const copies = model.graph.nodes;
  const weights = /* @__PURE__ */ new Map();
  const comparisons = layers.map((layer) => {
    const node = copies[nodes.indexOf(layer.node)];
    return compareWithTwin(model.graph, node, twinOf(model, { ...layer, node }, options, weights));
  });
  const sums = comparisons.map(() => ({ signal: 0, noise: 0 }));
  const observer = {
    values: comparisons.flatMap(({ signal, noise }) => [signal, noise]),
    add(values) {
      for (const [index, { signal, noise }] of comparisons.entries()) {
        sums[index].signal += values.get(signal.value)?.[0] ?? 0;
        sums[index].noise += values.get(noise.value)?.[0] ?? 0;
      }
    }
  };
  await observe({ model, dataset, context, maxSamples: SAMPLES }, [observer]);
  return new Map(layers.map((layer, index) => [layer, decibels(sums[index])]));
}
function decibels({ signal, noise }) {
  return noise === 0 ? Number.POSITIVE_INFINITY : 10 * Math.log10(signal / noise);
}
function compareWithTwin(graph, node, twin) {
  const index = node.output.findIndex((name) => name !== "");
  const tensor = node.output[index];
  twin.name = graph.freshName(`${tensor}_twin`);
  twin.output = node.output.map((name) => name === "" ? "" : graph.freshName(`${name}_twin`));
  const difference = graph.freshName(`${tensor}_difference`);
  const before2 = [twin, makeNode("Sub", [twin.output[index], tensor], [difference])];
  return {
    signal: sumOfSquares(graph, { tensor, of: tensor, before: [] }),
    noise: sumOfSquares(graph, { tensor, of: difference, before: before2 })
  };
}
function sumOfSquares(graph, { tensor, of, before: before2 }) {
  const value = graph.freshName(`${of}_power`);
  const attributes = { keepdims: { int: 0 } };
  return {
    tensor,
    value,
    single: true,
    nodes: [...before2, makeNode("ReduceSumSquare", [of], [value], { attributes })]
  };
}

// src/quantize/int8-dynamic/dynamic-layers.ts
function quantizeLayers({ model }, layers, options) {
  const { graph } = model;
  const standard = model.opset() >= DYNAMIC_QUANTIZE_OPSET;
  if (!standard && layers.length > 0) model.setOpset("com.microsoft", 1);
  const activations = /* @__PURE__ */ new Map();
  const weights = /* @__PURE__ */ new Map();
  const families = [...new Set(options.factors.values())];
  for (const layer of layers) {
    const factors = options.factors.get(layer.input);
    const smoothedBy = factors ? families.indexOf(factors) : null;
    const key = JSON.stringify([layer.weight, layer.transposed, layer.alpha, smoothedBy]);
    let weight = weights.get(key);
    if (!weight) {
      weight = addQuantizedWeight(graph, layer, options);
      weights.set(key, weight);
    }
    if (standard) emitStandard(graph, layer, { weight, activations });
    else emitContrib(graph, layer, weight);
  }
}
var DYNAMIC_QUANTIZE_OPSET = 11;
function addQuantizedWeight(graph, layer, options) {
  const dims = [layer.depth, layer.channels];
  const layout = { rows: layer.depth, columns: layer.channels, kernel: 1, rowsAreOutputs: false, group: 1 };
  const values = smoothedWeights(layerWeights(graph, layer), options.factors.get(layer.input));
  const quantized2 = quantizeWeight(values, dims, {
    type: "int8",
    axis: options.perChannel ? 1 : null,
    symmetric: true,
    pairs: options.saturationSafe ? reductionOrder(layout) : null
  });
  const scale = layer.alpha === 1 ? quantized2.scale : quantized2.scale.map((value) => value * layer.alpha);
  const shape = options.perChannel ? [layer.channels] : [];
  return {
    data: graph.addConstant(`${layer.weight}_quantized`, TensorProto_DataType.INT8, dims, quantized2.data),
    scale: graph.addConstant(`${layer.weight}_scale`, TensorProto_DataType.FLOAT, shape, scale)
  };
}
function smoothedWeights(values, factors) {
  if (!factors) return values;
  const channels = values.length / factors.length;
  const result = new Float32Array(values.length);
  for (let i = 0, row = 0; row < factors.length; row++) {
    for (const end = i + channels; i < end; i++) result[i] = values[i] * factors[row];
  }
  return result;
}
function emitStandard(graph, layer, { weight, activations }) {
  const output = outputOf(layer.node);
  let activation = activations.get(layer.input);
  if (!activation) {
    activation = {
      data: graph.freshName(`${layer.weight}_x`),
      scale: graph.freshName(`${layer.weight}_x_scale`),
      zeroPoint: graph.freshName(`${layer.weight}_x_zero`)
    };
    activations.set(layer.input, activation);
    const outputs = [activation.data, activation.scale, activation.zeroPoint];
    graph.addNode(makeNode("DynamicQuantizeLinear", [layer.input], outputs, { name: activation.data }));
  }
  const addend = addendName(graph, layer);
  const product2 = addend ? graph.freshName(`${layer.weight}_product`) : output;
  const integer = graph.freshName(`${layer.weight}_integer`);
  const cast = graph.freshName(`${layer.weight}_cast`);
  const scale = graph.freshName(`${layer.weight}_scales`);
  const name = nodeLabel(layer.node);
  const nodes = [
    makeNode("MatMulInteger", [activation.data, weight.data, activation.zeroPoint], [integer], { name }),
    makeNode("Cast", [integer], [cast], { name: cast, attributes: { to: { int: TensorProto_DataType.FLOAT } } }),
    makeNode("Mul", [activation.scale, weight.scale], [scale], { name: scale }),
    makeNode("Mul", [cast, scale], [product2], { name: `${cast}_scaled` })
  ];
  if (addend) nodes.push(makeNode("Add", [product2, addend], [output], { name: `${product2}_add` }));
  graph.removeNode(layer.node);
  for (const node of nodes) graph.addNode(node);
}
function emitContrib(graph, layer, weight) {
  const output = outputOf(layer.node);
  const addend = addendName(graph, layer);
  const product2 = addend ? graph.freshName(`${layer.weight}_product`) : output;
  graph.removeNode(layer.node);
  graph.addNode(
    makeNode("DynamicQuantizeMatMul", [layer.input, weight.data, weight.scale], [product2], {
      name: nodeLabel(layer.node),
      domain: "com.microsoft"
    })
  );
  if (addend) graph.addNode(makeNode("Add", [product2, addend], [output], { name: `${product2}_add` }));
}

// src/quantize/int8-dynamic/merge-layers.ts
var MOST_WEIGHTS = 2 ** 24;
var SPLIT_SIZES_OPSET = 13;
function mergeLayers(model, layers) {
  const { graph } = model;
  const groups = /* @__PURE__ */ new Map();
  for (const layer of layers) groups.set(layer.input, [...groups.get(layer.input) ?? [], layer]);
  const families = /* @__PURE__ */ new Map();
  for (const group of groups.values()) {
    const key = weightsKey(group);
    families.set(key, [...families.get(key) ?? [], group]);
  }
  const merges = new Set([...families.values()].filter((family) => canMerge(graph, family)).flat());
  const weights = /* @__PURE__ */ new Map();
  return [...groups.values()].flatMap((group) => merges.has(group) ? merge(model, group, weights) : group);
}
function weightsKey(group) {
  return JSON.stringify(group.map(({ weight }) => weight));
}
function canMerge(graph, family) {
  return family.every((group) => {
    const { depth } = group[0];
    const channels = channelsOf(group);
    const plain = group.every(({ node }) => node.opType === "MatMul" && node.domain === "");
    if (group.length < 2 || !plain || depth * channels > MOST_WEIGHTS) return false;
    if (group.some(({ weight }) => graph.consumers(weight).length !== family.length)) return false;
    const ends2 = group.map((layer) => biasBehind(graph, layer));
    return ends2.every((end) => end === null === (ends2[0] === null));
  });
}
function channelsOf(group) {
  return group.reduce((sum2, layer) => sum2 + layer.channels, 0);
}
function merge(model, group, weights) {
  const { graph } = model;
  const { input, depth } = group[0];
  const channels = channelsOf(group);
  const ends2 = group.map((layer) => biasBehind(graph, layer));
  const base = `${group[0].weight}_merged`;
  const key = weightsKey(group);
  const weight = weights.get(key) ?? graph.addConstant(base, TensorProto_DataType.FLOAT, [depth, channels], sideBySide(graph, group));
  weights.set(key, weight);
  const outputs = group.map(({ node: node2 }, i) => (ends2[i]?.add ?? node2).output[0]);
  const product2 = graph.freshName(`${base}_product`);
  const name = `${nodeLabel(group[0].node)}_merged`;
  for (const { node: node2 } of group) graph.removeNode(node2);
  const node = graph.addNode(makeNode("MatMul", [input, weight], [product2], { name }));
  let joined = product2;
  if (ends2[0]) {
    const values = Float32Array.from(ends2.flatMap((end) => [...end.values]));
    const bias = graph.addConstant(`${base}_bias`, TensorProto_DataType.FLOAT, [channels], values);
    for (const end of ends2) graph.removeNode(end.add);
    joined = graph.freshName(`${base}_sum`);
    graph.addNode(makeNode("Add", [product2, bias], [joined], { name: joined }));
  }
  split(model, joined, { outputs, sizes: group.map((layer) => layer.channels) });
  return { node, input, weight, depth, channels, transposed: false, alpha: 1, bias: null };
}
function biasBehind(graph, { node, channels }) {
  const output = outputOf(node);
  const add = graph.onlyReader(output);
  if (add?.opType !== "Add" || add.domain !== "") return null;
  const bias = add.input.find((name) => name !== output) ?? "";
  const tensor = graph.constant(bias);
  if (tensor?.dataType !== TensorProto_DataType.FLOAT || String(dimsOf(tensor)) !== String([channels])) return null;
  return { add, values: graph.floats(bias) };
}
function sideBySide(graph, group) {
  const { depth } = group[0];
  const channels = channelsOf(group);
  const values = new Float32Array(depth * channels);
  let first2 = 0;
  for (const layer of group) {
    const weights = layerWeights(graph, layer);
    for (let row = 0; row < depth; row++) {
      const from = row * layer.channels;
      values.set(weights.subarray(from, from + layer.channels), row * channels + first2);
    }
    first2 += layer.channels;
  }
  return values;
}
function split(model, joined, { outputs, sizes }) {
  const { graph } = model;
  const axis = { axis: { int: -1 } };
  const name = graph.freshName(`${joined}_split`);
  if (model.opset() < SPLIT_SIZES_OPSET) {
    graph.addNode(
      makeNode("Split", [joined], outputs, { name, attributes: { ...axis, split: { ints: sizes } } })
    );
    return;
  }
  const values = BigInt64Array.from(sizes, BigInt);
  const constant = graph.addConstant(`${joined}_sizes`, TensorProto_DataType.INT64, [sizes.length], values);
  graph.addNode(makeNode("Split", [joined, constant], outputs, { name, attributes: axis }));
}

// src/quantize/calibrate/channels.ts
async function channelStatistics(request) {
  if (request.tensors.size === 0) return /* @__PURE__ */ new Map();
  const observer = new ChannelObserver(request.tensors, request.model);
  const samples = await observe({ ...request, step: CALIBRATING }, [observer]);
  return observer.statistics(samples);
}
function merge2(statistics, tensor, sample) {
  const known = statistics.get(tensor);
  if (!known) {
    statistics.set(tensor, {
      min: sample.min.slice(),
      max: sample.max.slice(),
      meanSquare: Float64Array.from(sample.meanSquare)
    });
    return;
  }
  for (let j = 0; j < known.min.length; j++) {
    known.min[j] = Math.min(known.min[j], sample.min[j]);
    known.max[j] = Math.max(known.max[j], sample.max[j]);
    known.meanSquare[j] = known.meanSquare[j] + sample.meanSquare[j];
  }
}
var AXES_AS_INPUT = 18;
var ChannelObserver = class {
  values = [];
  initializers = [];
  #statistics = /* @__PURE__ */ new Map();
  /** Names of minimum, maximum and mean square, by tensor. */
  #names = /* @__PURE__ */ new Map();
  #graph;
  /** Name of the constant that holds the axes to reduce, where they are an input; else null. */
  #axes;
  constructor(tensors, model) {
    this.#graph = model.graph;
    const axes = model.graph.freshName("quantgate_rows");
    this.#axes = model.opset() >= AXES_AS_INPUT ? axes : null;
    if (this.#axes) this.initializers.push(makeTensor(axes, TensorProto_DataType.INT64, [1], BigInt64Array.of(0n)));
    for (const [tensor, channels] of tensors) this.#names.set(tensor, this.#watch(tensor, channels));
  }
  add(values) {
    for (const [tensor, names] of this.#names) {
      const [min, max, meanSquare] = names.map((name) => values.get(name));
      merge2(this.#statistics, tensor, { min, max, meanSquare });
    }
  }
  statistics(samples) {
    for (const [tensor, { min, max, meanSquare }] of this.#statistics) {
      for (let j = 0; j < meanSquare.length; j++) meanSquare[j] = meanSquare[j] / samples;
      if (!min.every(Number.isFinite) || !max.every(Number.isFinite)) this.#statistics.delete(tensor);
    }
    return this.#statistics;
  }
  #watch(tensor, channels) {
    const graph = this.#graph;
    const shape = graph.freshName(`${tensor}_rows_shape`);
    const rows = graph.freshName(`${tensor}_rows`);
    const squares = graph.freshName(`${tensor}_squares`);
    this.initializers.push(makeTensor(shape, TensorProto_DataType.INT64, [2], BigInt64Array.of(-1n, BigInt(channels))));
    const shared = [makeNode("Reshape", [tensor, shape], [rows]), makeNode("Mul", [rows, rows], [squares])];
    const reduced = (opType, input, before2 = []) => {
      const value = graph.freshName(`${tensor}_${opType}`);
      this.values.push({ tensor, value, nodes: [...before2, this.#reduce(opType, input, value)] });
      return value;
    };
    return [reduced("ReduceMin", rows, shared), reduced("ReduceMax", rows), reduced("ReduceMean", squares)];
  }
  #reduce(opType, input, value) {
    const keepdims = { keepdims: { int: 0 } };
    return this.#axes ? makeNode(opType, [input, this.#axes], [value], { attributes: keepdims }) : makeNode(opType, [input], [value], { attributes: { ...keepdims, axes: { ints: [0] } } });
  }
};

// src/quantize/int8-dynamic/activation-families.ts
function activationFamilies(layers) {
  const familyOf = /* @__PURE__ */ new Map();
  for (const layer of layers) {
    const keys = [`activation ${layer.input}`, weightKey(layer)];
    const known = new Set(keys.flatMap((key) => familyOf.get(key) ?? []));
    const [family = /* @__PURE__ */ new Map(), ...others] = known;
    for (const other of others) {
      for (const [name, reading] of other) family.set(name, reading);
      for (const [key, value] of familyOf) if (value === other) familyOf.set(key, family);
    }
    family.set(layer.input, [...family.get(layer.input) ?? [], layer]);
    for (const key of keys) familyOf.set(key, family);
  }
  return [...new Set(familyOf.values())];
}
function distinctWeights(family) {
  const seen = /* @__PURE__ */ new Set();
  return [...family.values()].flat().filter((layer) => {
    const key = weightKey(layer);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
function weightKey({ weight, transposed }) {
  return `weight ${transposed} ${weight}`;
}
function pooledStatistics(all2) {
  const observed = all2.filter((one) => one !== void 0);
  const [first2, ...others] = observed;
  if (!first2 || observed.length < all2.length) return null;
  if (others.length === 0) return first2;
  return {
    min: first2.min.map((value, j) => others.reduce((least, { min }) => Math.min(least, min[j]), value)),
    max: first2.max.map((value, j) => others.reduce((most, { max }) => Math.max(most, max[j]), value)),
    meanSquare: first2.meanSquare.map(
      (value, j) => others.reduce((sum2, { meanSquare }) => sum2 + meanSquare[j], value) / observed.length
    )
  };
}

// src/quantize/int8-dynamic/fold-division.ts
function foldDivision(graph, name, options) {
  const { reading, layers, factors } = options;
  const producer = graph.producer(name);
  const nodes = new Set(reading.map((layer) => layer.node));
  if (!producer || graph.isOutput(name) || graph.consumers(name).some((node) => !nodes.has(node)))
    return null;
  const own = channelConstants(graph, producer, factors.length);
  if (own) {
    return () => {
      for (const index of own) divide(graph, producer, { index, ...options });
    };
  }
  const values = valuesBehindAttention(graph, producer, factors.length);
  if (!values) return null;
  return () => {
    if (values.bias) divide(graph, values.bias.node, { index: values.bias.index, ...options });
    divide(graph, values.product, { index: 1, ...options });
    const layer = layers.find(({ node }) => node === values.product);
    if (layer) layer.weight = inputOf(values.product, 1);
  };
}
function channelConstants(graph, node, depth) {
  if (node.domain !== "") return void 0;
  if (node.opType === "LayerNormalization") {
    const indices = node.input[2] ? [1, 2] : [1];
    return indices.every((index) => isVector2(graph, node.input[index], depth)) ? indices : void 0;
  }
  if (node.opType === "Mul") {
    const index = [1, 0].find((candidate) => isVector2(graph, node.input[candidate], depth));
    return index === void 0 ? void 0 : [index];
  }
  return void 0;
}
var HEADS_FIRST = [0, 2, 1, 3];
function valuesBehindAttention(graph, merge3, depth) {
  const inner = before(graph, merge3, { index: 0, opType: "Transpose" });
  const mix = inner && before(graph, inner, { index: 0, opType: "MatMul" });
  const apart2 = mix && before(graph, mix, { index: 1, opType: "Transpose" });
  const split3 = apart2 && before(graph, apart2, { index: 0, opType: "Reshape" });
  if (!split3 || merge3.opType !== "Reshape" || merge3.domain !== "") return null;
  const swaps = [inner, apart2].every((node) => String(intsAttribute(node, "perm")) === String(HEADS_FIRST));
  const [merged, heads] = [merge3, split3].map((node) => graph.constantValues(inputOf(node, 1)));
  if (!swaps || merged?.length !== 3 || heads?.length !== 4) return null;
  if (Number(merged[2]) !== depth || Number(heads[2]) * Number(heads[3]) !== depth) return null;
  const add = before(graph, split3, { index: 0, opType: "Add" });
  const at = add ? add.input.findIndex((name) => isVector2(graph, name, depth)) : -1;
  if (add && at < 0) return null;
  const product2 = before(graph, add ?? split3, { index: add ? 1 - at : 0, opType: "MatMul" });
  const weight = product2 && graph.constant(inputOf(product2, 1));
  if (!weight || weight.dataType !== TensorProto_DataType.FLOAT || weight.dims.length !== 2) return null;
  if (!graph.onlyReader(inputOf(product2, 1))) return null;
  return { product: product2, bias: add ? { node: add, index: at } : null };
}
function before(graph, node, { index, opType }) {
  const name = node.input[index] ?? "";
  const producer = graph.producer(name);
  const isAlone = graph.onlyReader(name) !== void 0;
  return producer?.opType === opType && producer.domain === "" && isAlone ? producer : null;
}
function isVector2(graph, name, depth) {
  const tensor = graph.constant(name ?? "");
  return tensor?.dataType === TensorProto_DataType.FLOAT && tensor.dims.length === 1 && Number(tensor.dims[0]) === depth;
}
function divide(graph, node, { index, factors, divided }) {
  const name = node.input[index];
  let copy = divided.get(name);
  if (copy === void 0) {
    const values = graph.floats(name).map((value, i) => value / factors[i % factors.length]);
    copy = graph.addConstant(`${name}_smoothed`, TensorProto_DataType.FLOAT, graph.dims(name), values);
    divided.set(name, copy);
  }
  graph.setInput(node, index, copy);
}

// src/quantize/int8-dynamic/smooth-quant.ts
var SMALLEST_GAIN_DB = 1;
var CLEAN_DB = 38;
var MAX_SAMPLES = 32;
var ALPHAS = [0.4, 0.55, 0.7, 0.85];
var CLIP_RANKS = [1, 3, 8, 24, 64, 128];
async function smoothActivations({
  prepared,
  layers,
  request,
  saturationSafe
}) {
  const { graph } = prepared.model;
  const families = activationFamilies(layers);
  const statistics = await channelStatistics({
    ...request,
    model: prepared.model,
    tensors: new Map(layers.map(({ input, depth }) => [input, depth])),
    maxSamples: MAX_SAMPLES
  });
  const smoothing = { factors: /* @__PURE__ */ new Map(), applied: [] };
  for (const family of families)
    smoothFamily(graph, family, { layers, statistics, saturationSafe, smoothing });
  return smoothing;
}
function smoothFamily(graph, family, {
  layers,
  statistics,
  saturationSafe,
  smoothing
}) {
  const observed = pooledStatistics([...family.keys()].map((name) => statistics.get(name)));
  const choice = observed && chooseFactors(graph, distinctWeights(family), { observed, saturationSafe });
  if (!choice) return;
  const { factors, label, gainDb } = choice;
  const divided = /* @__PURE__ */ new Map();
  const folds = [...family].map(
    ([name, reading]) => foldDivision(graph, name, { layers, reading, factors, divided })
  );
  if (folds.includes(null) && choice.beforeDb > CLEAN_DB) return;
  let reciprocals = null;
  for (const [i, [name, reading]] of [...family].entries()) {
    const fold = folds[i];
    let smoothed = name;
    if (fold) fold();
    else {
      reciprocals ??= addReciprocals(graph, name, factors);
      smoothed = insertDivision(graph, name, { reading, reciprocals });
    }
    smoothing.factors.set(smoothed, factors);
    smoothing.applied.push({
      activation: name,
      choice: label,
      gainDb: Math.round(gainDb * 10) / 10,
      folded: Boolean(fold)
    });
  }
}
function chooseFactors(graph, layers, { observed, saturationSafe }) {
  const { depth } = layers[0];
  const weights = layers.map((layer) => ({ values: layerWeights(graph, layer), channels: layer.channels }));
  const rows = rowStatistics(weights, depth);
  const sampled = weights.map((weight) => sampleChannels(weight, depth));
  const largest = observed.max.map((value, j) => Math.max(value, -observed.min[j]));
  let signal = 0;
  for (let j = 0; j < depth; j++) signal += observed.meanSquare[j] * rows.squares[j];
  const errorBelow = (most, factors) => {
    const ofActivations = activationError(factors, observed, rows.squares);
    if (ofActivations >= most) return null;
    const scaleSquares = sampled.reduce(
      (sum2, weight) => sum2 + weight.share * sumOfSquaredScales(weight, factors, saturationSafe),
      0
    );
    const error = ofActivations + weightError(factors, observed, scaleSquares);
    return error < most ? error : null;
  };
  const before2 = errorBelow(Number.POSITIVE_INFINITY, new Float32Array(depth).fill(1));
  if (before2 === null) return null;
  let best = null;
  for (const [label, factors] of candidates(largest, rows.largest)) {
    const error = errorBelow(best?.error ?? before2, factors);
    if (error !== null) best = { factors, label, error };
  }
  if (!best) return null;
  const gainDb = 10 * Math.log10(before2 / best.error);
  if (!(gainDb >= SMALLEST_GAIN_DB)) return null;
  return { factors: best.factors, label: best.label, gainDb, beforeDb: 10 * Math.log10(signal / before2) };
}
function* candidates(largest, weightRows) {
  const tiny = 1e-5;
  for (const alpha of ALPHAS) {
    const factors = largest.map(
      (value, j) => Math.max(value, tiny) ** alpha / Math.max(weightRows[j], tiny) ** (1 - alpha)
    );
    let logarithms = 0;
    for (const factor2 of factors) logarithms += Math.log(factor2);
    const mean = Math.exp(logarithms / factors.length);
    yield [`alpha ${alpha}`, factors.map((factor2) => factor2 / mean)];
  }
  const sorted = largest.slice().sort();
  for (const rank of CLIP_RANKS) {
    const threshold = sorted.at(-1 - rank) ?? 0;
    if (rank < sorted.length && threshold > tiny) {
      yield [`clip ${rank}`, largest.map((value) => Math.max(1, value / threshold))];
    }
  }
}
var MAX_SAMPLED_CHANNELS = 32;
function sampleChannels({ values, channels }, depth) {
  const stride = Math.ceil(channels / MAX_SAMPLED_CHANNELS);
  if (stride === 1) return { values, channels, share: 1 };
  const count = Math.ceil(channels / stride);
  const sampled = new Float32Array(depth * count);
  for (let row = 0, i = 0; row < depth; row++) {
    for (let n = 0; n < channels; n += stride) sampled[i++] = values[row * channels + n];
  }
  return { values: sampled, channels: count, share: channels / count };
}
function rowStatistics(weights, depth) {
  const largest = new Float32Array(depth);
  const squares = new Float64Array(depth);
  for (const { values, channels } of weights) {
    for (let row = 0; row < depth; row++) {
      const start = row * channels;
      largest[row] = Math.max(largest[row], largestMagnitude(values, start, start + channels));
      squares[row] += sumOfSquares2(values, start, start + channels);
    }
  }
  return { largest, squares };
}
function largestMagnitude(values, start, end) {
  let [least, most] = [0, 0];
  for (let i = start; i < end; i++) {
    const value = values[i];
    if (value > most) most = value;
    if (value < least) least = value;
  }
  return Math.max(most, -least);
}
function sumOfSquares2(values, start, end) {
  let sum2 = 0;
  for (let i = start; i < end; i++) sum2 += values[i] * values[i];
  return sum2;
}
function activationError(factors, observed, rowSquares) {
  let min = 0;
  let max = 0;
  let gain = 0;
  for (let j = 0; j < factors.length; j++) {
    const factor2 = factors[j];
    min = Math.min(min, observed.min[j] / factor2);
    max = Math.max(max, observed.max[j] / factor2);
    gain += factor2 * factor2 * rowSquares[j];
  }
  const step = (max - min) / 255;
  return step * step / 12 * gain;
}
function weightError(factors, observed, scaleSquares) {
  let power2 = 0;
  for (let j = 0; j < factors.length; j++) power2 += observed.meanSquare[j] / factors[j] ** 2;
  return scaleSquares / 12 * power2;
}
function sumOfSquaredScales({ values, channels }, factors, saturationSafe) {
  const scales = new Float32Array(channels);
  for (let j = 0, i = 0; j < factors.length; j++) {
    const factor2 = factors[j] / 127;
    for (let n = 0; n < channels; n++, i++) {
      const magnitude = Math.abs(values[i] * factor2);
      if (magnitude > scales[n]) scales[n] = magnitude;
    }
  }
  if (saturationSafe) {
    for (let j = 0; j + 1 < factors.length; j += 2) {
      const first2 = factors[j] / 128;
      const second = factors[j + 1] / 128;
      const row = j * channels;
      for (let n = 0; n < channels; n++) {
        const magnitude = Math.abs(values[row + n] * first2 + values[row + channels + n] * second);
        if (magnitude > scales[n]) scales[n] = magnitude;
      }
    }
  }
  let total2 = 0;
  for (const scale of scales) total2 += scale * scale;
  return total2;
}
function addReciprocals(graph, name, factors) {
  const reciprocals = factors.map((factor2) => 1 / factor2);
  return graph.addConstant(`${name}_smoothing`, TensorProto_DataType.FLOAT, [factors.length], reciprocals);
}
function insertDivision(graph, name, { reading, reciprocals }) {
  const smoothed = graph.freshName(`${name}_smoothed`);
  graph.addNode(
    makeNode("Mul", [name, reciprocals], [smoothed], { name: graph.freshName(`${name}_smooth`) })
  );
  for (const layer of reading) {
    graph.setInput(layer.node, 0, smoothed);
    layer.input = smoothed;
  }
  return smoothed;
}

// src/quantize/int8-dynamic/synthetic.ts
var SAMPLES2 = 4;
var LENGTH = 48;
var TEXT = 0.75;
var MOST_TYPES = 8;
function syntheticTokens(model) {
  const { graph } = model;
  const rowsByInput = /* @__PURE__ */ new Map();
  for (const node of graph.nodes) {
    if (!isLookup(graph, node) || !graph.isInput(inputOf(node, 1))) continue;
    rowsByInput.set(inputOf(node, 1), Number(graph.constant(inputOf(node, 0)).dims[0]));
  }
  const inputs = graph.inputs.map((input) => ({ name: input.name, type: tensorType(input) }));
  const isInteger = (type) => type === TensorProto_DataType.INT64 || type === TensorProto_DataType.INT32;
  if (rowsByInput.size === 0 || !inputs.every(({ type }) => isInteger(type?.dataType))) return null;
  return {
    description: "made-up tokens",
    length: SAMPLES2,
    labelled: false,
    classes: null,
    async *samples() {
      const next = generator();
      for (let i = 0; i < SAMPLES2; i++) {
        const feeds = inputs.map(({ name, type }) => [name, tokens(type, rowsByInput.get(name), next)]);
        yield { id: `synthetic[${i}]`, feeds: Object.fromEntries(feeds), label: null };
      }
    }
  };
}
function tokens({ dataType, shape }, rows, next) {
  const dims = (shape ?? [1, LENGTH]).map(
    (dim, axis) => typeof dim === "number" && dim > 0 ? dim : axis === 0 ? 1 : LENGTH
  );
  const length = dims.at(-1) ?? 1;
  const values = Array.from({ length: elementCount(dims) }, (_, i) => {
    if (i % length >= length * TEXT) return 0;
    if (rows === void 0) return 1;
    return rows <= MOST_TYPES ? 0 : Math.floor(next() * rows);
  });
  return dataType === TensorProto_DataType.INT32 ? { type: "int32", dims, data: Int32Array.from(values) } : { type: "int64", dims, data: BigInt64Array.from(values, BigInt) };
}
function generator() {
  let state = 1;
  return () => {
    state = state * 48271 % 2147483647;
    return state / 2147483647;
  };
}

// src/quantize/int8-dynamic/verify-dynamic.ts
import { rmSync } from "node:fs";
import { join } from "node:path";
async function unfusedProducts(file, runtime) {
  const directory = scratchFolder("verify");
  try {
    const optimizedModelPath = join(directory, "extended.onnx");
    const session = await runtime.open(file, {
      graphOptimizationLevel: "extended",
      optimizedModelPath,
      threads: 1
    });
    await session.release();
    return readModel(optimizedModelPath).graph.nodes.filter((node) => node.opType === "MatMulInteger").map((node) => node.name);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
async function slowdown(files, { context, dataset }) {
  for await (const { feeds } of dataset.samples()) {
    return await sureSlowdown(files.original, files.quantized, { context, feeds });
  }
  return null;
}

// src/quantize/int8-dynamic/int8-dynamic.ts
var SMALLEST_PAYING_WEIGHT = 128 * 128;
async function int8Dynamic(request) {
  const { options, target } = request;
  const notes = optionNotes(request);
  const dynamic = {
    perChannel: options.perChannel ?? true,
    saturationSafe: options.saturationSafe ?? saturates(target),
    onlyPaying: options.include === null
  };
  const written = await write(request, dynamic);
  const isWritten = written.decisions.some(isQuantized);
  const verified = isWritten && request.verify ? await verify(request, written) : { notes: [], slowdown: null };
  notes.push(...written.notes, ...verified.notes);
  const slower2 = options.include === null ? verified.slowdown : null;
  const { decisions, provenance } = slower2 ? await write(request, { ...dynamic, onlyWeights: true }) : written;
  if (slower2) notes.push(onlyWeightsNote(slower2));
  if (!decisions.some(isQuantized)) {
    leaveFloat(request);
    notes.push(NOTHING_PAYS);
  }
  return resultOf(request, { decisions, notes, provenance });
}
async function write(request, dynamic) {
  const { options, target } = request;
  const { perChannel, saturationSafe, onlyWeights = false } = dynamic;
  const prepared = await prepareModel(request.model, {
    ...request,
    keepsSharing: true,
    narrowFloats: isCpu(target) ? "float32" : "kept"
  });
  const rewrites = applyRewrites(prepared.model, prepared.types, request.context.log);
  const selection = makeSelection(options, prepared.model.graph.nodes);
  const { layers, decisions: made } = dynamicLayers(prepared, selection, dynamic);
  const dataset = request.calibration ?? syntheticTokens(prepared.model);
  const recurrent = onlyWeights ? { layers: [], decisions: [] } : await chooseRecurrent({ prepared, selection, options: dynamic, dataset, request });
  made.push(...recurrent.decisions);
  const smoothed = await smooth(prepared, layers, { request, dataset, saturationSafe });
  const products = perChannel ? mergeLayers(prepared.model, layers) : layers;
  quantizeLayers(prepared, products, { ...dynamic, factors: smoothed?.factors ?? /* @__PURE__ */ new Map() });
  quantizeRecurrent(prepared.model, recurrent.layers, dynamic);
  made.push(...quantizeAttention(prepared.model, selection, dynamic));
  made.push(...quantizeEmbeddings(prepared, selection));
  if (options.include === null)
    made.push(...foldWeights(prepared.model.graph, selection, FOLDABLE_LAYERS).filter(isQuantized));
  await editBodies(prepared, {
    ...request,
    edit: (body) => {
      const inside = quantizeBody(body, selection, dynamic);
      made.push(...inside);
      return inside.filter(isQuantized).length;
    }
  });
  const decisions = [...new Map(made.map((decision) => [decision.node, decision])).values()];
  if (decisions.some(isQuantized)) {
    writePrepared(prepared, request.out);
  }
  const provenance = { perChannel, saturationSafe, smoothed: smoothed?.applied ?? [], rewrites };
  return { decisions, notes: unmatchedNotes(selection), provenance, dataset };
}
function quantizeBody(body, selection, dynamic) {
  const { layers, decisions } = dynamicLayers(body, selection, dynamic);
  quantizeLayers(body, layers, { ...dynamic, factors: /* @__PURE__ */ new Map() });
  decisions.push(...quantizeAttention(body.model, selection, dynamic));
  decisions.push(...quantizeEmbeddings(body, selection));
  if (dynamic.onlyPaying)
    decisions.push(...foldWeights(body.model.graph, selection, FOLDABLE_LAYERS).filter(isQuantized));
  return decisions;
}
var NOTHING_PAYS = {
  level: "info",
  code: "nothing-pays",
  message: "Nothing pays in int8-dynamic here: no product or LSTM is large enough to run in 8 bits, and no float32 weights are worth compressing. The model was left as it is."
};
function optionNotes({ options, target, calibration }) {
  if (options.smoothQuant === true && !calibration) {
    throw new UserError(
      "smooth-quant needs calibration data: name it under data.calibration, or with --calibration."
    );
  }
  const notes = [];
  if (options.symmetric === false) {
    notes.push({
      level: "warn",
      code: "ignored-option",
      message: "symmetric: false is ignored: the fused kernel wants symmetric weights."
    });
  }
  if (!isCpu(target)) {
    notes.push({
      level: "warn",
      code: "target-without-int8",
      message: `${target} has no kernel for dynamically quantized products: they run on the CPU. Use float16 or int8-weights.`
    });
  }
  return notes;
}
function onlyWeightsNote(slowdown2) {
  return {
    level: "info",
    code: "only-weights",
    message: `With products in 8 bits the model ${slowdownText(slowdown2)}: only its weights were compressed, and it computes in float32 as before.`
  };
}
async function verify(request, { dataset }) {
  const { context, target, options } = request;
  const notes = [];
  const unfused = await unfusedProducts(request.out, context.runtime);
  if (unfused.length > 0) {
    const message = `ONNX Runtime left ${unfused.length} products unfused, which costs time: ${unfused.slice(0, 5).join(", ")}.`;
    notes.push({ level: "warn", code: "not-fused", message });
  }
  if (!dataset || !runsHere(target)) return { notes, slowdown: null };
  try {
    const files = { original: request.model, quantized: request.out };
    const found = await slowdown(files, { context, dataset });
    if (found && options.include !== null)
      notes.push({ level: "warn", code: "slower", message: `The quantized model ${slowdownText(found)}.` });
    return { notes, slowdown: found };
  } catch (error) {
    context.log.debug(`The quantized model's speed was not compared: ${messageOf(error)}`);
    return { notes, slowdown: null };
  }
}
async function smooth(prepared, layers, {
  request,
  dataset,
  saturationSafe
}) {
  if (request.options.smoothQuant === false || layers.length === 0 || !dataset) return null;
  try {
    return await smoothActivations({ prepared, layers, request: { ...request, dataset }, saturationSafe });
  } catch (error) {
    if (request.calibration || error instanceof Interrupted) throw error;
    request.context.log.debug(
      `Made-up tokens don't suit this model (${messageOf(error)}): its activations are not smoothed.`
    );
    return null;
  }
}
function dynamicLayers({ model: { graph }, types }, selection, options) {
  const layers = [];
  const decisions = [];
  for (const node of graph.nodes) {
    if (!isWeightedOperator(node)) continue;
    const decision = { node: nodeLabel(node), opType: node.opType, became: "float", reason: null };
    decisions.push(decision);
    if (node.opType.startsWith("Conv")) {
      decision.reason = "dynamically quantized convolutions are slower than float; int8-static is for them";
      continue;
    }
    const layer = linearLayer(graph, node);
    const reason = "reason" in layer ? layer.reason : refusal6(layer, types, { selection, options, graph });
    if (reason !== null || "reason" in layer) decision.reason = reason;
    else {
      decision.became = "DynamicQuantizeMatMul";
      layers.push(layer);
    }
  }
  return { layers, decisions };
}
function refusal6(layer, types, context) {
  const { selection, options, graph } = context;
  const kept2 = selection.reasonToKeep(layer.node);
  if (kept2 !== null) return kept2;
  const override = selection.override(layer.node);
  if (override?.weight?.startsWith("float") || override?.activation?.startsWith("float")) return "overridden";
  const input = types.get(layer.input);
  if (input && input.dataType !== TensorProto_DataType.FLOAT) return "it does not work on float32";
  if (input?.shape?.length === 1) return "its input is a vector";
  if (!hasPlainAddend(graph, layer)) return "its addend is scaled and not constant";
  if (options.onlyWeights) return "products in 8 bits were slower here";
  if (options.onlyPaying && layer.depth * layer.channels < SMALLEST_PAYING_WEIGHT) {
    return `too small to pay: ${layer.depth} \xD7 ${layer.channels}`;
  }
  const held = keptForOthers(graph, layer.weight, selection);
  if (held !== null) return held;
  return allFinite(graph.floats(layer.weight)) ? null : NOT_FINITE;
}

// src/quantize/int8-static/choose-percentile.ts
import { rmSync as rmSync2 } from "node:fs";
import { join as join2 } from "node:path";

// src/quantize/int8-static/composite-parameters.ts
function hardSwishInput({ max }) {
  const steps = Math.max(
    1,
    Math.floor(-HARD_SIGMOID_OPENS * LEVELS / (Math.max(max, 0) - HARD_SIGMOID_OPENS))
  );
  return { scale: Math.fround(-HARD_SIGMOID_OPENS / steps), zeroPoint: steps, type: "uint8" };
}
function shiftParameters({ min, max }, offset) {
  const type = "uint8";
  const [low, high] = [Math.min(min, offset, 0), Math.max(max, offset, 0)];
  const smallest = computeScale(low, high, { type }).scale;
  const steps = Math.floor(Math.abs(offset) / smallest) || Math.round(Math.abs(offset) / smallest);
  const scale = Math.fround(Math.max(smallest, steps === 0 ? 0 : Math.abs(offset) / steps));
  const shift = Math.sign(offset) * steps;
  const lowest = Math.max(0, -shift);
  const zeroPoint = Math.min(Math.max(Math.round(-low / scale), lowest), LEVELS - Math.max(0, shift));
  return { before: { scale, zeroPoint: zeroPoint + shift, type }, after: { scale, zeroPoint, type } };
}
function compositeParameters(groups, ranges, { parameters, graph }) {
  for (const group of groups) {
    const input = group.inputs[0];
    if (isHardSwish(group)) parameters.set(input, hardSwishInput(ranges.get(input)));
    if (!isShift(group)) continue;
    const output = group.outputs[0];
    const { before: before2, after } = shiftParameters(ranges.get(output), offsetOf(group.node, graph));
    parameters.set(input, before2);
    parameters.set(output, after);
  }
}

// src/quantize/int8-static/activation-parameters.ts
function quantizedTensors(groups) {
  const tensors = new Set(groups.flatMap((group) => group.inputs));
  for (const group of groups) {
    if (group.floatOutput) continue;
    for (const name of group.outputs) tensors.add(name);
  }
  return tensors;
}
function tensorsToCalibrate(groups) {
  const tensors = quantizedTensors(groups);
  for (const { row, outputs } of groups) {
    if (row.output !== "own") for (const name of outputs) tensors.delete(name);
  }
  return [...tensors];
}
function activationParameters(groups, ranges, { graph, scheme }) {
  const parameters = /* @__PURE__ */ new Map();
  const known = /* @__PURE__ */ new Map();
  for (const name of quantizedTensors(groups)) {
    const range = rangeOf2(name, ranges, graph);
    if (range === void 0) continue;
    known.set(name, range);
    parameters.set(name, activationScale(range, scheme));
  }
  compositeParameters(groups, known, { parameters, graph });
  for (const { row, inputs, outputs } of groups) {
    for (const name of outputs) {
      if (row.output === "same") parameters.set(name, parameters.get(inputs[0]));
      if (row.output === "unit") parameters.set(name, activationScale({ min: 0, max: 1 }, scheme));
    }
  }
  return parameters;
}
function rangeOf2(name, ranges, graph) {
  const observed = ranges.get(name);
  const producer = graph.producer(name);
  if (observed || !producer) return observed;
  const row = fusionRow(producer);
  if (row?.output === "unit") return { min: 0, max: 1 };
  if (row?.output !== "same") return void 0;
  return rangeOf2(producer.input[row.dataInputs(producer)[0]], ranges, graph);
}

// src/tensor/same-bytes.ts
function sameBytes(a, b) {
  return Buffer.compare(bytesOf(a), bytesOf(b)) === 0;
}
function bytesOf({ buffer, byteOffset, byteLength: byteLength2 }) {
  return new Uint8Array(buffer, byteOffset, byteLength2);
}

// src/quantize/integers/bias.ts
var INT32_MAX = 2 ** 31 - 1;
var INT32_MIN = -(2 ** 31);
function smallestWeightScale(bias, inputScale, channels) {
  const smallest = new Float32Array(channels);
  const steps = INT32_MAX - (INT32_MIN + 1);
  for (let i = 0; i < bias.length; i++) {
    const product2 = 1.0001 * 2 * Math.abs(bias[i]) / steps;
    const channel = channels === 1 ? 0 : i;
    smallest[channel] = Math.max(smallest[channel], product2 / inputScale);
  }
  return smallest;
}
function quantizeBias(bias, inputScale, weightScale) {
  const scale = weightScale.map((value) => Math.fround(inputScale * value));
  const data = new Int32Array(bias.length);
  for (let i = 0; i < bias.length; i++) {
    const q = roundHalfEven(bias[i] / scale[scale.length === 1 ? 0 : i]);
    data[i] = Math.max(INT32_MIN, Math.min(INT32_MAX, q));
  }
  return { data, scale };
}

// src/quantize/int8-static/edit/expand-composites.ts
function expandComposites(graph, groups, context) {
  for (const group of groups) {
    if (isHardSwish(group)) expandHardSwish(graph, group, context);
    if (isShift(group)) expandShift(graph, group, context);
  }
}
function expandHardSwish(graph, { node, inputs }, context) {
  const input = inputs[0];
  const { scale } = context.parameters.get(input);
  const limit = Math.max(1, Math.round((HARD_SIGMOID_OPEN - HARD_SIGMOID_OPENS) / scale));
  let gate = context.quantized.get(input);
  if (limit < LEVELS) {
    const level = (name, value) => graph.addConstant(`${input}_${name}`, TensorProto_DataType.UINT8, [], Uint8Array.of(value));
    const clipped = graph.freshName(`${input}_gate`);
    const limits = [level("gate_min", 0), level("gate_max", limit)];
    graph.addNode(makeNode("Clip", [gate, ...limits], [clipped], { name: clipped }));
    gate = clipped;
  }
  const dequantized = graph.freshName(`${input}_gate_DequantizeLinear_Output`);
  const gateScale = graph.addConstant(`${input}_gate_scale`, TensorProto_DataType.FLOAT, [], Float32Array.of(1 / limit));
  const zeroPoint = graph.addConstant(`${input}_gate_zero_point`, TensorProto_DataType.UINT8, [], Uint8Array.of(0));
  const { domain } = context;
  graph.addNode(
    makeNode("DequantizeLinear", [gate, gateScale, zeroPoint], [dequantized], { name: dequantized, domain })
  );
  const [data, output] = [inputOf(node, 0), outputOf(node)];
  graph.removeNode(node);
  graph.addNode(makeNode("Mul", [data, dequantized], [output], { name: node.name }));
}
function expandShift(graph, { node, inputs, outputs }, context) {
  const [before2, after] = [context.quantized.get(inputs[0]), context.quantized.get(outputs[0])];
  graph.replaceUses(after, before2);
  graph.removeNode(graph.producer(after));
  graph.removeNode(node);
  context.quantized.set(outputs[0], before2);
}

// src/quantize/int8-static/edit/pad-channels.ts
function padWeights(graph, groups) {
  const added2 = /* @__PURE__ */ new Map();
  const wideForms = /* @__PURE__ */ new Map();
  for (const { node } of groups) {
    const weighted2 = readWeighted(graph, node);
    const padded = weighted2 && paddedChannels(weighted2, graph);
    if (!weighted2 || !padded) continue;
    added2.set(node, padded - weighted2.inputs);
    const { weight } = weighted2;
    const key = `${padded} ${weight}`;
    const wide = wideForms.get(key) ?? addPadded(graph, weighted2, padded);
    wideForms.set(key, wide);
    graph.setInput(node, 1, wide);
  }
  return added2;
}
function addPadded(graph, { weight, inputs, outputs, kernel, dims }, padded) {
  const row = inputs * kernel;
  const paddedRow = padded * kernel;
  const values = graph.floats(weight);
  const wider = new Float32Array(outputs * paddedRow);
  for (let i = 0; i < outputs; i++) wider.set(values.subarray(i * row, (i + 1) * row), i * paddedRow);
  const shape = [outputs, padded, ...dims.slice(2)];
  return graph.addConstant(`${weight}_padded`, TensorProto_DataType.FLOAT, shape, wider);
}
function padInputs(graph, added2, quantized2) {
  const floatName = new Map([...quantized2].map(([name, eightBit]) => [eightBit, name]));
  for (const [node, channels] of added2) {
    const dequantize = graph.producer(inputOf(node, 0));
    const [image, scale, zeroPoint] = dequantize.input;
    const base = floatName.get(image) ?? image;
    const pads = graph.addConstant(
      `${base}_pads`,
      TensorProto_DataType.INT64,
      [8],
      BigInt64Array.of(0n, 0n, 0n, 0n, 0n, BigInt(channels), 0n, 0n)
    );
    const padded = graph.freshName(`${base}_padded`);
    const output = graph.freshName(`${base}_padded_DequantizeLinear_Output`);
    const { domain } = dequantize;
    graph.addNode(makeNode("Pad", [image, pads, zeroPoint], [padded], { name: padded }));
    graph.addNode(
      makeNode("DequantizeLinear", [padded, scale, zeroPoint], [output], { name: output, domain })
    );
    graph.setInput(node, 0, output);
  }
}

// src/quantize/int8-static/edit/scaled-weights.ts
var TOLERANCE2 = 2e-6;
var ScaledWeights = class {
  #known = /* @__PURE__ */ new Map();
  add(key, values, quantized2) {
    this.#known.set(key, [...this.#known.get(key) ?? [], { values, quantized: quantized2 }]);
  }
  /** The integers of a weight that was added, under the scales that make this one of them; null where there is none. */
  find(values, { key, channels, smallestScale }) {
    for (const known of this.#known.get(key) ?? []) {
      if (known.values === values) continue;
      const factors = channelFactors(known.values, values, channels);
      if (factors === null) continue;
      const scale = known.quantized.scale.map((each, channel) => each * factors[channel]);
      const fits2 = scale.every(
        (each, i) => each >= (smallestScale?.[smallestScale.length === 1 ? 0 : i] ?? 0)
      );
      if (fits2) return { ...known.quantized, scale };
    }
    return null;
  }
};
function channelFactors(a, b, channels) {
  const factors = new Float64Array(channels);
  const stride = a.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    const [from, to] = [channel * stride, (channel + 1) * stride];
    let largest = from;
    for (let i = from; i < to; i++) if (Math.abs(a[i]) > Math.abs(a[largest])) largest = i;
    const factor2 = a[largest] === 0 ? 1 : b[largest] / a[largest];
    if (!(factor2 > 0) || factor2 === Number.POSITIVE_INFINITY) return null;
    const tolerance = Math.abs(b[largest]) * TOLERANCE2;
    for (let i = from; i < to; i++) if (!(Math.abs(a[i] * factor2 - b[i]) <= tolerance)) return null;
    factors[channel] = factor2;
  }
  return factors;
}

// src/quantize/int8-static/edit/smallest-scales.ts
var SmallestScales = class {
  #scales = /* @__PURE__ */ new Map();
  /** Takes the bias of one of a weight's readers into account. */
  add(weighted2, { bias, inputScale, channels }) {
    const scales = smallestWeightScale(bias, inputScale, channels);
    const others = this.of(weighted2, channels);
    this.#scales.set(
      keyOf(weighted2, channels),
      others ? scales.map((scale, channel) => Math.max(scale, others[channel])) : scales
    );
  }
  /** One per channel, enough for every reader; undefined where none has a bias. */
  of(weighted2, channels) {
    return this.#scales.get(keyOf(weighted2, channels));
  }
};
function keyOf({ weight, alpha }, channels) {
  return JSON.stringify([weight, alpha, channels]);
}

// src/quantize/int8-static/edit/insert-qdq.ts
function insertQuantization(graph, groups, options) {
  const padded = options.padsChannels ? padWeights(graph, groups) : /* @__PURE__ */ new Map();
  const inserter = new Inserter(graph, options);
  for (const group of groups) inserter.absorbClamps(group);
  const readers = /* @__PURE__ */ new Map();
  const produced = /* @__PURE__ */ new Set();
  for (const group of groups) {
    for (const name of group.inputs) {
      if (!readers.has(name)) readers.set(name, /* @__PURE__ */ new Set());
      readers.get(name).add(group.node);
    }
    for (const name of group.outputs) produced.add(name);
  }
  const quantized2 = /* @__PURE__ */ new Map();
  for (const name of options.parameters.keys()) {
    quantized2.set(name, inserter.quantizeTensor(name, produced.has(name) ? void 0 : readers.get(name)));
  }
  inserter.agreeOnWeights(groups);
  for (const group of groups) inserter.quantizeWeights(group);
  padInputs(graph, padded, quantized2);
  expandComposites(graph, groups, { parameters: options.parameters, quantized: quantized2, domain: options.domain });
  return quantized2;
}
var Inserter = class {
  #graph;
  #options;
  /** Scale of a group's data input, by the name that its node reads now. */
  #inputScale = /* @__PURE__ */ new Map();
  #smallestScales = new SmallestScales();
  #scaledWeights = new ScaledWeights();
  /** Names of the constants that hold a weight's integers. */
  #integers = /* @__PURE__ */ new Map();
  /** What weights became, by their names. */
  #weights = /* @__PURE__ */ new Map();
  constructor(graph, options) {
    this.#graph = graph;
    this.#options = options;
  }
  absorbClamps(group) {
    const last = group.clamps.at(-1);
    if (!last) return;
    for (const clamp2 of group.clamps) this.#graph.removeNode(clamp2);
    this.#graph.setOutput(group.node, 0, outputOf(last));
  }
  quantizeTensor(name, among) {
    const graph = this.#graph;
    const { scale, zeroPoint, type } = this.#options.parameters.get(name);
    const [dataType, array] = type === "uint8" ? [TensorProto_DataType.UINT8, Uint8Array] : [TensorProto_DataType.INT8, Int8Array];
    const scaleName = graph.addConstant(`${name}_scale`, TensorProto_DataType.FLOAT, [], Float32Array.of(scale));
    const zeroPointName = graph.addConstant(`${name}_zero_point`, dataType, [], array.of(zeroPoint));
    const dequantized = graph.freshName(`${name}_DequantizeLinear_Output`);
    graph.replaceUses(name, dequantized, among);
    const quantized2 = graph.freshName(`${name}_QuantizeLinear_Output`);
    this.#addNode("QuantizeLinear", [name, scaleName, zeroPointName], quantized2);
    this.#addNode("DequantizeLinear", [quantized2, scaleName, zeroPointName], dequantized);
    this.#inputScale.set(dequantized, scale);
    return quantized2;
  }
  /** Looks at all biases first: every reader of a weight gets the same integers, which are stored once. */
  agreeOnWeights(groups) {
    for (const { node } of groups) {
      const weighted2 = this.#weighted(node);
      if (!weighted2) continue;
      const { bias } = this.#scaledConstants(weighted2);
      if (!bias) continue;
      const inputScale = this.#inputScale.get(weighted2.input);
      const channels = this.#options.scheme(node).perChannel ? weighted2.outputs : 1;
      this.#smallestScales.add(weighted2, { bias, inputScale, channels });
    }
  }
  quantizeWeights(group) {
    const { node } = group;
    const weighted2 = this.#weighted(node);
    if (!weighted2) return;
    const inputScale = this.#inputScale.get(weighted2.input);
    const { weight, bias } = this.#scaledConstants(weighted2);
    const quantized2 = this.#quantizedWeight(group, weighted2, weight);
    this.#graph.setInput(node, 1, this.#weightConstants(weighted2, quantized2));
    removeAttribute(node, "alpha");
    removeAttribute(node, "beta");
    const corrected = this.#correctedBias(group, weighted2, { weight, bias, quantized: quantized2 });
    if (!corrected) return;
    if (this.#options.bias === "int32") this.#setIntegerBias(weighted2, corrected, { inputScale, quantized: quantized2 });
    else if (corrected !== bias || weighted2.beta !== 1) this.#setFloatBias(weighted2, corrected);
  }
  /** The operator as it is now, where it is one whose weights are quantized here. */
  #weighted(node) {
    const weighted2 = readWeighted(this.#graph, node);
    return weighted2?.opType === "ConvTranspose" ? null : weighted2;
  }
  /** Weight and bias with Gemm's alpha and beta multiplied in. */
  #scaledConstants({ weight, bias, alpha, beta }) {
    const graph = this.#graph;
    return {
      weight: scaled(graph.floats(weight), alpha),
      bias: bias ? scaled(graph.floats(bias), beta) : void 0
    };
  }
  #quantizedWeight(group, weighted2, weight) {
    const { opType, outputAxis, outputs, columns, kernel, alpha, dims } = weighted2;
    const { perChannel, saturationSafe, fullRange } = this.#options.scheme(group.node);
    const pairs = saturationSafe ? reductionOrder(weighted2) : null;
    const cache = this.#options.weights;
    const smallestScale = this.#smallestScales.of(weighted2, perChannel ? outputs : 1);
    const key = [opType, outputAxis, alpha, perChannel, fullRange, pairs !== null].join();
    const family = { key: `${key} ${dims}`, channels: outputs, smallestScale };
    const mayBeScaled = opType === "Conv" && perChannel;
    const scaledOne = mayBeScaled ? this.#scaledWeights.find(weight, family) : null;
    if (scaledOne) return scaledOne;
    const nearest = cache.quantize(
      this.#graph.constant(weighted2.weight),
      { values: weight, dims },
      {
        key,
        type: "int8",
        axis: perChannel ? outputAxis : null,
        symmetric: true,
        fullRange,
        pairs,
        smallestScale
      }
    );
    const moments = this.#options.moments?.get(group.outputs[0] ?? "");
    const isKnown2 = moments?.inputs === columns * kernel;
    const quantized2 = isKnown2 ? cache.round(weight, nearest, { moments, pairs }) : nearest;
    if (mayBeScaled) this.#scaledWeights.add(family.key, weight, quantized2);
    return quantized2;
  }
  /** The bias without the mean shift that rounding the weights causes. */
  #correctedBias({ inputs }, weighted2, {
    weight,
    bias,
    quantized: quantized2
  }) {
    const means = this.#options.means?.get(inputs[0] ?? "");
    if (!means || weighted2.opType === "MatMul") return bias;
    const shift = this.#options.weights.shift(weight, quantized2, { layout: weighted2, means });
    return shift.map((value, channel) => (bias?.[channel] ?? 0) - value);
  }
  #setFloatBias(weighted2, bias) {
    const name = this.#graph.addConstant(`${biasName(weighted2)}_scaled`, TensorProto_DataType.FLOAT, [bias.length], bias);
    this.#graph.setInput(weighted2.node, 2, name);
  }
  /** The bias as int32 in the scale of the products, which the kernel adds as it is. */
  #setIntegerBias(weighted2, bias, { inputScale, quantized: quantized2 }) {
    const graph = this.#graph;
    const base = biasName(weighted2);
    const { data, scale } = quantizeBias(bias, inputScale, quantized2.scale);
    const dims = quantized2.axis === null ? [] : [scale.length];
    const inputs = [
      graph.addConstant(`${base}_quantized`, TensorProto_DataType.INT32, [bias.length], data),
      graph.addConstant(`${base}_scale`, TensorProto_DataType.FLOAT, dims, scale)
    ];
    const output = graph.freshName(`${base}_DequantizeLinear_Output`);
    inputs.push(graph.addConstant(`${base}_zero_point`, TensorProto_DataType.INT32, dims, new Int32Array(scale.length)));
    this.#addNode("DequantizeLinear", inputs, output, quantized2.axis === null ? {} : { axis: { int: 0 } });
    graph.setInput(weighted2.node, 2, output);
  }
  /** Constants and DequantizeLinear of a weight; those of an equal one (a tied weight) are used again. */
  #weightConstants({ weight: name, dims }, quantized2) {
    const graph = this.#graph;
    const { axis } = quantized2;
    const scaleDims = axis === null ? [] : [quantized2.scale.length];
    const made = this.#weights.get(name) ?? [];
    const equal2 = made.find(
      (other) => other.quantized.axis === quantized2.axis && sameBytes(other.quantized.scale, quantized2.scale) && sameBytes(other.quantized.data, quantized2.data)
    );
    if (equal2) return equal2.dequantized;
    const data = this.#integers.get(quantized2.data) ?? graph.addConstant(`${name}_quantized`, TensorProto_DataType.INT8, dims, quantized2.data);
    this.#integers.set(quantized2.data, data);
    const scale = graph.addConstant(`${name}_scale`, TensorProto_DataType.FLOAT, scaleDims, quantized2.scale);
    const zeroPoint = graph.addConstant(`${name}_zero_point`, TensorProto_DataType.INT8, scaleDims, quantized2.zeroPoint);
    const dequantized = graph.freshName(`${name}_DequantizeLinear_Output`);
    this.#addNode(
      "DequantizeLinear",
      [data, scale, zeroPoint],
      dequantized,
      axis === null ? {} : { axis: { int: axis } }
    );
    this.#weights.set(name, [...made, { quantized: quantized2, dequantized }]);
    return dequantized;
  }
  #addNode(opType, inputs, output, attributes) {
    const name = this.#graph.freshName(output.replace(/_Output$/, ""));
    this.#graph.addNode(
      makeNode(opType, inputs, [output], { name, domain: this.#options.domain, attributes })
    );
  }
};
function biasName({ bias, node }) {
  return bias || `${outputOf(node)}_bias`;
}
function scaled(values, factor2) {
  return factor2 === 1 ? values : values.map((value) => value * factor2);
}

// src/quantize/int8-static/write-quantized.ts
function writeQuantized(out, { model, groups, ranges, scheme, selection, recovery, weights }, options = {}) {
  const copy = copyModel(model);
  const domain = copy.opset() >= QDQ_OPSET ? "" : "com.microsoft";
  const quantized2 = insertQuantization(copy.graph, counterparts(groups, model.graph, copy.graph), {
    parameters: activationParameters(groups, ranges, { graph: model.graph, scheme: scheme.activation }),
    domain,
    scheme: (node) => weightScheme(scheme.weight, selection, node),
    weights,
    bias: scheme.bias,
    padsChannels: scheme.padsChannels && domain === "",
    ...recovery
  });
  if (domain !== "") copy.setOpset(domain, 1);
  copy.graph.prune();
  copy.graph.setValueInfo([]);
  copy.proto.producerName = "quantgate";
  writeModel(copy, out, options);
  return quantized2;
}
function counterparts(groups, from, to) {
  const copies = to.nodes;
  const copyOf2 = new Map(from.topologicalNodes().map((node, index) => [node, copies[index]]));
  return groups.map((group) => ({
    ...group,
    node: copyOf2.get(group.node),
    clamps: group.clamps.map((clamp2) => copyOf2.get(clamp2))
  }));
}
function weightScheme(base, selection, node) {
  const perChannel = selection.override(node)?.perChannel;
  return perChannel === void 0 ? base : { ...base, perChannel };
}

// src/quantize/int8-static/choose-percentile.ts
var PERCENTILE_CANDIDATES = [100, 99.999, 99.99];
var HALVES = 2;
var LEAST_SAMPLES = 4;
var SURE_GAIN_DB = 1;
var SURE_SHARE = 0.5;
async function choosePercentile(folds, { parts, errors }) {
  if (folds.some(({ samples }) => samples.length < LEAST_SAMPLES)) return 100;
  const candidates2 = [...folds[0].ranges.keys()].filter((percentile) => percentile !== 100);
  let standings = new Map(candidates2.map((one) => [one, NOTHING_YET]));
  for (const [index, fold] of folds.entries()) {
    const found = await errorsOf(fold, [100, ...standings.keys()], { parts, errors });
    const minmax = found.get(100);
    const next = /* @__PURE__ */ new Map();
    for (const [percentile, before2] of standings) {
      const standing = added(before2, found.get(percentile), minmax);
      if (worst(found.get(percentile)) > worst(minmax)) continue;
      if (index > 0 || isSure(standing, 1)) next.set(percentile, standing);
    }
    standings = next;
    if (standings.size === 0) return 100;
  }
  const sure = [...standings].filter(([, standing]) => isSure(standing, folds.length));
  return sure.toSorted(([, a], [, b]) => b.gainDb - a.gainDb)[0]?.[0] ?? 100;
}
var NOTHING_YET = { gainDb: 0, nearer: 0, samples: 0 };
function added({ gainDb, nearer, samples }, error, minmax) {
  return {
    gainDb: gainDb + decibels2(minmax.all, error.all),
    nearer: nearer + error.samples.filter((one, index) => one < minmax.samples[index]).length,
    samples: samples + error.samples.length
  };
}
function isSure({ gainDb, nearer, samples }, folds) {
  return gainDb / folds >= SURE_GAIN_DB && nearer > SURE_SHARE * samples;
}
function worst({ samples }) {
  return Math.max(...samples);
}
function decibels2(from, to) {
  const gain = 10 * Math.log10(from / to);
  return Number.isNaN(gain) ? 0 : gain;
}
async function errorsOf({ ranges, samples }, percentiles, { parts, errors }) {
  const directory = scratchFolder("percentile");
  try {
    const files = percentiles.map((percentile) => {
      const file = join2(directory, `${percentile}.onnx`);
      writeQuantized(file, { ...parts, ranges: ranges.get(percentile) }, { durable: false });
      return file;
    });
    const found = await errors.of(files, samples);
    return new Map(percentiles.map((percentile, index) => [percentile, found[index]]));
  } finally {
    rmSync2(directory, { recursive: true, force: true });
  }
}

// src/quantize/gptq/matrices.ts
async function withMatrices({ runtime, threads }, use) {
  const sessions = [];
  const open = async (opType) => {
    const session = await runtime.open(encodeModel(productModel(opType)), { threads });
    sessions.push(session);
    return session;
  };
  try {
    const product2 = await open("MatMul");
    const gram = await open("Gemm");
    return await use({
      multiply: async (a, b) => floatsOf((await product2.run({ a: tensorOf(a), b: tensorOf(b) })).y),
      gram: async (x) => floatsOf((await gram.run({ a: tensorOf(x) })).y)
    });
  } finally {
    for (const session of sessions) await session.release();
  }
}
function productModel(opType) {
  const value = (name) => makeValue(name, TensorProto_DataType.FLOAT, [`${name}_rows`, `${name}_columns`]);
  return makeModel({
    inputs: opType === "MatMul" ? [value("a"), value("b")] : [value("a")],
    outputs: [makeValue("y")],
    nodes: [
      opType === "MatMul" ? makeNode("MatMul", ["a", "b"], ["y"]) : makeNode("Gemm", ["a", "a"], ["y"], { attributes: { transA: { int: 1 } } })
    ],
    opsets: { "": 13 }
  });
}
function tensorOf({ rows, columns, data }) {
  return { type: "float32", dims: [rows, columns], data };
}

// src/quantize/gptq/refinement.ts
var PANEL = 64;
var TOLERANCE3 = 1e-5;
async function refitScales(refined, matrices) {
  await inPanels(refined, matrices, (row, block, part) => refitScale(refined, row, block, part));
}
async function moveZeroPoints(refined, matrices) {
  await inPanels(refined, matrices, (row, block, part) => moveZeroPoint(refined, row, block, part));
}
function moveCodes({ size, hessian, blocks, range, staysNear, errors, gradient }) {
  const { codes, scales, blocks: perRow } = blocks;
  const blockSize = codes.length / scales.length;
  const rows = errors.length / size;
  let moved = 0;
  for (let row = 0; row < rows; row++) {
    const start = row * size;
    for (let k = 0; k < size; k++) {
      const block = row * perRow + Math.floor(k / blockSize);
      const scale = scales[block];
      const slope = gradient[start + k] * scale;
      const direction = slope > 0 ? 1 : -1;
      const curvature = scale * scale * hessian[k * size + k];
      if (2 * Math.abs(slope) <= curvature * (1 + TOLERANCE3)) continue;
      const at = block * blockSize + k % blockSize;
      const next = codes[at] + direction;
      if (next < range.lowest || next > range.highest) continue;
      const change = -direction * scale;
      if (staysNear && Math.abs(errors[start + k] + change) > Math.abs(scale)) continue;
      codes[at] = next;
      errors[start + k] += change;
      const line = k * size;
      for (let i = 0; i < size; i++) gradient[start + i] += change * hessian[line + i];
      moved++;
    }
  }
  return moved;
}
async function inPanels(refined, matrices, step) {
  const { size, blocks, gradient } = refined;
  const blockSize = blocks.codes.length / blocks.scales.length;
  const rows = gradient.length / size;
  const perPanel = Math.max(1, Math.floor(PANEL / blockSize));
  for (let first2 = 0; first2 < blocks.blocks; first2 += perPanel) {
    const last = Math.min(blocks.blocks, first2 + perPanel);
    const [from, to] = [first2 * blockSize, Math.min(size, last * blockSize)];
    const panel = { from, to, changes: new Float32Array(rows * (to - from)) };
    for (let block = first2; block < last; block++) {
      const part = partOf(refined, block * blockSize, Math.min(size, (block + 1) * blockSize));
      for (let row = 0; row < rows; row++) {
        const far = step(row, block, part);
        if (far !== 0) apply(refined, { row, part, panel, far });
      }
    }
    await reachOthers(refined, matrices, panel);
  }
}
function partOf({ size, hessian }, from, to) {
  const width = to - from;
  const own = new Float64Array(width * width);
  for (let k = 0; k < width; k++) {
    const start = (from + k) * size + from;
    own.set(hessian.subarray(start, start + width), k * width);
  }
  return { from, to, hessian: own, direction: new Float64Array(width) };
}
function refitScale({ size, blocks, gradient }, row, block, part) {
  const { codes, scales, zeroPoints, blocks: perRow } = blocks;
  const index = row * perRow + block;
  const first2 = index * codes.length / scales.length;
  const zero = zeroPoints[index];
  const { direction, from } = part;
  let slope = 0;
  for (let k = 0; k < direction.length; k++) {
    const q = codes[first2 + k] - zero;
    direction[k] = q;
    slope += q * gradient[row * size + from + k];
  }
  const curvature = curvatureOf(part);
  if (!(curvature > 0)) return 0;
  const before2 = scales[index];
  const scale = Math.fround(before2 + slope / curvature);
  if (!(scale * before2 > 0)) return 0;
  scales[index] = scale;
  return before2 - scale;
}
function moveZeroPoint(refined, row, block, part) {
  const { size, blocks, gradient, range } = refined;
  const { scales, zeroPoints, blocks: perRow } = blocks;
  const index = row * perRow + block;
  const scale = scales[index];
  let slope = 0;
  for (let k = part.from; k < part.to; k++) slope += gradient[row * size + k] * scale;
  part.direction.fill(1);
  const curvature = scale * scale * curvatureOf(part);
  if (2 * Math.abs(slope) <= curvature * (1 + TOLERANCE3)) return 0;
  const step = slope > 0 ? -1 : 1;
  const next = zeroPoints[index] + step;
  if (next < range.lowest || next > range.highest) return 0;
  zeroPoints[index] = next;
  return step * scale;
}
function curvatureOf({ hessian, direction }) {
  const width = direction.length;
  let curvature = 0;
  for (let k = 0, at = 0; k < width; k++, at += width) {
    const own = direction[k];
    if (own === 0) continue;
    let sum2 = 0;
    for (let i = 0; i < width; i++) sum2 += hessian[at + i] * direction[i];
    curvature += own * sum2;
  }
  return curvature;
}
function apply({ size, hessian, errors, gradient }, { row, part, panel, far }) {
  const start = row * size;
  const line = row * (panel.to - panel.from) - panel.from;
  for (let k = part.from; k < part.to; k++) {
    const delta = far * part.direction[k - part.from];
    if (delta === 0) continue;
    errors[start + k] += delta;
    panel.changes[line + k] += delta;
    const column = k * size;
    for (let i = panel.from; i < panel.to; i++) gradient[start + i] += delta * hessian[column + i];
  }
}
async function reachOthers({ size, hessian, gradient }, matrices, { from, to, changes }) {
  const rows = gradient.length / size;
  const lines = hessian.subarray(from * size, to * size);
  const moved = await matrices.multiply(
    { rows, columns: to - from, data: changes },
    { rows: to - from, columns: size, data: lines }
  );
  for (let row = 0; row < rows; row++) {
    const start = row * size;
    for (let i = 0; i < from; i++) gradient[start + i] += moved[start + i];
    for (let i = to; i < size; i++) gradient[start + i] += moved[start + i];
  }
}

// src/quantize/gptq/rounding.ts
var PANEL2 = 64;
async function roundInOrder(weights, blocks, { factored, range, matrices }) {
  const { size, factor: factor2, order } = factored;
  const rows = weights.length / size;
  const originals = permuted(weights, order);
  const targets = originals.slice();
  for (let to = size; to > 0; ) {
    const from = Math.max(0, to - PANEL2);
    const errors = roundPanel({ originals, targets }, blocks, { factored, range, from, to });
    if (from > 0) {
      const width = to - from;
      const columns = new Float32Array(width * from);
      for (let i = 0; i < width; i++)
        columns.set(factor2.subarray((from + i) * size, (from + i) * size + from), i * from);
      const moved = await matrices.multiply(
        { rows, columns: width, data: errors },
        { rows: width, columns: from, data: columns }
      );
      for (let row = 0; row < rows; row++) {
        const start = row * size;
        for (let i = 0; i < from; i++) targets[start + i] += moved[row * from + i];
      }
    }
    to = from;
  }
}
function permuted(weights, order) {
  const size = order.length;
  const result = new Float32Array(weights.length);
  for (let start = 0; start < weights.length; start += size) {
    for (let i = 0; i < size; i++) result[start + i] = weights[start + order[i]];
  }
  return result;
}
function roundPanel({ originals, targets }, { codes, scales, zeroPoints, blocks }, { factored, range, from, to }) {
  const { size, factor: factor2, order } = factored;
  const { lowest, highest } = range;
  const rows = targets.length / size;
  const blockSize = codes.length / scales.length;
  const width = to - from;
  const errors = new Float32Array(rows * width);
  for (let row = 0; row < rows; row++) {
    const start = row * size;
    for (let i = to - 1; i >= from; i--) {
      const input = order[i];
      const block = row * blocks + Math.floor(input / blockSize);
      const scale = scales[block];
      const zero = zeroPoints[block];
      const wanted = Math.floor(targets[start + i] / scale + zero + 0.5);
      const code = Math.min(highest, Math.max(lowest, wanted));
      codes[block * blockSize + input % blockSize] = code;
      const error = originals[start + i] - (code - zero) * scale;
      errors[row * width + i - from] = error;
      const line = i * size;
      for (let j = from; j < i; j++) targets[start + j] += factor2[line + j] * error;
    }
  }
  return errors;
}

// src/quantize/gptq/fit-codes.ts
var MOST_SWEEPS = 3;
var SETTLED = 0.01;
async function fitCodes(weights, blocks, { hessian, factored, range, staysNear, refits, matrices }) {
  const size = Math.sqrt(hessian.length);
  const state = async () => {
    const values = dequantizeBlocks(blocks, size);
    const errors = weights.map((weight, at) => weight - values[at]);
    const rows = errors.length / size;
    const gradient = await matrices.multiply(
      { rows, columns: size, data: errors },
      { rows: size, columns: size, data: hessian }
    );
    return { size, hessian, blocks, range, staysNear, errors, gradient };
  };
  const kept2 = copyOf(blocks);
  let refined = await state();
  const before2 = rowErrors(refined);
  if (factored) {
    await roundInOrder(weights, blocks, { factored, range, matrices });
    refined = await state();
  }
  if (refits.scales) await refitScales(refined, matrices);
  if (refits.zeroPoints) await moveZeroPoints(refined, matrices);
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    if (moveCodes(refined) < SETTLED * weights.length) break;
  }
  const after = rowErrors(await state());
  after.forEach((error, row) => {
    if (error <= before2[row]) return;
    restoreRow(blocks, kept2, row);
    after[row] = before2[row];
  });
  return { before: before2, after };
}
function rowErrors({ errors, gradient, size }) {
  return rowProducts(errors, gradient, size);
}
function rowProducts(a, b, size) {
  const products = new Float64Array(a.length / size);
  for (let row = 0, at = 0; row < products.length; row++) {
    let total2 = 0;
    for (let k = 0; k < size; k++, at++) total2 += a[at] * b[at];
    products[row] = total2;
  }
  return products;
}
function copyOf({ codes, scales, zeroPoints, blocks }) {
  return { codes: codes.slice(), scales: scales.slice(), zeroPoints: zeroPoints.slice(), blocks };
}
function restoreRow(to, from, row) {
  const { blocks } = to;
  const line = to.codes.length / (to.scales.length / blocks);
  to.codes.set(from.codes.subarray(row * line, (row + 1) * line), row * line);
  to.scales.set(from.scales.subarray(row * blocks, (row + 1) * blocks), row * blocks);
  to.zeroPoints.set(from.zeroPoints.subarray(row * blocks, (row + 1) * blocks), row * blocks);
}

// src/quantize/int8-static/recover/adaptive-rounding.ts
var SMALLEST_MATRIX = 32;
var OFFSET = 128;
function isFitted({ data }, { moments }) {
  return moments.covariances.length === 1 && moments.inputs >= SMALLEST_MATRIX && data instanceof Int8Array;
}
async function fitIntegers(values, { data, scale }, { moments, pairs, matrices }) {
  const { inputs, covariances } = moments;
  const hessian = covariances[0].slice();
  const outputs = values.length / inputs;
  const step = (output) => scale[scale.length === 1 ? 0 : output];
  const blocks = {
    codes: Uint8Array.from(data, (value) => value + OFFSET),
    scales: Float32Array.from({ length: outputs }, (_, output) => step(output)),
    zeroPoints: new Uint8Array(outputs).fill(OFFSET),
    blocks: 1
  };
  const damping = DAMPING * meanDiagonal(hessian, inputs);
  for (let k = 0; k < inputs; k++) hessian[k * inputs + k] += damping;
  await fitCodes(values, blocks, {
    hessian,
    // Rounding in order first fits these samples better, and others no better.
    factored: null,
    range: { lowest: LOWEST + OFFSET, highest: HIGHEST + OFFSET },
    staysNear: true,
    refits: { scales: false, zeroPoints: false },
    matrices
  });
  for (let at = 0; at < data.length; at++) data[at] = blocks.codes[at] - OFFSET;
  if (!pairs || !(data instanceof Int8Array)) return;
  for (let output = 0; output < outputs; output++)
    nudgePairs(data, values, { order: pairs, index: output, scale: step(output) });
}
var MOST_SWEEPS2 = 3;
var DAMPING = 0.01;
var LOWEST = -127;
var HIGHEST = 127;
function roundAdaptively(values, { data, scale }, { moments, pairs }) {
  const { inputs, covariances } = moments;
  const outputs = values.length / inputs;
  const perGroup = outputs / covariances.length;
  const error = new Float64Array(inputs);
  const gradient = new Float64Array(inputs);
  for (let output = 0; output < outputs; output++) {
    const covariance = covariances[Math.floor(output / perGroup)];
    const damping = DAMPING * meanDiagonal(covariance, inputs);
    const step = scale[scale.length === 1 ? 0 : output];
    const start = output * inputs;
    for (let k = 0; k < inputs; k++) error[k] = data[start + k] * step - values[start + k];
    multiply(covariance, error, gradient);
    for (let k = 0; k < inputs; k++) gradient[k] += damping * error[k];
    for (let sweep = 0, changed = true; changed && sweep < MOST_SWEEPS2; sweep++) {
      changed = false;
      for (let k = 0; k < inputs; k++) {
        const direction = error[k] > 0 ? -1 : 1;
        const next = data[start + k] + direction;
        const delta = direction * step;
        const gain = 2 * delta * gradient[k] + delta * delta * (covariance[k * inputs + k] + damping);
        if (gain >= 0 || next < LOWEST || next > HIGHEST) continue;
        data[start + k] = next;
        error[k] += delta;
        for (let i = 0; i < inputs; i++) gradient[i] += delta * covariance[k * inputs + i];
        gradient[k] += damping * delta;
        changed = true;
      }
    }
    if (pairs && data instanceof Int8Array)
      nudgePairs(data, values, { order: pairs, index: output, scale: step });
  }
}
function meanDiagonal(matrix, size) {
  let sum2 = 0;
  for (let k = 0; k < size; k++) sum2 += matrix[k * size + k];
  return sum2 / size;
}
function multiply(matrix, vector, result) {
  const size = vector.length;
  for (let row = 0; row < size; row++) {
    let sum2 = 0;
    for (let k = 0, i = row * size; k < size; k++, i++) sum2 += matrix[i] * vector[k];
    result[row] = sum2;
  }
}

// src/quantize/int8-static/recover/bias-correction.ts
function outputShift(values, { data, scale, zeroPoint }, { layout, means }) {
  const { rows, columns, kernel, rowsAreOutputs } = layout;
  const shift = new Float64Array(rowsAreOutputs ? rows : columns);
  for (let row = 0; row < rows; row++) {
    const start = row * columns * kernel;
    if (rowsAreOutputs) {
      const channel = scale.length === 1 ? 0 : row;
      const from = firstColumn(layout, row);
      const rounding = { values, data, step: scale[channel], zero: zeroPoint[channel] };
      shift[row] = rowShift(rounding, { start, kernel, means, from, to: from + columns });
      continue;
    }
    addRow(shift, { values, data, scale, zeroPoint }, { start, mean: means[row] ?? 0 });
  }
  return Float32Array.from(shift);
}
function addRow(shift, rounding, { start, mean }) {
  const { values, data, scale, zeroPoint } = rounding;
  const step = scale.length === 1 ? 0 : 1;
  for (let column = 0, channel = 0; column < shift.length; column++, channel += step) {
    const difference = (data[start + column] - zeroPoint[channel]) * scale[channel] - values[start + column];
    shift[column] += difference * mean;
  }
}
function rowShift(rounding, row) {
  const { values, data, step, zero } = rounding;
  const { kernel, means, to } = row;
  let shift = 0;
  for (let input = row.from, i = row.start; input < to; input++) {
    let difference = 0;
    for (const end = i + kernel; i < end; i++) difference += (data[i] - zero) * step - values[i];
    shift += difference * (means[input] ?? 0);
  }
  return shift;
}

// src/quantize/int8-static/edit/weight-cache.ts
var WeightCache = class {
  /** Without the guard on the scales, by how the tensor was quantized. */
  #quantized = /* @__PURE__ */ new Map();
  #rounded = /* @__PURE__ */ new Map();
  /** Weights that are to be rounded, while they are only looked for. */
  #waiting = null;
  #shifts = /* @__PURE__ */ new Map();
  /** As quantizeWeight, which is called only where the result isn't known.
   *  @param tensor whose values these are. */
  quantize(tensor, weight, { key, ...options }) {
    const { smallestScale, ...unguarded } = options;
    const results = entry(this.#quantized, tensor, () => /* @__PURE__ */ new Map());
    const result = entry(results, key, () => quantizeWeight(weight.values, weight.dims, unguarded));
    const guard = (channel) => smallestScale[smallestScale.length === 1 ? 0 : channel];
    if (!smallestScale || result.scale.every((scale, channel) => scale >= guard(channel))) return result;
    return quantizeWeight(weight.values, weight.dims, options);
  }
  /** The weight with its integers rounded adaptively, which takes long: known by its moments and the integers it had before. */
  round(values, quantized2, options) {
    const known = this.#rounded.get(options.moments);
    if (known?.from === quantized2) return known.to;
    const isKnown2 = known !== void 0 && sameBytes(known.from.data, quantized2.data);
    if (!isKnown2 && this.#waiting && isFitted(quantized2, options)) {
      this.#waiting.set(options.moments, { values, quantized: quantized2, options });
      return quantized2;
    }
    const to = { ...quantized2, data: isKnown2 ? known.to.data : quantized2.data.slice() };
    if (!isKnown2) roundAdaptively(values, to, options);
    this.#rounded.set(options.moments, { from: quantized2, to });
    return to;
  }
  /**
   * Rounds the weights that `write` asks for, before a file is written that holds them: large ones by products of matrices, which have to be waited
   * for. @param write a trial; what it writes is not yet rounded.
   */
  async roundAhead(write2, context) {
    const waiting = /* @__PURE__ */ new Map();
    this.#waiting = waiting;
    try {
      write2();
    } finally {
      this.#waiting = null;
    }
    if (waiting.size === 0) return;
    await withMatrices(context, async (matrices) => {
      for (const { values, quantized: quantized2, options } of waiting.values()) {
        throwIfInterrupted(context.signal);
        const to = { ...quantized2, data: quantized2.data.slice() };
        await fitIntegers(values, to, { ...options, matrices });
        this.#rounded.set(options.moments, { from: quantized2, to });
      }
    });
  }
  /** As outputShift, by weight and means. */
  shift(values, quantized2, options) {
    const shifts = entry(this.#shifts, quantized2, () => /* @__PURE__ */ new Map());
    return entry(shifts, options.means, () => outputShift(values, quantized2, options));
  }
};
function entry(map, key, make) {
  let value = map.get(key);
  if (value === void 0) {
    value = make();
    map.set(key, value);
  }
  return value;
}

// src/quantize/int8-static/fold-rest.ts
import { rmSync as rmSync3 } from "node:fs";
import { join as join3 } from "node:path";
var ROUNDS = [FOLDABLE_LAYERS, /* @__PURE__ */ new Set([...RECURRENT, "ConvTranspose"])];
var LARGEST_GROWTH = 1.12;
var NEGLIGIBLE = 1e-3;
async function foldRest(file, options) {
  const decisions = [];
  for (const operators of ROUNDS) {
    const folded = await kept(file, options, (model) => foldLayers(model, { ...options, operators }));
    decisions.push(...folded);
    if (folded.length > 0) break;
  }
  const lookups = (model) => quantizeEmbeddings({ model }, options.selection).filter(isQuantized);
  return [...decisions, ...await kept(file, options, lookups)];
}
async function kept(file, { errors }, edit2) {
  const model = readModel(file);
  const decisions = await edit2(model);
  if (decisions.length === 0) return [];
  model.graph.prune();
  if (errors === null) {
    writeModel(model, file);
    return decisions;
  }
  const directory = scratchFolder("fold");
  const folded = join3(directory, "folded.onnx");
  try {
    writeModel(model, folded, { durable: false });
    const [before2, after] = await errors.of([file, folded]);
    if (after.all > Math.max(before2.all * LARGEST_GROWTH, NEGLIGIBLE * model.graph.outputs.length))
      return [];
    writeModel(model, file);
    return decisions;
  } finally {
    rmSync3(directory, { recursive: true, force: true });
  }
}
async function foldLayers(model, options) {
  const { selection, operators } = options;
  const decisions = foldWeights(model.graph, selection, operators).filter(isQuantized);
  return hasBodies(model) ? [...decisions, ...await foldInBodies(model, options)] : decisions;
}
async function foldInBodies(model, {
  selection,
  operators,
  context
}) {
  const decisions = [];
  const prepared = { model, types: await inferTypes(model, { context }) };
  await editBodies(prepared, {
    context,
    edit: (body) => {
      const inside = foldWeights(body.model.graph, selection, operators).filter(isQuantized);
      decisions.push(...inside);
      return inside.length;
    }
  });
  return decisions;
}

// src/quantize/int8-static/recover/output-error.ts
var SAMPLES3 = 8;
var MOST_KEPT_BYTES = 2 ** 24;
var OutputErrors = class {
  #options;
  #expected;
  #samples;
  #keptBytes = 0;
  constructor(options) {
    this.#options = options;
    this.#expected = options.known ?? /* @__PURE__ */ new Map();
    this.#samples = options.samples?.slice(0, SAMPLES3);
  }
  /** The first of the samples that are at hand; undefined: none has been read. */
  get firstSample() {
    return this.#samples?.[0];
  }
  /** The error of each file on these samples; default: a few of the data set. */
  async of(files, samples) {
    const sessions = [];
    const open = async (file) => {
      const session = await this.#open(file);
      sessions.push(session);
      return session;
    };
    try {
      for (const file of files) await open(file);
      const variants = [...sessions];
      const names = floatOutputs(variants[0]);
      if (names.length === 0) return files.map(() => ({ all: 0, samples: [] }));
      const sums = files.map(() => new ErrorSums());
      const expectedOf = this.#reference(names, () => open(this.#options.reference));
      for (const feeds of samples ?? await this.#firstSamples(variants[0].inputs)) {
        const expected = await expectedOf(feeds);
        for (const [i, session] of variants.entries()) {
          sums[i].add(names, expected, await session.run(feeds, names));
        }
      }
      return sums.map((sum2) => sum2.result());
    } finally {
      for (const session of sessions) await session.release();
    }
  }
  async #open(file) {
    const { runtime, threads } = this.#options.context;
    return await runtime.open(file, { configEntries: SPIN_WITHIN_RUNS, threads });
  }
  async #firstSamples(inputs) {
    if (this.#samples) return this.#samples;
    const { dataset, context } = this.#options;
    const samples = [];
    let bytes = 0;
    for await (const feeds of batches(dataset, inputs, context.signal)) {
      samples.push(feeds);
      bytes += Object.values(feeds).reduce((sum2, { data }) => sum2 + byteLength(data), 0);
      if (samples.length >= SAMPLES3 || bytes > MOST_KEPT_BYTES) break;
    }
    this.#samples = samples;
    return samples;
  }
  /** Gives the reference's outputs for a sample: those that are known, or by a session that is opened when it is needed. */
  #reference(names, open) {
    let session;
    return async (feeds) => {
      const known = this.#expected.get(feeds);
      if (known && names.every((name) => known[name])) return known;
      session ??= await open();
      const expected = await session.run(feeds, names).catch((error) => {
        throw refusedSample(error, this.#options.dataset);
      });
      const bytes = names.reduce((sum2, name) => sum2 + valuesOf(expected[name]).byteLength, 0);
      if (this.#keptBytes + bytes <= MOST_KEPT_BYTES) {
        this.#expected.set(feeds, expected);
        this.#keptBytes += bytes;
      }
      return expected;
    };
  }
};
var ErrorSums = class {
  #errors = /* @__PURE__ */ new Map();
  #signals = /* @__PURE__ */ new Map();
  #samples = [];
  add(names, expected, found) {
    let alone = 0;
    for (const name of names) {
      const signal = power(expected[name]);
      const error = distance(expected[name], found[name]);
      this.#signals.set(name, (this.#signals.get(name) ?? 0) + signal);
      this.#errors.set(name, (this.#errors.get(name) ?? 0) + error);
      alone += error / (signal || 1);
    }
    this.#samples.push(orInfinity(alone));
  }
  result() {
    let all2 = 0;
    for (const [name, error] of this.#errors) all2 += error / (this.#signals.get(name) || 1);
    return { all: orInfinity(all2), samples: this.#samples };
  }
};
function floatOutputs(session) {
  return (session?.outputs ?? []).filter(({ type }) => type !== null && isFloatType(type)).map(({ name }) => name);
}
function orInfinity(value) {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}
function byteLength(data) {
  return Array.isArray(data) ? data.length : data.byteLength;
}
function power(tensor) {
  let sum2 = 0;
  for (const value of valuesOf(tensor)) sum2 += value * value;
  return sum2;
}
function distance(a, b) {
  const [left, right] = [valuesOf(a), valuesOf(b)];
  if (left.length !== right.length) return Number.POSITIVE_INFINITY;
  let sum2 = 0;
  for (let i = 0; i < left.length; i++) sum2 += (left[i] - right[i]) ** 2;
  return sum2;
}
function valuesOf({ type, data }) {
  return type === "float16" ? fromHalf(data) : data;
}

// src/quantize/int8-static/verify.ts
import { rmSync as rmSync4 } from "node:fs";
import { join as join4 } from "node:path";
async function checkFusion(file, groups, options) {
  const directory = scratchFolder("verify");
  try {
    const optimizedModelPath = join4(directory, "extended.onnx");
    const session = await options.runtime.open(file, {
      graphOptimizationLevel: "extended",
      optimizedModelPath,
      threads: 1
    });
    try {
      if (options.sample) await session.run(options.sample);
    } finally {
      await session.release();
    }
    const { graph } = readModel(optimizedModelPath);
    return groups.map((group) => check(group, graph, options.quantizedOutputs));
  } finally {
    rmSync4(directory, { recursive: true, force: true });
  }
}
function check(group, graph, quantizedOutputs) {
  const output = group.outputs[0];
  const producer = graph.producer(quantizedOutputs.get(output) ?? output);
  if (producer) {
    const { opType } = producer;
    const stayed = opType === "QuantizeLinear" || group.floatOutput && opType === group.node.opType;
    const float2 = stayed && opType === "QuantizeLinear" ? graph.producer(producer.input[0]) : producer;
    return { group, became: stayed ? float2?.opType ?? opType : opType, fused: !stayed };
  }
  const float = graph.nodes.find((node) => node.name !== "" && node.name === group.node.name);
  const reads = float?.input.map((name) => graph.producer(name)?.opType) ?? [];
  return { group, became: float?.opType ?? group.row.fused, fused: !reads.includes("DequantizeLinear") };
}

// src/quantize/int8-static/worse-recovery.ts
import { rmSync as rmSync5 } from "node:fs";
import { join as join5 } from "node:path";
async function worseRecovery(file, parts, errors) {
  const steps = ["moments", "means"].filter((step) => parts.recovery[step] !== null);
  if (steps.length === 0) return { worse: null, roundingGain: null };
  const directory = scratchFolder("recover");
  try {
    const without = steps.map((step) => {
      const other = join5(directory, `without-${step}.onnx`);
      const recovery = { ...parts.recovery, [step]: null };
      writeQuantized(other, { ...parts, recovery }, { durable: false });
      return other;
    });
    const [all2, ...rest] = (await errors.of([file, ...without])).map((error) => error.all);
    const least = Math.min(...rest);
    const rounded = steps.indexOf("moments");
    return {
      worse: least < all2 ? steps[rest.indexOf(least)] : null,
      roundingGain: rounded < 0 || !(all2 > 0) ? null : 10 * Math.log10(rest[rounded] / all2)
    };
  } finally {
    rmSync5(directory, { recursive: true, force: true });
  }
}

// src/quantize/int8-static/attempt.ts
var DISTRUST = [1.5, 2.5];
var GIVE_UP = 1e9;
var Attempt = class {
  #request;
  #prologue;
  #samples;
  #candidates;
  #folds;
  #weights = new WeightCache();
  #errors;
  #ranges;
  #recovery;
  #checks = [];
  /** Of the ranges in use; 100: the extremes. */
  percentile = 100;
  /** How much nearer the outputs are for adaptive rounding, in dB; null: it is not in use, or was not tried. */
  roundingGain = null;
  constructor(request, prologue, { samples, observed }) {
    this.#request = request;
    this.#prologue = prologue;
    this.#samples = samples;
    this.#candidates = observed.candidates;
    this.#ranges = observed.candidates.get(this.percentile);
    this.#recovery = observed.recovery;
    this.#folds = observed.folds;
    const { model: reference, context, evidence } = request;
    const [fold] = observed.folds;
    this.#errors = new OutputErrors({
      reference,
      dataset: samples.dataset,
      ...fold && fold.samples.length > 0 ? { samples: fold.samples } : {},
      ...evidence && onlyFloat32(modelOutputs(prologue.model)) ? { known: evidence.originals } : {},
      context
    });
  }
  /** Whether anything is left to run in 8 bits. */
  get hasGroups() {
    return this.#prologue.draft.partition.quantized.length > 0;
  }
  get recovery() {
    return this.#recovery;
  }
  /** What the runtime made of each group of the last file that was checked. */
  get became() {
    return new Map(this.#checks.map(({ group, became }) => [group, became]));
  }
  /** Takes the ranges of the calibrator that does best on samples which it has not seen. */
  async chooseRanges() {
    if (this.#candidates.size === 1 || !this.hasGroups) return;
    this.percentile = await choosePercentile(this.#folds, {
      // Which ranges are best doesn't depend on how weights are rounded.
      parts: { ...this.#parts(), recovery: { ...this.#recovery, moments: null } },
      errors: this.#errors
    });
    this.#ranges = this.#candidates.get(this.percentile);
  }
  /** Writes the file and proves it. If it doesn't stand, what made it fail has been taken back: at least one group, or a step of
   *  recovery, so that attempts end. */
  async writeAndProve() {
    const { out, verify: verify2, context, evidence } = this.#request;
    await this.#roundWeights();
    const quantizedOutputs = writeQuantized(out, this.#parts());
    evidence?.ranAt.clear();
    if (!verify2) return true;
    if (this.#prologue.scheme.placement !== "fused") {
      await (await context.runtime.open(out, { graphOptimizationLevel: "disabled", threads: 1 })).release();
      return true;
    }
    return await this.#isFused(quantizedOutputs) && await this.#recoveryHelps() && await this.#pays();
  }
  /** Compresses the weights of what stays float in the file that stands, unless the options say what becomes of what. */
  async foldRest() {
    const { options, out, target, verify: verify2, evidence, context } = this.#request;
    const { scheme, selection } = this.#prologue;
    const listed = options.include !== null || options.preset !== null || scheme.placement !== "fused";
    if (listed || !isCpu(target)) return [];
    const folded = await foldRest(out, { selection, errors: verify2 ? this.#errors : null, context });
    if (folded.length > 0) evidence?.ranAt.clear();
    return folded;
  }
  /** Rounds what takes long, once: it is known to all files from then on. */
  async #roundWeights() {
    const { out, context } = this.#request;
    if (this.#recovery.moments === null) return;
    const trial = () => writeQuantized(out, this.#parts(), { durable: false });
    await this.#weights.roundAhead(trial, context);
  }
  #parts() {
    const { model, scheme, selection, draft } = this.#prologue;
    return {
      model,
      scheme,
      selection,
      groups: draft.partition.quantized,
      ranges: this.#ranges,
      recovery: this.#recovery,
      weights: this.#weights
    };
  }
  async #isFused(quantizedOutputs) {
    const { draft, notes } = this.#prologue;
    const { out, context, evidence } = this.#request;
    const { runtime } = context;
    const sample = evidence ? this.#errors.firstSample : void 0;
    this.#checks = await checkFusion(out, draft.partition.quantized, { runtime, quantizedOutputs, sample });
    if (sample) evidence?.ranAt.add("extended");
    const unfused = this.#checks.filter((check2) => !check2.fused);
    if (unfused.length === 0) return true;
    draft.refuse(
      unfused.map(({ group, became }) => [group, `the runtime did not fuse it (it ran ${became})`])
    );
    notes.push({ level: "warn", code: "not-fused", message: unfusedMessage(unfused) });
    return false;
  }
  async #recoveryHelps() {
    const { worse, roundingGain } = await worseRecovery(this.#request.out, this.#parts(), this.#errors);
    this.roundingGain = roundingGain;
    if (worse === null) return true;
    this.#recovery = { ...this.#recovery, [worse]: null };
    return false;
  }
  /** Whether the file is no slower than the original on this machine; if it is, more stays float. Models with a fixed batch above 1
   *  don't take a single sample and are believed. */
  async #pays() {
    const { target, context } = this.#request;
    const { scheme, draft, notes } = this.#prologue;
    if (!runsHere(target)) return true;
    const slowdown2 = await this.#slowdown();
    if (slowdown2 === null) return true;
    const seen = `The quantized model ${slowdownText(slowdown2)}`;
    if (scheme.everything) {
      const message = `${seen}; without \`include\` and presets only what pays is quantized.`;
      notes.push({ level: "warn", code: "slower", message });
      return true;
    }
    context.log.debug(`${seen}: more stays float.`);
    notes.push({
      level: "info",
      code: "slower-in-8-bits",
      message: `With ${draft.partition.quantized.length} groups in 8 bits: ${seen.charAt(0).toLowerCase()}${seen.slice(1)}. More stays in float.`
    });
    draft.distrust(DISTRUST[draft.distrusted++] ?? GIVE_UP);
    return false;
  }
  /** By how much the file is slower than the original on the first sample, for sure; null where they can't be compared, too. */
  async #slowdown() {
    const { model, out, context } = this.#request;
    try {
      return await sureSlowdown(model, out, { context, feeds: this.#samples.first });
    } catch (error) {
      context.log.debug(`The quantized model's speed was not compared: ${messageOf(error)}`);
      return null;
    }
  }
};
function onlyFloat32(outputs) {
  return outputs.every(({ type }) => type === null || !isFloatType(type) || type === "float32");
}
function unfusedMessage(unfused) {
  const named = unfused.slice(0, 5).map(({ group }) => `${group.node.opType} '${nodeLabel(group.node)}'`);
  const more = unfused.length > named.length ? ` and ${unfused.length - named.length} more` : "";
  return `The runtime did not fuse ${named.join(", ")}${more}: kept in float.`;
}

// src/quantize/calibrate/histogram.ts
var BINS_PER_SIDE = 4096;
var Histogram = class _Histogram {
  /** counts[i] counts values in [(i − BINS_PER_SIDE) · width, (i + 1 − BINS_PER_SIDE) · width). */
  counts = new Float64Array(2 * BINS_PER_SIDE);
  /** 0 until a value other than zero comes. */
  width = 0;
  /** Values that are exactly zero: every quantizer represents them without error. Not in `counts`. */
  zeros = 0;
  total = 0;
  #grid;
  constructor(grid = { firstWidth: 0 }) {
    this.#grid = grid;
  }
  /** All values of histograms on one grid, as if one had seen them. */
  static merged(histograms) {
    const merged = new _Histogram();
    for (const { counts, width, zeros, total: total2 } of histograms) {
      merged.zeros += zeros;
      merged.total += total2;
      if (width === 0) continue;
      merged.width ||= width;
      while (merged.width < width) merged.#widen();
      const times = merged.width / width;
      for (let bin = 0; bin < counts.length; bin++) {
        const target = Math.floor((bin - BINS_PER_SIDE) / times) + BINS_PER_SIDE;
        merged.counts[target] = merged.counts[target] + counts[bin];
      }
    }
    return merged;
  }
  /** Counts values; those that are not finite are left out (the caller sees them in the tensor's extremes).
   *  @param bound no value is larger, where that is known: within what fits already, the largest need not be looked for. */
  add(values, bound = Number.POSITIVE_INFINITY) {
    if (!(bound < this.width * BINS_PER_SIDE)) this.#makeRoomFor(largestFinite(values));
    const { counts, width } = this;
    let zeros = 0;
    let total2 = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value === 0) zeros++;
      else {
        const bin = Math.floor(value / width) + BINS_PER_SIDE;
        if (!(bin >= 0 && bin < counts.length)) continue;
        counts[bin] = counts[bin] + 1;
      }
      total2++;
    }
    this.zeros += zeros;
    this.total += total2;
  }
  /** Middle of a bin. */
  center(bin) {
    return (bin + 0.5 - BINS_PER_SIDE) * this.width;
  }
  /** Makes sure that ±size falls inside. */
  #makeRoomFor(size) {
    if (size === 0) return;
    if (this.width === 0) this.width = this.#grid.firstWidth ||= 2 * size / BINS_PER_SIDE;
    while (size >= this.width * BINS_PER_SIDE) this.#widen();
  }
  #widen() {
    const { counts } = this;
    const merged = new Float64Array(counts.length);
    for (let bin = 0; bin < counts.length; bin++) {
      const target = Math.floor((bin - BINS_PER_SIDE) / 2) + BINS_PER_SIDE;
      merged[target] = merged[target] + counts[bin];
    }
    counts.set(merged);
    this.width *= 2;
  }
};
function largestFinite(values) {
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]);
    if (size > largest && size !== Number.POSITIVE_INFINITY) largest = size;
  }
  return largest;
}

// src/quantize/calibrate/entropy.ts
var BINS = 2048;
var THRESHOLD_STEP = 16;
function entropyRange({ range, histogram }, options = {}) {
  const { levels = 256 } = options;
  const twoSided = range.min < 0 && range.max > 0;
  const extreme = Math.max(-range.min, range.max);
  if (!(extreme > 0) || histogram.width === 0) return range;
  const groups = twoSided ? levels / 2 : levels;
  const bins = magnitudes(histogram.counts, { width: histogram.width, extreme });
  const threshold = bestThreshold(bins, groups) / BINS * extreme;
  return { min: Math.max(-threshold, range.min), max: Math.min(threshold, range.max) };
}
function magnitudes(counts, { width, extreme }) {
  const bins = new Float64Array(BINS);
  const scale = BINS / extreme;
  for (let bin = 0; bin < BINS_PER_SIDE; bin++) {
    const count = counts[BINS_PER_SIDE + bin] + counts[BINS_PER_SIDE - 1 - bin];
    if (count === 0) continue;
    const from = bin * width * scale;
    const to = (bin + 1) * width * scale;
    for (let target = Math.floor(from); target < to; target++) {
      const share = (Math.min(to, target + 1) - Math.max(from, target)) / (to - from);
      const inside = Math.min(target, BINS - 1);
      bins[inside] = bins[inside] + count * share;
    }
  }
  return bins;
}
function bestThreshold(bins, groups) {
  const total2 = bins.reduce((sum2, count) => sum2 + count, 0);
  let best = { divergence: Number.POSITIVE_INFINITY, kept: BINS };
  let inside = bins.reduce((sum2, count) => sum2 + count, 0);
  for (let kept2 = BINS; kept2 >= groups; kept2 -= THRESHOLD_STEP) {
    const divergence = divergenceAt(bins, { kept: kept2, groups, outliers: total2 - inside });
    if (divergence < best.divergence) best = { divergence, kept: kept2 };
    for (let bin = kept2 - THRESHOLD_STEP; bin < kept2; bin++) inside -= bins[bin] ?? 0;
  }
  return best.kept;
}
function divergenceAt(bins, { kept: kept2, groups, outliers }) {
  let sumP = 0;
  let sumQ = 0;
  for (let bin = 0; bin < kept2; bin++) sumQ += bins[bin];
  sumP = sumQ + outliers;
  if (sumQ === 0) return Number.POSITIVE_INFINITY;
  let divergence = 0;
  for (let group = 0; group < groups; group++) {
    const from = Math.round(group * kept2 / groups);
    const to = Math.round((group + 1) * kept2 / groups);
    let count = 0;
    let filled = 0;
    for (let bin = from; bin < to; bin++) {
      count += bins[bin];
      if (bins[bin] > 0) filled++;
    }
    const q = filled > 0 ? count / filled / sumQ : 0;
    for (let bin = from; bin < to; bin++) {
      const p = (bins[bin] + (bin === kept2 - 1 ? outliers : 0)) / sumP;
      if (p === 0) continue;
      divergence += p * Math.log(p / (q > 0 ? q : SMOOTHING));
    }
  }
  return divergence;
}
var SMOOTHING = 1e-9;

// src/quantize/calibrate/histograms.ts
var VALUES_PER_SAMPLE = 8192;
async function collectHistograms(request) {
  const { tensors, observers = [] } = request;
  if (tensors.length === 0) return /* @__PURE__ */ new Map();
  const histograms = new HistogramObserver(tensors, request);
  await observe({ ...request, step: CALIBRATING }, [histograms, ...observers]);
  return histograms.result();
}
async function collectFolds(request, options) {
  const { tensors, observers = [] } = request;
  if (tensors.length === 0) return { all: /* @__PURE__ */ new Map(), folds: [] };
  const histograms = new HistogramObserver(tensors, request, options);
  await observe({ ...request, step: CALIBRATING }, [histograms, ...observers]);
  return {
    all: histograms.result(),
    folds: Array.from({ length: options.folds }, (_, fold) => histograms.result(fold))
  };
}
var HistogramObserver = class {
  values;
  initializers = [];
  #tensors;
  #graph;
  #extremes;
  #thinned;
  /** Of each fold, by tensor. */
  #histograms;
  #onSample;
  #runs = 0;
  constructor(tensors, { model, types }, { folds = 1, onSample } = {}) {
    this.#tensors = tensors;
    this.#graph = model.graph;
    this.#onSample = onSample;
    this.#extremes = new MinMaxObserver(tensors, model, { mode: "minmax", types, folds });
    const [flatShape, start, end] = [-1, 0, Number.MAX_SAFE_INTEGER].map((value) => this.#int64(value));
    const names = { flatShape, start, end };
    this.#thinned = tensors.map((tensor) => this.#thin(tensor, strideOf(types.get(tensor)), names));
    const grids = tensors.map(() => ({ firstWidth: 0 }));
    this.#histograms = Array.from({ length: folds }, () => grids.map((grid) => new Histogram(grid)));
    this.values = [...this.#extremes.values, ...this.#thinned];
  }
  add(values, feeds) {
    const largest = this.#extremes.add(values);
    const histograms = this.#histograms[this.#runs++ % this.#histograms.length];
    this.#thinned.forEach(({ value }, i) => {
      histograms[i].add(values.get(value), largest[i]);
    });
    this.#onSample?.(feeds, largest);
  }
  /** Of all samples, or those of one fold; empty where there were none. */
  result(fold) {
    const ranges = this.#extremes.ranges(fold);
    if (ranges.size === 0) return /* @__PURE__ */ new Map();
    const of = fold === void 0 ? this.#histograms : [this.#histograms[fold]];
    return new Map(
      this.#tensors.map((name, i) => {
        const parts = of.map((histograms) => histograms[i]);
        const histogram = parts.length === 1 ? parts[0] : Histogram.merged(parts);
        return [name, { range: ranges.get(name), histogram }];
      })
    );
  }
  /** Every n-th value of a tensor. */
  #thin(tensor, stride, { flatShape, start, end }) {
    if (stride === 1) return { tensor, value: tensor, nodes: [] };
    const flat = this.#graph.freshName(`${tensor}_whole`);
    const value = this.#graph.freshName(`${tensor}_thinned`);
    const nodes = [
      makeNode("Reshape", [tensor, flatShape], [flat]),
      makeNode("Slice", [flat, start, end, start, this.#int64(stride)], [value])
    ];
    return { tensor, value, nodes };
  }
  #int64(value) {
    const name = this.#graph.freshName("quantgate_thinning");
    this.initializers.push(makeTensor(name, TensorProto_DataType.INT64, [1], BigInt64Array.of(BigInt(value))));
    return name;
  }
};
function strideOf(type) {
  let elements3 = 1;
  for (const dim of type?.shape ?? []) if (typeof dim === "number") elements3 *= dim;
  const stride = Math.floor(elements3 / VALUES_PER_SAMPLE);
  return stride < 2 ? 1 : stride | 1;
}

// src/quantize/calibrate/mse.ts
var CANDIDATES = 128;
var SMALLEST_FRACTION = 0.05;
function mseRange({ range, histogram }, options = {}) {
  const { steps = 255, symmetric = false } = options;
  if (!(range.max > range.min) || histogram.width === 0) return range;
  const sums = tailSums(histogram.counts, (bin) => histogram.center(bin));
  const upper = ends(range.max);
  const lower = symmetric ? [] : ends(-range.min).map((value) => -value);
  let best = { error: Number.POSITIVE_INFINITY, range };
  const consider = (low, high) => {
    const step = (high - low) / steps;
    if (!(step > 0)) return;
    const above = sums.above(binOf(high, histogram.width), high);
    const below = sums.below(binOf(low, histogram.width), low);
    const inside = histogram.total - histogram.zeros - above.count - below.count;
    const error = above.error + below.error + inside * step * step / 12;
    if (error < best.error) best = { error, range: { min: low, max: high } };
  };
  if (symmetric) for (const high of ends(Math.max(-range.min, range.max))) consider(-high, high);
  else for (const high of upper) for (const low of lower) consider(low, high);
  return { min: Math.max(best.range.min, range.min), max: Math.min(best.range.max, range.max) };
}
function ends(extreme) {
  if (!(extreme > 0)) return [0];
  return Array.from(
    { length: CANDIDATES },
    (_, i) => extreme * (1 - (1 - SMALLEST_FRACTION) * i / (CANDIDATES - 1))
  );
}
function binOf(value, width) {
  return Math.max(0, Math.min(2 * BINS_PER_SIDE, Math.round(value / width) + BINS_PER_SIDE));
}
function tailSums(counts, center) {
  const size = counts.length;
  const [zeroth, first2, second] = [0, 1, 2].map(() => new Float64Array(size + 1));
  for (let bin = 0; bin < size; bin++) {
    const x = center(bin);
    zeroth[bin + 1] = zeroth[bin] + counts[bin];
    first2[bin + 1] = first2[bin] + counts[bin] * x;
    second[bin + 1] = second[bin] + counts[bin] * x * x;
  }
  const between = (from, to, limit) => {
    const count = zeroth[to] - zeroth[from];
    const error = second[to] - second[from] - 2 * limit * (first2[to] - first2[from]) + limit * limit * count;
    return { count, error: Math.max(0, error) };
  };
  return {
    above: (bin, limit) => between(bin, size, limit),
    below: (bin, limit) => between(0, bin, limit)
  };
}

// src/quantize/calibrate/percentile.ts
var DEFAULT_PERCENTILE = 99.999;
function percentileRange({ range, histogram }, percentile) {
  const { counts, total: total2, zeros, width } = histogram;
  const twoSided = range.min < 0 && range.max > 0;
  const allowed = total2 * (1 - percentile / 100) / (twoSided ? 2 : 1);
  let max = 0;
  for (let bin = counts.length - 1, cut = 0; bin >= BINS_PER_SIDE; bin--) {
    cut += counts[bin];
    if (cut > allowed) {
      max = (bin + 1 - BINS_PER_SIDE) * width;
      break;
    }
  }
  let min = 0;
  for (let bin = 0, cut = 0; bin < BINS_PER_SIDE; bin++) {
    cut += counts[bin];
    if (cut > allowed) {
      min = (bin - BINS_PER_SIDE) * width;
      break;
    }
  }
  if (min === 0 && max === 0 && zeros < total2) return range;
  return { min: Math.max(min, range.min), max: Math.min(max, range.max) };
}

// src/quantize/calibrate/calibrate.ts
async function calibrateRanges(request, options) {
  const symmetric = options.symmetric ?? false;
  switch (options.calibrator) {
    case "moving-average":
      return await calibrateMinMax(request, "moving-average");
    case "percentile":
      return await byHistogram(
        request,
        (tensor) => percentileRange(tensor, options.percentile ?? DEFAULT_PERCENTILE)
      );
    case "entropy":
      return await byHistogram(request, (tensor) => entropyRange(tensor));
    case "mse":
      return await byHistogram(request, (tensor) => mseRange(tensor, { symmetric }));
    default:
      return await calibrateMinMax(request);
  }
}
async function calibratePercentiles(request, percentiles, options) {
  const { all: all2, folds } = await collectFolds(request, options);
  const byPercentile = (tensors) => new Map(
    percentiles.map((percentile) => [
      percentile,
      rangesOf(
        tensors,
        (tensor) => percentile === 100 ? tensor.range : percentileRange(tensor, percentile)
      )
    ])
  );
  return { all: byPercentile(all2), folds: folds.map(byPercentile) };
}
async function byHistogram(request, rangeOf3) {
  return rangesOf(await collectHistograms(request), rangeOf3);
}
function rangesOf(tensors, rangeOf3) {
  const ranges = /* @__PURE__ */ new Map();
  for (const [name, tensor] of tensors) {
    const { min, max } = tensor.range;
    ranges.set(name, Number.isFinite(min) && Number.isFinite(max) ? rangeOf3(tensor) : tensor.range);
  }
  return ranges;
}

// src/quantize/int8-static/held-out-samples.ts
var KEPT = 8;
var MOST_BYTES = 2 ** 26;
var HeldOutSamples = class {
  #folds;
  /** Of each tensor, the sum of its largest magnitudes so far. */
  #sums;
  #count = 0;
  constructor(folds) {
    this.#folds = Array.from({ length: folds }, () => ({ first: [], farthest: [] }));
  }
  /** Shows the next sample; samples go to the folds in turns. @param largest magnitude of each tensor in it. */
  add(feeds, largest) {
    const { first: first2, farthest } = this.#folds[this.#count % this.#folds.length];
    const judge = { feeds, reach: this.#reach(largest) };
    this.#count++;
    const room = Math.min(KEPT, Math.floor(MOST_BYTES / (2 * this.#folds.length * bytesOf2(feeds))));
    if (first2.length < room) first2.push(judge);
    else {
      const place = farthest.findIndex(({ reach }) => reach < judge.reach);
      farthest.splice(place < 0 ? farthest.length : place, 0, judge);
      farthest.splice(room);
    }
  }
  /** Those of one fold. */
  of(fold) {
    const { first: first2, farthest } = this.#folds[fold];
    return [...first2, ...farthest].map(({ feeds }) => feeds);
  }
  /** Of all folds, the first ones, then those that reach farthest. */
  ofAll() {
    const kept2 = this.#folds.flatMap(({ first: first3, farthest: farthest2 }) => [...first3, ...farthest2]);
    const first2 = Array.from({ length: KEPT }, (_, index) => {
      return this.#folds[index % this.#folds.length].first[Math.floor(index / this.#folds.length)];
    });
    const farthest = kept2.filter((judge) => !first2.includes(judge)).toSorted((a, b) => b.reach - a.reach);
    return [...first2.filter((judge) => judge !== void 0), ...farthest.slice(0, KEPT)].map(
      ({ feeds }) => feeds
    );
  }
  #reach(largest) {
    this.#sums ??= new Float64Array(largest.length);
    let [reach, tensors] = [0, 0];
    for (let i = 0; i < largest.length; i++) {
      const mean = this.#count > 0 ? this.#sums[i] / this.#count : largest[i];
      if (mean > 0 && Number.isFinite(largest[i])) {
        reach += largest[i] / mean;
        tensors++;
      }
      this.#sums[i] = this.#sums[i] + largest[i];
    }
    return tensors === 0 ? 1 : reach / tensors;
  }
};
function bytesOf2(feeds) {
  let bytes = 1;
  for (const { data } of Object.values(feeds)) bytes += Array.isArray(data) ? data.length : data.byteLength;
  return bytes;
}

// src/quantize/int8-static/recover/channel-means.ts
var IMAGE_RANK2 = 3;
var ChannelMeansObserver = class {
  values = [];
  /** By tensor name. */
  #sums = /* @__PURE__ */ new Map();
  constructor(groups, { model, types }) {
    for (const { node } of groups) {
      const weighted2 = readWeighted(model.graph, node);
      if (!weighted2 || this.#sums.has(weighted2.input)) continue;
      const { opType, input: tensor, inputs } = weighted2;
      const rank = types.get(tensor)?.shape?.length ?? 0;
      if (opType === "Conv" && rank >= IMAGE_RANK2) {
        const value = model.graph.freshName(`${tensor}_mean`);
        const pool = makeNode("GlobalAveragePool", [tensor], [value]);
        this.#watch({ tensor, value, nodes: [pool] }, inputs);
      } else if (opType === "Gemm") this.#watch({ tensor, value: tensor, nodes: [] }, inputs);
    }
  }
  #watch(observed, channels) {
    this.values.push(observed);
    const { tensor, value } = observed;
    this.#sums.set(tensor, { value, sum: new Float64Array(channels), rows: 0 });
  }
  add(values) {
    for (const total2 of this.#sums.values()) {
      const found = values.get(total2.value);
      const channels = total2.sum.length;
      for (let at = 0; at < found.length; at += channels) {
        for (let channel = 0; channel < channels; channel++) total2.sum[channel] += found[at + channel];
      }
      total2.rows += found.length / channels;
    }
  }
  /** Mean over samples, batch and space, by tensor name. */
  means() {
    const seen = [...this.#sums].filter(([, { rows }]) => rows > 0);
    return new Map(
      seen.map(([name, { sum: sum2, rows }]) => [name, Float32Array.from(sum2, (value) => value / rows)])
    );
  }
};

// src/quantize/int8-static/recover/clip-headroom.ts
var UNIT = /* @__PURE__ */ new Set(["Sigmoid", "HardSigmoid", "Softmax"]);
function clipHeadroom(graph, conv, clamp2) {
  const limits = clampLimits(clamp2, graph);
  if (limits === null || limits[0] !== 0 || !(limits[1] > 0)) return null;
  const [, upper] = limits;
  if (upper === Number.POSITIVE_INFINITY) return new Float64Array(conv.rows).fill(upper);
  const input = interval(graph, inputOf(conv.node, 0));
  if (!input) return new Float64Array(conv.rows).fill(1);
  return largestOutputs(conv, input).map((largest) => largest > 0 ? Math.max(1, upper / largest) : 1);
}
function interval(graph, name) {
  const producer = graph.producer(name);
  if (producer?.domain !== "") return null;
  if (UNIT.has(producer.opType)) return [0, 1];
  const limits = isClamp(producer) ? clampLimits(producer, graph) : null;
  if (!limits?.every(Number.isFinite)) return null;
  return [Math.min(0, limits[0]), Math.max(0, limits[1])];
}
function largestOutputs({ weight, rows, columns, kernel, bias }, [lower, upper]) {
  const largest = new Float64Array(rows);
  const length = columns * kernel;
  for (let row = 0; row < rows; row++) {
    let sum2 = bias?.[row] ?? 0;
    for (let i = row * length; i < (row + 1) * length; i++) {
      const value = weight[i];
      sum2 += value * (value > 0 ? upper : lower);
    }
    largest[row] = sum2;
  }
  return largest;
}

// src/quantize/int8-static/recover/equalize.ts
var SAMPLES4 = 8;
var LARGEST_FACTOR = 1e4;
async function equalizeModel(request) {
  const { model, types, quantized: quantized2, throughClip } = request;
  const pairs = equalizationPairs(model.graph, { throughClip }).filter(
    ({ first: first2, second }) => quantized2.has(first2) || quantized2.has(second)
  );
  if (pairs.length === 0) return 0;
  const maxima = await channelMaxima(pairs, request);
  const context = { types };
  return pairs.filter((pair, i) => equalizePair(model.graph, pair, { maxima: maxima[i], context })).length;
}
function equalizationPairs(graph, { throughClip }) {
  const pairs = [];
  for (const first2 of graph.topologicalNodes()) {
    if (first2.opType !== "Conv" || first2.domain !== "") continue;
    const clamp2 = graph.onlyReader(outputOf(first2));
    if (!clamp2 || clamp2.input[0] !== first2.output[0]) continue;
    if (!(throughClip ? isClamp(clamp2) : clamp2.opType === "Relu" && clamp2.domain === "")) continue;
    const tensor = outputOf(clamp2);
    const second = graph.onlyReader(tensor);
    if (second?.opType !== "Conv" || second.domain !== "" || second.input[0] !== tensor) continue;
    const linear = readLinear(graph, first2);
    if (!linear || !readLinear(graph, second)) continue;
    if (!clipHeadroom(graph, linear, clamp2)?.some((factor2) => factor2 > 1)) continue;
    pairs.push({ first: first2, second, clamp: clamp2, tensor, channels: linear.rows });
  }
  return pairs;
}
async function channelMaxima(pairs, request) {
  const { graph } = request.model;
  const maxima = pairs.map(({ channels }) => new Float32Array(channels));
  const values = pairs.map(({ tensor }) => {
    const value = graph.freshName(`${tensor}_maximum`);
    return { tensor, value, nodes: [makeNode("GlobalMaxPool", [tensor], [value])] };
  });
  const add = (observed) => {
    for (const [i, channels] of maxima.entries()) {
      observed.get(values[i].value).forEach((value, at) => {
        const channel = at % channels.length;
        if (value > channels[channel]) channels[channel] = value;
      });
    }
  };
  await observe({ ...request, maxSamples: SAMPLES4 }, [{ values, add }]);
  return maxima;
}
function equalizePair(graph, pair, { maxima, context }) {
  const [first2, second] = [readLinear(graph, pair.first), readLinear(graph, pair.second)];
  const headroom = first2 && clipHeadroom(graph, first2, pair.clamp);
  const factors = second && headroom && channelFactors2(second, { maxima, headroom });
  if (!first2 || !second || !factors) return false;
  const offset = Float64Array.of(0);
  const up = scaleOutput(graph, first2, { scale: factors, offset }, context);
  const down = scaleInput(graph, second, { scale: factors.map((factor2) => 1 / factor2), offset }, context);
  if (isDeclined(up) || isDeclined(down)) return false;
  up();
  down();
  return true;
}
function channelFactors2(second, { maxima, headroom }) {
  const largest = maxima.reduce((a, b) => Math.max(a, b), 0);
  if (!(largest > 0) || !Number.isFinite(largest)) return null;
  const full = Float64Array.from(
    maxima,
    (max, channel) => max > 0 ? Math.min(largest / max, headroom[channel], LARGEST_FACTOR) : 1
  );
  if (full.every((factor2) => factor2 === 1)) return null;
  const isDepthwise = second.columns === 1 && second.group > 1;
  return isDepthwise ? full : mildFactors(full, { second, maxima, largest });
}
var STRENGTHS = [1, 0.75, 0.5, 0.25, 0];
function mildFactors(full, tensor) {
  let best = {
    factors: null,
    noise: Number.POSITIVE_INFINITY
  };
  for (const strength of STRENGTHS) {
    const factors = full.map((factor2) => factor2 ** strength);
    const noise = expectedNoise(factors, tensor);
    if (noise < best.noise) best = { factors: strength === 0 ? null : factors, noise };
  }
  return best.factors;
}
var TYPICAL_RMS = 0.25;
function expectedNoise(factors, { second, maxima, largest }) {
  const { weight, rows, columns, kernel } = second;
  const activationQuantum = largest / 255;
  let noise = 0;
  for (let row = 0; row < rows; row++) {
    const first2 = firstColumn(second, row);
    let [absmax, gain, power2] = [0, 0, 0];
    for (let column = 0; column < columns; column++) {
      const channel = first2 + column;
      const factor2 = factors[channel];
      const start = (row * columns + column) * kernel;
      for (let i = start; i < start + kernel; i++) {
        const value = Math.abs(weight[i]) / factor2;
        absmax = Math.max(absmax, value);
        gain += value * value;
      }
      power2 += kernel * (TYPICAL_RMS * maxima[channel] * factor2) ** 2;
    }
    noise += (activationQuantum ** 2 * gain + (absmax / 127) ** 2 * power2) / 12;
  }
  return noise;
}

// src/quantize/int8-static/recover/row-moments.ts
var WAITING_VALUES = 2 ** 18;
var FEWEST_ROWS = 256;
var RowMoments = class {
  #size;
  /** Sums of what is left of each vector after `#origin`, and of the products. */
  #sum;
  #products;
  /** Near the mean, so that little is lost by subtracting large squares: the mean of the first vectors. */
  #origin = null;
  #waiting;
  #waitingRows = 0;
  #rows = 0;
  constructor(size) {
    this.#size = size;
    this.#sum = new Float64Array(size);
    this.#products = new Float32Array(size * size);
    this.#waiting = new Float32Array(Math.max(FEWEST_ROWS, Math.ceil(WAITING_VALUES / size)) * size);
  }
  /** Copies the vector. */
  add(row) {
    const size = this.#size;
    if ((this.#waitingRows + 1) * size > this.#waiting.length) {
      const larger = new Float32Array(this.#waiting.length * 2);
      larger.set(this.#waiting);
      this.#waiting = larger;
    }
    this.#waiting.set(row, this.#waitingRows++ * size);
  }
  /** Multiplies what waits once it is much. */
  async settle(matrices) {
    if (this.#waitingRows * this.#size >= WAITING_VALUES / 2) await this.#flush(matrices);
  }
  /** Of all vectors added, [size, size]. */
  async covariance(matrices) {
    await this.#flush(matrices);
    const [size, rows] = [this.#size, Math.max(1, this.#rows)];
    return this.#products.map(
      (value, at) => value / rows - this.#sum[Math.floor(at / size)] / rows * (this.#sum[at % size] / rows)
    );
  }
  async #flush(matrices) {
    const [size, rows] = [this.#size, this.#waitingRows];
    if (rows === 0) return;
    const data = this.#waiting.subarray(0, rows * size);
    this.#origin ??= meanOf(data, size);
    for (let at = 0; at < data.length; at++) {
      const value = data[at] - this.#origin[at % size];
      data[at] = value;
      this.#sum[at % size] += value;
    }
    const products = await matrices.gram({ rows, columns: size, data });
    for (let at = 0; at < products.length; at++) this.#products[at] += products[at];
    this.#rows += rows;
    this.#waitingRows = 0;
  }
};
function meanOf(rows, size) {
  const sum2 = new Float64Array(size);
  for (let at = 0; at < rows.length; at++) sum2[at % size] += rows[at];
  return Float32Array.from(sum2, (value) => value * size / rows.length);
}

// src/quantize/int8-static/recover/shared-moments.ts
function shareMoments(readers, moments) {
  const outputsOf = /* @__PURE__ */ new Map();
  for (const { output, weight } of readers) outputsOf.set(weight, [...outputsOf.get(weight) ?? [], output]);
  for (const outputs of outputsOf.values()) {
    if (outputs.length < 2) continue;
    const together = meanMoments(outputs.map((output) => moments.get(output)));
    for (const output of outputs) {
      if (together) moments.set(output, together);
      else moments.delete(output);
    }
  }
}
function meanMoments(all2) {
  const [first2, ...others] = all2;
  const { inputs, covariances } = first2;
  const alike = others.every(
    (other) => other.inputs === inputs && other.covariances.length === covariances.length
  );
  if (!alike) return null;
  return {
    inputs,
    covariances: covariances.map(
      (covariance, group) => covariance.map((value, i) => {
        const sum2 = others.reduce((total2, other) => total2 + other.covariances[group][i], value);
        return sum2 / all2.length;
      })
    )
  };
}

// src/quantize/int8-static/recover/input-moments.ts
var SAMPLES5 = 32;
var POSITIONS = 48;
var GROUPED_POSITIONS = 12;
var MOST_INPUTS = 2048;
function roundingWork(groups, graph) {
  return groups.reduce((sum2, { node, outputs }) => {
    const inputs = observe2(node, outputs[0], graph)?.inputs ?? 0;
    return sum2 + inputs ** 2 * (readWeighted(graph, node)?.outputs ?? 0);
  }, 0);
}
async function collectMoments(request) {
  const { model, groups, dataset, context } = request;
  const observed = groups.flatMap(({ node, outputs: outputs2 }) => observe2(node, outputs2[0], model.graph) ?? []);
  const moments = /* @__PURE__ */ new Map();
  if (observed.length === 0) return moments;
  const outputs = [...new Set(observed.map(({ tensor }) => tensor))].map((name) => makeValue(name));
  const session = await openObserved(model, { nodes: [], initializers: [], outputs }, { context });
  await withMatrices(context, async (matrices) => {
    let done = 0;
    try {
      for await (const feeds of batches(dataset, session.inputs, context.signal)) {
        const results = await session.run(feeds).catch((error) => {
          throw refusedSample(error, dataset);
        });
        for (const one of observed) {
          look(one, results[one.tensor], done);
          await one.rows?.settle(matrices);
        }
        if (++done >= SAMPLES5) break;
      }
    } finally {
      await session.release();
    }
    for (const { output, inputs, rows, sums } of observed) {
      const covariances = rows ? [await rows.covariance(matrices)] : sums.map((sum2) => covarianceOfSums(sum2));
      moments.set(output, { inputs, covariances });
    }
  });
  shareMoments(observed, moments);
  return moments;
}
function observe2(node, output, graph) {
  const weighted2 = readWeighted(graph, node);
  if (weighted2?.opType !== "Conv" || weighted2.dims.length !== 4) return null;
  if (!["NOTSET", "VALID"].includes(stringAttribute(node, "auto_pad", "NOTSET"))) return null;
  const [, , height = 1, width = 1] = weighted2.dims;
  const inputs = weighted2.columns * weighted2.kernel;
  const two = (name) => {
    const [a = 1, b = 1] = intsAttribute(node, name) ?? [];
    return [a, b];
  };
  const [top = 0, left = 0] = intsAttribute(node, "pads") ?? [];
  const convolutionGroups = weighted2.group;
  if (inputs < 2 || inputs > MOST_INPUTS) return null;
  return {
    output,
    weight: weighted2.weight,
    tensor: weighted2.input,
    inputs,
    convolutionGroups,
    window: {
      kernel: [height, width],
      strides: two("strides"),
      dilations: two("dilations"),
      pads: [top, left]
    },
    rows: convolutionGroups === 1 ? new RowMoments(inputs) : null,
    sums: Array.from({ length: convolutionGroups === 1 ? 0 : convolutionGroups }, () => ({
      count: 0,
      inputs: new Float64Array(inputs),
      products: new Float32Array(inputs * inputs)
    }))
  };
}
function look(observed, tensor, sample) {
  const { inputs, convolutionGroups, window, rows, sums } = observed;
  const [, channels, height, width] = tensor.dims;
  const { strides, pads } = window;
  const depth = channels / convolutionGroups;
  const columns = Math.max(1, Math.floor(width / strides[1]));
  const positions = Math.max(1, Math.floor(height / strides[0])) * columns;
  const wanted = convolutionGroups === 1 ? POSITIONS : GROUPED_POSITIONS;
  const step = Math.max(1, Math.floor(positions / wanted)) | 1;
  const image = { data: floatsOf(tensor), height, width };
  const row = new Float32Array(inputs);
  for (let position = sample % step; position < positions; position += step) {
    const top = Math.floor(position / columns) * strides[0] - pads[0];
    const left = position % columns * strides[1] - pads[1];
    for (let group = 0; group < convolutionGroups; group++) {
      readWindow(row, image, { window, top, left, channel: group * depth });
      const sum2 = sums[group];
      if (sum2) {
        addProducts(sum2, row);
      } else {
        rows?.add(row);
      }
    }
  }
}
function readWindow(row, { data, height, width }, { window, top, left, channel }) {
  const { kernel, dilations } = window;
  const depth = row.length / kernel[0] / kernel[1];
  if (depth === row.length && top >= 0 && top < height && left >= 0 && left < width) {
    const plane = height * width;
    for (let c = 0, at = channel * plane + top * width + left; c < depth; c++, at += plane)
      row[c] = data[at];
    return;
  }
  let k = 0;
  for (let c = channel; c < channel + depth; c++) {
    for (let i = 0; i < kernel[0]; i++) {
      const y = top + i * dilations[0];
      for (let j = 0; j < kernel[1]; j++, k++) {
        const x = left + j * dilations[1];
        row[k] = y >= 0 && y < height && x >= 0 && x < width ? data[(c * height + y) * width + x] : 0;
      }
    }
  }
}
function addProducts(sum2, row) {
  const { inputs, products } = sum2;
  sum2.count++;
  for (let i = 0; i < row.length; i++) {
    const value = row[i];
    inputs[i] += value;
    if (value === 0) continue;
    for (let j = 0, at = i * row.length; j <= i; j++, at++) products[at] += value * row[j];
  }
}
function covarianceOfSums({ count, inputs, products }) {
  const size = inputs.length;
  return products.map((_, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    const product2 = products[Math.max(i, j) * size + Math.min(i, j)];
    return product2 / count - inputs[i] / count * (inputs[j] / count);
  });
}

// src/quantize/int8-static/calibration.ts
async function calibrationSamples({ calibration }) {
  if (!calibration) {
    throw new UserError(
      "int8-static needs calibration data: name it under data.calibration, or with --calibration."
    );
  }
  const first2 = await firstSample(calibration);
  calibration.readEarly?.();
  return { dataset: calibration, first: first2 };
}
async function firstSample(dataset) {
  for await (const { feeds } of dataset.samples()) return feeds;
  throw new UserError(`The calibration data (${dataset.description}) holds no samples.`);
}
var MOST_ROUNDING_WORK = 2e10;
async function observeSamples(request, prologue, dataset) {
  const { options, context } = request;
  const { model, types, draft, scheme } = prologue;
  const session = { model, dataset, context };
  const byDefault = options.preset === null;
  const equalized = options.equalization ?? byDefault ? await equalizeModel({
    ...session,
    types,
    throughClip: options.equalization === true,
    quantized: new Set(draft.partition.quantized.map(({ node }) => node))
  }) : 0;
  const means = options.biasCorrection ?? byDefault ? new ChannelMeansObserver(draft.partition.quantized, prologue) : null;
  const observers = means ? [means] : [];
  const { candidates: candidates2, folds } = await observeRanges(request, prologue, { ...session, observers });
  draft.refuseUnboundedRanges(candidates2.get(100));
  const groups = draft.partition.quantized;
  const adaptive = options.rounding === "adaptive" || options.rounding === null && byDefault && request.verify && scheme.placement === "fused" && roundingWork(groups, model.graph) <= MOST_ROUNDING_WORK;
  const moments = adaptive ? await collectMoments({ ...session, groups }) : null;
  return { equalized, candidates: candidates2, folds, recovery: { means: means?.means() ?? null, moments } };
}
async function observeRanges({ options, verify: verify2 }, { types, draft, scheme }, session) {
  const request = { ...session, types, tensors: tensorsToCalibrate(draft.partition.quantized) };
  const chooses = verify2 && options.calibrator === null && options.preset === null;
  if (chooses && scheme.placement === "fused") return await observeFolds(request);
  const ranges = await calibrateRanges(request, { ...options, calibrator: scheme.calibrator });
  return { candidates: /* @__PURE__ */ new Map([[100, ranges]]), folds: [] };
}
async function observeFolds(request) {
  const samples = new HeldOutSamples(HALVES);
  const { all: all2, folds } = await calibratePercentiles(request, PERCENTILE_CANDIDATES, {
    folds: HALVES,
    onSample: (feeds, largest) => samples.add(feeds, largest)
  });
  const halves = folds.map((ranges, index) => ({ ranges, samples: samples.of((index + 1) % HALVES) }));
  return { candidates: all2, folds: [{ ranges: all2, samples: samples.ofAll() }, ...halves] };
}

// src/quantize/int8-static/like-onnxruntime/onnxruntime-marks.ts
function markLikeOnnxRuntime(prepared, excluded) {
  const marker = new Marker(prepared);
  const { tensors, nodes } = marker.marks;
  for (const node of prepared.model.graph.nodes) {
    const mark = canonicalDomain(node.domain) === "" ? RULES.get(node.opType) : void 0;
    if (!mark || excluded(node)) continue;
    const before2 = tensors.size;
    mark(node, marker);
    if (tensors.size > before2 || tensors.has(outputOf(node))) nodes.add(node);
  }
  return marker.marks;
}
var Marker = class {
  marks = { tensors: /* @__PURE__ */ new Map(), biases: /* @__PURE__ */ new Map(), nodes: /* @__PURE__ */ new Set() };
  graph;
  #types;
  constructor({ model, types }) {
    this.graph = model.graph;
    this.#types = types;
  }
  isMarked(name) {
    return this.marks.tensors.has(name);
  }
  isInitializer(name) {
    return this.graph.initializers.has(name);
  }
  activation(name) {
    this.#mark(name, { kind: "activation" });
  }
  /** The output of a Constant node is a tensor like any other to it. */
  weight(name) {
    this.#mark(name, { kind: this.isInitializer(name) ? "weight" : "activation" });
  }
  /** The tensor takes over the parameters of another. */
  same(name, as) {
    this.#mark(name, { kind: "same", as });
  }
  bias(node, beta = 1) {
    const name = node.input[2];
    if (!name || !this.isInitializer(name)) return;
    const { biases } = this.marks;
    const own = biases.has(name) ? copyInitializer(this.graph, name) : name;
    if (own !== name) this.graph.setInput(node, 2, own);
    biases.set(own, { node, input: inputOf(node, 0), weight: inputOf(node, 1), beta });
  }
  #mark(name, mark) {
    const { tensors } = this.marks;
    if (this.#isFloat(name) && !tensors.has(name)) tensors.set(name, mark);
  }
  #isFloat(name) {
    const type = this.graph.initializers.get(name) ?? this.#types.get(name);
    return name !== "" && type?.dataType === TensorProto_DataType.FLOAT;
  }
};
var whole = (node, marker) => {
  for (const name of [...node.input, ...node.output]) marker.activation(name);
};
var direct = (node, marker) => {
  const input = inputOf(node, 0);
  if (marker.isMarked(input)) marker.same(outputOf(node), input);
};
var clamp = (node, marker) => {
  const { graph, marks } = marker;
  const input = inputOf(node, 0);
  if (!marker.isMarked(input)) return;
  if (takesOverOutput(graph, node)) {
    marks.tensors.delete(input);
    const producer = graph.producer(input);
    graph.removeNode(node);
    graph.setOutput(producer, producer.output.indexOf(input), outputOf(node));
  } else marker.activation(input);
  marker.activation(outputOf(node));
};
var weighted = (node, marker) => {
  const isGemm = node.opType === "Gemm";
  marker.activation(inputOf(node, 0));
  marker.activation(outputOf(node));
  marker.weight(inputOf(node, 1));
  marker.bias(node, isGemm ? floatAttribute(node, "beta", 1) : 1);
  if (isGemm && node.input[2]) removeAttribute(node, "beta");
};
var product = (node, marker) => {
  for (const name of [...node.input, ...node.output]) marker.weight(name);
};
var normalization = (node, marker) => {
  marker.activation(inputOf(node, 0));
  marker.weight(inputOf(node, 1));
  marker.bias(node);
  for (const name of node.output) marker.activation(name);
};
var pad = (node, marker) => {
  for (const name of node.input) marker.activation(name);
  if (padsWithKnownValue(node, marker.graph)) marker.same(outputOf(node), inputOf(node, 0));
  else marker.activation(outputOf(node));
};
var split2 = (node, marker) => {
  marker.activation(inputOf(node, 0));
  for (const name of node.output) marker.same(name, inputOf(node, 0));
};
var gather2 = (node, marker) => {
  if (marker.isInitializer(inputOf(node, 0))) marker.activation(inputOf(node, 0));
  direct(node, marker);
};
var where = (node, marker) => {
  if (node.input.slice(1, 3).every((name) => marker.isMarked(name))) marker.activation(outputOf(node));
};
var RULES = new Map(
  [
    ["ArgMax Add Mul LeakyRelu Sigmoid GlobalAveragePool Concat Softmax CumSum", whole],
    ["Reshape Transpose Squeeze Unsqueeze Flatten Resize MaxPool AveragePool Slice TopK", direct],
    ["Relu Clip", clamp],
    ["Conv ConvTranspose Gemm", weighted],
    ["MatMul", product],
    ["InstanceNormalization LayerNormalization BatchNormalization", normalization],
    ["Pad", pad],
    ["Split", split2],
    ["Gather GatherElements", gather2],
    ["Where", where]
  ].flatMap(([operators, rule]) => operators.split(" ").map((opType) => [opType, rule]))
);
function takesOverOutput(graph, node) {
  const input = inputOf(node, 0);
  return graph.producer(input) !== void 0 && graph.onlyReader(input) !== void 0 && !graph.isInput(input);
}
function padsWithKnownValue(node, graph) {
  if (stringAttribute(node, "mode", "constant") !== "constant") return true;
  const value = node.input[2] ? graph.constantValues(node.input[2]) : [attribute(node, "value")?.f ?? 0];
  return value !== void 0 && Number(value[0]) === 0;
}
function copyInitializer(graph, name) {
  const tensor = graph.initializers.get(name);
  const values = graph.constantValues(name);
  return graph.addConstant(`${name}0`, tensor.dataType, dimsOf(tensor), values.slice());
}
function tensorsToObserve({ tensors }, graph) {
  return [...tensors].filter(([name, { kind }]) => kind === "activation" && !graph.initializers.has(name)).map(([name]) => name);
}

// src/quantize/int8-static/like-onnxruntime/onnxruntime-pairs.ts
function insertLikeOnnxRuntime(graph, { tensors, biases }, ranges) {
  const parameters = activationsOf(graph, tensors, ranges);
  let weights = weightsOf(graph, { tensors, biases }, parameters);
  const rows = lookedUp(graph, tensors, weights);
  if (rows.size > 0) {
    for (const [name, row] of rows) parameters.set(name, row);
    weights = weightsOf(graph, { tensors, biases }, parameters);
  }
  addWeights(graph, weights);
  addActivations(graph, tensors, parameters);
  addBiases(graph, biases, { parameters, weights });
}
function addWeights(graph, weights) {
  for (const [name, { data, scale, zeroPoint }] of weights) {
    const inputs = [
      graph.addConstant(`${name}_quantized`, TensorProto_DataType.INT8, graph.dims(name), data),
      graph.addConstant(`${name}_scale`, TensorProto_DataType.FLOAT, [], scale),
      graph.addConstant(`${name}_zero_point`, TensorProto_DataType.INT8, [], zeroPoint)
    ];
    const output = `${name}_DequantizeLinear_Output`;
    graph.replaceUses(name, output);
    graph.addNode(makeNode("DequantizeLinear", inputs, [output], { name: `${name}_DequantizeLinear` }));
  }
}
function addActivations(graph, tensors, parameters) {
  for (const [name, { scale, zeroPoint }] of parameters) {
    const source = rootOf(tensors, name);
    const scaleName = `${source}_scale`;
    if (!graph.initializers.has(scaleName)) {
      graph.addConstant(scaleName, TensorProto_DataType.FLOAT, [], Float32Array.of(scale));
      graph.addConstant(`${source}_zero_point`, TensorProto_DataType.INT8, [], Int8Array.of(zeroPoint));
    }
    addPair(graph, name, [scaleName, `${source}_zero_point`]);
  }
}
function addBiases(graph, biases, { parameters, weights }) {
  for (const [name, { input, weight, beta }] of biases) {
    const inputScale = parameters.get(input)?.scale;
    const weightScale = weights.get(weight)?.scale;
    if (inputScale === void 0 || weightScale === void 0) continue;
    const { data, scale } = quantizeBias(
      graph.floats(name),
      inputScale,
      weightScale.map((one) => one * beta)
    );
    const inputs = [
      graph.addConstant(`${name}_quantized`, TensorProto_DataType.INT32, graph.dims(name), data),
      graph.addConstant(`${name}_quantized_scale`, TensorProto_DataType.FLOAT, [1], scale),
      graph.addConstant(`${name}_quantized_zero_point`, TensorProto_DataType.INT32, [], Int32Array.of(0))
    ];
    graph.removeInitializer(name);
    graph.addNode(makeNode("DequantizeLinear", inputs, [name], { name: `${name}_DequantizeLinear` }));
  }
}
function activationsOf(graph, tensors, ranges) {
  const parameters = /* @__PURE__ */ new Map();
  for (const [name, mark] of tensors) {
    if (mark.kind !== "activation" || graph.initializers.has(name)) continue;
    const softmax = graph.producer(name)?.opType === "Softmax";
    const { min, max } = softmax ? { min: 0, max: 1 } : ranges.get(name);
    parameters.set(name, computeScale(min, max, { type: "int8" }));
  }
  for (const [name, mark] of tensors) {
    const source = mark.kind === "same" ? parameters.get(rootOf(tensors, name)) : void 0;
    if (source) parameters.set(name, source);
  }
  return parameters;
}
function lookedUp(graph, tensors, weights) {
  const found = /* @__PURE__ */ new Map();
  for (const [name, mark] of tensors) {
    const root = mark.kind === "same" ? rootOf(tensors, name) : name;
    const weight = graph.initializers.has(name) ? void 0 : weights.get(root);
    if (weight) found.set(name, { scale: weight.scale[0], zeroPoint: weight.zeroPoint[0] });
  }
  return found;
}
function rootOf(tensors, name) {
  const mark = tensors.get(name);
  return mark?.kind === "same" ? rootOf(tensors, mark.as) : name;
}
function weightsOf(graph, { tensors, biases }, parameters) {
  const weights = /* @__PURE__ */ new Map();
  for (const [name, mark] of tensors) {
    const tensor = graph.initializers.get(name);
    if (!tensor) continue;
    const [guard] = [...biases].filter(([, { weight }]) => weight === name);
    const inputScale = guard && parameters.get(guard[1].input)?.scale;
    const smallestScale = guard && inputScale ? smallestWeightScale(graph.floats(guard[0]), inputScale, 1) : void 0;
    const values = graph.floats(name);
    const symmetric = mark.kind === "weight";
    weights.set(
      name,
      quantizeWeight(values, dimsOf(tensor), { type: "int8", axis: null, symmetric, smallestScale })
    );
  }
  return weights;
}
function addPair(graph, name, parameters) {
  const quantized2 = `${name}_QuantizeLinear_Output`;
  let [input, output] = [name, `${name}_DequantizeLinear_Output`];
  if (graph.isOutput(name)) {
    const producer = graph.producer(name);
    if (!producer) return;
    [input, output] = [`${name}_QuantizeLinear_Input`, name];
    graph.setOutput(producer, producer.output.indexOf(name), input);
  } else graph.replaceUses(name, output);
  graph.addNode(
    makeNode("QuantizeLinear", [input, ...parameters], [quantized2], { name: `${name}_QuantizeLinear` })
  );
  graph.addNode(
    makeNode("DequantizeLinear", [quantized2, ...parameters], [output], { name: `${name}_DequantizeLinear` })
  );
}

// src/quantize/int8-static/like-onnxruntime/like-onnxruntime.ts
var QDQ_OPSET2 = 10;
var RAISED_OPSET = 11;
async function quantizeLikeOnnxRuntime(request, scheme) {
  const { options, context, calibration } = request;
  if (!calibration) {
    throw new UserError(
      "The preset onnxruntime needs calibration data: name it under data.calibration, or with --calibration."
    );
  }
  const model = readModel(request.model);
  const { graph } = model;
  raise(model);
  const types = await inferTypes(model, { context });
  const selection = makeSelection(options);
  const labels = graph.topologicalNodes().map((node) => [node, nodeLabel(node)]);
  const float = copyModel(model);
  const marks = markLikeOnnxRuntime({ model, types }, (node) => selection.reasonToKeep(node) !== null);
  const observed = { model: float, types, tensors: tensorsToObserve(marks, graph), dataset: calibration };
  const ranges = await calibrateRanges(
    { ...request, ...observed, graphOptimizationLevel: "disabled" },
    { ...options, calibrator: scheme.calibrator }
  );
  insertLikeOnnxRuntime(graph, marks, ranges);
  graph.prune();
  graph.setValueInfo([]);
  writeModel(model, request.out);
  return resultOf(request, {
    decisions: labels.map(([node, label]) => decisionOn(node, label, marks)),
    notes: [UNPLANNED],
    provenance: { scheme, calibrationSamples: calibration.length, runtime: context.runtime.version }
  });
}
var UNPLANNED = {
  level: "warn",
  code: "preset-unplanned",
  message: "The preset onnxruntime puts Q/DQ around operators that no 8-bit kernel runs: expect a slower model."
};
function decisionOn(node, label, { nodes }) {
  const isMarked = nodes.has(node);
  return {
    node: label,
    opType: node.opType,
    became: isMarked ? "Q/DQ around it" : "float",
    reason: isMarked ? null : "onnxruntime does not quantize it"
  };
}
function raise(model) {
  if (model.opset() >= QDQ_OPSET2) return;
  const { upgraded, blockers } = upgradeOpset(model, RAISED_OPSET);
  if (!upgraded)
    throw new UserError(`The model can't be raised to opset ${RAISED_OPSET}: ${blockers.join("; ")}.`);
}

// src/quantize/int8-static/int8-static.ts
async function int8Static(request) {
  const { options, target } = request;
  if (options.preset === "onnxruntime")
    return await quantizeLikeOnnxRuntime(request, schemeOf(options, target));
  const result = await quantizeStatically(request, "folded");
  return await growsByCopies(request) ? await quantizeStatically(request, "shared") : result;
}
async function growsByCopies({ model, out, options }) {
  if (options.include !== null || options.preset !== null) return false;
  if (!wouldCopyConvolutions(readModelOutline(model).graph)) return false;
  return await modelBytes(out) > await modelBytes(model);
}
async function quantizeStatically(request, normalizations) {
  const { options, target, context } = request;
  const samples = await calibrationSamples(request);
  const prologue = await staticPrologue({
    ...request,
    keepsSharing: normalizations === "shared",
    inputShapes: shapesOf(samples.first),
    sample: samples.first
  });
  const observed = await observeSamples(request, prologue, samples.dataset);
  const attempt = new Attempt(request, prologue, { samples, observed });
  await attempt.chooseRanges();
  let stands = false;
  while (attempt.hasGroups && !stands) stands = await attempt.writeAndProve();
  if (!attempt.hasGroups && prologue.widened) writeModel(prologue.model, request.out);
  else if (!attempt.hasGroups) leaveFloat(request);
  const folded = await attempt.foldRest();
  if (prologue.widened && (attempt.hasGroups || folded.length > 0)) narrowFile(request.out, prologue.widened);
  else if (prologue.widened) leaveFloat(request);
  const { scheme, selection, draft, rewrites } = prologue;
  const { means, moments } = attempt.recovery;
  return resultOf(request, {
    decisions: withFolded(draft.decisions(attempt.became), folded),
    quantized: draft.partition.quantized.length + folded.length,
    notes: [
      ...prologue.notes,
      ...attempt.hasGroups ? [] : [folded.length > 0 ? ONLY_WEIGHTS : NOTHING_PAYS2],
      ...roundingNotes(moments === null ? null : attempt.roundingGain),
      ...unmatchedNotes(selection),
      ...targetNotes(target),
      ...overrideNotes(options, scheme)
    ],
    provenance: {
      scheme,
      ...observed.candidates.size > 1 ? { percentile: attempt.percentile } : {},
      calibrationSamples: samples.dataset.length,
      rewrites,
      recovery: {
        equalized: observed.equalized,
        biasCorrection: means !== null,
        adaptiveRounding: moments !== null
      },
      runtime: context.runtime.version,
      estimate: draft.partition.estimate
    }
  });
}
var NOTHING_PAYS2 = {
  level: "warn",
  code: "nothing-pays",
  message: "No operator of this model runs faster in 8 bits on this target: the model was left as it is."
};
var ONLY_WEIGHTS = {
  level: "warn",
  code: "only-weights",
  message: "No operator of this model runs faster in 8 bits on this target: only its weights were compressed, and it runs in float32 as before."
};
var TOLD_GAIN_DB = 0.1;
function roundingNotes(gain) {
  if (gain === null || gain < TOLD_GAIN_DB) return [];
  const message = `The weights of convolutions are rounded for their outputs (\`rounding: adaptive\`): on calibration samples the model's outputs are ${gain.toFixed(1)} dB nearer to the original's than with weights rounded to the nearest.`;
  return [{ level: "info", code: "adaptive-rounding", message }];
}
function withFolded(decisions, folded) {
  const byNode = new Map(folded.map((decision) => [decision.node, decision]));
  const seen = new Set(decisions.map(({ node }) => node));
  return [
    ...decisions.map(
      (decision) => isQuantized(decision) ? decision : byNode.get(decision.node) ?? decision
    ),
    // Those of bodies are of no group.
    ...folded.filter(({ node }) => !seen.has(node))
  ];
}
function shapesOf(feeds) {
  return new Map(Object.entries(feeds).map(([name, tensor]) => [name, tensor.dims]));
}
function overrideNotes({ overrides }, { activation }) {
  return Object.entries(overrides).flatMap(([pattern, { activation: type, weight, symmetric }]) => {
    const refused = [
      ...type === void 0 || type === activation.type || type.startsWith("float") ? [] : [`activation: ${type}`],
      ...weight === void 0 || weight === "int8" || weight.startsWith("float") ? [] : [`weight: ${weight}`],
      ...symmetric === void 0 || symmetric ? [] : ["symmetric: false"]
    ];
    if (refused.length === 0) return [];
    const message = `overrides['${pattern}']: ${refused.join(", ")} is left out: int8-static runs ${activation.type} activations and symmetric int8 weights, the form that the runtime fuses.`;
    return [{ level: "warn", code: "override-not-applied", message }];
  });
}
function targetNotes(target) {
  if (target !== "cuda" && target !== "webgpu") return [];
  return [
    {
      level: "warn",
      code: "target-without-int8",
      message: `ONNX Runtime's ${target} provider has no 8-bit convolutions or matrix products: this model will be slower there. Use float16, or int8-weights.`
    }
  ];
}

// src/quantize/gptq/hessian.ts
var MASK_INPUT = "attention_mask";
var MOST_ROWS = 16384;
var WAITING_VALUES2 = 2 ** 20;
async function collectHessians(request) {
  const { model, tensors, dataset, samples, context, matrices } = request;
  const sums = new Map([...tensors].map(([name, size]) => [name, new HessianSum(size, matrices)]));
  const outputs = [...tensors.keys()].map((name) => makeValue(name));
  const session = await openObserved(model, { nodes: [], initializers: [], outputs }, { context });
  let read = 0;
  try {
    for await (const feeds of batches(dataset, session.inputs, context.signal)) {
      const results = await session.run(feeds).catch((error) => {
        throw refusedSample(error, dataset);
      });
      for (const [name, sum2] of sums) await sum2.add(results[name], feeds);
      if (++read >= samples || [...sums.values()].every((sum2) => sum2.full)) break;
    }
  } finally {
    await session.release();
  }
  const hessians = /* @__PURE__ */ new Map();
  for (const [name, sum2] of sums) {
    const hessian = await sum2.result();
    if (hessian.rows > 0) hessians.set(name, hessian);
  }
  return hessians;
}
var HessianSum = class {
  #size;
  #matrices;
  #sum;
  #waiting;
  #waitingRows = 0;
  #rows = 0;
  constructor(size, matrices) {
    this.#size = size;
    this.#matrices = matrices;
    this.#sum = new Float32Array(size * size);
    this.#waiting = new Float32Array(Math.max(1, Math.floor(WAITING_VALUES2 / size)) * size);
  }
  get full() {
    return this.#rows + this.#waitingRows >= MOST_ROWS;
  }
  async add(tensor, feeds) {
    const values = floatsOf(tensor);
    const size = this.#size;
    const counts = attended(tensor, feeds);
    for (let row = 0; row < values.length / size && !this.full; row++) {
      if (counts !== null && counts[row] === 0) continue;
      const vector = values.subarray(row * size, (row + 1) * size);
      if (!vector.every(Number.isFinite)) continue;
      this.#waiting.set(vector, this.#waitingRows * size);
      if (++this.#waitingRows * size === this.#waiting.length) await this.#flush();
    }
  }
  async result() {
    await this.#flush();
    const values = this.#sum;
    for (let at = 0; at < values.length; at++) values[at] /= this.#rows;
    return { size: this.#size, values, rows: this.#rows };
  }
  async #flush() {
    const rows = this.#waitingRows;
    if (rows === 0) return;
    const data = this.#waiting.subarray(0, rows * this.#size);
    const product2 = await this.#matrices.gram({ rows, columns: this.#size, data });
    for (let at = 0; at < product2.length; at++) this.#sum[at] += product2[at];
    this.#rows += rows;
    this.#waitingRows = 0;
  }
};
function attended({ dims }, feeds) {
  const mask = feeds[MASK_INPUT];
  if (mask === void 0 || dims.length !== mask.dims.length + 1) return null;
  return mask.dims.every((dim, axis) => dim === dims[axis]) ? numbersOf(mask) : null;
}

// src/quantize/gptq/factor.ts
var PANEL3 = 128;
async function factorInPlace(matrix, size, matrices) {
  for (let from = 0; from < size; from += PANEL3) {
    const panel = { from, to: Math.min(size, from + PANEL3) };
    if (!factorPanel(matrix, size, panel)) return false;
    if (panel.to < size) await updateRest(matrix, size, { ...panel, matrices });
  }
  return true;
}
function factorPanel(matrix, size, { from, to }) {
  const column = new Float64Array(to - from);
  for (let at = from; at < to; at++) {
    const pivot = matrix[at * size + at];
    if (!(pivot > 0)) return false;
    for (let j = at + 1; j < to; j++) column[j - from] = matrix[j * size + at];
    for (let row = at + 1; row < size; row++) {
      const start = row * size;
      const factor2 = matrix[start + at] / pivot;
      if (factor2 === 0) continue;
      const end = Math.min(to, row + 1);
      for (let j = at + 1; j < end; j++) matrix[start + j] -= factor2 * column[j - from];
      matrix[start + at] = factor2;
    }
  }
  return true;
}
async function updateRest(matrix, size, { from, to, matrices }) {
  const rest = size - to;
  const scaled2 = new Float32Array((to - from) * rest);
  for (let column = from; column < to; column++) {
    const root = Math.sqrt(matrix[column * size + column]);
    const line = (column - from) * rest;
    for (let row = 0; row < rest; row++) scaled2[line + row] = matrix[(to + row) * size + column] * root;
  }
  const taken = await matrices.gram({ rows: to - from, columns: rest, data: scaled2 });
  for (let row = 0; row < rest; row++) {
    const start = (to + row) * size + to;
    const line = row * rest;
    for (let column = 0; column <= row; column++) matrix[start + column] -= taken[line + column];
  }
}

// src/quantize/gptq/factor-hessian.ts
var DAMPING2 = 0.01;
var MOST_DAMPING = 1;
async function factorHessian(values, diagonal, matrices) {
  const size = diagonal.length;
  const mean = diagonal.reduce((sum2, value) => sum2 + value, 0) / size;
  if (!(mean > 0)) return null;
  const order = Uint32Array.from({ length: size }, (_, k) => k).sort((a, b) => diagonal[a] - diagonal[b]);
  const matrix = new Float32Array(size * size);
  for (let damping = DAMPING2; damping <= MOST_DAMPING; damping *= 10) {
    for (let i = 0; i < size; i++) {
      const line = order[i] * size;
      for (let j = 0; j <= i; j++) matrix[i * size + j] = values[line + order[j]];
      matrix[i * size + i] += damping * mean;
    }
    if (await factorInPlace(matrix, size, matrices)) return { size, factor: matrix, order };
  }
  return null;
}

// src/quantize/gptq/round-layer.ts
var ROWS2 = 512;
async function roundLayer(weights, { format, hessian, matrices }) {
  const { size } = hessian;
  const diagonal = Float32Array.from({ length: size }, (_, k) => hessian.values[k * size + k]);
  const blocks = quantizeBlocks(weights, size, format, { importance: diagonal });
  const fit = {
    hessian: hessian.values,
    factored: await factorHessian(hessian.values, diagonal, matrices),
    range: { lowest: 0, highest: 2 ** format.bits - 1 },
    staysNear: false,
    refits: { scales: true, zeroPoints: !format.symmetric },
    matrices
  };
  const rows = weights.length / size;
  const totals = { signal: 0, nearest: 0, error: 0 };
  for (let first2 = 0; first2 < rows; first2 += ROWS2) {
    const last = Math.min(rows, first2 + ROWS2);
    const part = weights.subarray(first2 * size, last * size);
    const signal2 = await matrices.multiply(
      { rows: last - first2, columns: size, data: part },
      { rows: size, columns: size, data: hessian.values }
    );
    const fitted = await fitCodes(part, rowsOf(blocks, first2, last), fit);
    totals.signal += sum(rowProducts(part, signal2, size));
    totals.nearest += sum(fitted.before);
    totals.error += sum(fitted.after);
  }
  const signal = totals.signal || 1;
  return { blocks, nearest: totals.nearest / signal, error: totals.error / signal };
}
function rowsOf({ codes, scales, zeroPoints, blocks }, first2, last) {
  const line = codes.length / scales.length * blocks;
  return {
    codes: codes.subarray(first2 * line, last * line),
    scales: scales.subarray(first2 * blocks, last * blocks),
    zeroPoints: zeroPoints.subarray(first2 * blocks, last * blocks),
    blocks
  };
}
function sum(values) {
  return values.reduce((total2, value) => total2 + value, 0);
}

// src/quantize/weight-only/large-weights.ts
function largeWeights({ model, types }, { selection, format }) {
  const { graph } = model;
  const decisions = [];
  const weights = /* @__PURE__ */ new Map();
  for (const node of graph.nodes) {
    if (!isProduct(node)) continue;
    const layer = linearLayer(graph, node);
    if ("reason" in layer) {
      if (!node.input.some((name) => graph.constant(name))) {
        decisions.push({ node: nodeLabel(node), opType: node.opType, became: "float", reason: layer.reason });
      }
      continue;
    }
    if (!isLarge(layer, { types, graph, selection })) continue;
    const own = formatOf(format, selection.override(node));
    const key = JSON.stringify([layer.weight, layer.transposed, layer.alpha, own.bits]);
    const known = weights.get(key);
    if (known) known.layers.push(layer);
    else weights.set(key, { layers: [layer], format: own });
  }
  return { weights: [...weights.values()], decisions };
}
function rowsOfWeight(graph, { layers: [layer] }) {
  if (layer.transposed) return graph.floats(layer.weight);
  return transpose(layerWeights(graph, layer), layer.depth, layer.channels);
}
function formatOf(format, override) {
  if (override?.weight === "int8" || override?.weight === "uint8")
    return { ...format, bits: 8, symmetric: true };
  if (override?.weight === "int4") return { ...format, bits: 4, symmetric: override.symmetric ?? false };
  return format;
}
function isProduct(node) {
  return node.domain === "" && (node.opType === "MatMul" || node.opType === "Gemm");
}
function isLarge(layer, { types, graph, selection }) {
  const type = types.get(layer.input);
  return layer.depth * layer.channels >= SMALLEST_PAYING_WEIGHT && hasPlainAddend(graph, layer) && type?.dataType === TensorProto_DataType.FLOAT && type.shape?.length !== 1 && selection.reasonToKeep(layer.node) === null && !selection.override(layer.node)?.weight?.startsWith("float") && keptForOthers(graph, layer.weight, selection) === null && allFinite(graph.floats(layer.weight));
}

// src/quantize/weight-only/fitted-weights.ts
var SAMPLES6 = 128;
var STAGE_BYTES = 128 * 2 ** 20;
var STAGE_INPUTS = 4;
var MOST_STAGES = 12;
function fittingWork(weights) {
  return weights.reduce((sum2, { layers: [{ depth, channels }] }) => sum2 + depth * depth * channels, 0);
}
async function fitWeights(request) {
  const result = { layers: [], unseen: [] };
  const { context } = request;
  let done = 0;
  await withMatrices(context, async (matrices) => {
    for (const stage of stagesOf(request.weights)) {
      const hessians = await hessiansOf(stage, request, matrices);
      for (const weight of stage) {
        throwIfInterrupted(context.signal);
        await fitWeight(weight, { request, hessians, matrices, result });
        context.log.progress("fitting weights", ++done, request.weights.length);
      }
    }
  });
  return result;
}
function stagesOf(weights) {
  const all2 = new Set(weights.flatMap(({ layers }) => layers.map(({ input }) => input))).size;
  const most = Math.max(STAGE_INPUTS, Math.ceil(all2 / MOST_STAGES));
  const stages = [];
  let inputs = /* @__PURE__ */ new Map();
  for (const weight of weights) {
    const own = new Map(weight.layers.map(({ input, depth }) => [input, depth]));
    const together = new Map([...inputs, ...own]);
    const bytes = [...together.values()].reduce((sum2, depth) => sum2 + 4 * depth * depth, 0);
    if (stages.length > 0 && bytes <= STAGE_BYTES && together.size <= most) {
      stages.at(-1).push(weight);
      inputs = together;
    } else {
      stages.push([weight]);
      inputs = own;
    }
  }
  return stages;
}
async function hessiansOf(stage, { model, dataset, context }, matrices) {
  const tensors = new Map(stage.flatMap(({ layers }) => layers.map(({ input, depth }) => [input, depth])));
  return await collectHessians({ model, tensors, dataset, samples: SAMPLES6, context, matrices });
}
async function fitWeight(weight, { request, hessians, matrices, result }) {
  const { layers, format } = weight;
  const name = layers[0].weight;
  const seen = [...new Set(layers.map(({ input }) => input))].flatMap((input) => hessians.get(input) ?? []);
  const hessian = meanOf2(seen);
  if (hessian === null) {
    result.unseen.push(name);
    request.emit(weight, null);
    return;
  }
  const rows = rowsOfWeight(request.model.graph, weight);
  const { blocks, nearest, error } = await roundLayer(rows, { format, hessian, matrices });
  result.layers.push({ weight: name, nearest, error });
  request.emit(weight, blocks);
}
function meanOf2(hessians) {
  const [first2, ...others] = hessians;
  if (first2 === void 0 || others.length === 0) return first2 ?? null;
  const rows = hessians.reduce((sum2, one) => sum2 + one.rows, 0);
  const values = first2.values.map(
    (_, at) => hessians.reduce((sum2, one) => sum2 + one.values[at] * one.rows / rows, 0)
  );
  return { size: first2.size, values, rows };
}

// src/quantize/weight-only/choose-fitting.ts
var WORK_PER_SECOND = 25e7;
var MOST_WORK_UNASKED = 300 * WORK_PER_SECOND;
function chooseFitting(weights, { options, calibration, context }) {
  const asked2 = options.rounding;
  if (asked2 === "gptq" && !calibration) {
    throw new UserError(
      "rounding gptq fits the weights to calibration data: give some, or take rounding nearest."
    );
  }
  if (asked2 === "nearest" || !calibration || weights.length === 0)
    return { rounding: "nearest", skippedSeconds: null };
  const work = fittingWork(weights);
  const seconds = work / WORK_PER_SECOND;
  if (asked2 !== "gptq" && work > MOST_WORK_UNASKED)
    return { rounding: "nearest", skippedSeconds: Math.round(seconds) };
  context.log.info(
    `fitting ${weights.length} weights to the calibration data: about ${duration(seconds)} on two cores`
  );
  return { rounding: "gptq", dataset: calibration };
}
function fittingNotes(choice, fitted) {
  if (choice.rounding === "nearest") {
    if (choice.skippedSeconds === null) return [];
    return [
      {
        level: "info",
        code: "rounding-nearest",
        message: `The weights are rounded to the nearest codes: fitting them to the calibration data would take about ${duration(choice.skippedSeconds)}. Ask for it with \`rounding: gptq\`.`
      }
    ];
  }
  return fitted ? [...gainNotes(fitted), ...unseenNotes(fitted)] : [];
}
function gainNotes({ layers }) {
  const gains = layers.filter(({ nearest, error }) => nearest > 0 && error > 0).map(({ nearest, error }) => 10 * Math.log10(nearest / error)).sort((a, b) => a - b);
  if (gains.length === 0) return [];
  const median = gains[Math.floor(gains.length / 2)];
  return [
    {
      level: "info",
      code: "weights-fitted",
      message: `The weights are fitted to the calibration data (GPTQ): on it the layers' outputs are ${median.toFixed(1)} dB nearer to the original's than with weights rounded to the nearest (median of ${gains.length} layers).`
    }
  ];
}
var NAMED = 3;
function unseenNotes({ unseen }) {
  if (unseen.length === 0) return [];
  const named = unseen.slice(0, NAMED).map((name) => `'${name}'`);
  const more = unseen.length > NAMED ? ` and ${unseen.length - NAMED} more` : "";
  return [
    {
      level: "warn",
      code: "weights-unseen",
      message: `No calibration sample reached ${unseen.length === 1 ? "the weight" : "the weights"} ${named.join(", ")}${more}: rounded to the nearest codes. Give samples that use them.`
    }
  ];
}
function duration(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

// src/quantize/weight-only/matmul-nbits.ts
var DEFAULT_ZERO_POINT2 = 8;
function emitWeight(graph, weight, { quantized: quantized2, level }) {
  const inputs = addBlocks(graph, weight, quantized2);
  return weight.layers.map((layer) => {
    const { node } = layer;
    emitLayer(graph, layer, { format: weight.format, level, inputs });
    return { node: nodeLabel(node), opType: node.opType, became: "MatMulNBits", reason: null };
  });
}
function addBlocks(graph, { layers: [layer], format }, { codes, scales, zeroPoints, blocks }) {
  const { channels, weight, alpha } = layer;
  const { bits, blockSize } = format;
  const bytes = bits === 4 ? packRows(codes, blockSize) : codes;
  const inputs = [
    graph.addConstant(`${weight}_blocks`, TensorProto_DataType.UINT8, [channels, blocks, blockSize * bits / 8], bytes),
    graph.addConstant(
      `${weight}_scales`,
      TensorProto_DataType.FLOAT,
      [channels, blocks],
      alpha === 1 ? scales : scales.map((scale) => scale * alpha)
    )
  ];
  if (!format.symmetric) {
    const packed = packRows(zeroPoints, blocks, DEFAULT_ZERO_POINT2);
    inputs.push(
      graph.addConstant(`${weight}_zero_points`, TensorProto_DataType.UINT8, [channels, Math.ceil(blocks / 2)], packed)
    );
  }
  return inputs;
}
function emitLayer(graph, layer, { format, level, inputs }) {
  const output = outputOf(layer.node);
  const addend = addendName(graph, layer);
  const product2 = addend ? graph.freshName(`${layer.weight}_product`) : output;
  graph.removeNode(layer.node);
  graph.addNode(
    makeNode("MatMulNBits", [layer.input, ...inputs], [product2], {
      name: nodeLabel(layer.node),
      domain: "com.microsoft",
      attributes: {
        K: { int: layer.depth },
        N: { int: layer.channels },
        bits: { int: format.bits },
        block_size: { int: format.blockSize },
        accuracy_level: { int: level }
      }
    })
  );
  if (addend) graph.addNode(makeNode("Add", [product2, addend], [output], { name: `${product2}_add` }));
}

// src/quantize/weight-only/weight-only.ts
var DEFAULT_BLOCK_SIZE = 32;
var INT8_ACCURACY_LEVEL = 4;
async function weightOnly(request, bits) {
  const { options, target } = request;
  if (target === "tensorrt") {
    throw new UserError(
      `${options.method} has no form that TensorRT runs: use int8-static with preset tensorrt, or float16.`
    );
  }
  const format = {
    bits,
    blockSize: checkedBlockSize(options.blockSize ?? DEFAULT_BLOCK_SIZE),
    symmetric: bits === 8 || (options.symmetric ?? false)
  };
  const prepared = await prepareModel(request.model, {
    ...request,
    keepsSharing: true,
    narrowFloats: isCpu(target) ? "float32" : "kept"
  });
  const rewrites = applyRewrites(prepared.model, prepared.types, request.context.log);
  const selection = makeSelection(options, prepared.model.graph.nodes);
  const level = isCpu(target) ? INT8_ACCURACY_LEVEL : 0;
  const unpacks = target === "wasm" && bits === 8 && Object.keys(options.overrides).length === 0;
  const none = { weights: [], decisions: [] };
  const { weights, decisions: products } = unpacks ? none : largeWeights(prepared, { selection, format });
  const choice = chooseFitting(weights, request);
  const large = await quantizeWeights(prepared, request, { weights, choice, level });
  const smaller = (graph) => [
    ...quantizeEmbeddings(graph, selection, bits),
    ...foldWeights(graph.model.graph, selection)
  ];
  const made = [...products, ...large.decisions, ...smaller(prepared)];
  await editBodies(prepared, {
    ...request,
    edit: (body) => {
      const own = unpacks ? none : largeWeights(body, { selection, format });
      const inside = [...own.decisions, ...toNearest(body, own.weights, { level }), ...smaller(body)];
      made.push(...inside);
      return inside.filter(isQuantized).length;
    }
  });
  const decisions = [...new Map(made.map((decision) => [decision.node, decision])).values()];
  const notes = [...unmatchedNotes(selection), ...fittingNotes(choice, large.fitted)];
  if (decisions.some(isQuantized)) {
    writePrepared(prepared, request.out);
  } else {
    leaveFloat(request);
    notes.unshift(NOTHING_PAYS3);
  }
  return resultOf(request, {
    decisions,
    notes,
    provenance: { ...format, rounding: choice.rounding, rewrites }
  });
}
var NOTHING_PAYS3 = {
  level: "info",
  code: "nothing-pays",
  message: "No weights of this model can be compressed with a gain: those in float32 or half are too small, or `exclude` and `overrides` keep them. The model was left as it is."
};
function checkedBlockSize(blockSize) {
  if (Number.isInteger(Math.log2(blockSize)) && blockSize >= 16) return blockSize;
  throw new UserError(`block-size must be a power of two and at least 16, not ${blockSize}.`);
}
async function quantizeWeights(prepared, request, { weights, choice, level }) {
  const { model } = prepared;
  if (choice.rounding === "nearest") {
    const importance = await channelImportance(prepared, request, weights);
    return { decisions: toNearest(prepared, weights, { level, importance }), fitted: null };
  }
  const decisions = [];
  model.setOpset("com.microsoft", 1);
  const emit = (weight, quantized2) => {
    const blocks = quantized2 ?? nearestBlocks(model.graph, weight);
    decisions.push(...emitWeight(model.graph, weight, { quantized: blocks, level }));
  };
  const { dataset } = choice;
  const fitted = await fitWeights({ model, weights, dataset, context: request.context, emit });
  return { decisions, fitted };
}
function toNearest({ model }, weights, { level, importance = /* @__PURE__ */ new Map() }) {
  if (weights.length > 0) model.setOpset("com.microsoft", 1);
  return weights.flatMap((weight) => {
    const quantized2 = nearestBlocks(model.graph, weight, importance.get(weight.layers[0].input));
    return emitWeight(model.graph, weight, { quantized: quantized2, level });
  });
}
function nearestBlocks(graph, weight, importance = null) {
  const rows = rowsOfWeight(graph, weight);
  const options = { importance, keepsRange: importance === null };
  return quantizeBlocks(rows, weight.layers[0].depth, weight.format, options);
}
var MAX_SAMPLES2 = 64;
async function channelImportance({ model }, request, weights) {
  const fine = weights.filter(({ format }) => format.bits === 4);
  const dataset = request.calibration ?? syntheticTokens(model);
  if (!dataset || fine.length === 0) return /* @__PURE__ */ new Map();
  const statistics = await channelStatistics({
    ...request,
    model,
    dataset,
    tensors: new Map(fine.map(({ layers: [{ input, depth }] }) => [input, depth])),
    maxSamples: MAX_SAMPLES2
  });
  return new Map([...statistics].map(([name, { meanSquare }]) => [name, meanSquare]));
}

// src/quantize/quantize.ts
async function quantizeModel(request) {
  return await inPlace(request.out, [".data"], async (out) => await quantizeBy({ ...request, out }));
}
async function inPlace(out, suffixes, make) {
  const folder = partialName(out);
  const made = join6(folder, basename(out));
  try {
    removePartials(out);
    rmSync6(folder, { recursive: true, force: true });
    mkdirSync(folder);
  } catch (error) {
    throw writeError(`Model ${out} can't be written: ${messageOf(error)}.`, error);
  }
  try {
    const result = await make(made);
    for (const suffix of [...suffixes, ""])
      if (existsSync(made + suffix)) renameSync(made + suffix, out + suffix);
    return { ...result, file: out };
  } catch (error) {
    if (error instanceof UserError) throw new UserError(error.message.replaceAll(made, out));
    if (error instanceof MachineError) throw new MachineError(error.message.replaceAll(made, out));
    throw error;
  } finally {
    rmSync6(folder, { recursive: true, force: true });
  }
}
async function quantizeBy(request) {
  const { method } = request.options;
  switch (method) {
    case "int8-static":
      return await int8Static(request);
    case "float16":
      return await float16(request);
    case "int8-dynamic":
      return await int8Dynamic(request);
    case "int8-weights":
      return await weightOnly(request, 8);
    case "int4-weights":
      return await weightOnly(request, 4);
    default:
      throw new UserError(`The method '${method}' is not available in this build.`);
  }
}

export {
  refuseNotANumber,
  batches,
  computeScale,
  quantizeWeight,
  nodeLabel,
  makeSelection,
  syntheticTokens,
  resultOf,
  leaveFloat,
  unmatchedNote,
  calibrateMinMax,
  isCpu,
  race,
  readWeighted,
  foldWeights,
  NEWEST_OPSET,
  operatorIntroduced,
  partitionGroups,
  staticPrologue,
  quantizeModel,
  inPlace
};
