/** Static INT8 in QDQ form: groups planned first, ranges from calibration, then Q/DQ around exactly those groups. */
import type { QuantizeConfig, Target } from '../../config/config.js';
import type { Dataset } from '../../data/samples/dataset.js';
import { messageOf, UserError } from '../../errors.js';
import { readModel } from '../../onnx/read.js';
import { writeModel } from '../../onnx/write.js';
import type { Feeds } from '../../tensor/tensor.js';
import { calibratePercentiles, calibrateRanges } from '../calibrate/calibrate.js';
import { speedRatio } from '../method/compare-speed.js';
import type { Note, QuantizeRequest, QuantizeResult } from '../method/request.js';
import { nodeLabel } from '../method/selection.js';
import { tensorsToCalibrate } from './activation-parameters.js';
import { choosePercentile, PERCENTILE_CANDIDATES } from './choose-percentile.js';
import { quantizeLikeOnnxRuntime } from './like-onnxruntime/like-onnxruntime.js';
import type { Draft } from './placement/draft.js';
import { type Scheme, schemeOf } from './placement/scheme.js';
import { staticPrologue } from './prologue.js';
import { observeChannelMeans } from './recover/channel-means.js';
import { equalizeModel } from './recover/equalize.js';
import { collectMoments } from './recover/input-moments.js';
import { checkFusion, type FusionCheck } from './verify.js';
import { worseRecovery } from './worse-recovery.js';
import { writeQuantized } from './write-quantized.js';

/** @throws UserError without calibration data, or when nothing in the model's opset can run in 8 bits. */
export async function int8Static(request: QuantizeRequest): Promise<QuantizeResult> {
  const { options, runtime, log, target } = request;
  const scheme = schemeOf(options, target);
  if (scheme.placement === 'onnxruntime') return await quantizeLikeOnnxRuntime(request, scheme);
  const dataset = calibrationData(request);
  const sample = await firstSample(dataset);
  dataset.readEarly?.();
  const prologue = await staticPrologue({ ...request, inputShapes: shapesOf(sample) });
  const { model, types, selection, draft, notes, rewrites } = prologue;
  const equalized =
    (options.equalization ?? options.preset === null)
      ? await equalizeModel({
          model,
          throughClip: options.equalization === true,
          types,
          quantized: new Set(draft.plan.quantized.map(({ node }) => node)),
          dataset,
          runtime,
          ...(request.threads === undefined ? {} : { threads: request.threads }),
          ...(request.signal === undefined ? {} : { signal: request.signal }),
        })
      : 0;
  const means =
    (options.biasCorrection ?? options.preset === null)
      ? observeChannelMeans(draft.plan.quantized, model, types)
      : null;
  const calibration = {
    ...(means ? { companion: means } : {}),
    model,
    types,
    tensors: tensorsToCalibrate(draft.plan.quantized),
    dataset,
    runtime,
    log,
    ...(request.threads === undefined ? {} : { threads: request.threads }),
    ...(request.signal === undefined ? {} : { signal: request.signal }),
  };
  const chooses = request.verify && options.calibrator === null && options.preset === null;
  const candidates =
    chooses && scheme.placement === 'fused'
      ? await calibratePercentiles(calibration, PERCENTILE_CANDIDATES)
      : new Map([[100, await calibrateRanges(calibration, { ...options, calibrator: scheme.calibrator })]]);
  draft.refuseUnboundedRanges(candidates.get(100)!);
  let corrections = means?.means() ?? null;
  let moments =
    options.rounding === 'adaptive'
      ? await collectMoments({
          model,
          groups: draft.plan.quantized,
          dataset,
          runtime,
          ...(request.threads === undefined ? {} : { threads: request.threads }),
          ...(request.signal === undefined ? {} : { signal: request.signal }),
        })
      : null;
  let percentile = 100;
  if (candidates.size > 1 && draft.plan.quantized.length > 0) {
    const parts = { model, groups: draft.plan.quantized, scheme, selection, means: corrections, moments };
    percentile = await choosePercentile(candidates, {
      parts,
      errors: {
        reference: request.model,
        dataset,
        runtime,
        ...(request.threads === undefined ? {} : { threads: request.threads }),
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      },
    });
  }
  const ranges = candidates.get(percentile)!;
  let checks: FusionCheck[] = [];
  // Each round takes back at least one group, or the corrections: so this ends.
  while (draft.plan.quantized.length > 0) {
    const parts = { model, groups: draft.plan.quantized, ranges, scheme, selection };
    const quantizedOutputs = writeQuantized(request.out, { ...parts, means: corrections, moments });
    if (!request.verify) break;
    if (scheme.placement !== 'fused') {
      // Another provider's fusions can't be seen on this one's dump; that the file is valid can.
      await (await runtime.open(request.out, { graphOptimizationLevel: 'disabled', threads: 1 })).release();
      break;
    }
    checks = await checkFusion(request.out, draft.plan.quantized, { runtime, quantizedOutputs });
    const unfused = checks.filter((check) => !check.fused);
    if (unfused.length === 0) {
      const worse = await worseRecovery(request, {
        dataset,
        parts,
        recovery: { means: corrections, moments },
      });
      if (worse !== null) {
        if (worse === 'means') corrections = null;
        else moments = null;
        continue;
      }
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
  notes.push(...targetNotes(target), ...overrideNotes(options, scheme));
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
      ...(candidates.size > 1 ? { percentile } : {}),
      calibrationSamples: dataset.length,
      rewrites,
      recovery: { equalized, biasCorrection: corrections !== null, adaptiveRounding: moments !== null },
      runtime: runtime.version,
      estimate: draft.plan.estimate,
    },
  };
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
  const speed = { runtime, feeds: sample, ...(threads === undefined ? {} : { threads }) };
  let ratio: number;
  try {
    ratio = await speedRatio(request.model, request.out, speed);
    // A busy machine can make anything look slow once.
    if (ratio > 1) ratio = Math.min(ratio, await speedRatio(request.model, request.out, speed));
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

function unfusedMessage(unfused: readonly FusionCheck[]): string {
  const named = unfused.slice(0, 5).map(({ group }) => `${group.node.opType} '${nodeLabel(group.node)}'`);
  const more = unfused.length > named.length ? ` and ${unfused.length - named.length} more` : '';
  return `The runtime did not fuse ${named.join(', ')}${more}: kept in float.`;
}

/** Says which overrides have no meaning here, instead of passing over them in silence. */
function overrideNotes({ overrides }: QuantizeConfig, { activation }: Scheme): Note[] {
  return Object.entries(overrides).flatMap(([pattern, { activation: type, weight, symmetric }]) => {
    const refused = [
      ...(type === undefined || type === activation.type || type.startsWith('float')
        ? []
        : [`activation: ${type}`]),
      ...(weight === undefined || weight === 'int8' || weight.startsWith('float')
        ? []
        : [`weight: ${weight}`]),
      ...(symmetric === undefined || symmetric ? [] : ['symmetric: false']),
    ];
    if (refused.length === 0) return [];
    const message = `overrides['${pattern}']: ${refused.join(', ')} is left out: int8-static runs ${activation.type} activations and symmetric int8 weights, the form that the runtime fuses.`;
    return [{ level: 'warn' as const, code: 'override-not-applied', message }];
  });
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
