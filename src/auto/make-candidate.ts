/** Makes candidates and looks at them: roughly first, to see what they would gain, then as the final file will be. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Method } from '../config/config.js';
import { messageOf, UserError } from '../errors.js';
import { foldsWeights } from '../quantize/int8-static/fold-rest.js';
import { FOLDED } from '../quantize/layers/folded-weights.js';
import { race } from '../quantize/method/compare-speed.js';
import type { Decision, QuantizeRequest, QuantizeResult } from '../quantize/method/request.js';
import { quantizeModel } from '../quantize/quantize.js';
import { applyStages, pinned } from './apply-plan.js';
import { type Candidate, describe } from './candidate.js';
import { type EvaluateOptions, evaluate, type Reference } from './evaluate.js';
import { brokenLimits } from './limits.js';
import type { PlanStage, StageMethod } from './plan.js';
import type { SearchRequest, SearchResult } from './search.js';

/** Methods whose files take long to make, for what doesn't change their speed: these are made roughly first. */
const FITTED: ReadonlySet<Method> = new Set(['int8-static', 'int8-weights', 'int4-weights']);
/** Files that are open at once in a race, in bytes all together, unless they are two. */
const MOST_RACED_BYTES = 64 * 2 ** 20;
/** A race of more than this tells nothing new. */
const MOST_RACE_MS = 4000;
/** Share of the budget that each race may take. */
const RACE_SHARE = 0.15;

export class CandidateMaker {
  readonly tried: Candidate[] = [];
  readonly refused: SearchResult['refused'] = [];
  readonly #search: SearchRequest;
  readonly #reference: Reference;
  /** What became of each operator by a method as a whole. */
  readonly decisions = new Map<StageMethod, readonly Decision[]>();
  readonly runOptions: EvaluateOptions;
  readonly #directory: string;
  #count = 0;

  /** @param directory for the files. */
  constructor(
    search: SearchRequest,
    { reference, options, directory }: { reference: Reference; options: EvaluateOptions; directory: string },
  ) {
    this.#search = search;
    this.#reference = reference;
    this.runOptions = options;
    this.#directory = directory;
  }

  find(name: string): Candidate | undefined {
    return this.tried.find((candidate) => candidate.name === name);
  }

  /** A method as a whole, as it decides by itself what becomes of what. */
  async plain(method: StageMethod & Method): Promise<void> {
    const isRough = FITTED.has(method);
    const { request } = this.#search;
    const asked = isRough ? { options: roughly(request.options), verify: false } : { verify: true };
    const make = async (out: string) => await this.#makePlain(method, { ...request, ...asked, out });
    await this.attempt(method, make, { isPlain: true, isRough });
  }

  /** The stages; those of int8-static without its checks. */
  async rough(out: string, stages: readonly PlanStage[]): Promise<PlanStage[]> {
    const { request } = this.#search;
    await applyStages({ ...request, options: roughly(request.options), verify: false, out }, stages);
    return [...stages];
  }

  /** Makes a rough candidate as the final file will be, with its checks, in its place; nothing is left of it where that is refused. */
  async settle(candidate: Candidate): Promise<void> {
    const { name, isPlain } = candidate;
    const place = this.tried.indexOf(candidate);
    this.tried.splice(place, 1);
    const made = await this.attempt(
      name,
      async (out) => {
        const stages = await this.#withChoices(candidate);
        await applyStages({ ...this.#search.request, verify: true, out }, stages);
        return stages;
      },
      { isPlain },
    );
    if (!made) return;
    this.tried.pop();
    this.tried.splice(place, 0, made);
    await this.race([made]);
  }

  /** Makes a candidate and looks at its quality; a refusal is noted, not fatal. */
  async attempt(
    name: string,
    make: (out: string) => Promise<PlanStage[] | null>,
    { isPlain = false, isRough = false }: Partial<Pick<Candidate, 'isPlain' | 'isRough'>> = {},
  ): Promise<Candidate | undefined> {
    const { request, limits } = this.#search;
    const file = join(this.#directory, `${this.#count++}.onnx`);
    try {
      const stages = await make(file);
      if (!stages) {
        this.refused.push({ name, reason: 'nothing in this model pays' });
        return undefined;
      }
      const quality = await evaluate(file, this.#reference, this.runOptions);
      const candidate: Candidate = {
        name,
        stages,
        file,
        isPlain,
        isRough,
        quality,
        broken: brokenLimits(limits, quality),
        sizeRatio: statSync(file).size / statSync(request.model).size,
        latencyRatio: Number.NaN,
      };
      this.tried.push(candidate);
      request.context.log.debug(`auto: ${name}${isRough ? ', roughly' : ''}: ${describe(candidate)}`);
      return candidate;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.refused.push({ name, reason: messageOf(error) });
      return undefined;
    }
  }

  /** Beside the float model, as many at once as memory should hold. */
  async race(candidates: readonly Candidate[]): Promise<void> {
    const { request, samples, budgetMs } = this.#search;
    const own = statSync(request.model).size;
    const heats: Candidate[][] = [];
    let bytes = Number.POSITIVE_INFINITY;
    for (const candidate of candidates) {
      const more = own * candidate.sizeRatio;
      if (bytes + more > MOST_RACED_BYTES) {
        heats.push([]);
        bytes = own;
      }
      heats.at(-1)!.push(candidate);
      bytes += more;
    }
    for (const heat of heats) {
      const [float, ...times] = await race([request.model, ...heat.map(({ file }) => file)], {
        ...this.runOptions,
        ...(request.target === 'wasm' ? { provider: 'wasm' } : {}),
        feeds: samples[0]!.feeds,
        budgetMs: Math.min(MOST_RACE_MS, budgetMs * RACE_SHARE) / heats.length,
      });
      heat.forEach((candidate, index) => {
        candidate.latencyRatio = times[index]! / float!;
      });
    }
  }

  /** The stages, with what int8-static chooses when it sees all samples, as it will: its choices are those of the method by itself. */
  async #withChoices({ stages, isPlain }: Candidate): Promise<PlanStage[]> {
    const { request, calibration } = this.#search;
    if (!stages.some(({ method }) => method === 'int8-static')) return [...stages];
    const out = join(this.#directory, `${this.#count++}.onnx`);
    const all = { ...request, calibration, verify: true };
    if (isPlain) return (await this.#makePlain('int8-static', { ...all, out })) ?? [];
    return (await applyStages({ ...all, out }, stages)).stages;
  }

  async #makePlain(method: StageMethod & Method, request: QuantizeRequest): Promise<PlanStage[] | null> {
    const options = { ...request.options, method, plan: null };
    const result = await quantizeModel({ ...request, options });
    this.decisions.set(method, result.decisions);
    const stages = stagesOf(method, result)
      .map((stage) => this.stage(stage.method, stage.operators))
      .map((stage) => (request.verify ? pinned(stage, result.provenance) : stage));
    return stages.length > 0 ? stages : null;
  }

  /** A stage with what the options say. */
  stage(method: StageMethod, operators: string[]): PlanStage {
    const { calibrator, percentile } = this.#search.request.options;
    if (method !== 'int8-static' || !calibrator) return { method, operators };
    return { method, operators, calibrator, ...(percentile === null ? {} : { percentile }) };
  }
}

/** Without what takes long and changes no speed. */
function roughly<T extends { rounding: unknown }>(options: T): T {
  return { ...options, rounding: 'nearest' };
}

/** What a method did by itself as stages: with operators listed, int8-static and int8-dynamic don't compress the weights of what stays float. */
function stagesOf(method: StageMethod, { decisions }: QuantizeResult): PlanStage[] {
  const quantized = decisions.filter(({ became }) => became !== 'float' && !became.startsWith('part of '));
  const isFolded = FOLDING[method] ?? (() => false);
  return [
    ...stageWith(
      method,
      quantized.filter((decision) => !isFolded(decision)),
    ),
    ...stageWith('folded-weights', quantized.filter(isFolded)),
  ];
}

/** int8-dynamic makes tables of its own. */
const FOLDING: Partial<Record<StageMethod, (decision: Decision) => boolean>> = {
  'int8-static': foldsWeights,
  'int8-dynamic': ({ became }) => became === FOLDED,
};

function stageWith(method: StageMethod, decisions: readonly Decision[]): PlanStage[] {
  return decisions.length > 0 ? [{ method, operators: decisions.map(({ node }) => node) }] : [];
}
