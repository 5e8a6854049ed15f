/** The repair of a file: what its search is handed of the model, the method and the samples. */
import { layerBytes } from '../measure/weight-bytes.js';
import { readModelOutline } from '../onnx/file/read-outline.js';
import { modelBytes } from '../onnx/file/weights.js';
import { isQuantized } from '../quantize/method/result.js';
import { layersNotForHalf } from './half-storage.js';
import { COMPANIONS, KeptFile } from './kept-file.js';
import { attempt, type Judged, leaving, type Made, type ProvedRequest } from './made-file.js';
import { loudest } from './proof/trial-samples.js';
import { OutputRanking } from './repair/layers-to-leave.js';
import { mostFiles, rankingLimits } from './repair/marks.js';
import { type Repaired, repaired } from './repair/repair.js';
import type { RepairOptions } from './repair/search.js';

/** How many files of a method with a goal may be made to see whether fewer layers need be left. */
const REDUCTIONS = 6;

/** @returns inParts: the layers that are left were not told apart one by one. */
export async function repairedFrom(
  first: Made,
  request: ProvedRequest,
  judged: Judged,
): Promise<Repaired<Made> & { inParts: boolean }> {
  const { floor, goal, aimAbove } = first.marks;
  judged.exact = await layersNotForHalf(request, await judged.trialOf(), goal);
  const ranking = await rankingOf(first, request, judged);
  const kept = new KeptFile(request.out, COMPANIONS);
  try {
    const found = await repaired(first, {
      goal: goal.sqnr,
      floor,
      aimAbove,
      reductions: goal.sqnr > floor ? REDUCTIONS : 0,
      files: mostFiles((await first.losses()).values),
      ...sparing(first, request),
      layersFor: async (gain, affordable) => (await ranking?.layersFor(gain, affordable)) ?? null,
      costOf: (excluded) => {
        const options = leaving(request, { ...judged, excluded });
        return request.evidence.plannedCost?.(options) ?? null;
      },
      leastCostOf: (layer) => {
        const { leastCosts } = request.evidence;
        return leastCosts && Math.max(0, ...layer.map((name) => leastCosts.get(name) ?? 0));
      },
      attempt: async (excluded, effort) => {
        // What was there before a first attempt is put aside.
        kept.keep();
        return await attempt(request, judged, { excluded: [...excluded], effort });
      },
      restore: async () => kept.restore(),
      context: request.context,
      ...(request.isLate && { isLate: request.isLate }),
    });
    return { ...found, inParts: ranking?.isCutShort ?? false };
  } finally {
    kept.forget();
    await ranking?.close();
  }
}

/** What else a repair may do for the sake of the bytes, by what the method reduces. */
function sparing(
  { result, reduced }: Made,
  { model, options }: ProvedRequest,
): Pick<RepairOptions<Made>, 'bytesOf' | 'halves'> {
  if (options.method === 'float16')
    return { halves: result.decisions.filter(isQuantized).map(({ node }) => node) };
  if (reduced === null) return {};
  const bytes = layerBytes(readModelOutline(model));
  return { bytesOf: (layer) => bytes.get(layer) ?? 0 };
}

/** Of the file's layers by what they do to the outputs, as it lies there now. */
async function rankingOf(
  first: Made,
  { model, out, context }: ProvedRequest,
  { trialOf }: Judged,
): Promise<OutputRanking | null> {
  const { values, tensors } = await first.losses();
  const limits = rankingLimits(await modelBytes(model), values);
  if (!limits || tensors.length === 0) return null;
  const { samples } = await trialOf();
  return await OutputRanking.open({
    original: model,
    file: out,
    tensors,
    reduced: first.reduced,
    samples: loudest(samples, first.proof.noise).slice(0, limits.samples),
    runs: limits.runs,
    context,
  });
}
