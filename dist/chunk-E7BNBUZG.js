import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  SILENT
} from "./chunk-X7SHKWLT.js";
import {
  applyRewrites,
  draftStatic,
  prepareModel,
  quantizeModel
} from "./chunk-3NZHWNOS.js";
import "./chunk-KWJTZ5O5.js";
import "./chunk-GOTPZ62G.js";
import {
  defaultQuantize
} from "./chunk-5FHREP6Y.js";
import {
  tensorType
} from "./chunk-GPC3L3RH.js";
import {
  formatValue
} from "./chunk-J6LORSIW.js";
import {
  canonicalDomain,
  readModel,
  subgraphsOf,
  tensorAttribute
} from "./chunk-CTCCJ4DQ.js";
import {
  scratchFolder
} from "./chunk-THY4HZQJ.js";
import "./chunk-PPDM2O2Z.js";
import {
  TensorProto_DataLocation,
  TensorProto_DataType,
  dimsOf,
  elementCount,
  elementTypeName,
  externalLocation,
  externalPath,
  tensorByteLength
} from "./chunk-7WTHJFBX.js";
import "./chunk-HCMXGMTG.js";
import {
  EXIT,
  UserError
} from "./chunk-KJWZXA2F.js";
import "./chunk-XNDQ27F5.js";

// src/quantize/inspect.ts
import { rmSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
var LARGEST = 10;
var METHODS = ["int8-static", "int8-dynamic", "float16", "int8-weights", "int4-weights"];
var ASSUMED_DIMENSION = 128;
async function inspectModel(path, options = {}) {
  const model = readModel(path);
  const { proto, graph } = model;
  const tensors = weightsOf(proto.graph);
  const { runtime, log = SILENT } = options;
  return {
    file: path,
    sizeBytes: sizeOf(path, tensors),
    irVersion: Number(proto.irVersion),
    opsets: proto.opsetImport.map(({ domain, version }) => ({
      domain: canonicalDomain(domain),
      version: Number(version)
    })),
    producer: [proto.producerName, proto.producerVersion].filter(Boolean).join(" "),
    functions: proto.functions.length,
    inputs: graph.inputs.map(inspectedValue),
    outputs: graph.outputs.map(inspectedValue),
    operators: operatorsOf(proto.graph),
    parameters: tensors.reduce(
      (sum, tensor) => sum + (NOT_WEIGHTS.has(tensor.dataType) ? 0 : elementCount(tensor.dims)),
      0
    ),
    weights: byType(tensors),
    largest: tensors.map((tensor) => ({
      name: tensor.name,
      type: elementTypeName(tensor.dataType),
      shape: dimsOf(tensor),
      bytes: tensorByteLength(tensor)
    })).sort((a, b) => b.bytes - a.bytes).slice(0, LARGEST),
    metadata: Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key, value])),
    plan: runtime ? await plans(path, model, { runtime, log }) : null
  };
}
var NOT_WEIGHTS = /* @__PURE__ */ new Set([TensorProto_DataType.INT64, TensorProto_DataType.BOOL, TensorProto_DataType.STRING]);
function inspectedValue(value) {
  const type = tensorType(value);
  return { name: value.name, type: type ? elementTypeName(type.dataType) : null, shape: type?.shape ?? null };
}
function weightsOf(graph) {
  const constants = graph.node.flatMap((node) => {
    const value = node.opType === "Constant" ? tensorAttribute(node, "value") : void 0;
    const named = value && Object.assign(Object.create(Object.getPrototypeOf(value)), value, { name: node.output[0] });
    return [...named ? [named] : [], ...subgraphsOf(node).flatMap(weightsOf)];
  });
  return [...graph.initializer, ...constants];
}
function operatorsOf(graph) {
  const counts = /* @__PURE__ */ new Map();
  const visit = (inner) => {
    for (const node of inner.node) {
      for (const subgraph of subgraphsOf(node)) visit(subgraph);
      if (node.opType === "Constant") continue;
      const domain = canonicalDomain(node.domain);
      const key = `${domain}.${node.opType}`;
      const entry = counts.get(key) ?? { opType: node.opType, domain, count: 0 };
      counts.set(key, { ...entry, count: entry.count + 1 });
    }
  };
  visit(graph);
  return [...counts.values()].sort((a, b) => b.count - a.count || a.opType.localeCompare(b.opType));
}
function byType(tensors) {
  const types = /* @__PURE__ */ new Map();
  for (const tensor of tensors) {
    const type = elementTypeName(tensor.dataType);
    const entry = types.get(type) ?? { type, tensors: 0, elements: 0, bytes: 0 };
    entry.tensors++;
    entry.elements += elementCount(tensor.dims);
    entry.bytes += tensorByteLength(tensor);
    types.set(type, entry);
  }
  return [...types.values()].sort((a, b) => b.bytes - a.bytes);
}
function sizeOf(path, tensors) {
  const directory = dirname(resolve(path));
  const files = /* @__PURE__ */ new Set([resolve(path)]);
  for (const tensor of tensors) {
    if (tensor.dataLocation !== TensorProto_DataLocation.EXTERNAL) continue;
    files.add(externalPath(externalLocation(tensor).location, directory));
  }
  return [...files].reduce((sum, file) => sum + statSync(file).size, 0);
}
async function plans(path, model, context) {
  const directory = scratchFolder("inspect");
  try {
    const found = [];
    for (const method of METHODS) {
      try {
        found.push(
          method === "int8-static" ? await staticPlan(path, model, context) : await writtenPlan(path, { ...context, method, out: join(directory, `${method}.onnx`) })
        );
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        found.push({ method, refused: error.message, quantized: 0, float: 0, rewrites: {}, decisions: [] });
      }
    }
    return found;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
async function staticPlan(path, model, { runtime, log }) {
  const prepared = await prepareModel(path, { runtime, log, inputShapes: assumedShapes(model) });
  const rewrites = applyRewrites(prepared.model, prepared.types);
  const { decisions, quantized } = draftStatic(prepared, defaultQuantize("int8-static"));
  return {
    method: "int8-static",
    refused: null,
    quantized,
    float: floatCount(decisions),
    rewrites,
    decisions
  };
}
async function writtenPlan(path, { runtime, log, method, out }) {
  const { groups, decisions, provenance } = await quantizeModel({
    model: path,
    out,
    options: defaultQuantize(method),
    target: "cpu",
    calibration: null,
    runtime,
    log,
    verify: false
  });
  const rewrites = provenance.rewrites ?? {};
  return {
    method,
    refused: null,
    quantized: groups.quantized,
    float: floatCount(decisions),
    rewrites,
    decisions
  };
}
function floatCount(decisions) {
  return decisions.filter(({ became }) => became === "float").length;
}
function assumedShapes(model) {
  const shapes = /* @__PURE__ */ new Map();
  for (const value of model.graph.inputs) {
    const shape = tensorType(value)?.shape;
    if (!shape) continue;
    const fill = (index) => index === 0 ? 1 : ASSUMED_DIMENSION;
    shapes.set(
      value.name,
      shape.map((dim, index) => typeof dim === "number" ? dim : fill(index))
    );
  }
  return shapes;
}

// src/cli/inspection-text.ts
var LISTED_REASONS = 12;
function inspectionText(inspection) {
  const { operators, weights, plan } = inspection;
  const opsets = inspection.opsets.map(({ domain, version }) => `${domain || "ai.onnx"} ${version}`).join(", ");
  const lines = [
    `${inspection.file}: ${formatValue(inspection.sizeBytes, "bytes")}, ${inspection.parameters.toLocaleString("en-US")} parameters, opset ${opsets}, IR ${inspection.irVersion}`,
    ...inspection.producer ? [`made by ${inspection.producer}`] : [],
    ...inspection.inputs.map((value) => `input   ${valueText(value)}`),
    ...inspection.outputs.map((value) => `output  ${valueText(value)}`),
    "",
    ...columns(
      operators.map(({ opType, domain, count }) => [`${domain ? `${domain}.` : ""}${opType}`, String(count)])
    ),
    "",
    ...columns(
      weights.map(({ type, tensors, bytes }) => [type, `${tensors} tensors`, formatValue(bytes, "bytes")])
    )
  ];
  for (const method of plan ?? []) lines.push("", ...planLines(method));
  return lines.join("\n");
}
function planLines({ method, refused, quantized, float, decisions }) {
  if (refused !== null) return [`${method}: refused. ${refused}`];
  const reasons = /* @__PURE__ */ new Map();
  for (const { node, opType, reason } of decisions) {
    if (reason === null) continue;
    const key = `${opType}: ${reason}`;
    reasons.set(key, [...reasons.get(key) ?? [], node]);
  }
  const became = /* @__PURE__ */ new Map();
  for (const decision of decisions) {
    if (decision.reason === null) became.set(decision.became, (became.get(decision.became) ?? 0) + 1);
  }
  const listed = [...reasons].slice(0, LISTED_REASONS);
  const rest = reasons.size - listed.length;
  return [
    `${method}: ${quantized} groups quantized, ${float} operators kept float`,
    ...[...became].map(([what, count]) => `  ${what} \xD7${count}`),
    ...listed.map(
      ([reason, nodes]) => `  float: ${reason} (${nodes.length === 1 ? nodes[0] : `${nodes.length} operators`})`
    ),
    ...rest > 0 ? [`  \u2026 and ${rest} more reasons (--json lists every operator)`] : []
  ];
}
function valueText({ name, type, shape }) {
  if (type === null) return `${name}: not a tensor`;
  return `${name}: ${type} ${shape ? `[${shape.map((dim) => dim === "" ? "?" : dim).join(", ")}]` : "of unknown rank"}`;
}
function columns(rows) {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows.map(
    (row) => row.map((cell, i) => i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])).join("  ")
  );
}

// src/cli/inspect.ts
async function inspectCommand(context, model, options) {
  const inspection = await inspectModel(
    model,
    options.plan ? { runtime: await context.runtime(), log: context.log } : {}
  );
  context.print(inspection, () => inspectionText(inspection));
  return EXIT.pass;
}
export {
  inspectCommand
};
