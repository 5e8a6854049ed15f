/** The search for the plan that pays: candidates made roughly, raced on this machine, the winners made as the final file will be; losers of
 *  quality repaired.
 *
 *  1. Every method that suits the target is tried as a whole, as a user would get it, int4-weights too where the limit on size asks for it; int8-static also with the groups chosen by measured costs; and
 *     convolutions static with products dynamic. What takes long and changes neither speed nor size (most samples, the calibrator's choice, fitted
 *     rounding, proofs) is left out at first.
 *  2. All are raced against the float model. The one that would win is made with all of that; files made of a part of the samples, with its choices, are
 *     compared with the float model on the others, fold by fold. It wins, or the next one is looked at. What would win over the plain methods by its time must be
 *     faster for sure.
 *  3. A candidate that would win but breaks a limit is repaired (candidates/repair-candidate.ts).
 *  4. What stays float keeps its speed and gets its weights folded (a quarter of their size), where the limits hold.
 *  5. The winner is the best that keeps all limits (candidates/candidate.ts). When nothing wins, the plan is empty: the model stays float. */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { throwIfInterrupted } from '../errors.js';
import { isCpu } from '../quantize/method/compare-speed.js';
import { Preparations } from '../quantize/method/preparations.js';
import { scratchFolder } from '../system/files/scratch.js';
import {
  bestOf,
  type Candidate,
  isWorthItsCost,
  notSurelySlower,
  rivalInTime,
} from './candidates/candidate.js';
import { dynamicBeside, leavesNothing, methodsFor, withOperators } from './candidates/combinations.js';
import { CandidateMaker, type SettleOptions } from './candidates/make-candidate.js';
import { floorOf, mixBits } from './candidates/mix-bits.js';
import { repairBest } from './candidates/repair-candidate.js';
import type { SearchRequest, SearchResult } from './candidates/search-request.js';
import type { Searching } from './candidates/searching.js';
import { TimeLeft } from './candidates/time-left.js';
import { makeReference } from './judging/evaluate.js';
import { StaticPlanner } from './sensitivity/static-plan.js';

export async function searchPlan(asked: SearchRequest): Promise<SearchResult> {
  const directory = scratchFolder('auto');
  try {
    // What the proof of the final file asks is no business of a candidate's.
    const { evidence: _, ...own } = asked.request;
    const request = { ...own, preparations: new Preparations(own.model) };
    const result = await new Search({ ...asked, request }, directory).run();
    if (result.winner?.made) handOver(result.winner.file, request.out);
    return result;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function handOver(file: string, out: string): void {
  for (const suffix of ['.data', ''])
    if (existsSync(file + suffix)) copyFileSync(file + suffix, out + suffix);
}

/** Size of weights in 8 bits ÷ that in float32. */
const OF_8_BITS = 0.25;

/** Planning int8-static by measured costs takes this many times as long as its rough file, and that file once more. */
const PLANNING = 3;

class Search {
  readonly #search: SearchRequest;
  readonly #directory: string;
  readonly #leftRough = new Set<string>();
  readonly #untried: string[] = [];
  readonly #time: TimeLeft;

  constructor(search: SearchRequest, directory: string) {
    this.#search = search;
    this.#directory = directory;
    this.#time = new TimeLeft(search.budgetMs);
  }

  async run(): Promise<SearchResult> {
    const searching = await this.#begin();
    const { maker } = searching;
    const { request, objective } = this.#search;
    const methods = methodsFor(request.target, objective);
    if (methods[0] === 'int4-weights') await this.#trySmallest(searching);
    if (!this.#isSmallest(maker)) {
      for (const method of methods.filter((one) => !maker.knows(one))) {
        if (this.#isLate()) this.#untried.push(method);
        else await maker.plain(method);
      }
      await this.#tryFourBits(maker);
      await this.#tryMeasuredStatic(searching);
      await this.#tryMixed(maker);
      await maker.races.race(maker.tried);
      await this.#settle(maker);
    }
    if (await repairBest(searching)) await this.#settle(maker);
    await this.#fold(maker);
    await this.#settle(maker);
    const winner = this.#best(maker) ?? (await this.#lookAgain(maker));
    const { tried, refused } = maker;
    const [leftRough, untried] = [[...this.#leftRough], this.#untried];
    const { onBusyMachine } = maker.races;
    return { winner: winner ?? null, tried, refused, leftRough, untried, onBusyMachine };
  }

  /** 4 bits, as they will be: nothing that is tried besides makes a smaller file. Where they seem to lose more than the limits let, 8 bits in some layers
   *  at once: what that needs to know of each layer is what fitting all to 4 bits finds out, too. */
  async #trySmallest(searching: Searching): Promise<void> {
    const { maker } = searching;
    await maker.plain('int4-weights');
    await maker.races.race(maker.tried);
    const [smallest] = maker.tried;
    if (!smallest || bestOf([atBest(smallest)], this.#search) === undefined) return;
    const floor = floorOf(smallest, searching);
    if (smallest.isRough && floor !== null && smallest.quality.sqnr < floor) {
      const mixed = await mixBits(smallest, searching);
      if (mixed) await maker.races.race([mixed]);
    } else if (!(await maker.settle(smallest, { leftMs: () => this.#time.leftMs })))
      this.#leftRough.add(smallest.name);
  }

  /** 4 bits, where every file with 8 is larger than a threshold lets. */
  async #tryFourBits(maker: CandidateMaker): Promise<void> {
    const { request, limits } = this.#search;
    const mostSize = limits.maxSizeRatio ?? 1;
    const [smallest] = methodsFor(request.target, 'size');
    if (mostSize >= 1 || smallest !== 'int4-weights' || maker.knows(smallest)) return;
    if (maker.tried.some(({ sizeRatio }) => sizeRatio <= mostSize)) return;
    if (this.#isLate()) this.#untried.push(smallest);
    else await maker.plain(smallest);
  }

  /** Whether the best file holds less than a byte of every four: with 8 bits a weight there is no smaller one. */
  #isSmallest(maker: CandidateMaker): boolean {
    return this.#search.objective === 'size' && (this.#best(maker)?.sizeRatio ?? 1) < OF_8_BITS;
  }

  async #begin(): Promise<Searching> {
    const [search, directory] = [this.#search, this.#directory];
    const { request, samples, aside, limits, scored } = search;
    const { context, target, deviceId } = request;
    const options = {
      context,
      // WebAssembly computes as the CPU provider does: quality is looked at here, speed there.
      provider: isCpu(target) ? 'cpu' : target,
      ...(deviceId === undefined ? {} : { deviceId }),
    };
    const reference = await makeReference(request.model, samples, {
      ...options,
      aside,
      limits,
      ...(scored && { scored }),
    });
    const maker = new CandidateMaker(search, { reference, options, time: this.#time, directory });
    const isLate = () => this.#isLate();
    return { search, maker, directory, output: reference.output, measured: null, isLate };
  }

  #isLate(): boolean {
    throwIfInterrupted(this.#search.request.context.signal);
    return this.#time.isLate();
  }

  /** int8-static with its groups chosen by what they cost here. */
  async #tryMeasuredStatic(searching: Searching): Promise<void> {
    const { maker, directory } = searching;
    const plain = maker.find('int8-static');
    if (this.#search.request.target !== 'cpu' || plain?.stages[0]?.method !== 'int8-static') return;
    if (!this.#time.mayTry(PLANNING * this.#time.roughMs('int8-static'))) return;
    // The planner goes with its model's weights before the first file is made as it should be.
    const planner = await StaticPlanner.make({ ...this.#search, directory });
    searching.measured = await planner.measureCosts();
    const stages = withOperators(plain.stages, planner.fastest(), this.#search.request.options);
    if (stages) await maker.rough('int8-static by measured costs', stages);
  }

  /** Convolutions static, products dynamic: what suits each best where a model has both. */
  async #tryMixed(maker: CandidateMaker): Promise<void> {
    const stages = dynamicBeside(
      maker.find('int8-static')?.stages ?? [],
      maker.decisions.get('int8-dynamic') ?? [],
    );
    if (stages && this.#time.mayTry(this.#time.roughMs('int8-static')))
      await maker.rough('int8-dynamic and int8-static', stages);
  }

  /** Makes what would win as the final file will be, until what wins is such a file, and surely faster than the plain methods where it wins by its time.
   *  What might win and can't be made within the budget is passed over. */
  async #settle(maker: CandidateMaker): Promise<void> {
    const doubted = new Set<string>();
    for (;;) {
      const passed = maker.tried.filter(({ name }) => !this.#leftRough.has(name));
      const best = bestOf(passed.map(atBest), this.#search);
      const found = passed.find(({ file }) => file === best?.file);
      if (!found || !best) return;
      if (!doubted.has(found.name) && (await this.#isDoubtful(maker, best))) doubted.add(found.name);
      else if (!found.isRough) return;
      else if (!this.#mayMake(found, maker)) this.#leftRough.add(found.name);
      else if (!(await maker.settle(found, this.#endOf(found, maker)))) this.#leftRough.add(found.name);
    }
  }

  /** Without a file that could be handed over one is made, however late it is. */
  #mayMake({ stages }: Candidate, maker: CandidateMaker): boolean {
    return (!this.#isLate() && this.#time.mayMake(stages)) || this.#best(maker) === undefined;
  }

  /** When a candidate's file is given up while it is made; of the first that could be handed over: where it takes much longer than there is time, and another can be
   *  made in less. */
  #endOf(found: Candidate, maker: CandidateMaker): SettleOptions {
    if (this.#best(maker)) return { leftMs: () => this.#time.restMs(null) };
    const instead = maker.tried
      .filter(({ name }) => name !== found.name && !this.#leftRough.has(name))
      .filter((other) => bestOf([atBest(other)], this.#search) !== undefined)
      .map(({ stages }) => this.#time.finalMs(stages));
    const quickest = Math.min(...instead);
    return quickest < this.#time.finalMs(found.stages) ? { leftMs: () => this.#time.restMs(quickest) } : {};
  }

  /** Whether what would win over a plain method by its time alone is not surely faster, or not by as much as making it is worth: then it counts as being as fast. */
  async #isDoubtful(maker: CandidateMaker, best: Candidate): Promise<boolean> {
    const rival = rivalInTime(best, maker.tried.map(atBest), this.#search);
    if (!rival) return false;
    if (isWorthItsCost(best, rival) && (await maker.races.isSurelyFaster(best, rival))) return false;
    maker.find(best.name)!.latencyRatio = rival.latencyRatio;
    return true;
  }

  /** Folds the weights of what the best candidate (or, with none, the whole model) leaves float. */
  async #fold(maker: CandidateMaker): Promise<void> {
    const best = this.#best(maker);
    // Cheap, and mostly worth it: not left out for lateness.
    if (best && leavesNothing(best)) return;
    const folded = await maker.attempt(
      `${best?.name ?? 'float'}, weights folded`,
      async (out) => await maker.folded(best ?? null, out),
    );
    if (folded && folded.broken.length === 0) await maker.races.race([folded, ...(best ? [best] : [])]);
  }

  #best(maker: CandidateMaker): Candidate | undefined {
    return bestOf(maker.tried.filter(isFinal), this.#search);
  }

  /** Where nothing wins: a race beside other work takes a file for slower than it is. */
  async #lookAgain(maker: CandidateMaker): Promise<Candidate | undefined> {
    const isSlower = async (candidate: Candidate) => await maker.races.isSurelySlower(candidate);
    return await notSurelySlower(maker.tried.filter(isFinal), this.#search, isSlower);
  }
}

const isFinal = ({ isRough }: Candidate) => !isRough;

/** A candidate as it may turn out: what one that is made roughly breaks, the file as it should be may keep. */
function atBest(candidate: Candidate): Candidate {
  return candidate.isRough && !candidate.isRuledOut ? { ...candidate, broken: [] } : candidate;
}
