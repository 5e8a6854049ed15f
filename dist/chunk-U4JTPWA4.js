import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);
import {
  quantizeModel,
  staticPrologue
} from "./chunk-XST7Z64R.js";
import "./chunk-DVNG3BAF.js";
import {
  modelBytes,
  parameterCount,
  weightsOf
} from "./chunk-KL4S4GDE.js";
import {
  SILENT
} from "./chunk-X7SHKWLT.js";
import "./chunk-TJ7D4N7I.js";
import "./chunk-OU7AXWVO.js";
import {
  tensorType
} from "./chunk-BVHWY5TI.js";
import {
  formatValue
} from "./chunk-DBYFNPEJ.js";
import "./chunk-QBQKLG2U.js";
import "./chunk-MK6PZPSP.js";
import "./chunk-LB3U3NNG.js";
import {
  canonicalDomain,
  readModel,
  subgraphsOf
} from "./chunk-IZBBBSAD.js";
import {
  scratchFolder
} from "./chunk-65YWRPIP.js";
import "./chunk-OKSQO7JT.js";
import "./chunk-57WIVW7N.js";
import {
  dimsOf,
  elementCount,
  elementTypeName,
  tensorByteLength
} from "./chunk-OEIIXWBO.js";
import {
  defaultQuantize
} from "./chunk-D475USFB.js";
import "./chunk-K7D3JYL6.js";
import "./chunk-B4R2XIPD.js";
import {
  EXIT,
  UserError
} from "./chunk-IYM25C4U.js";
import "./chunk-XNDQ27F5.js";

// src/quantize/inspect.ts
import { rmSync } from "node:fs";
import { join } from "node:path";
var LARGEST = 10;
var METHODS = ["int8-static", "int8-dynamic", "float16", "int8-weights", "int4-weights"];
var ASSUMED_DIMENSION = 128;
async function inspectModel(path, options = {}) {
  const model = readModel(path);
  const { proto, graph } = model;
  const weights = weightsOf(proto);
  const { context } = options;
  return {
    file: path,
    sizeBytes: await modelBytes(path, model),
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
    parameters: parameterCount(weights),
    weights: byType(weights),
    largest: weights.map(({ name, tensor }) => ({
      name,
      type: elementTypeName(tensor.dataType),
      shape: dimsOf(tensor),
      bytes: tensorByteLength(tensor)
    })).sort((a, b) => b.bytes - a.bytes).slice(0, LARGEST),
    metadata: Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key, value])),
    plan: context ? await plans(path, model, context) : null
  };
}
function inspectedValue(value) {
  const type = tensorType(value);
  return { name: value.name, type: type ? elementTypeName(type.dataType) : null, shape: type?.shape ?? null };
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
function byType(weights) {
  const types = /* @__PURE__ */ new Map();
  for (const { tensor } of weights) {
    const type = elementTypeName(tensor.dataType);
    const entry = types.get(type) ?? { type, tensors: 0, elements: 0, bytes: 0 };
    entry.tensors++;
    entry.elements += elementCount(tensor.dims);
    entry.bytes += tensorByteLength(tensor);
    types.set(type, entry);
  }
  return [...types.values()].sort((a, b) => b.bytes - a.bytes);
}
async function plans(path, model, context) {
  const directory = scratchFolder("inspect");
  try {
    const found = [];
    for (const method of METHODS) {
      try {
        found.push(
          method === "int8-static" ? await staticPlan(path, model, context) : await writtenPlan(path, { context, method, out: join(directory, `${method}.onnx`) })
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
async function staticPlan(path, model, context) {
  const { draft, rewrites } = await staticPrologue({
    model: path,
    options: defaultQuantize("int8-static"),
    target: "cpu",
    context,
    inputShapes: assumedShapes(model)
  });
  const decisions = draft.decisions(/* @__PURE__ */ new Map());
  return {
    method: "int8-static",
    refused: null,
    quantized: draft.partition.quantized.length,
    float: floatCount(decisions),
    rewrites,
    decisions
  };
}
async function writtenPlan(path, { context, method, out }) {
  const { groups, decisions, provenance } = await quantizeModel({
    model: path,
    out,
    options: defaultQuantize(method),
    target: "cpu",
    calibration: null,
    // What the rewrites left has been said with int8-static.
    context: { ...context, log: withoutDetails(context.log) },
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
function withoutDetails(log) {
  return { ...SILENT, info: (message) => log.info(message), warn: (message) => log.warn(message) };
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
  const run = options.plan ? await context.toRun() : void 0;
  const inspection = await inspectModel(model, { context: run && { ...run, threads: void 0 } });
  context.print(inspection, () => inspectionText(inspection));
  return EXIT.pass;
}
export {
  inspectCommand
};
