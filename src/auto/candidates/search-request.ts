/** What a search is asked for, and what it finds. */
import type { Objective } from '../../config/choices.js';
import type { Dataset } from '../../data/samples/dataset.js';
import type { QuantizeRequest } from '../../quantize/method/request.js';
import type { JudgeSample } from '../judging/evaluate.js';
import type { Fold } from '../judging/held-out.js';
import type { LaidAside } from '../judging/laid-aside.js';
import type { Limits, Scored } from '../judging/limits.js';
import type { Candidate } from './candidate.js';
import type { MakePlain } from './plain-method.js';

export interface SearchRequest {
  /** Its calibration samples make the file that is handed over. */
  request: QuantizeRequest & { calibration: Dataset };
  /** They make the files that judge candidates. */
  folds: readonly [Fold, ...Fold[]];
  /** These judge them. */
  samples: readonly JudgeSample[];
  /** Keeps what the float model gives for them. */
  aside: Pick<LaidAside, 'keep'>;
  /** Default: the first output is scored, and labels are its indices. */
  scored?: Scored;
  limits: Limits;
  objective: Objective;
  budgetMs: number;
  /** Makes a plain method's file as its users get it. */
  makePlain: MakePlain;
}

/** @param request.out gets the winner's file, where that was made of all samples. */
export interface SearchResult {
  /** null: nothing beats the float model within the limits. */
  winner: Candidate | null;
  tried: Candidate[];
  /** Methods that the model or the target refused, and why. */
  refused: { name: string; reason: string }[];
  /** Names of candidates that might have won and were only made roughly: there was no time for more. */
  leftRough: string[];
  /** Names of methods that were not looked at at all: there was no time for them. */
  untried: string[];
  /** Whether times are CPU times of runs on one thread, because other processes kept the machine busy. */
  onBusyMachine: boolean;
}
