/**
 * Ranges of nearest codes, checked on the whole model. Ranges drawn in row by row bring each layer's output nearer, and the model's outputs on some models
 * not (Whisper's decoder: 15.7 dB; 16.0 with the blocks' full ranges): they are kept only where the outputs on calibration samples are surely nearer for it.
 */
import { copyModel } from '../../onnx/edit/copy-model.js';
import type { SqnrOfSamples } from '../method/lowest-sqnr.js';
import type { Decision } from '../method/result.js';
import { sureGain } from '../method/sure-gain.js';
import type { PreparedModel } from '../prepare/prepare.js';
import { OutputJudge } from './mixed/output-judge.js';
import type { LargeWeight } from './products/large-weights.js';
import { seenByWeights, toNearest, toNearestInTurn } from './products/nearest-weights.js';
import { type Parts, productsOf } from './products/parts.js';

/** Ranges of blocks: the full ones, or of each row those or drawn-in ones. */
export type NearestRanges = 'full' | 'row-by-row';

export interface NearestModel {
  /** The model with its large products rounded: what was prepared, or a copy of it. */
  rounded: PreparedModel;
  decisions: Decision[];
  ranges: NearestRanges;
}

/** Rounds the large products to the nearest codes; without calibration data, and of models that are too large to be held twice, unchecked. */
export async function toNearestOutputs(parts: Parts, weights: readonly LargeWeight[]): Promise<NearestModel> {
  const { prepared, request, level } = parts;
  const { calibration, context } = request;
  const seen = await seenByWeights(prepared, request, weights);
  const isKnown = weights.some(({ layers: [{ input }] }) => seen.has(input));
  const isChecked = calibration !== null && isKnown && prepared.model.graph.store === null;
  const judge = isChecked
    ? await OutputJudge.open(prepared, request, { fit: calibration, judge: calibration, on: 'calibration' })
    : null;
  const full = judge ? { ...prepared, model: copyModel(prepared.model) } : null;
  const decisions = await toNearestInTurn(prepared, weights, { level, seen, context });
  const chosen: NearestModel = { rounded: prepared, decisions, ranges: isKnown ? 'row-by-row' : 'full' };
  if (!judge || !full) return chosen;
  const fullDecisions = toNearest(full, productsOf(full, parts).weights, { level });
  const [byRow, plain] = [await judge.ofModel(prepared.model), await judge.ofModel(full.model)];
  if (byRow === null || plain === null || isSurelyNearer(byRow, plain)) return chosen;
  return { rounded: full, decisions: fullDecisions, ranges: 'full' };
}

/** Fewer samples have no spread to speak of: then all of them together decide. */
const LEAST_SAMPLES = 4;

function isSurelyNearer(first: SqnrOfSamples, second: SqnrOfSamples): boolean {
  if (first.noise.length < LEAST_SAMPLES) return first.sqnr > second.sqnr;
  return sureGain(first.noise, second.noise) > 0;
}
