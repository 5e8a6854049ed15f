/** Where each node really ran and in which type: the answer to "the INT8 operators silently fell back". */

import { Interrupted, throwIfInterrupted } from '../errors.js';
import type { OptimizedNode } from '../runtime/optimized-node.js';
import { type ProfiledNode, parseProfile, threadsAtWork } from '../runtime/profile.js';
import { startWorker } from '../runtime/worker/worker.js';
import { elementCount } from '../tensor/dims.js';
import type { Measurement } from '../terms/measurement.js';
import type { MetricDefinition } from '../terms/metrics.js';
import { runsOnCpu } from '../terms/provider.js';
import { timingFeeds } from './subject/inputs.js';
import { emptyMeasurement, type SubjectFile, subjectFailure, type WorkerRequest } from './subject/subject.js';

export interface PlacementRequest extends WorkerRequest {
  /** Operators that don't count as fallback; default: shape arithmetic (DEFAULT_IGNORED_OPS, by what they compute). */
  ignoreOps?: readonly string[];
}

/** One kind of operator on one provider. */
export interface PlacedOperator {
  operator: string;
  provider: string;
  nodes: number;
  /** Ran in a reduced type (8-bit, 4-bit, float16). */
  reduced: boolean;
  /** Multiply-accumulates of one run; 0 for operators that have none. */
  macs: number;
  /** Kernel time of one run. */
  ms: number;
  /** Shape arithmetic, which runtimes keep on the CPU on purpose. */
  shapeArithmetic: boolean;
}

export interface Placement {
  operators: PlacedOperator[];
  /** Nodes on the CPU that were asked for elsewhere. */
  fallback: number;
  /** Share of multiply-accumulates in the reduced type; null: the model has none that could be counted. */
  quantized: number | null;
  /** Copies between devices per run. */
  transfers: number;
}

/** With what the profile tells of threads: how many computed something. */
type ProfiledPlacement = Placement & { threadsAtWork: number };

/** Operators of shape arithmetic: ignored when all they give is small or integer (an embedding's Gather is not). */
const DEFAULT_IGNORED_OPS: readonly string[] = [
  'Add',
  'Cast',
  'Concat',
  'ConstantOfShape',
  'Div',
  'Equal',
  'Expand',
  'Floor',
  'Gather',
  'Greater',
  'Less',
  'Max',
  'Min',
  'Mod',
  'Mul',
  'Range',
  'ReduceProd',
  'Reshape',
  'Shape',
  'Size',
  'Slice',
  'Split',
  'Squeeze',
  'Sub',
  'Unsqueeze',
  'Where',
];

/** Runs under the profiler: the first pays for compilation and is left out of the times. */
const PROFILED_RUNS = 3;

const CPU = 'CPUExecutionProvider';
const TRANSFER = /^Memcpy(To|From)Host$/;

/** Placement of every subject on one provider: `placement.fallback` and `placement.quantized`. */
export async function measurePlacement(request: PlacementRequest): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const subject of request.subjects) {
    throwIfInterrupted(request.context.signal);
    try {
      measurements.push(...asMeasurements(await placementOf(subject, request), subject, request));
    } catch (error) {
      if (error instanceof Interrupted || request.context.signal?.aborted) throw error;
      const reason = subjectFailure(error, subject);
      measurements.push(
        ...METRICS.map((metric) => ({
          ...emptyMeasurement(metric, subject, request),
          status: 'invalid' as const,
          reason,
        })),
      );
    }
  }
  return measurements;
}

const METRICS: readonly MetricDefinition['name'][] = ['placement.fallback', 'placement.quantized'];

async function placementOf(subject: SubjectFile, request: PlacementRequest): Promise<ProfiledPlacement> {
  const worker = await startWorker({
    model: subject.file,
    session: { ...request.session, graphOptimizationLevel: 'extended' },
    ...request.context,
    profile: true,
    deadlineMs: request.deadlineMs,
  });
  try {
    const feeds = timingFeeds(worker.opened.inputs, request.inputs);
    for (let run = 0; run < PROFILED_RUNS; run++) await worker.call('run', { feeds, outputs: null });
    const { json, graph } = await worker.call('profile');
    const placement = summarize(parseProfile(json), { graph, ignoreOps: request.ignoreOps });
    return { ...placement, threadsAtWork: threadsAtWork(json) };
  } finally {
    await worker.kill();
  }
}

function asMeasurements(
  placement: ProfiledPlacement,
  subject: SubjectFile,
  request: PlacementRequest,
): Measurement[] {
  const { operators, fallback, quantized, transfers, threadsAtWork } = placement;
  const asked = request.session.provider ?? 'cpu';
  const share = emptyMeasurement('placement.quantized', subject, request);
  return [
    {
      ...emptyMeasurement('placement.fallback', subject, request),
      value: runsOnCpu(asked) ? 0 : fallback,
      n: operators.reduce((sum, operator) => sum + operator.nodes, 0),
      details: { operators, transfers, threadsAtWork },
    },
    quantized === null
      ? { ...share, status: 'skipped', reason: nothingToCount(operators) }
      : {
          ...share,
          value: quantized,
          details: { operators: operators.filter((operator) => operator.macs > 0) },
        },
  ];
}

function nothingToCount(operators: readonly PlacedOperator[]): string {
  return operators.some(({ operator }) => /^(EPContext|TRTKernel)/.test(operator))
    ? 'TensorRT runs the model as one node and does not tell which layers are reduced'
    : 'the model has no convolution or matrix product to count';
}

export interface SummarizeOptions {
  graph: readonly OptimizedNode[] | null;
  ignoreOps?: readonly string[];
}

/** From profile and graph to placement. */
export function summarize(nodes: readonly ProfiledNode[], options: SummarizeOptions): Placement {
  const constants = new Map((options.graph ?? []).map((node) => [node.name, node.constants]));
  const groups = new Map<string, PlacedOperator>();
  for (const node of nodes) {
    const reduced = isReduced(node);
    const shapeArithmetic = options.ignoreOps
      ? options.ignoreOps.includes(node.operator)
      : DEFAULT_IGNORED_OPS.includes(node.operator) && givesShapes(node);
    const key = [node.operator, node.provider, reduced, shapeArithmetic].join(' ');
    const group = groups.get(key) ?? {
      operator: node.operator,
      provider: node.provider,
      nodes: 0,
      reduced,
      macs: 0,
      ms: 0,
      shapeArithmetic,
    };
    group.nodes++;
    group.macs += multiplyAccumulates(node, constants.get(node.name) ?? []);
    group.ms += steadyMs(node.durationsMs);
    groups.set(key, group);
  }
  const operators = [...groups.values()].sort(
    (a, b) => b.macs - a.macs || a.operator.localeCompare(b.operator),
  );
  const macs = operators.reduce((sum, operator) => sum + operator.macs, 0);
  const reducedMacs = operators.reduce((sum, operator) => sum + (operator.reduced ? operator.macs : 0), 0);
  const count = (which: (operator: PlacedOperator) => boolean) =>
    operators.reduce((sum, operator) => sum + (which(operator) ? operator.nodes : 0), 0);
  return {
    operators,
    fallback: count(
      ({ provider, operator, shapeArithmetic }) =>
        provider === CPU && !shapeArithmetic && !TRANSFER.test(operator),
    ),
    quantized: macs > 0 ? reducedMacs / macs : null,
    transfers: count(({ operator }) => TRANSFER.test(operator)),
  };
}

/** Operators whose reduced type shows in the name: the activations of some stay float. */
const REDUCED_OPERATOR =
  /^(QLinear|QGemm|QAttention|QMoE|DynamicQuantize(?!Linear)|MatMulNBits|MatMulBnb4|GatherBlockQuantized)|Integer(ToFloat)?$/;
const REDUCED_TYPES: ReadonlySet<string> = new Set(['uint8', 'int8', 'uint4', 'int4', 'float16', 'bfloat16']);

function isReduced(node: ProfiledNode): boolean {
  if (REDUCED_OPERATOR.test(node.operator)) return true;
  // Only the conversions themselves read the reduced type and give float32.
  if (node.operator === 'DequantizeLinear' || node.operator === 'Cast') return false;
  return REDUCED_TYPES.has(node.inputs[0]?.type ?? '');
}

const SMALL_ELEMENTS = 16;
const INDEX_TYPES: ReadonlySet<string> = new Set(['int64', 'int32', 'bool']);

function givesShapes(node: ProfiledNode): boolean {
  return node.outputs.every(
    ({ type, dims }) => INDEX_TYPES.has(type) || elementCount(dims) <= SMALL_ELEMENTS,
  );
}

/** Multiply-accumulates of convolutions and matrix products; 0 for everything else, and where the shapes don't tell. */
function multiplyAccumulates(node: ProfiledNode, constants: readonly (readonly number[] | null)[]): number {
  const output = elementCount(node.outputs[0]?.dims ?? [0]);
  if (/^(Fused|QLinear|NhwcFused|Nhwc)?Conv(Integer)?$/.test(node.operator)) {
    // The weight, [M, C/group, k…]: the first constant of rank 3 or more. What one output element sums over is its size without M.
    const weight =
      constants.find((dims) => dims && dims.length >= 3) ??
      node.inputs.slice(1).find(({ dims }) => dims.length >= 3)?.dims;
    return weight ? output * elementCount(weight.slice(1)) : 0;
  }
  if (/^Q?Attention$/.test(node.operator)) {
    // The projections, [hidden, 3 · hidden], applied to every token; the products of activations are left out.
    const weight = constants.find((dims) => dims?.length === 2);
    return weight ? (elementCount(node.inputs[0]?.dims ?? [0]) / weight[0]!) * elementCount(weight) : 0;
  }
  if (/MatMul|Gemm/.test(node.operator)) {
    const columns = node.outputs[0]?.dims.at(-1) ?? 1;
    const weight = constants.find((dims) => dims?.length === 2 && dims.includes(columns));
    // [K, N], or [N, K] in a transposed Gemm.
    if (weight && !/NBits|Bnb4/.test(node.operator)) return output * (elementCount(weight) / columns);
    return output * (node.inputs[0]?.dims.at(-1) ?? 0);
  }
  return 0;
}

function steadyMs(durationsMs: readonly number[]): number {
  const steady = durationsMs.length > 1 ? durationsMs.slice(1) : durationsMs;
  return steady.reduce((sum, ms) => sum + ms, 0) / steady.length;
}
