/** Static INT8 in QDQ form: groups planned first, ranges from calibration, then Q/DQ around exactly those groups. */
import type { QuantizeConfig, Target } from '../config/config.js';
import type { Dataset } from '../data/dataset.js';
import { messageOf, UserError } from '../errors.js';
import type { Graph } from '../onnx/graph.js';
import type { Model } from '../onnx/model.js';
import { upgradeOpset } from '../onnx/opset.js';
import { readModel } from '../onnx/read.js';
import { writeModel } from '../onnx/write.js';
import type { Feeds } from '../runtime/tensor.js';
import { activationParameters, tensorsToCalibrate } from './activation-parameters.js';
import { calibrateRanges } from './calibrate/calibrate.js';
import type { TensorRange } from './calibrate/minmax.js';
import { speedRatio } from './compare-speed.js';
import { copyModel } from './copy-model.js';
import { Draft } from './draft.js';
import type { Group } from './groups.js';
import { insertQuantization } from './insert-qdq.js';
import { quantizeLikeOnnxRuntime } from './like-onnxruntime.js';
import { type PreparedModel, prepareModel } from './prepare.js';
import type { Decision, Note, QuantizeRequest, QuantizeResult } from './quantize.js';
import { observeChannelMeans } from './recover/channel-means.js';
import { applyRewrites } from './rewrite/rewrite.js';
import { type Scheme, schemeOf } from './scheme.js';
import { makeSelection, nodeLabel } from './selection.js';
import { checkFusion, type FusionCheck } from './verify.js';

/** From here on DequantizeLinear has an axis; below it, com.microsoft's Q/DQ serve. */
const QDQ_OPSET = 13;
/** First opset with QLinearConv, which the runtime makes of the groups. */
const FUSED_OPSET = 10;

/** @throws UserError without calibration data, or when nothing in the model's opset can run in 8 bits. */
export async function int8Static(request: QuantizeRequest): Promise<QuantizeResult> {
  const { options, runtime, log, target } = request;
  const scheme = schemeOf(options, target);
  if (scheme.placement === 'onnxruntime') return await quantizeLikeOnnxRuntime(request, scheme);
  const dataset = calibrationData(request);
  const notes: Note[] = [];
  const sample = await firstSample(dataset);
  const prepared = await prepareModel(request.model, { runtime, log, inputShapes: shapesOf(sample) });
  const rewrites = applyRewrites(prepared.model, prepared.types);
  raiseOpset(prepared, { notes, target });
  const { model } = prepared;
  const selection = makeSelection(options);
  const draft = new Draft(prepared, { scheme, selection });
  draft.replan();
  const means =
    (options.biasCorrection ?? options.preset === null)
      ? observeChannelMeans(draft.plan.quantized, model, prepared.types)
      : null;
  const ranges = await calibrateRanges(
    {
      ...(means ? { companion: means } : {}),
      model,
      types: prepared.types,
      tensors: tensorsToCalibrate(draft.plan.quantized),
      dataset,
      runtime,
      log,
      ...(request.threads === undefined ? {} : { threads: request.threads }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    },
    { ...options, calibrator: scheme.calibrator },
  );
  draft.refuseUnboundedRanges(ranges);
  let checks: FusionCheck[] = [];
  // Each round takes back at least one group, so this ends.
  while (draft.plan.quantized.length > 0) {
    const quantizedOutputs = writeQuantized(request.out, {
      model,
      groups: draft.plan.quantized,
      ranges,
      scheme,
      means: means?.means() ?? null,
    });
    // Another provider's fusions can't be seen on this one's dump.
    if (!request.verify || scheme.placement !== 'fused') break;
    checks = await checkFusion(request.out, draft.plan.quantized, { runtime, quantizedOutputs });
    const unfused = checks.filter((check) => !check.fused);
    if (unfused.length === 0) {
      if (await pays(request, { scheme, sample, draft, notes })) break;
      continue;
    }
    draft.refuse(
      unfused.map(({ group, became }) => [group, `the runtime did not fuse it (it ran ${became})`]),
    );
    notes.push({ level: 'warn', code: 'not-fused', message: unfusedMessage(unfused) });
  }
  if (draft.plan.quantized.length === 0) {
    writeModel(readModel(request.model), request.out);
    notes.push({
      level: 'warn',
      code: 'nothing-pays',
      message: 'No operator of this model runs faster in 8 bits on this target: the model was left as it is.',
    });
  }
  for (const pattern of selection.unmatched()) {
    notes.push({ level: 'warn', code: 'unmatched-pattern', message: `No operator is called '${pattern}'.` });
  }
  notes.push(...targetNotes(target));
  const decisions = draft.decisions(new Map(checks.map(({ group, became }) => [group, became])));
  const quantized = draft.plan.quantized.length;
  return {
    file: request.out,
    method: 'int8-static',
    target,
    groups: { quantized, float: decisions.filter((decision) => decision.became === 'float').length },
    decisions,
    notes,
    provenance: {
      scheme,
      calibrationSamples: dataset.length,
      rewrites,
      runtime: runtime.version,
      estimate: draft.plan.estimate,
    },
  };
}

/** What would become of each operator before calibration has seen any data. */
export function draftStatic(
  prepared: PreparedModel,
  options: QuantizeConfig,
): { decisions: Decision[]; quantized: number } {
  const scheme = schemeOf(options, options.target ?? 'cpu');
  const draft = new Draft(prepared, { scheme, selection: makeSelection(options) });
  draft.replan();
  return { decisions: draft.decisions(new Map()), quantized: draft.plan.quantized.length };
}

function calibrationData({ calibration }: QuantizeRequest): Dataset {
  if (calibration) return calibration;
  throw new UserError(
    'int8-static needs calibration data: name it under data.calibration, or with --calibration.',
  );
}

async function firstSample(dataset: Dataset): Promise<Feeds> {
  for await (const { feeds } of dataset.samples()) return feeds;
  throw new UserError(`The calibration data (${dataset.description}) holds no samples.`);
}

function shapesOf(feeds: Feeds): Map<string, readonly number[]> {
  return new Map(Object.entries(feeds).map(([name, tensor]) => [name, tensor.dims]));
}

/** How much slower 8 bits are taken to be, each time that a file turns out slower than its original; then it is given up. */
const DISTRUST = [1.5, 2.5];
const GIVE_UP = 1e9;

/** Whether the file that was written is no slower than the original on this machine; if it is, the draft keeps more in float.
 *  Models with a fixed batch above 1 don't take a single sample and are believed. */
async function pays(
  request: QuantizeRequest,
  { scheme, sample, draft, notes }: { scheme: Scheme; sample: Feeds; draft: Draft; notes: Note[] },
): Promise<boolean> {
  const { runtime, threads, target, log } = request;
  if (target !== (process.arch === 'arm64' ? 'arm64' : 'cpu')) return true;
  let ratio: number;
  try {
    ratio = await speedRatio(request.model, request.out, {
      runtime,
      feeds: sample,
      ...(threads === undefined ? {} : { threads }),
    });
  } catch (error) {
    log.debug(`The quantized model's speed was not compared: ${messageOf(error)}`);
    return true;
  }
  if (ratio <= 1) return true;
  if (scheme.everything) {
    const message = `The quantized model takes ${ratio.toFixed(2)} times the original's time here; without \`include\` and presets only what pays is quantized.`;
    notes.push({ level: 'warn', code: 'slower', message });
    return true;
  }
  log.debug(`The quantized model takes ${ratio.toFixed(2)} times the original's time: more stays float.`);
  draft.distrust(DISTRUST[draft.distrusted++] ?? GIVE_UP);
  return false;
}

/** Q/DQ need opset 13 (or 10 with com.microsoft's Q/DQ). @throws UserError when no operator's meaning allows even that. */
function raiseOpset(
  { model, types }: PreparedModel,
  { notes, target }: { notes: Note[]; target: Target },
): void {
  const from = model.opset();
  if (from >= QDQ_OPSET) return;
  const { upgraded, blockers } = upgradeOpset(model, QDQ_OPSET, { types });
  const enough = from >= FUSED_OPSET || upgraded || upgradeOpset(model, FUSED_OPSET, { types }).upgraded;
  if (!enough || (target === 'tensorrt' && !upgraded)) {
    throw new UserError(
      `The model is at opset ${from}; 8-bit operators need opset ${target === 'tensorrt' ? QDQ_OPSET : FUSED_OPSET}, and raising it would change what it computes: ` +
        `${blockers.join('; ')}. Export it again at opset ${QDQ_OPSET} or later.`,
    );
  }
  if (model.opset() === from) return;
  notes.push({
    level: 'info',
    code: 'opset-raised',
    message: `Opset raised from ${from} to ${model.opset()}; no operator changes its meaning.`,
  });
}

interface QuantizedParts {
  model: Model;
  groups: readonly Group[];
  ranges: ReadonlyMap<string, TensorRange>;
  scheme: Scheme;
  /** Of the channels that weighted operators read, for bias correction; null: none. */
  means: ReadonlyMap<string, Float32Array> | null;
}

/** Writes a quantized copy; gives back the names of the 8-bit tensors. */
function writeQuantized(
  out: string,
  { model, groups, ranges, scheme, means }: QuantizedParts,
): Map<string, string> {
  const copy = copyModel(model);
  const domain = copy.opset() >= QDQ_OPSET ? '' : 'com.microsoft';
  const quantized = insertQuantization(copy.graph, counterparts(groups, model.graph, copy.graph), {
    parameters: activationParameters(groups, ranges, { graph: model.graph, scheme: scheme.activation }),
    domain,
    weight: scheme.weight,
    bias: scheme.bias,
    ...(means ? { means } : {}),
  });
  if (domain !== '') copy.setOpset(domain, 1);
  copy.graph.prune();
  copy.graph.setValueInfo([]);
  copy.proto.producerName = 'quantgate';
  writeModel(copy, out);
  return quantized;
}

/** The same groups with the nodes of a copy of their graph. */
function counterparts(groups: readonly Group[], from: Graph, to: Graph): Group[] {
  const copies = to.nodes;
  const copyOf = new Map(from.topologicalNodes().map((node, index) => [node, copies[index]!]));
  return groups.map((group) => ({
    ...group,
    node: copyOf.get(group.node)!,
    clamps: group.clamps.map((clamp) => copyOf.get(clamp)!),
  }));
}

function unfusedMessage(unfused: readonly FusionCheck[]): string {
  const named = unfused.slice(0, 5).map(({ group }) => `${group.node.opType} '${nodeLabel(group.node)}'`);
  const more = unfused.length > named.length ? ` and ${unfused.length - named.length} more` : '';
  return `The runtime did not fuse ${named.join(', ')}${more}: kept in float.`;
}

function targetNotes(target: Target): Note[] {
  if (target !== 'cuda' && target !== 'webgpu') return [];
  return [
    {
      level: 'warn',
      code: 'target-without-int8',
      message: `ONNX Runtime's ${target} provider has no 8-bit convolutions or matrix products: this model will be slower there. Use float16, or int8-weights.`,
    },
  ];
}
