/** How fast candidates are on this machine: raced against the float model, and one against the other. */
import { statSync } from 'node:fs';
import { isSurelyFaster, type RaceOptions, race } from '../../quantize/method/race.js';
import type { EvaluateOptions } from '../judging/evaluate.js';
import type { Candidate } from './candidate.js';
import type { SearchRequest } from './search-request.js';
import type { TimeLeft } from './time-left.js';

/** Files that are open at once in a race, in bytes all together, unless they are two: a session takes several times its file. */
const MOST_RACED_BYTES = 32 * 2 ** 20;
/** A race of more than this tells nothing new. */
const MOST_RACE_MS = 4000;
/** Share of the budget that each race may take. */
const RACE_SHARE = 0.15;

export class Races {
  readonly #search: SearchRequest;
  readonly #options: EvaluateOptions;
  /** Files that run as fast as others which were looked at, by name. */
  readonly #alike = new Map<string, string>();
  /** What is known of two files. */
  readonly #surely = new Map<string, boolean>();
  /** Whether the first race ran as on a busy machine, so that the others do, too: only then are their times to be compared. null: there was none. */
  #onBusyMachine: boolean | null = null;
  readonly #time: Pick<TimeLeft, 'isShared'>;

  constructor(
    search: SearchRequest,
    { options, time }: { options: EvaluateOptions; time: Pick<TimeLeft, 'isShared'> },
  ) {
    this.#search = search;
    this.#options = options;
    this.#time = time;
  }

  get onBusyMachine(): boolean {
    return this.#onBusyMachine === true;
  }

  /** Beside the float model, as many at once as memory should hold. */
  async race(candidates: readonly Candidate[]): Promise<void> {
    const { request, budgetMs } = this.#search;
    const heats = this.#heatsOf(candidates);
    for (const heat of heats) {
      const files = [request.model, ...heat.map(({ file }) => file)];
      const raced = await race(files, {
        ...this.#raceOptions(),
        asks: 'fastest',
        otherWork: this.#otherWork(),
        budgetMs: Math.min(MOST_RACE_MS, budgetMs * RACE_SHARE) / heats.length,
      });
      this.#onBusyMachine ??= raced.onBusyMachine;
      const [float, ...times] = raced.times;
      heat.forEach((candidate, index) => {
        candidate.latencyRatio = times[index]! / float!;
      });
      const told = heat.map(({ name, latencyRatio }) => `${name} ${latencyRatio.toFixed(3)} ×`);
      request.context.log.debug(
        `auto: time of a run, in ${raced.rounds[0]!.length} rounds: ${told.join(', ')}`,
      );
    }
  }

  #otherWork(): RaceOptions['otherWork'] {
    if (this.#onBusyMachine === null) return this.#time.isShared ? 'expected' : 'watched';
    return this.#onBusyMachine ? 'expected' : 'ignored';
  }

  /** Takes what is known of a candidate's speed for another that runs the same operators in the same types. */
  takeOver(from: Candidate, to: Candidate): void {
    to.latencyRatio = from.latencyRatio;
    this.#alike.set(to.file, this.#nameOf(from.file));
  }

  /** Whether the first is faster in each of several comparisons side by side, each with sessions of its own: where a session's memory lies
   *  makes a small file some percent faster or slower in all rounds of one race. */
  async isSurelyFaster(candidate: Candidate, other: Candidate): Promise<boolean> {
    return await this.#isSurelyFaster(candidate.file, other.file);
  }

  /** Whether the float model is. */
  async isSurelySlower({ file }: Candidate): Promise<boolean> {
    return await this.#isSurelyFaster(this.#search.request.model, file);
  }

  #heatsOf(candidates: readonly Candidate[]): Candidate[][] {
    const own = statSync(this.#search.request.model).size;
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
    return heats;
  }

  async #isSurelyFaster(file: string, other: string): Promise<boolean> {
    const [one, two] = [this.#nameOf(file), this.#nameOf(other)];
    const key = JSON.stringify([one, two]);
    const known = this.#surely.get(key);
    if (known !== undefined) return known;
    const found = await this.#lookAt(file, other);
    this.#surely.set(key, found);
    return found;
  }

  async #lookAt(file: string, other: string): Promise<boolean> {
    const otherWork = this.#onBusyMachine ? 'expected' : 'watched';
    return await isSurelyFaster(file, other, { ...this.#raceOptions(), otherWork });
  }

  #nameOf(file: string): string {
    return this.#alike.get(file) ?? file;
  }

  #raceOptions() {
    const { request, samples } = this.#search;
    const wasm = request.target === 'wasm' ? { provider: 'wasm' } : {};
    return { ...this.#options, ...wasm, feeds: samples[0]!.feeds };
  }
}
