/** A candidate as the final file will be: made of all samples, and for each fold of those that don't judge in it, with the choices of the first. */
import type { Method } from '../../config/choices.js';
import { Evidence } from '../../quantize/method/evidence.js';
import type { QuantizeRequest } from '../../quantize/method/request.js';
import type { JudgedFile } from '../judging/evaluate.js';
import { partsOf } from '../judging/held-out.js';
import { applyStages, optionsOfStage, takeDecisions } from '../plan/apply-plan.js';
import type { PlanStage, StageMethod } from '../plan/plan.js';
import type { Attempted, Candidate } from './candidate.js';
import { makePlain, optionsOf, type PlainRequest } from './plain-method.js';
import type { SearchRequest } from './search-request.js';

export interface FinalOptions {
  search: SearchRequest;
  /** Whether there is no time to mend a file that loses too much. */
  isLate: () => boolean;
  newFile: () => string;
}

/** @returns null: nothing in the model pays. */
export async function makeFinal(
  candidate: Candidate,
  out: string,
  options: FinalOptions,
): Promise<Attempted | null> {
  const evidence = new Evidence();
  try {
    return await new FinalFile(options, evidence).make(candidate, out);
  } finally {
    evidence.close();
  }
}

/** What is made of all samples. */
interface OfAll extends Attempted {
  /** What the stages that depend on ranges are made of, which no sample decides any more. */
  model: string;
  /** Those stages, for a fold's file. */
  ranged: readonly PlanStage[];
  /** How int8-static, the first of them, is asked for once more. */
  options: QuantizeRequest['options'] | null;
}

class FinalFile {
  readonly #options: FinalOptions;
  readonly #evidence: Evidence;

  constructor(options: FinalOptions, evidence: Evidence) {
    this.#options = options;
    this.#evidence = evidence;
  }

  async make({ name, stages, isPlain }: Candidate, out: string): Promise<Attempted | null> {
    const { search, newFile } = this.#options;
    const { request, folds } = search;
    const ofAll = isPlain
      ? await this.#plain(name as StageMethod & Method, out)
      : await this.#byStages(stages, out);
    if (!ofAll) return null;
    const { model, ranged, options, ...final } = ofAll;
    const judged: JudgedFile[] = [];
    for (const [fold, { makes }] of folds.slice(0, foldsFor(final.stages)).entries()) {
      const file = makes === request.calibration ? out : newFile();
      const ofFold = { ...request, model, calibration: makes, verify: false, out: file };
      if (file !== out) await this.#ofFold(ofFold, ranged, options);
      judged.push({ file, folds: [fold] });
    }
    if (judged.length === 0) judged.push({ file: out, folds: folds.map((_, fold) => fold) });
    return { ...final, judged };
  }

  async #plain(method: StageMethod & Method, out: string): Promise<OfAll | null> {
    const { search, isLate } = this.#options;
    const request = { ...this.#ofAll(out), isLate };
    const plain = await makePlain(method, request, search.makePlain);
    if (!plain) return null;
    const { stages, result } = plain;
    const { levels = [], repaired = [] } = result.verification ?? {};
    const options = { ...optionsOf(method, request), leftNames: repaired };
    return {
      stages,
      made: { ...result, ranAt: levels },
      model: request.model,
      ranged: stages,
      options: method === 'int8-static' ? options : null,
    };
  }

  #ofAll(out: string): PlainRequest & { evidence: Evidence } {
    const { request, folds } = this.#options.search;
    return { ...request, parts: partsOf(folds), verify: true, out, evidence: this.#evidence };
  }

  /** Stages before int8-static make one file for all folds: what samples decide of them is little. */
  async #byStages(stages: readonly PlanStage[], out: string): Promise<OfAll> {
    const { evidence, ...request } = this.#ofAll(out);
    const place = stages.findIndex(({ method }) => method === 'int8-static');
    if (place < 0) {
      const made = await applyStages(request, stages);
      return { stages: made.stages, made, model: request.model, ranged: made.stages, options: null };
    }
    const before =
      place > 0
        ? await applyStages({ ...request, out: this.#options.newFile() }, stages.slice(0, place))
        : null;
    const model = before?.file ?? request.model;
    const made = await applyStages({ ...request, model, evidence }, stages.slice(place));
    const options = optionsOfStage(made.stages[0]!, 'int8-static', request.options);
    const ranged = { model, ranged: made.stages, options };
    if (!before) return { stages: made.stages, made, ...ranged };
    const decisions = new Map(before.decisions.map((decision) => [decision.node, decision]));
    takeDecisions(decisions, made.decisions);
    return {
      stages: [...before.stages, ...made.stages],
      made: { decisions: [...decisions.values()], notes: [...before.notes, ...made.notes] },
      ...ranged,
    };
  }

  /** The stages with the ranges of a fold. What was found out for the file of all samples besides (fitted integers, means) stays: it takes long, and hardly depends
   *  on single samples. */
  async #ofFold(
    request: QuantizeRequest,
    stages: readonly PlanStage[],
    options: QuantizeRequest['options'] | null,
  ): Promise<void> {
    const { remake } = this.#evidence;
    if (!remake || !options) {
      await applyStages(request, stages);
      return;
    }
    const rest = stages.slice(1);
    const out = rest.length > 0 ? this.#options.newFile() : request.out;
    await remake({ ...request, options, isTry: true, out });
    if (rest.length > 0) await applyStages({ ...request, model: out }, rest);
  }
}

/** In how many folds such a file is judged, each of a file of its own. Ranges of activations depend on the samples most, and integers of 4 bits that are fitted to them.
 *  What they decide of 8-bit integers, and of products whose activations are quantized as they come, is little, and takes long: the file of all samples judges itself. */
function foldsFor(stages: readonly PlanStage[]): number {
  if (stages.some(({ method }) => method === 'int8-static')) return Number.POSITIVE_INFINITY;
  return stages.some(({ method }) => method === 'int4-weights') ? 1 : 0;
}
