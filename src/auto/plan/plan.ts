/** The plan: which operators become what, in the order in which it is done. Written by the search, read back to make the same file. */
import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';
import {
  CALIBRATORS,
  type Calibrator,
  isPercentile,
  type Objective,
  type Rounding,
  type Target,
} from '../../config/choices.js';
import { roundingsOf } from '../../config/read/option-rules.js';
import { messageOf, UserError } from '../../errors.js';

/** What a stage can do. folded-weights: int8 in the file, float32 in the session (quantize/layers/folded-weights.ts); half-weights and fine-weights: the same
 *  in half (quantize/layers/half-weights.ts) and in 12 bits (quantize/layers/fine-weights.ts). */
export const STAGE_METHODS = [
  'int8-dynamic',
  'int8-static',
  'int8-weights',
  'int4-weights',
  'float16',
  'folded-weights',
  'half-weights',
  'fine-weights',
] as const;
export type StageMethod = (typeof STAGE_METHODS)[number];

export interface PlanStage {
  method: StageMethod;
  /** Operators by name; everything else is left as the stage before left it. */
  operators: string[];
  /** int8-static only. */
  calibrator?: Calibrator;
  /** Of the percentile calibrator, where it is not the default. */
  percentile?: number;
  /** How weights are rounded, of the kinds that the method has. */
  rounding?: Rounding;
  /** int8-static only: whether biases are corrected. */
  'bias-correction'?: boolean;
  /** int4-weights only: 8 bits in the layers that lose most, until the outputs follow the original's so closely, in dB. */
  'min-sqnr'?: number;
}

export interface Plan {
  version: 1;
  /** SHA-256 of the float model's file: a plan holds for that file only. */
  model: string;
  target: Target;
  objective: Objective;
  /** None: the model stays float. */
  stages: PlanStage[];
}

export function writePlan(plan: Plan): string {
  return stringify(plan, { lineWidth: 0 });
}

/** @throws UserError when the file can't be read or isn't a plan. */
export function readPlan(path: string): Plan {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError('quantize.plan-invalid', `Plan ${path} can't be read: ${messageOf(error)}.`);
  }
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw new UserError('quantize.plan-invalid', `Plan ${path} is not YAML: ${messageOf(error)}`);
  }
  const problem = problemOf(value);
  if (problem) {
    throw new UserError(
      'quantize.plan-invalid',
      `Plan ${path}: ${problem}. Let \`method: auto\` without \`plan\` write a new one.`,
    );
  }
  return value as Plan;
}

function problemOf(value: unknown): string | null {
  if (!isRecord(value)) return 'it is not a mapping';
  const unknown = Object.keys(value).find(
    (key) => !['version', 'model', 'target', 'objective', 'stages'].includes(key),
  );
  if (unknown) return `unknown key '${unknown}'`;
  if (value.version !== 1) return `version ${String(value.version)} is not known (1 is)`;
  if (typeof value.model !== 'string' || !/^[0-9a-f]{64}$/.test(value.model)) return "'model' is no SHA-256";
  if (!['cpu', 'arm64', 'cuda', 'tensorrt', 'webgpu', 'wasm'].includes(String(value.target)))
    return `unknown target '${String(value.target)}'`;
  if (value.objective !== 'latency' && value.objective !== 'size')
    return "'objective' is neither latency nor size";
  if (!Array.isArray(value.stages)) return "'stages' is not a list";
  for (const [index, stage] of value.stages.entries()) {
    if (!isRecord(stage)) return `stages[${index}] is not a mapping`;
    if (!STAGE_METHODS.includes(stage.method as StageMethod))
      return `stages[${index}] has the unknown method '${String(stage.method)}'`;
    const { operators, calibrator, percentile, rounding, 'bias-correction': correction } = stage;
    const floor = stage['min-sqnr'];
    if (!Array.isArray(operators) || !operators.every((name) => typeof name === 'string'))
      return `stages[${index}].operators is not a list of names`;
    if (calibrator !== undefined && !CALIBRATORS.includes(calibrator as Calibrator))
      return `stages[${index}] has the unknown calibrator '${String(calibrator)}'`;
    if (percentile !== undefined && !isPercentile(percentile))
      return `stages[${index}].percentile is no number between 50 and 100`;
    const roundings = kindsOfRounding(stage.method as StageMethod);
    if (rounding !== undefined && !roundings.some((one) => one === rounding))
      return roundings.length === 0
        ? `stages[${index}] has a rounding, which ${String(stage.method)} has not`
        : `stages[${index}].rounding is none of ${roundings.join(', ')}`;
    if (correction !== undefined && typeof correction !== 'boolean')
      return `stages[${index}].bias-correction is neither true nor false`;
    if (floor !== undefined && !Number.isFinite(floor)) return `stages[${index}].min-sqnr is no number of dB`;
  }
  return null;
}

/** Ending of the file beside a model that holds its plan. */
export const PLAN_SUFFIX = '.plan.yml';

/** How a stage of this method can round weights. */
export function kindsOfRounding(method: StageMethod): Rounding[] {
  switch (method) {
    case 'folded-weights':
    case 'half-weights':
    case 'fine-weights':
      return [];
    default:
      return roundingsOf(method);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
