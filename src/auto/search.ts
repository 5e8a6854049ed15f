/** The search for the plan that pays: candidates made, their quality seen, raced on this machine; losers of quality repaired.
 *
 *  1. Every method that suits the target is tried as a whole; int8-static also with the groups chosen by measured costs; and
 *     convolutions static with products dynamic.
 *  2. All are compared with the float model on calibration samples, and raced against it.
 *  3. A candidate that would win but breaks a limit is repaired. int8-static: each group's share of the output's noise is measured
 *     (group-sensitivity.ts) and priced against its time, so that the fastest plan within a noise budget follows; the budget is found by
 *     bisection, each step made and compared. Others get their most sensitive operators back in float32, the fewest that do.
 *  4. What stays float keeps its speed and gets its weights folded (a quarter of their size), where the limits hold.
 *  5. The winner is the fastest that keeps all limits (objective size: the smallest that isn't slower than float). Within the
 *     race's own noise, the smaller file wins; of equal ones, the closer to float. When nothing wins, the plan is empty: the model stays float. */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Method, Target } from '../config/config.js';
import type { Sample } from '../data/samples/dataset.js';
import { messageOf, throwIfInterrupted, UserError } from '../errors.js';
import { race } from '../quantize/method/compare-speed.js';
import type { Decision, QuantizeRequest } from '../quantize/method/request.js';
import { quantizeModel } from '../quantize/quantize.js';
import { scratchFolder } from '../system/scratch.js';
import { applyStages } from './apply-plan.js';
import { bestOf, type Candidate, describe, isBetter } from './candidate.js';
import { evaluate, makeReference, type Reference } from './evaluate.js';
import { brokenLimits, type Limits } from './limits.js';
import { rankBySensitivity } from './operator-sensitivity.js';
import type { PlanStage, StageMethod } from './plan.js';
import { StaticPlanner } from './static-plan.js';

export interface SearchRequest {
  request: QuantizeRequest;
  samples: readonly Sample[];
  limits: Limits;
  objective: 'latency' | 'size';
  budgetMs: number;
}

export interface SearchResult {
  /** null: nothing beats the float model within the limits. */
  winner: Candidate | null;
  tried: Candidate[];
  /** Methods that the model or the target refused, and why. */
  refused: { name: string; reason: string }[];
}

/** Share of the budget that each race may take. */
const RACE_SHARE = 0.15;
/** Share of the budget that measuring each group's sensitivity may take. */
const SENSITIVITY_SHARE = 0.3;
/** Plans made to find the noise budget. */
const REPAIR_STEPS = 6;

export async function searchPlan(search: SearchRequest): Promise<SearchResult> {
  const directory = scratchFolder('auto');
  try {
    return await new Search(search, directory).run();
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

class Search {
  readonly #search: SearchRequest;
  readonly #directory: string;
  readonly #deadline: number;
  readonly #tried: Candidate[] = [];
  readonly #refused: SearchResult['refused'] = [];
  #reference!: Reference;
  #planner: StaticPlanner | null = null;

  constructor(search: SearchRequest, directory: string) {
    // Candidates are raced: what didn't fuse shows, and the file that is kept is verified when it is made.
    this.#search = { ...search, request: { ...search.request, verify: false } };
    this.#directory = directory;
    this.#deadline = performance.now() + search.budgetMs;
  }

  async run(): Promise<SearchResult> {
    const { request, samples } = this.#search;
    this.#reference = await makeReference(request.model, samples, this.#runOptions);
    for (const method of methodsFor(request.target, this.#search.objective)) await this.#tryMethod(method);
    await this.#tryMeasuredStatic();
    await this.#tryMixed();
    await this.#race(this.#tried);
    await this.#repair();
    await this.#fold();
    return { winner: this.#best() ?? null, tried: this.#tried, refused: this.#refused };
  }

  get #runOptions() {
    const { context, target, deviceId } = this.#search.request;
    const provider = target === 'cpu' || target === 'arm64' ? 'cpu' : target;
    return { context, provider, deviceId };
  }

  get #isLate(): boolean {
    throwIfInterrupted(this.#search.request.context.signal);
    return performance.now() > this.#deadline;
  }

  async #tryMethod(method: StageMethod & Method): Promise<void> {
    if (this.#isLate) return;
    const { request } = this.#search;
    const out = join(this.#directory, `${method}.onnx`);
    await this.#attempt(method, async () => {
      const options = { ...request.options, method, plan: null };
      const { decisions } = await quantizeModel({ ...request, out, options });
      const operators = quantizedOperators(decisions);
      return operators.length > 0 ? [stageOf(method, operators, this.#search)] : null;
    });
  }

  /** int8-static with its groups chosen by what they cost here. */
  async #tryMeasuredStatic(): Promise<void> {
    const { request } = this.#search;
    if (this.#isLate || request.target !== 'cpu' || !this.#find('int8-static')) return;
    await this.#attempt('int8-static by measured costs', async (out) => {
      this.#planner = await StaticPlanner.make({ ...this.#search, directory: this.#directory });
      await this.#planner.measureCosts();
      return await this.#makeStatic(this.#planner.fastest(), out);
    });
  }

  async #makeStatic(operators: string[], out: string): Promise<PlanStage[] | null> {
    if (operators.length === 0) return null;
    const stages = [stageOf('int8-static', operators, this.#search)];
    await applyStages({ ...this.#search.request, out }, stages);
    return stages;
  }

  /** Convolutions static, products dynamic: what suits each best where a model has both. */
  async #tryMixed(): Promise<void> {
    const { request } = this.#search;
    const dynamic = this.#find('int8-dynamic')?.stages[0];
    const fixed = this.#find('int8-static')?.stages[0];
    if (this.#isLate || !dynamic || !fixed) return;
    const taken = new Set(dynamic.operators);
    const rest = fixed.operators.filter((name) => !taken.has(name));
    if (rest.length === 0) return;
    await this.#attempt('int8-dynamic and int8-static', async (out) => {
      const stages = [dynamic, { ...fixed, operators: rest }];
      await applyStages({ ...request, out }, stages);
      return stages;
    });
  }

  /** Makes a candidate and looks at its quality; a refusal is noted, not fatal. */
  async #attempt(
    name: string,
    make: (out: string) => Promise<PlanStage[] | null>,
  ): Promise<Candidate | undefined> {
    const { request, limits } = this.#search;
    const file = join(this.#directory, `${name.replace(/\W+/g, '-')}.onnx`);
    try {
      const stages = await make(file);
      if (!stages) {
        this.#refused.push({ name, reason: 'nothing in this model pays' });
        return undefined;
      }
      const quality = await evaluate(file, this.#reference, this.#runOptions);
      const candidate: Candidate = {
        name,
        stages,
        file,
        quality,
        broken: brokenLimits(limits, quality),
        sizeRatio: statSync(file).size / statSync(request.model).size,
        latencyRatio: Number.NaN,
      };
      this.#tried.push(candidate);
      request.context.log.debug(`auto: ${name}: ${describe(candidate)}`);
      return candidate;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#refused.push({ name, reason: messageOf(error) });
      return undefined;
    }
  }

  async #race(candidates: readonly Candidate[]): Promise<void> {
    const { request, samples, budgetMs } = this.#search;
    if (candidates.length === 0) return;
    const [float, ...times] = await race([request.model, ...candidates.map(({ file }) => file)], {
      ...this.#runOptions,
      feeds: samples[0]!.feeds,
      budgetMs: budgetMs * RACE_SHARE,
    });
    candidates.forEach((candidate, index) => {
      candidate.latencyRatio = times[index]! / float!;
    });
  }

  /** Repairs the most promising candidate that breaks a limit. */
  async #repair(): Promise<void> {
    const best = this.#best();
    const { objective } = this.#search;
    const promise = ({ sizeRatio, latencyRatio }: Candidate) =>
      objective === 'size' ? sizeRatio : latencyRatio;
    const promising = this.#tried
      .filter((candidate) => candidate.broken.length > 0)
      .filter((candidate) => REPAIRABLE.has(candidate.stages[0]!.method))
      .filter((candidate) => !best || isBetter(candidate, best, this.#search))
      .toSorted((a, b) => promise(a) - promise(b))[0];
    if (!promising || this.#isLate) return;
    const isStatic = promising.stages.every((stage) => stage.method === 'int8-static');
    const repaired = isStatic
      ? ((await this.#quieten()) ?? (await this.#release(promising)))
      : await this.#release(promising);
    if (repaired) await this.#race([repaired, ...(best ? [best] : [])]);
  }

  /** The fastest static plan that keeps the limits: its noise budget found by bisection, each step made and compared. */
  async #quieten(): Promise<Candidate | undefined> {
    const planner = this.#planner;
    const { budgetMs } = this.#search;
    if (!planner || !(await planner.measureSensitivity(this.#reference.output, budgetMs * SENSITIVITY_SHARE)))
      return undefined;
    let [tooLoud, quiet] = [1, 0];
    let repaired: Candidate | undefined;
    for (let step = 0; step < REPAIR_STEPS && !this.#isLate; step++) {
      // Noise is heard in decibels: the first steps divide by three, then the middle on that scale.
      const share: number = quiet === 0 ? tooLoud / 3 : Math.sqrt(tooLoud * quiet);
      const decibels = (-10 * Math.log10(share)).toFixed(1);
      const candidate = await this.#attempt(
        `int8-static with ${decibels} dB less noise`,
        async (out) => await this.#makeStatic(planner.quieter(share), out),
      );
      if (!candidate) break;
      if (candidate.broken.length === 0) {
        repaired = candidate;
        quiet = share;
      } else tooLoud = share;
    }
    return repaired;
  }

  /** The candidate with its fewest most sensitive operators back in float that make it keep the limits. */
  async #release(promising: Candidate): Promise<Candidate | undefined> {
    const { request, samples } = this.#search;
    const operators = promising.stages.flatMap((stage) => stage.operators);
    const ranked = await rankBySensitivity({
      original: request.model,
      candidate: promising.file,
      operators,
      samples,
      ...this.#runOptions,
    });
    let [enough, tooFew] = [operators.length, 0];
    let repaired: Candidate | undefined;
    for (let count = 1; tooFew < count && count < enough && !this.#isLate; ) {
      const released = new Set(ranked.slice(0, count));
      const name = `${promising.name}, ${count} of ${operators.length} operators in float`;
      const candidate = await this.#attempt(name, async (out) => {
        const stages = promising.stages
          .map((stage) => ({
            ...stage,
            operators: stage.operators.filter((operator) => !released.has(operator)),
          }))
          .filter((stage) => stage.operators.length > 0);
        await applyStages({ ...request, out }, stages);
        return stages;
      });
      if (candidate && candidate.broken.length === 0) {
        repaired = candidate;
        enough = count;
      } else tooFew = count;
      // Doubling until it is enough, then halving.
      count = repaired ? (tooFew + enough) >> 1 : count * 2;
    }
    return repaired;
  }

  /** Folds the weights of what the best candidate (or, with none, the whole model) leaves float. */
  async #fold(): Promise<void> {
    const best = this.#best();
    // Cheap, and mostly worth it: not left out for lateness.
    if (best?.stages.some((stage) => stage.method.endsWith('weights'))) return;
    const { request } = this.#search;
    const stages = best?.stages ?? [];
    const folded = await this.#attempt(`${best?.name ?? 'float'}, weights folded`, async (out) => {
      const { decisions } = await applyStages({ ...request, out }, [
        ...stages,
        { method: 'folded-weights', operators: ['*'] },
      ]);
      const operators = decisions
        .filter((decision) => decision.became.endsWith('folded'))
        .map((decision) => decision.node);
      return operators.length > 0 ? [...stages, { method: 'folded-weights', operators }] : null;
    });
    if (folded && folded.broken.length === 0) await this.#race([folded, ...(best ? [best] : [])]);
  }

  #find(name: string): Candidate | undefined {
    return this.#tried.find((candidate) => candidate.name === name);
  }

  #best(): Candidate | undefined {
    return bestOf(this.#tried, this.#search);
  }
}

const REPAIRABLE: ReadonlySet<StageMethod> = new Set([
  'int8-static',
  'int8-dynamic',
  'int8-weights',
  'int4-weights',
]);

function methodsFor(target: Target, objective: 'latency' | 'size'): (StageMethod & Method)[] {
  if (target === 'tensorrt') return ['int8-static', 'float16'];
  // No 8-bit kernels but those that unpack weights.
  const methods: (StageMethod & Method)[] =
    target === 'cuda' || target === 'webgpu'
      ? ['float16', 'int8-weights']
      : ['int8-static', 'int8-dynamic', 'int8-weights'];
  return objective === 'size' ? [...methods, 'int4-weights'] : methods;
}

function stageOf(method: StageMethod, operators: string[], { request }: SearchRequest): PlanStage {
  const { calibrator, percentile } = request.options;
  if (method !== 'int8-static' || !calibrator) return { method, operators };
  return { method, operators, calibrator, ...(percentile === null ? {} : { percentile }) };
}

function quantizedOperators(decisions: readonly Decision[]): string[] {
  return decisions
    .filter(({ became }) => became !== 'float' && !became.startsWith('part of '))
    .map(({ node }) => node);
}
