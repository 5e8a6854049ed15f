/** Method `auto`: searches the plan that pays on this machine and keeps the thresholds, or makes again what a plan says. */
import { writeFileSync } from 'node:fs';
import type { Check } from '../config/config.js';
import { AUTO_BUDGET_MS } from '../config/defaults.js';
import type { Dataset } from '../data/samples/dataset.js';
import { UserError } from '../errors.js';
import { readModel } from '../onnx/file/read.js';
import { readModelOutline } from '../onnx/file/read-outline.js';
import { modelInputs } from '../onnx/query/interface.js';
import { lacksCalibration } from '../quantize/method/calibration-need.js';
import type { QuantizeRequest } from '../quantize/method/request.js';
import { type QuantizeNote, type QuantizeResult, resultOf } from '../quantize/method/result.js';
import { syntheticTokens } from '../quantize/observe/synthetic-tokens.js';
import { prepareModel } from '../quantize/prepare/prepare.js';
import { computesInBfloat16 } from '../quantize/prepare/runnable-original.js';
import { quantizeModel } from '../quantize/quantize.js';
import { sha256OfFile } from '../system/files/file-hash.js';
import { describe, type Made, reported } from './candidates/candidate.js';
import type { MakePlain } from './candidates/plain-method.js';
import { foldsOf } from './judging/held-out.js';
import { judgeSamples } from './judging/judge-samples.js';
import { withAside } from './judging/laid-aside.js';
import { limitsOf, type Subject } from './judging/limits.js';
import { choiceNotes } from './notes.js';
import { applyStages } from './plan/apply-plan.js';
import { PLAN_SUFFIX, type Plan, readPlan, writePlan } from './plan/plan.js';
import { overruledNotes } from './plan/plan-options.js';
import { searchPlan } from './search.js';

export interface AutoRequest extends QuantizeRequest {
  /** Thresholds of the run: those of level error that match the subject below bind the search. */
  checks?: readonly Check[];
  subject?: Subject;
  /** Makes a plain method's file as its users get it. Default: unchecked, as the method itself. */
  makePlain?: MakePlain;
}

/** Any method: `auto` (or a plan) by the search, the others by the quantizer. The plan is left beside the file, as `<file>.plan.yml`. */
export async function quantizeVariant(request: AutoRequest): Promise<QuantizeResult> {
  const { options } = request;
  if (options.plan !== null) return await followPlan(request, readPlan(options.plan));
  if (options.method !== 'auto') return await quantizeModel(request);
  try {
    return await quantizeAuto(request);
  } catch (error) {
    throw withMethodsFor(request.model, error);
  }
}

/** The others compute such a model in float32. */
function withMethodsFor(model: string, error: unknown): unknown {
  const isRefused = error instanceof UserError && error.code === 'model.refused';
  if (!isRefused || !computesInBfloat16(model)) return error;
  return error.withMessage(
    `${error.message.replace(/\.$/, '')}. Method auto times the original, and CPUs have no kernels for bfloat16: take int8-static, int8-dynamic, int8-weights or int4-weights, which make a file of it.`,
  );
}

/** @throws UserError when the plan was made for another model. */
async function followPlan(request: AutoRequest, plan: Plan): Promise<QuantizeResult> {
  const { options, model } = request;
  const hash = await sha256OfFile(model);
  if (hash !== plan.model) {
    throw new UserError(
      'quantize.plan-other-model',
      `Plan ${options.plan} was made for another model (SHA-256 ${plan.model.slice(0, 12)}…; ${model} has ${hash.slice(0, 12)}…). ` +
        'Remove `plan` to let `method: auto` search a new one.',
    );
  }
  return await finish(request, plan, overruledNotes(plan, options));
}

async function quantizeAuto(request: AutoRequest): Promise<QuantizeResult> {
  const { options, model, target, context } = request;
  const calibration = request.calibration ?? (await tokensFor(request));
  const folds = foldsOf(calibration);
  const objective = options.objective ?? 'latency';
  const subject = request.subject ?? { model: '', variant: '' };
  const limits = limitsOf(request.checks ?? [], subject);
  const inputs = modelInputs(readModelOutline(model));
  const result = await withAside(async (aside) => {
    return await searchPlan({
      request: { ...request, calibration },
      folds: folds.folds,
      samples: await judgeSamples(folds, { inputs, limits, aside }),
      aside,
      limits,
      ...(subject.scored && { scored: subject.scored }),
      objective,
      budgetMs: options.budgetMs ?? AUTO_BUDGET_MS,
      makePlain: request.makePlain ?? quantizeModel,
    });
  });
  const plan: Plan = {
    version: 1,
    model: await sha256OfFile(model),
    target,
    objective,
    stages: result.winner?.stages ?? [],
  };
  const notes = choiceNotes(result, { objective, limits });
  // The caller tells the notes.
  for (const note of notes) context.log.debug(note.message);
  const made = result.winner?.made
    ? resultWith(request, { plan, notes, made: result.winner.made })
    : await finish({ ...request, calibration }, plan, notes);
  for (const level of result.winner?.made?.ranAt ?? []) request.evidence?.ranAt.add(level);
  const tried = result.tried.map((candidate) => ({ name: candidate.name, seen: describe(candidate) }));
  return {
    ...made,
    provenance: { ...made.provenance, tried, refused: result.refused },
    candidates: result.tried.map((candidate) => reported(candidate, result.winner)),
  };
}

/** Applies a plan and leaves it beside the file. */
async function finish(request: AutoRequest, plan: Plan, notes: QuantizeNote[]): Promise<QuantizeResult> {
  const made = await applyStages({ ...request, target: plan.target }, plan.stages);
  return resultWith(request, { plan, notes, made });
}

/** The result of a file that lies in its place; leaves the plan beside it. */
function resultWith(
  request: AutoRequest,
  { plan, notes, made }: { plan: Plan; notes: QuantizeNote[]; made: Made },
): QuantizeResult {
  const text = writePlan(plan);
  writeFileSync(request.out + PLAN_SUFFIX, text);
  return resultOf(
    { ...request, target: plan.target },
    {
      method: 'auto',
      decisions: made.decisions,
      notes: [...notes, ...made.notes],
      provenance: { plan: text },
    },
  );
}

/** Made-up tokens for a model that reads nothing else. @throws UserError for every other model. */
async function tokensFor({ model, context }: AutoRequest): Promise<Dataset> {
  readModel(model);
  const prepared = await prepareModel(model, { context });
  const tokens = syntheticTokens(prepared.model);
  if (tokens) return tokens;
  throw lacksCalibration('auto');
}
