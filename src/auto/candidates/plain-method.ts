/** A plain method as a whole, and what it did as the stages of a plan. */
import type { Method } from '../../config/choices.js';
import type { QuantizeConfig } from '../../config/config.js';
import { foldsWeights } from '../../quantize/int8-static/fold-rest.js';
import { FINE } from '../../quantize/layers/fine-weights.js';
import type { QuantizeRequest } from '../../quantize/method/request.js';
import {
  type Decision,
  HALF_STORED,
  isQuantized,
  type QuantizeResult,
} from '../../quantize/method/result.js';
import { pinned, roundingFor } from '../plan/apply-plan.js';
import type { PlanStage, StageMethod } from '../plan/plan.js';

export interface PlainRequest extends QuantizeRequest {
  /** Asked before more files are made to mend one that loses too much. */
  isLate?: () => boolean;
}

export interface PlainResult extends QuantizeResult {
  /** What the check of the file found out; absent: it was not checked. */
  verification?: { levels: readonly string[]; repaired: readonly string[] };
}

/** Makes a method's file as its users get it: checked, and mended where it loses too much. */
export type MakePlain = (request: PlainRequest) => Promise<PlainResult>;

export interface PlainFile {
  stages: PlanStage[];
  result: PlainResult;
}

/** @returns null: nothing in the model pays. */
export async function makePlain(
  method: StageMethod & Method,
  request: PlainRequest,
  make: MakePlain,
): Promise<PlainFile | null> {
  const result = await make({ ...request, options: optionsOf(method, request) });
  const stages = stagesOf(method, result)
    .map(({ method: own, operators }) => stageOf(own, operators, request.options))
    .map((stage) => (request.verify ? pinned(stage, result.provenance) : stage));
  return stages.length > 0 ? { stages, result } : null;
}

/** The options of a plain method. */
export function optionsOf(method: StageMethod & Method, { options }: QuantizeRequest): QuantizeConfig {
  return { ...options, method, rounding: roundingFor(method, options), plan: null };
}

/** A stage with what the options say. */
export function stageOf(
  method: StageMethod,
  operators: string[],
  { calibrator, percentile }: Pick<QuantizeConfig, 'calibrator' | 'percentile'>,
): PlanStage {
  if (method !== 'int8-static' || !calibrator) return { method, operators };
  return { method, operators, calibrator, ...(percentile === null ? {} : { percentile }) };
}

/** What a method did by itself as stages: with operators listed, int8-static doesn't compress the weights of what stays float. */
function stagesOf(method: StageMethod, { decisions }: QuantizeResult): PlanStage[] {
  const quantized = decisions.filter(
    (decision) => isQuantized(decision) && !decision.became.startsWith('part of '),
  );
  const halves = stageWith(
    'half-weights',
    decisions.filter(({ became }) => became === HALF_STORED),
  );
  const isFine = ({ became }: Decision) => became === FINE;
  if (method !== 'int8-static')
    return [
      ...stageWith(
        method,
        quantized.filter((decision) => !isFine(decision)),
      ),
      ...stageWith('fine-weights', quantized.filter(isFine)),
      ...halves,
    ];
  return [
    ...stageWith(
      method,
      quantized.filter((decision) => !foldsWeights(decision)),
    ),
    ...stageWith('folded-weights', quantized.filter(foldsWeights)),
    ...halves,
  ];
}

function stageWith(method: StageMethod, decisions: readonly Decision[]): PlanStage[] {
  return decisions.length > 0 ? [{ method, operators: decisions.map(({ node }) => node) }] : [];
}
