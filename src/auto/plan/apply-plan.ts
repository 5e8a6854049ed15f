/** Plan → file: its stages one after the other, each on what the one before wrote. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Method, Rounding } from '../../config/choices.js';
import type { QuantizeConfig } from '../../config/config.js';
import { calibratorOf, choiceOf } from '../../quantize/calibrate/range-choice.js';
import { foldRest, storeRest } from '../../quantize/int8-static/fold-rest.js';
import { storeFinelyInFile } from '../../quantize/layers/fine-file.js';
import type { QuantizeRequest } from '../../quantize/method/request.js';
import {
  type Decision,
  leaveFloat,
  type QuantizeNote,
  type QuantizeResult,
} from '../../quantize/method/result.js';
import { makeSelection } from '../../quantize/method/selection.js';
import { quantizeModel } from '../../quantize/quantize.js';
import { scratchFolder } from '../../system/files/scratch.js';
import { kindsOfRounding, type PlanStage, type StageMethod } from './plan.js';

export interface AppliedPlan {
  file: string;
  /** What became of each operator that a stage looked at; a later stage has the last word. */
  decisions: Decision[];
  notes: QuantizeNote[];
  /** The stages, with what they chose by themselves: they make the same file again. */
  stages: PlanStage[];
}

/** Writes `request.out`. `request.options` gives what stages don't say. */
export async function applyStages(
  request: QuantizeRequest,
  stages: readonly PlanStage[],
): Promise<AppliedPlan> {
  const directory = scratchFolder('plan');
  const decisions = new Map<string, Decision>();
  const notes: QuantizeNote[] = [];
  const settled: PlanStage[] = [];
  try {
    let model = request.model;
    for (const [index, stage] of stages.entries()) {
      const out = index === stages.length - 1 ? request.out : join(directory, `${index}.onnx`);
      const result = await applyStage({ ...request, model, out }, stage);
      takeDecisions(decisions, result.decisions);
      notes.push(...result.notes);
      settled.push(pinned(stage, result.provenance));
      model = out;
    }
    if (stages.length === 0) await leaveFloat(request);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return { file: request.out, decisions: [...decisions.values()], notes, stages: settled };
}

/** Adds what a later stage made of operators: it has the last word, unless it left them as they are. */
export function takeDecisions(known: Map<string, Decision>, later: readonly Decision[]): void {
  for (const decision of later)
    if (decision.became !== 'float' || !known.has(decision.node)) known.set(decision.node, decision);
}

/** A stage with what its method chose by itself. @param provenance of the method's result. */
export function pinned(stage: PlanStage, provenance: Record<string, unknown>): PlanStage {
  if (stage.method !== 'int8-static') {
    const { rounding } = provenance as Pick<PlanStage, 'rounding'>;
    const has = kindsOfRounding(stage.method).some((kind) => kind === rounding);
    return has ? { ...stage, rounding: rounding!, ...stage } : stage;
  }
  const { recovery } = provenance as {
    recovery?: { adaptiveRounding: boolean; biasCorrection: boolean };
  };
  const choice = choiceOf(provenance);
  const ranges = choice === null ? {} : calibratorOf(choice);
  const recovered: Pick<PlanStage, 'rounding' | 'bias-correction'> = recovery
    ? {
        rounding: recovery.adaptiveRounding ? 'adaptive' : 'nearest',
        'bias-correction': recovery.biasCorrection,
      }
    : {};
  return { ...stage, ...ranges, ...recovered, ...stage };
}

/** The rounding that is asked for, where the method has it; null: the method's own. */
export function roundingFor(
  method: StageMethod,
  { rounding }: Pick<QuantizeConfig, 'rounding'>,
): Rounding | null {
  return kindsOfRounding(method).find((kind) => kind === rounding) ?? null;
}

async function applyStage(
  request: QuantizeRequest,
  stage: PlanStage,
): Promise<Pick<QuantizeResult, 'decisions' | 'notes' | 'provenance'>> {
  const { method, operators } = stage;
  if (method === 'folded-weights' || method === 'half-weights') {
    const selection = makeSelection({ ...request.options, include: operators, includeNames: true });
    await leaveFloat(request);
    const { context, out } = request;
    if (method === 'half-weights')
      return { decisions: await storeRest(out, { selection, context }), notes: [], provenance: {} };
    // A table may hold coordinates: only one that is named.
    const tables = !operators.includes('*');
    const decisions = await foldRest(out, { selection, errors: null, tables, context });
    return { decisions, notes: [], provenance: {} };
  }
  if (method === 'fine-weights')
    return { decisions: await storeFinelyInFile(request, operators), notes: [], provenance: {} };
  return await quantizeModel({ ...request, options: optionsOfStage(stage, method, request.options) });
}

/** What a quantizer is asked for a stage. */
export function optionsOfStage(
  { operators, calibrator, percentile, rounding, ...stage }: PlanStage,
  method: Method & StageMethod,
  options: QuantizeRequest['options'],
): QuantizeRequest['options'] {
  return {
    ...options,
    method,
    include: operators,
    includeNames: true,
    exclude: [],
    plan: null,
    calibrator: calibrator ?? options.calibrator,
    percentile: percentile ?? options.percentile,
    rounding: rounding ?? roundingFor(method, options),
    biasCorrection: stage['bias-correction'] ?? options.biasCorrection,
    minSqnr: stage['min-sqnr'] ?? options.minSqnr,
  };
}
