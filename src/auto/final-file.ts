/** A candidate as the final file will be: made of all samples, and for each fold of those that don't judge in it, with the choices of the first. */
import type { Method } from '../config/choices.js';
import { Evidence } from '../quantize/method/evidence.js';
import type { QuantizeRequest } from '../quantize/method/request.js';
import { applyStages } from './apply-plan.js';
import type { Attempted, Candidate } from './candidate.js';
import type { JudgedFile } from './evaluate.js';
import { makePlain, optionsOf } from './plain-method.js';
import type { PlanStage, StageMethod } from './plan.js';
import type { SearchRequest } from './search.js';

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
  /** Layers that were left as they are, because the file lost too much. */
  left: readonly string[];
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
    const { left, ...final } = ofAll;
    const judged: JudgedFile[] = [];
    for (const [fold, { makes }] of folds.slice(0, foldsFor(final.stages)).entries()) {
      const file = makes === request.calibration ? out : newFile();
      if (file !== out)
        await this.#ofFold({ ...request, calibration: makes, verify: false, out: file }, final.stages, left);
      judged.push({ file, folds: [fold] });
    }
    if (judged.length === 0) judged.push({ file: out, folds: folds.map((_, fold) => fold) });
    return { ...final, judged };
  }

  async #plain(method: StageMethod & Method, out: string): Promise<OfAll | null> {
    const { search, isLate } = this.#options;
    const request = { ...search.request, verify: true, out, evidence: this.#evidence, isLate };
    const plain = await makePlain(method, request, search.makePlain);
    if (!plain) return null;
    const { stages, result } = plain;
    const { levels = [], repaired = [] } = result.verification ?? {};
    return { stages, made: { ...result, ranAt: levels }, left: repaired };
  }

  async #byStages(stages: readonly PlanStage[], out: string): Promise<OfAll> {
    const applied = await applyStages({ ...this.#options.search.request, verify: true, out }, stages);
    return { stages: applied.stages, made: applied, left: [] };
  }

  /** The stages with the ranges of a fold. What was found out for the file of all samples besides (fitted integers, means) stays: it takes long, and hardly depends
   *  on single samples. */
  async #ofFold(
    request: QuantizeRequest,
    stages: readonly PlanStage[],
    left: readonly string[],
  ): Promise<void> {
    const [first, ...rest] = stages;
    const { remake } = this.#evidence;
    if (!remake || first?.method !== 'int8-static') {
      await applyStages(request, stages);
      return;
    }
    const out = rest.length > 0 ? this.#options.newFile() : request.out;
    const options = { ...optionsOf(first.method, request), leftNames: left };
    await remake({ ...request, options, isTry: true, out });
    if (rest.length > 0) await applyStages({ ...request, model: out }, rest);
  }
}

/** In how many folds such a file is judged, each of a file of its own. Ranges of activations depend on the samples most; what they decide of products whose
 *  activations are quantized as they come is little, and takes long: the file of all samples judges itself. */
function foldsFor(stages: readonly PlanStage[]): number {
  if (stages.some(({ method }) => method === 'int8-static')) return Number.POSITIVE_INFINITY;
  return stages.some(({ method }) => method === 'int8-dynamic') ? 0 : 1;
}
