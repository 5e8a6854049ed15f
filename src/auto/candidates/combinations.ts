/** What is tried of the methods: as a whole, with other operators, and one beside another. */
import type { Method, Objective, Target } from '../../config/choices.js';
import type { QuantizeConfig } from '../../config/config.js';
import { foldsWeights } from '../../quantize/int8-static/fold-rest.js';
import { type Decision, isQuantized } from '../../quantize/method/result.js';
import type { PlanStage, StageMethod } from '../plan/plan.js';
import type { Candidate } from './candidate.js';
import { stageOf } from './plain-method.js';

/** Methods that suit a target, those first whose files are tried first. */
export function methodsFor(target: Target, objective: Objective): (StageMethod & Method)[] {
  if (target === 'tensorrt') return ['int8-static', 'float16'];
  // No 8-bit kernels but those that unpack weights.
  const methods: (StageMethod & Method)[] =
    target === 'cuda' || target === 'webgpu'
      ? ['float16', 'int8-weights']
      : ['int8-static', 'int8-dynamic', 'int8-weights'];
  return objective === 'size' ? ['int4-weights', ...methods] : methods;
}

/** int8-static with these operators in 8 bits, and the weights of the others folded. @param plain its own stages. @returns null: it has these, or there are none. */
export function withOperators(
  [fixed, ...folded]: readonly PlanStage[],
  operators: string[],
  options: Pick<QuantizeConfig, 'calibrator' | 'percentile'>,
): PlanStage[] | null {
  if (operators.length === 0 || isSame(operators, fixed!.operators)) return null;
  return [stageOf('int8-static', operators, options), ...foldedBesides(fixed!, operators, folded)];
}

/** Products dynamic, the other operators of int8-static's own stages static. @returns null: there is only one kind. */
export function dynamicBeside(
  [fixed, ...folded]: readonly PlanStage[],
  dynamically: readonly Decision[],
): PlanStage[] | null {
  const dynamic = runsIn8Bits(dynamically);
  if (dynamic.length === 0 || fixed?.method !== 'int8-static') return null;
  const taken = new Set(dynamic);
  const rest = fixed.operators.filter((name) => !taken.has(name));
  if (rest.length === 0) return null;
  return [{ method: 'int8-dynamic', operators: dynamic }, { ...fixed, operators: rest }, ...folded];
}

/** Methods that by themselves compress the weights of what they leave float, as far as that loses nothing. */
const FOLDS_THE_REST: ReadonlySet<StageMethod> = new Set(['int8-static', 'int8-dynamic']);
const WEIGHT_METHODS: ReadonlySet<StageMethod> = new Set(['int8-weights', 'int4-weights']);

/** Whether no weights are left that could be folded. */
export function leavesNothing({ isPlain, stages }: Candidate): boolean {
  return (
    (isPlain && FOLDS_THE_REST.has(stages[0]!.method)) ||
    stages.some(({ method }) => WEIGHT_METHODS.has(method))
  );
}

/** Names of operators that compute in 8 bits, not only store their weights so. */
function runsIn8Bits(decisions: readonly Decision[]): string[] {
  return decisions
    .filter((decision) => isQuantized(decision) && !foldsWeights(decision))
    .map(({ node }) => node);
}

/** What is folded beside fewer operators in 8 bits: the others' weights, too. */
function foldedBesides(
  { operators }: PlanStage,
  kept: readonly string[],
  folded: readonly PlanStage[],
): PlanStage[] {
  const left = operators.filter((name) => !kept.includes(name));
  const all = [...left, ...folded.flatMap((stage) => stage.operators)];
  return all.length > 0 ? [{ method: 'folded-weights', operators: all }] : [];
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  const set = new Set(others);
  return set.size === new Set(some).size && some.every((name) => set.has(name));
}
