/** Repairs the most promising candidate that breaks a limit.
 *
 *  int8-static: each group's share of the output's noise is measured (group-sensitivity.ts) and priced against its time, so that the fastest plan within a
 *  noise budget follows; the budget is found by bisection, each step made and compared. int4-weights: the layers that lose most for their size under
 *  their Hessian's trace get 8 bits (quantize/weight-only/mixed/mixed-precision.ts). Others get their most sensitive operators back in float32, the
 *  fewest that do. */
import { applyStages } from '../plan/apply-plan.js';
import type { PlanStage, StageMethod } from '../plan/plan.js';
import { rankBySensitivity } from '../sensitivity/operator-sensitivity.js';
import { StaticPlanner } from '../sensitivity/static-plan.js';
import { bestOf, type Candidate, isBetter } from './candidate.js';
import { mixBits } from './mix-bits.js';
import type { Searching } from './searching.js';

/** Share of the budget that measuring each group's sensitivity may take. */
const SENSITIVITY_SHARE = 0.3;
/** Plans made to find the noise budget. */
const REPAIR_STEPS = 6;

const REPAIRABLE: ReadonlySet<StageMethod> = new Set([
  'int8-static',
  'int8-dynamic',
  'int8-weights',
  'int4-weights',
]);

/** Adds what it makes to the candidates, raced. @returns whether one keeps the limits. */
export async function repairBest(searching: Searching): Promise<boolean> {
  const { search, maker } = searching;
  const settled = maker.tried.filter(({ isRough }) => !isRough);
  const best = bestOf(settled, search);
  const promise = ({ sizeRatio, latencyRatio }: Candidate) =>
    search.objective === 'size' ? sizeRatio : latencyRatio;
  const promising = settled
    .filter((candidate) => candidate.broken.length > 0)
    .filter((candidate) => REPAIRABLE.has(candidate.stages[0]!.method))
    .filter((candidate) => !best || isBetter(candidate, best, search))
    .toSorted((a, b) => promise(a) - promise(b))[0];
  if (!promising || searching.isLate()) return false;
  const own = OWN_REPAIRS[promising.stages[0]!.method];
  const repaired = (await own?.(promising, searching)) ?? (await release(promising, searching));
  if (!repaired) return false;
  await maker.races.race([repaired, ...(best ? [best] : [])]);
  return true;
}

type Repair = (promising: Candidate, searching: Searching) => Promise<Candidate | undefined>;

const OWN_REPAIRS: Partial<Record<StageMethod, Repair>> = {
  'int8-static': quieten,
  'int4-weights': mixBits,
};

/** The fastest static plan that keeps the limits. */
async function quieten(
  { stages }: Candidate,
  { search, maker, directory, measured, output, isLate }: Searching,
): Promise<Candidate | undefined> {
  if (!measured) return undefined;
  const planner = await StaticPlanner.make({ ...search, directory }, measured);
  if (!(await planner.measureSensitivity(output, search.budgetMs * SENSITIVITY_SHARE))) return undefined;
  let [tooLoud, quiet] = [1, 0];
  let repaired: Candidate | undefined;
  for (let step = 0; step < REPAIR_STEPS && !isLate(); step++) {
    // Noise is heard in decibels: the first steps divide by three, then the middle on that scale.
    const share: number = quiet === 0 ? tooLoud / 3 : Math.sqrt(tooLoud * quiet);
    const decibels = (-10 * Math.log10(share)).toFixed(1);
    const operators = planner.quieter(share);
    const made = stages
      .map((stage) => (stage.method === 'int8-static' ? { ...stage, operators } : stage))
      .filter((stage) => stage.operators.length > 0);
    const candidate = await maker.attempt(`int8-static with ${decibels} dB less noise`, async (out) => ({
      stages: await makeStages(made, { search, out }),
    }));
    if (!candidate) break;
    if (candidate.broken.length === 0) {
      repaired = candidate;
      quiet = share;
    } else tooLoud = share;
  }
  return repaired;
}

/** The candidate with its fewest most sensitive operators back in float that make it keep the limits. */
async function release(
  promising: Candidate,
  { search, maker, isLate }: Searching,
): Promise<Candidate | undefined> {
  const { request, samples } = search;
  const operators = promising.stages.flatMap((stage) => stage.operators);
  const ranked = await rankBySensitivity({
    original: request.model,
    candidate: promising.file,
    operators,
    samples,
    ...maker.runOptions,
  });
  let [enough, tooFew] = [operators.length, 0];
  let repaired: Candidate | undefined;
  for (let count = 1; tooFew < count && count < enough && !isLate(); ) {
    const released = new Set(ranked.slice(0, count));
    const name = `${promising.name}, ${count} of ${operators.length} operators in float`;
    const stages = promising.stages
      .map((stage) => ({
        ...stage,
        operators: stage.operators.filter((operator) => !released.has(operator)),
      }))
      .filter((stage) => stage.operators.length > 0);
    const candidate = await maker.attempt(name, async (out) => ({
      stages: await makeStages(stages, { search, out }),
    }));
    if (candidate && candidate.broken.length === 0) {
      repaired = candidate;
      enough = count;
    } else tooFew = count;
    // Doubling until it is enough, then halving.
    count = repaired ? (tooFew + enough) >> 1 : count * 2;
  }
  return repaired;
}

async function makeStages(
  stages: readonly PlanStage[],
  { search, out }: Pick<Searching, 'search'> & { out: string },
): Promise<PlanStage[]> {
  // Fitted rounding takes long, and the nearest is no nearer: what keeps the limits with that keeps them with the other.
  const nearest = stages.map((stage) =>
    stage.rounding ? { ...stage, rounding: 'nearest' as const } : stage,
  );
  const calibration = search.folds[0].makes;
  await applyStages({ ...search.request, calibration, verify: true, out }, nearest);
  return [...stages];
}
