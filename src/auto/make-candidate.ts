/** Makes candidates and looks at them: roughly first, to see what they would gain, then as the final file will be. */
import { mkdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Method } from '../config/choices.js';
import type { QuantizeConfig } from '../config/config.js';
import { messageOf, UserError } from '../errors.js';
import { modelBytes } from '../onnx/file/weights.js';
import { foldsWeights } from '../quantize/int8-static/fold-rest.js';
import { FOLDED } from '../quantize/layers/folded-weights.js';
import { isSurelyFaster, race } from '../quantize/method/compare-speed.js';
import { Evidence } from '../quantize/method/evidence.js';
import type { Decision, QuantizeRequest, QuantizeResult } from '../quantize/method/request.js';
import { quantizeModel } from '../quantize/quantize.js';
import { applyStages, pinned, roundingFor } from './apply-plan.js';
import { type Candidate, describe, type Made } from './candidate.js';
import { type EvaluateOptions, evaluate, type JudgedFile, type Reference } from './evaluate.js';
import { firstOf } from './held-out.js';
import { brokenLimits } from './limits.js';
import type { PlanStage, StageMethod } from './plan.js';
import type { SearchRequest, SearchResult } from './search.js';

/** Methods whose files take long to make, for what doesn't change their speed: these are made roughly first. */
const FITTED: ReadonlySet<Method> = new Set(['int8-static', 'int8-weights', 'int4-weights']);
/** Samples that give the ranges of a file that is made roughly: how long it runs they don't change. */
const ROUGH_SAMPLES = 8;
/** Files that are open at once in a race, in bytes all together, unless they are two. */
const MOST_RACED_BYTES = 64 * 2 ** 20;
/** A race of more than this tells nothing new. */
const MOST_RACE_MS = 4000;
/** Share of the budget that each race may take. */
const RACE_SHARE = 0.15;

/** What an attempt gives: the file lies where it was asked for. */
export interface Attempted {
  stages: PlanStage[];
  /** Of the file, where it was made of all samples. */
  made?: Made;
  /** Files that judge it; default: the file itself, by the first fold. */
  judged?: readonly JudgedFile[];
}

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

  /** A method as a whole, as it decides by itself what becomes of what: those that take long roughly. */
  async plain(method: StageMethod & Method): Promise<void> {
    const isRough = FITTED.has(method);
    const make = async (out: string): Promise<Attempted | null> => {
      const request = isRough ? this.#roughly(out) : { ...this.#search.request, verify: true, out };
      const made = await this.#makePlain(method, request);
      // What samples decide of such a method is little: the file of all of them judges itself.
      return made && (isRough ? { stages: made.stages } : { ...made, judged: [this.#byAll(out)] });
    };
    await this.attempt(method, make, { isPlain: true, isRough });
  }

  /** The stages, made roughly. */
  async rough(out: string, stages: readonly PlanStage[]): Promise<Attempted> {
    await applyStages(this.#roughly(out), stages);
    return { stages: [...stages] };
  }

  /** Makes a rough candidate as the final file will be, with its checks, in its place; nothing is left of it where that is refused. */
  async settle(candidate: Candidate): Promise<void> {
    const { name, isPlain } = candidate;
    const place = this.tried.indexOf(candidate);
    this.tried.splice(place, 1);
    const settled = await this.attempt(name, async (out) => await this.#makeFinal(candidate, out), {
      isPlain,
    });
    if (!settled) return;
    this.tried.pop();
    this.tried.splice(place, 0, settled);
    await this.race([settled]);
  }

  /** Makes a candidate and looks at its quality; a refusal is noted, not fatal. */
  async attempt(
    name: string,
    make: (out: string) => Promise<Attempted | null>,
    { isPlain = false, isRough = false }: Partial<Pick<Candidate, 'isPlain' | 'isRough'>> = {},
  ): Promise<Candidate | undefined> {
    const { request, limits } = this.#search;
    const file = this.#newFile();
    try {
      const attempted = await make(file);
      if (!attempted) {
        this.refused.push({ name, reason: 'nothing in this model pays' });
        return undefined;
      }
      const { stages, made = null, judged = [{ file, folds: [0] }] } = attempted;
      const { quality, errors } = await evaluate(judged, this.#reference, this.runOptions);
      const candidate: Candidate = {
        name,
        stages,
        file,
        judged,
        made,
        isPlain,
        isRough,
        quality,
        errors,
        broken: brokenLimits(limits, quality),
        sizeRatio: (await modelBytes(file)) / (await modelBytes(request.model)),
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
    const { request, budgetMs } = this.#search;
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
        ...this.#raceOptions(),
        budgetMs: Math.min(MOST_RACE_MS, budgetMs * RACE_SHARE) / heats.length,
      });
      heat.forEach((candidate, index) => {
        candidate.latencyRatio = times[index]! / float!;
      });
    }
  }

  /** Whether the first is faster in each of several comparisons side by side. */
  async isSurelyFaster(candidate: Candidate, other: Candidate): Promise<boolean> {
    return await isSurelyFaster(candidate.file, other.file, this.#raceOptions());
  }

  /** Whether the float model is faster in each of several comparisons side by side. */
  async isSurelySlower({ file }: Candidate): Promise<boolean> {
    return await isSurelyFaster(this.#search.request.model, file, this.#raceOptions());
  }

  /** The files of a candidate (null: the model) with the weights of what stays float folded; null: none is. */
  async folded(best: Candidate | null, out: string): Promise<Attempted | null> {
    const { request } = this.#search;
    const from = best ?? { file: request.model, judged: [], made: { decisions: [], notes: [] }, stages: [] };
    const { decisions, notes } = await this.#fold(from.file, out);
    const operators = decisions.filter(({ became }) => became.endsWith('folded')).map(({ node }) => node);
    if (operators.length === 0) return null;
    const judged: JudgedFile[] = best ? [] : [this.#byAll(out)];
    for (const one of from.judged) {
      const file = one.file === from.file ? out : this.#newFile();
      if (file !== out) await this.#fold(one.file, file);
      judged.push({ ...one, file });
    }
    const stages: PlanStage[] = [...from.stages, { method: 'folded-weights', operators }];
    if (!from.made) return { stages, judged };
    // A later stage has the last word, where it did anything.
    const all = new Map(decisions.map((decision) => [decision.node, decision]));
    for (const decision of from.made.decisions)
      if (!operators.includes(decision.node)) all.set(decision.node, decision);
    return {
      stages,
      judged,
      made: { decisions: [...all.values()], notes: [...from.made.notes, ...notes] },
    };
  }

  async #fold(model: string, out: string): Promise<Made> {
    const request = { ...this.#search.request, model, out, verify: true };
    const stage: PlanStage = { method: 'folded-weights', operators: ['*'] };
    return await applyStages(request, [stage]);
  }

  #raceOptions() {
    const { request, samples } = this.#search;
    const wasm = request.target === 'wasm' ? { provider: 'wasm' } : {};
    return { ...this.runOptions, ...wasm, feeds: samples[0]!.feeds };
  }

  /** A file in a folder of its own, named as the final one: files of external data bear its name. */
  #newFile(): string {
    const folder = join(this.#directory, String(this.#count++));
    mkdirSync(folder);
    return join(folder, basename(this.#search.request.out));
  }

  #byAll(file: string): JudgedFile {
    return { file, folds: this.#search.folds.map((_, fold) => fold) };
  }

  /** Without what takes long and changes no speed. */
  #roughly(out: string): QuantizeRequest {
    const { request, folds } = this.#search;
    const calibration = firstOf(folds[0].makes, ROUGH_SAMPLES);
    return {
      ...request,
      calibration,
      options: { ...request.options, rounding: 'nearest' },
      verify: false,
      out,
    };
  }

  /** Of all samples, and for each fold of those that don't judge in it, with the choices of the first: a plain method's are those that it makes alone. */
  async #makeFinal(candidate: Candidate, out: string): Promise<Attempted | null> {
    const evidence = new Evidence();
    try {
      return await this.#makeFinalWith(evidence, candidate, out);
    } finally {
      evidence.close();
    }
  }

  async #makeFinalWith(
    evidence: Evidence,
    { name, stages, isPlain }: Candidate,
    out: string,
  ): Promise<Attempted | null> {
    const { request, folds } = this.#search;
    const all = { ...request, verify: true, out, ...(isPlain ? { evidence } : {}) };
    const final = isPlain
      ? await this.#makePlain(name as StageMethod & Method, all)
      : await this.#makeStages(all, stages);
    if (!final) return null;
    const judged: JudgedFile[] = [];
    // Ranges of activations depend on the samples most.
    const isStatic = final.stages.some(({ method }) => method === 'int8-static');
    for (const [fold, { makes }] of folds.slice(0, isStatic ? undefined : 1).entries()) {
      const file = makes === request.calibration ? out : this.#newFile();
      if (file !== out)
        await this.#makeFold(
          { ...request, calibration: makes, verify: false, out: file },
          final.stages,
          evidence,
        );
      judged.push({ file, folds: [fold] });
    }
    return { ...final, judged };
  }

  /** The stages with the ranges of a fold. What was found out for the file of all samples besides (fitted integers, means) stays: it takes long, and hardly depends
   *  on single samples. */
  async #makeFold(
    request: QuantizeRequest,
    stages: readonly PlanStage[],
    { remake }: Evidence,
  ): Promise<void> {
    const [first, ...rest] = stages;
    if (!remake || first?.method !== 'int8-static') {
      await applyStages(request, stages);
      return;
    }
    const out = rest.length > 0 ? this.#newFile() : request.out;
    await remake({ ...request, options: optionsOf(first.method, request), isTry: true, out });
    if (rest.length > 0) await applyStages({ ...request, model: out }, rest);
  }

  async #makeStages(
    request: QuantizeRequest,
    stages: readonly PlanStage[],
  ): Promise<Attempted & { made: Made }> {
    const applied = await applyStages(request, stages);
    return { stages: applied.stages, made: applied };
  }

  async #makePlain(
    method: StageMethod & Method,
    request: QuantizeRequest,
  ): Promise<(Attempted & { made: Made }) | null> {
    const result = await quantizeModel({ ...request, options: optionsOf(method, request) });
    this.decisions.set(method, result.decisions);
    const stages = stagesOf(method, result)
      .map((stage) => this.stage(stage.method, stage.operators))
      .map((stage) => (request.verify ? pinned(stage, result.provenance) : stage));
    return stages.length > 0 ? { stages, made: result } : null;
  }

  /** A stage with what the options say. */
  stage(method: StageMethod, operators: string[]): PlanStage {
    const { calibrator, percentile } = this.#search.request.options;
    if (method !== 'int8-static' || !calibrator) return { method, operators };
    return { method, operators, calibrator, ...(percentile === null ? {} : { percentile }) };
  }
}

/** The options of a plain method. */
function optionsOf(method: StageMethod & Method, { options }: QuantizeRequest): QuantizeConfig {
  return { ...options, method, rounding: roundingFor(method, options), plan: null };
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
