/** Makes candidates and looks at them: roughly first, to see what they would gain, then as the final file will be. */
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Method } from '../../config/choices.js';
import { messageOf, UserError } from '../../errors.js';
import { modelBytes } from '../../onnx/file/weights.js';
import type { QuantizeRequest } from '../../quantize/method/request.js';
import type { Decision } from '../../quantize/method/result.js';
import { quantizeModel } from '../../quantize/quantize.js';
import { freeBuffersOfWork } from '../../system/dropped-buffers.js';
import { type EvaluateOptions, evaluate, type JudgedFile, type Reference } from '../judging/evaluate.js';
import { firstOf } from '../judging/held-out.js';
import { brokenLimits } from '../judging/limits.js';
import { applyStages } from '../plan/apply-plan.js';
import type { PlanStage, StageMethod } from '../plan/plan.js';
import { type Attempted, type Candidate, describe, type Made } from './candidate.js';
import { type FinalOptions, makeFinal } from './final-file.js';
import { makePlain } from './plain-method.js';
import { Races } from './race-candidates.js';
import type { SearchRequest, SearchResult } from './search-request.js';
import { OutOfTime, type TimeLeft, withinTime } from './time-left.js';

/** Methods whose files take long to make, for what doesn't change their speed: these are made roughly first. */
const FITTED: ReadonlySet<Method> = new Set(['int8-static', 'int8-dynamic', 'int8-weights', 'int4-weights']);
/** Samples that give the ranges of a file that is made roughly: how long it runs they don't change. */
const ROUGH_SAMPLES = 8;

export interface MakerOptions {
  reference: Reference;
  options: EvaluateOptions;
  time: TimeLeft;
  /** For the files. */
  directory: string;
}

export interface SettleOptions {
  /** How long making the file may still take, in milliseconds, whenever it is asked. Default: as long as it takes. */
  leftMs?: () => number;
}

export class CandidateMaker {
  readonly tried: Candidate[] = [];
  readonly refused: SearchResult['refused'] = [];
  readonly #search: SearchRequest;
  readonly #reference: Reference;
  /** What became of each operator by a method as a whole. */
  readonly decisions = new Map<StageMethod, readonly Decision[]>();
  readonly runOptions: EvaluateOptions;
  readonly races: Races;
  readonly #time: TimeLeft;
  readonly #directory: string;
  #count = 0;

  constructor(search: SearchRequest, { reference, options, time, directory }: MakerOptions) {
    this.#search = search;
    this.#reference = reference;
    this.runOptions = options;
    this.races = new Races(search, { options, time });
    this.#time = time;
    this.#directory = directory;
  }

  find(name: string): Candidate | undefined {
    return this.tried.find((candidate) => candidate.name === name);
  }

  /** Whether a method as a whole was tried already. */
  knows(method: Method): boolean {
    return this.find(method) !== undefined || this.refused.some(({ name }) => name === method);
  }

  /** A method as a whole, as it decides by itself what becomes of what: roughly, where what takes long doesn't change its speed. */
  async plain(method: StageMethod & Method): Promise<void> {
    const isRough = FITTED.has(method);
    const make = async (out: string): Promise<Attempted | null> => {
      const { request, makePlain: make } = this.#search;
      const plain = isRough
        ? await makePlain(method, this.#roughly(out), quantizeModel)
        : await makePlain(method, { ...request, verify: true, out }, make);
      if (!plain) return null;
      const { stages, result } = plain;
      this.decisions.set(method, result.decisions);
      // What samples decide of such a method is little: the file of all of them judges itself.
      return isRough ? { stages } : { stages, made: result, judged: [this.#byAll(out)] };
    };
    const kind = isRough ? 'rough' : 'final';
    await this.#time.timed(kind, async () => await this.attempt(method, make, { isPlain: true, isRough }));
  }

  /** The stages, made roughly. */
  async rough(name: string, stages: readonly PlanStage[]): Promise<Candidate | undefined> {
    const make = async (out: string): Promise<Attempted> => {
      await applyStages(this.#roughly(out), stages);
      return { stages: [...stages] };
    };
    return await this.#time.timed('rough', async () => await this.attempt(name, make, { isRough: true }));
  }

  /** The stages, made as the final file will be, which judges itself by so many of the first fold's samples: the first ones, which it has not seen. */
  async final(
    name: string,
    { stages, unseen }: { stages: readonly PlanStage[]; unseen: number },
  ): Promise<Candidate | undefined> {
    const make = async (out: string): Promise<Attempted> => {
      const made = await applyStages({ ...this.#search.request, verify: true, out }, stages);
      return { stages: made.stages, made, judged: [{ file: out, folds: [0], first: unseen }] };
    };
    return await this.#time.timed('final', async () => await this.attempt(name, make));
  }

  forget(candidate: Candidate): void {
    this.tried.splice(this.tried.indexOf(candidate), 1);
  }

  /** Makes a rough candidate as the final file will be, with its checks, in its place; nothing is left of it where that is refused.
   *  @returns false: it took longer than there was time, and was left rough. */
  async settle(candidate: Candidate, { leftMs }: SettleOptions = {}): Promise<boolean> {
    const { name, isPlain } = candidate;
    const place = this.tried.indexOf(candidate);
    this.tried.splice(place, 1);
    const now = () => this.#time.spentMs;
    const begun = now();
    const { request } = this.#search;
    const context = leftMs ? withinTime(request.context, { leftMs, now }) : request.context;
    const options: FinalOptions = {
      search: { ...this.#search, request: { ...request, context } },
      // What mends a file takes about as long as it took so far.
      isLate: () => this.#time.leftMs < now() - begun,
      newFile: () => this.#newFile(),
    };
    const make = async (out: string) => await makeFinal(candidate, out, options);
    const settled = await this.#time
      .timed('final', async () => await this.attempt(name, make, { isPlain }))
      .catch((error: unknown) => {
        if (error instanceof OutOfTime) return error;
        throw error;
      });
    if (settled instanceof OutOfTime) {
      request.context.log.info(`auto: ${name} is left as it was looked at: ${messageOf(settled)}`);
      this.tried.splice(place, 0, candidate);
      return false;
    }
    if (!settled) return true;
    this.tried.pop();
    this.tried.splice(place, 0, settled);
    if (runsAlike(candidate, settled)) this.races.takeOver(candidate, settled);
    else await this.races.race([settled]);
    return true;
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
      freeBuffersOfWork();
      if (!attempted) {
        if (isPlain) this.refused.push({ name, reason: 'nothing in this model pays' });
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
}

/** Whether the same operators run in the same types: then the one is as fast as the other. */
function runsAlike(some: Candidate, other: Candidate): boolean {
  const computed = ({ stages }: Candidate) =>
    stages
      .filter(({ method }) => method !== 'folded-weights')
      .map(({ method, operators }) => [method, operators.toSorted()]);
  return JSON.stringify(computed(some)) === JSON.stringify(computed(other));
}
