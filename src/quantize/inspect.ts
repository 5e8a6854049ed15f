/** What a model holds, and what each method would make of it and why not: plain data, which the command line prints. */

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { GraphProto, ValueInfoProto } from 'onnx-buf';
import { METHODS, type Method } from '../config/choices.js';
import { defaultQuantize } from '../config/defaults.js';
import { UserError } from '../errors.js';
import { type Log, SILENT } from '../log.js';
import { subgraphsOf } from '../onnx/attributes.js';
import { readModel } from '../onnx/file/read.js';
import { modelBytes, parameterCount, type Weight, weightsOf } from '../onnx/file/weights.js';
import { canonicalDomain, type Model } from '../onnx/model.js';
import { elementTypeName } from '../onnx/tensor/element-type.js';
import { dimsOf, tensorByteLength } from '../onnx/tensor/tensor.js';
import { tensorType } from '../onnx/tensor/tensor-type.js';
import type { RunContext } from '../runtime/context.js';
import { scratchFolder } from '../system/files/scratch.js';
import { elementCount } from '../tensor/dims.js';
import { staticPrologue } from './int8-static/prologue.js';
import type { Decision } from './method/result.js';
import { quantizeModel } from './quantize.js';

export interface InspectedValue {
  name: string;
  /** 'float32', …; null for sequences, maps and undeclared types. */
  type: string | null;
  /** Symbolic dimensions are strings, unknown ones ''; null when the rank is unknown. */
  shape: (number | string)[] | null;
}

export interface InspectedTensor extends InspectedValue {
  bytes: number;
}

export interface Inspection {
  file: string;
  /** The file and its external data. */
  sizeBytes: number;
  irVersion: number;
  /** '' is the domain of ONNX itself. */
  opsets: { domain: string; version: number }[];
  producer: string;
  functions: number;
  inputs: InspectedValue[];
  outputs: InspectedValue[];
  /** Nodes by operator, most frequent first; those of subgraphs included, constants not. */
  operators: { opType: string; domain: string; count: number }[];
  /** Values of all weights, as size.parameters counts them. */
  parameters: number;
  /** By element type, largest first. */
  weights: { type: string; tensors: number; elements: number; bytes: number }[];
  /** The largest weights. */
  largest: InspectedTensor[];
  metadata: Record<string, string>;
  /** One per method; null unless a runtime was given. */
  plan: MethodPlan[] | null;
}

/** What a method would do with the model on a CPU, with its defaults. */
export interface MethodPlan {
  method: Method;
  /** Why the method gives nothing; null when it does. */
  refused: string | null;
  quantized: number;
  float: number;
  /** Changes by exact rewrite that come first. */
  rewrites: Record<string, number>;
  /** One per operator. For int8-static as its operator would be without calibration data: ranges may still refuse some. */
  decisions: Decision[];
}

export interface InspectOptions {
  /** With it, what each method would do is told. */
  context?: RunContext;
}

const LARGEST = 10;
/** `auto` would have to measure. */
const TOLD = METHODS.filter((method) => method !== 'auto');
/** What symbolic dimensions other than the first count as, for costs. */
const ASSUMED_DIMENSION = 128;

/** @throws UserError when the file is no model. */
export async function inspectModel(path: string, options: InspectOptions = {}): Promise<Inspection> {
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
      version: Number(version),
    })),
    producer: [proto.producerName, proto.producerVersion].filter(Boolean).join(' '),
    functions: proto.functions.length,
    inputs: graph.inputs.map(inspectedValue),
    outputs: graph.outputs.map(inspectedValue),
    operators: operatorsOf(proto.graph!),
    parameters: parameterCount(weights),
    weights: byType(weights),
    largest: weights
      .map(({ name, tensor }) => ({
        name,
        type: elementTypeName(tensor.dataType),
        shape: dimsOf(tensor),
        bytes: tensorByteLength(tensor),
      }))
      .sort((a, b) => b.bytes - a.bytes)
      .slice(0, LARGEST),
    metadata: Object.fromEntries(proto.metadataProps.map(({ key, value }) => [key, value])),
    plan: context ? await plans(path, model, context) : null,
  };
}

function inspectedValue(value: ValueInfoProto): InspectedValue {
  const type = tensorType(value);
  return { name: value.name, type: type ? elementTypeName(type.dataType) : null, shape: type?.shape ?? null };
}

function operatorsOf(graph: GraphProto): Inspection['operators'] {
  const counts = new Map<string, Inspection['operators'][number]>();
  const visit = (inner: GraphProto): void => {
    for (const node of inner.node) {
      for (const subgraph of subgraphsOf(node)) visit(subgraph);
      if (node.opType === 'Constant') continue;
      const domain = canonicalDomain(node.domain);
      const key = `${domain}.${node.opType}`;
      const entry = counts.get(key) ?? { opType: node.opType, domain, count: 0 };
      counts.set(key, { ...entry, count: entry.count + 1 });
    }
  };
  visit(graph);
  return [...counts.values()].sort((a, b) => b.count - a.count || a.opType.localeCompare(b.opType));
}

function byType(weights: readonly Weight[]): Inspection['weights'] {
  const types = new Map<string, Inspection['weights'][number]>();
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

async function plans(path: string, model: Model, context: RunContext): Promise<MethodPlan[]> {
  const directory = scratchFolder('inspect');
  try {
    const found: MethodPlan[] = [];
    for (const method of TOLD) {
      try {
        found.push(
          method === 'int8-static'
            ? await staticPlan(path, model, context)
            : await writtenPlan(path, { context, method, out: join(directory, `${method}.onnx`) }),
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

/** Calibration decides no more than scales: the plan is made without it. */
async function staticPlan(path: string, model: Model, context: RunContext): Promise<MethodPlan> {
  const { draft, rewrites } = await staticPrologue({
    model: path,
    options: defaultQuantize('int8-static'),
    target: 'cpu',
    context,
    inputShapes: assumedShapes(model),
  });
  const decisions = draft.decisions(new Map());
  return {
    method: 'int8-static',
    refused: null,
    quantized: draft.partition.quantized.length,
    float: floatCount(decisions),
    rewrites,
    decisions,
  };
}

/** The other methods need no data: they are run, and their result is thrown away. */
async function writtenPlan(
  path: string,
  { context, method, out }: { context: RunContext; method: Method; out: string },
): Promise<MethodPlan> {
  const { groups, decisions, provenance } = await quantizeModel({
    model: path,
    out,
    options: defaultQuantize(method),
    target: 'cpu',
    calibration: null,
    // What the rewrites left has been said with int8-static.
    context: { ...context, log: withoutDetails(context.log) },
    verify: false,
  });
  const rewrites = (provenance.rewrites ?? {}) as Record<string, number>;
  return {
    method,
    refused: null,
    quantized: groups.quantized,
    float: floatCount(decisions),
    rewrites,
    decisions,
  };
}

function withoutDetails(log: Log): Log {
  return { ...SILENT, info: (message) => log.info(message), warn: (message) => log.warn(message) };
}

function floatCount(decisions: readonly Decision[]): number {
  return decisions.filter(({ became }) => became === 'float').length;
}

/** Shapes of the inputs with one sample, symbolic dimensions filled in. */
function assumedShapes(model: Model): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  for (const value of model.graph.inputs) {
    const shape = tensorType(value)?.shape;
    if (!shape) continue;
    const fill = (index: number) => (index === 0 ? 1 : ASSUMED_DIMENSION);
    shapes.set(
      value.name,
      shape.map((dim, index) => (typeof dim === 'number' ? dim : fill(index))),
    );
  }
  return shapes;
}
