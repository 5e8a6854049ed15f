/** Static INT8 in QDQ form: groups chosen first, ranges from calibration, then Q/DQ around exactly those groups. */

import type { Target } from '../../config/choices.js';
import type { QuantizeConfig } from '../../config/config.js';
import { readModel } from '../../onnx/file/read.js';
import { readModelOutline } from '../../onnx/file/read-outline.js';
import { modelBytes } from '../../onnx/file/weights.js';
import { writeModelUnlessInterrupted } from '../../onnx/file/write.js';
import type { Feeds } from '../../tensor/tensor.js';
import { choiceInProvenance } from '../calibrate/range-choice.js';
import { withStored } from '../layers/half-weights.js';
import { Evidence } from '../method/evidence.js';
import type { QuantizeRequest } from '../method/request.js';
import {
  type Decision,
  HALF_STORED,
  isQuantized,
  leaveFloat,
  type QuantizeNote,
  type QuantizeResult,
  resultOf,
  unmatchedNotes,
} from '../method/result.js';
import { computesWeights } from '../prepare/computed-weights.js';
import { runnableOriginal } from '../prepare/runnable-original.js';
import { wouldCopyConvolutions } from '../prepare/shared-convolutions.js';
import { narrowFile } from '../prepare/write-prepared.js';
import { Attempt } from './attempt.js';
import { calibrationSamples, type Observed, observeSamples } from './calibration.js';
import { quantizeLikeOnnxRuntime } from './like-onnxruntime/like-onnxruntime.js';
import { type Scheme, schemeOf } from './placement/scheme.js';
import { staticPrologue } from './prologue.js';

/** @throws UserError without calibration data, or when nothing in the model's opset can run in 8 bits. */
export async function int8Static(request: QuantizeRequest): Promise<QuantizeResult> {
  const { options, target } = request;
  if (options.preset === 'onnxruntime')
    return await quantizeLikeOnnxRuntime(request, schemeOf(options, target));
  if (options.leftNames && request.evidence?.remake) return await request.evidence.remake(request);
  const evidence = request.evidence ?? new Evidence();
  try {
    const reference = await runnableOriginal(request.model, evidence.folder(), request.context);
    let attempt = await begun(request, { reference, normalizations: 'folded' });
    let result = await finished(attempt, request);
    if (await growsByCopies(request)) {
      attempt = await begun(request, { reference, normalizations: 'shared' });
      result = await finished(attempt, request);
    }
    const growth = await growthOf(request);
    if (attempt.hasGroups && growth > 0) {
      attempt.leaveAll(growth);
      result = await finished(attempt, request);
    }
    evidence.remake = async (other) => {
      const again = attempt.again(other);
      if (other.calibration && other.calibration !== request.calibration)
        await again.takeRangesOf(other.calibration);
      return await finished(again, other);
    };
    evidence.plannedCost = (other) => attempt.plannedCost(other);
    evidence.leastCosts = attempt.prologue.draft.leastCosts();
    return result;
  } finally {
    if (!request.evidence) evidence.close();
  }
}

/** Whether the file is larger than the model, in which convolutions share weights: folding a BatchNormalization of its own into each gives it a
 *  copy. */
async function growsByCopies(request: QuantizeRequest): Promise<boolean> {
  return wouldCopyConvolutions(readModelOutline(request.model).graph) && (await growthOf(request)) > 0;
}

/** By how many bytes the file is larger than the model: layers that are many and small save less than what is written around them takes. 0 where it
 *  may be: `include` and presets say what is quantized. */
async function growthOf({ model, out, options }: QuantizeRequest): Promise<number> {
  if (options.include !== null || options.preset !== null) return 0;
  return Math.max(0, (await modelBytes(out)) - (await modelBytes(model)));
}

interface StaticOptions {
  /** Path of the original in a form that runs here. */
  reference: string;
  /** Behind convolutions that share a weight: folded into copies of it, or left where they are. */
  normalizations: 'folded' | 'shared';
}

/** The model prepared, calibrated, and its ranges chosen: no file is written yet. */
async function begun(
  request: QuantizeRequest,
  { reference, normalizations }: StaticOptions,
): Promise<Attempt> {
  const samples = await calibrationSamples(request);
  const prologue = await staticPrologue({
    ...request,
    keepsSharing: normalizations === 'shared',
    inputShapes: shapesOf(samples.first),
    sample: samples.first,
  });
  const observed = await observeSamples(request, prologue, samples.dataset);
  const attempt = new Attempt(request, prologue, { samples, observed, reference });
  await attempt.chooseRanges();
  return attempt;
}

/** Writes the file and proves it, as often as it takes. */
async function finished(attempt: Attempt, request: QuantizeRequest): Promise<QuantizeResult> {
  const { options, target, context } = request;
  const { prologue } = attempt;
  const { samples, observed } = attempt.parts;
  let stands = false;
  while (attempt.hasGroups && !stands) stands = await attempt.writeAndProve();
  if (!attempt.hasGroups && prologue.widened)
    await writeModelUnlessInterrupted(prologue.model, request.out, { signal: context.signal });
  else if (!attempt.hasGroups) await leaveFloat(request);
  const folded = await foldedRest(attempt, request);
  if (prologue.widened && (attempt.hasGroups || folded.length > 0))
    await narrowFile(request.out, prologue.widened, context);
  else if (prologue.widened) await leaveFloat(request);
  const { scheme, selection, draft, rewrites } = prologue;
  const { means, moments, drifts } = attempt.recovery;
  return resultOf(request, {
    decisions: withRest(draft.decisions(attempt.became), folded),
    quantized: draft.partition.quantized.length + folded.filter(isQuantized).length,
    notes: [
      ...(attempt.hasGroups || isAtOpset(request.out, prologue.model.opset()) ? prologue.notes : []),
      ...(attempt.hasGroups ? [] : [nothingRuns(attempt, folded.length > 0)]),
      ...(moments === null ? noRoundingNotes(options, observed) : roundingNotes(attempt.roundingGain)),
      ...unmatchedNotes(selection),
      ...targetNotes(target),
      ...overrideNotes(options, scheme),
    ],
    provenance: {
      scheme,
      ...(observed.candidates.size > 1 ? choiceInProvenance(attempt.rangeChoice) : {}),
      calibrationSamples: samples.dataset.length,
      rewrites,
      recovery: {
        equalized: observed.equalized,
        biasCorrection: means !== null || drifts !== null,
        adaptiveRounding: moments !== null,
      },
      runtime: context.runtime.version,
      estimate: draft.partition.estimate,
    },
  });
}

/** What is left in float, with its weights compressed. Where nothing runs in 8 bits: of the original, or of what was prepared of it, whose weights are float32
 *  constants though the original holds them in double, in functions, behind a Cast, or computes them; or else where that is smaller, because normalizations
 *  and what nobody reads are gone. */
async function foldedRest(attempt: Attempt, request: QuantizeRequest): Promise<Decision[]> {
  const { model, widened } = attempt.prologue;
  if (attempt.hasGroups || widened) return await attempt.foldRest();
  const { out, context } = request;
  const folded = computesWeights(request.model, model.graph) ? [] : await attempt.foldRest();
  const before = folded.length > 0 ? { bytes: await modelBytes(out), model: readModel(out) } : null;
  if (before && before.bytes < SMALL * (await modelBytes(request.model))) return folded;
  await writeModelUnlessInterrupted(model, out, { signal: context.signal });
  const foldedPrepared = await attempt.foldRest();
  const isChosen = foldedPrepared.length > 0 && (!before || (await modelBytes(out)) < WORTH * before.bytes);
  if (isChosen) return foldedPrepared;
  if (before) await writeModelUnlessInterrupted(before.model, out, { signal: context.signal });
  else await leaveFloat(request);
  return folded;
}

/** Of the original's size: a file so small has nothing left to fold. */
const SMALL = 0.3;
/** Of the size of the original in 8 bits: what the form that it is prepared in must save, which is not the one that the user knows. */
const WORTH = 0.95;

/** A file that was left as the original is has the original's opset. */
function isAtOpset(file: string, opset: number): boolean {
  return readModelOutline(file).opset() === opset;
}

/** What is told where nothing runs in 8 bits. */
function nothingRuns({ growth, prologue: { selection } }: Attempt, isFolded: boolean): QuantizeNote {
  if (growth === null) return isFolded ? ONLY_WEIGHTS : selection.isListed ? NOTHING_LISTED : NOTHING_PAYS;
  const why = `In 8 bits the file would have ${growth} bytes more than the original, because its layers are small`;
  const what = isFolded
    ? 'only its weights were compressed, and it runs in float32 as before'
    : 'the model was left as it was';
  return {
    level: 'warn',
    code: isFolded ? 'quantize.only-weights' : 'quantize.larger',
    message: `${why}: ${what}.`,
  };
}

const NOTHING_PAYS: QuantizeNote = {
  level: 'warn',
  code: 'quantize.nothing-pays',
  message: 'No operator of this model runs faster in 8 bits on this target: the model was left as it is.',
};

/** Listed operators are quantized whatever they cost: speed is not the reason. */
const NOTHING_LISTED: QuantizeNote = {
  level: 'warn',
  code: 'quantize.nothing-pays',
  message:
    'None of the operators that are listed can run in 8 bits on this target: the model was left as it is (`quantgate inspect --plan` says why).',
};

const ONLY_WEIGHTS: QuantizeNote = {
  level: 'warn',
  code: 'quantize.only-weights',
  message:
    'No operator of this model runs faster in 8 bits on this target: only its weights were compressed, and it runs in float32 as before.',
};

/** Below this there is nothing to tell. */
const TOLD_GAIN_DB = 0.1;

function roundingNotes(gain: number | null): QuantizeNote[] {
  if (gain === null || gain < TOLD_GAIN_DB) return [];
  const message = `The weights of convolutions are rounded for their outputs (\`rounding: adaptive\`): on calibration samples the model's outputs are ${gain.toFixed(1)} dB nearer to the original's than with weights rounded to the nearest.`;
  return [{ level: 'info', code: 'quantize.adaptive-rounding', message }];
}

/** Of adaptive rounding that was asked for and is not in the file. */
function noRoundingNotes(
  { rounding }: QuantizeRequest['options'],
  { recovery: { moments } }: Observed,
): QuantizeNote[] {
  if (rounding !== 'adaptive') return [];
  const why = moments
    ? "on calibration samples the outputs are nearer to the original's without it"
    : 'no convolution is quantized whose weights it could round (two dimensions, explicit padding)';
  const message = `\`rounding: adaptive\` is not in use: ${why}.`;
  return [{ level: 'info', code: 'quantize.ignored-option', message }];
}

/** Operators that stay float, with weights that are stored in 8 bits or in half. */
function withRest(decisions: readonly Decision[], rest: readonly Decision[]): Decision[] {
  const folded = rest.filter(isQuantized);
  const byNode = new Map(folded.map((decision) => [decision.node, decision]));
  const seen = new Set(decisions.map(({ node }) => node));
  const all = [
    ...decisions.map((decision) =>
      isQuantized(decision) ? decision : (byNode.get(decision.node) ?? decision),
    ),
    // Those of bodies are of no group.
    ...folded.filter(({ node }) => !seen.has(node)),
  ];
  return withStored(
    all,
    rest.filter(({ became }) => became === HALF_STORED),
  );
}

function shapesOf(feeds: Feeds): Map<string, readonly number[]> {
  return new Map(Object.entries(feeds).map(([name, tensor]) => [name, tensor.dims]));
}

/** Says which overrides have no meaning here, instead of passing over them in silence. */
function overrideNotes({ overrides }: QuantizeConfig, { activation }: Scheme): QuantizeNote[] {
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
    return [{ level: 'warn' as const, code: 'quantize.override-not-applied', message }];
  });
}

function targetNotes(target: Target): QuantizeNote[] {
  if (target !== 'cuda' && target !== 'webgpu') return [];
  return [
    {
      level: 'warn',
      code: 'quantize.target-without-int8',
      message: `ONNX Runtime's ${target} provider has no 8-bit convolutions or matrix products: this model will be slower there. Use float16, or int8-weights.`,
    },
  ];
}
