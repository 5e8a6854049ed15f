/** The search's budget: what of it is left, whether one more file as it should be can still be made within it, and the end of one that turns out to take longer. */
import { Interrupted } from '../../errors.js';
import { OtherWork } from '../../quantize/method/other-work.js';
import type { RunContext } from '../../runtime/context.js';
import type { PlanStage, StageMethod } from '../plan/plan.js';

/** Share of the budget that is kept for what follows the search: the chosen file is put in its place and proved. */
const FINISHING = 0.1;
/** A file as it should be takes this many times as long as a rough one: 4.6 to 6.8 times as much CPU in the cases of bench/auto. */
const FINAL_TO_ROUGH = 6;
/** Of the budget; what is kept for the first file as it should be never takes the rest of the search with it. */
const MOST_KEPT = 0.5;
/** Share of the budget by which the first file that could be handed over may overrun it: what can be made in less time is seldom as good. */
const OVERRUN = 0.5;
/** Share of the budget that finishing a file may take however late it is: half of what is kept for what follows. */
const NEARLY_DONE = 0.05;
/** Share of the budget that the comparisons of speed around that file may take. */
const RACES = 0.2;

/** Of the time that goes by, as much may not count because other processes take the cores: a search takes at most four times its budget for them. */
const MOST_TAKEN = 0.75;

export class TimeLeft {
  readonly #budgetMs: number;
  readonly #begun = performance.now();
  readonly #others: Pick<OtherWork, 'share' | 'isMuch'>;
  /** Milliseconds that the last file took, by the method of its first stage. */
  readonly #rough = new Map<StageMethod, number>();
  readonly #final = new Map<StageMethod, number>();

  constructor(budgetMs: number, others: Pick<OtherWork, 'share' | 'isMuch'> = new OtherWork()) {
    this.#budgetMs = budgetMs;
    this.#others = others;
  }

  /** Milliseconds of the search so far, less what other processes took of them: what is made within the budget then hardly depends on them. */
  get spentMs(): number {
    const takenShare = this.#others.isMuch ? Math.min(MOST_TAKEN, this.#others.share) : 0;
    return (performance.now() - this.#begun) * (1 - takenShare);
  }

  /** Whether other processes have kept the machine busy so far. */
  get isShared(): boolean {
    return this.#others.isMuch;
  }

  /** Milliseconds; negative: it is late. */
  get leftMs(): number {
    return this.#budgetMs * (1 - FINISHING) - this.spentMs;
  }

  /** How long a file that is being made may still take: what is nearly done is not given up.
   *  @param instead how long it takes to make another one instead, in milliseconds; null: one that could be handed over lies there already. */
  restMs(instead: number | null): number {
    const nearlyDone = NEARLY_DONE * this.#budgetMs;
    if (instead === null) return Math.max(this.leftMs, nearlyDone);
    return Math.max(this.leftMs + OVERRUN * this.#budgetMs, instead, nearlyDone);
  }

  isLate(): boolean {
    return this.leftMs < 0;
  }

  /** Whether something else may be tried before the first file is made as it should be. @param takesMs about how long. */
  mayTry(takesMs = 0): boolean {
    const longest = Math.max(0, ...[...this.#rough.values()].map((ms) => FINAL_TO_ROUGH * ms));
    const kept = Math.min(longest, MOST_KEPT * this.#budgetMs) + RACES * this.#budgetMs;
    return this.leftMs >= takesMs + kept;
  }

  /** Whether a file of these stages can be made as it should be. */
  mayMake(stages: readonly PlanStage[]): boolean {
    return this.leftMs >= this.finalMs(stages);
  }

  /** How long the last rough file took, in milliseconds; 0: none was made. */
  roughMs(method: StageMethod): number {
    return this.#rough.get(method) ?? 0;
  }

  /** Makes a candidate and notes how long that takes. */
  async timed<T extends { stages: readonly PlanStage[] } | undefined>(
    kind: 'rough' | 'final',
    make: () => Promise<T>,
  ): Promise<T> {
    const begun = this.spentMs;
    const made = await make();
    const method = made?.stages[0]?.method;
    const known = kind === 'rough' ? this.#rough : this.#final;
    if (method !== undefined) known.set(method, this.spentMs - begun);
    return made;
  }

  /** About how long a file of these stages takes, made as it should be, in milliseconds. */
  finalMs([first]: readonly PlanStage[]): number {
    if (first === undefined) return 0;
    return this.#final.get(first.method) ?? FINAL_TO_ROUGH * this.roughMs(first.method);
  }
}

/** What ends such work; nobody else's interruption is of this kind. */
export class OutOfTime extends Interrupted {}

/** Before this share of a step is done it doesn't tell how long the rest takes. */
const TELLING_SHARE = 0.2;

export interface Allowance {
  /** How long such work may still take, in milliseconds, whenever it is asked. */
  leftMs: () => number;
  /** The clock that this is counted on. Default: time. */
  now?: () => number;
}

/** The context for such work. */
export function withinTime(
  context: RunContext,
  { leftMs, now = () => performance.now() }: Allowance,
): RunContext {
  const own = new AbortController();
  const { signal } = context;
  const pass = () => own.abort(signal!.reason);
  if (signal?.aborted) pass();
  else signal?.addEventListener('abort', pass, { once: true, signal: own.signal });
  let [current, begun, last] = ['', now(), 0];
  const progress = (step: string, done: number, total: number): void => {
    context.log.progress(step, done, total);
    const at = now();
    // What was before the first word of a step belongs to it.
    const isAnother = step !== current || done < last;
    if (isAnother && current !== '') begun = at;
    [current, last] = [step, done];
    const pastMs = at - begun;
    // The first part may be a slow one; but the rest takes no less than that.
    const restMs = done < TELLING_SHARE * total ? pastMs : (pastMs * (total - done)) / done;
    if (done < total && restMs > leftMs())
      own.abort(new OutOfTime(`${step} would take ${Math.round(restMs / 1000)} s more`));
  };
  return { ...context, signal: own.signal, log: { ...context.log, progress } };
}
