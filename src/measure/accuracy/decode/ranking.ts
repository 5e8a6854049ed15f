/** How good a ranking of documents is (Järvelin and Kekäläinen, ACM TOIS 20, 2002, for nDCG; as trec_eval counts). */

/** Grades of documents by index; those that aren't there are 0. */
export type Grades = ReadonlyMap<number, number>;

/** Documents by falling score; of equal scores the earlier one is first. */
export function ranked(scores: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: scores.length }, (_, at) => at).sort(
    (one, other) => scores[other]! - scores[one]! || one - other,
  );
}

const isRelevant = (grade = 0) => grade > 0;

function relevantCount(grades: Grades): number {
  return [...grades.values()].filter(isRelevant).length;
}

/** Grades at the first `depth` ranks, each divided by log₂(rank + 1), relative to the best order there is; 0 without a relevant document. */
export function ndcg(ranking: ArrayLike<number>, grades: Grades, depth: number): number {
  const gain = (list: readonly number[]) =>
    list.slice(0, depth).reduce((sum, grade, at) => sum + grade / Math.log2(at + 2), 0);
  const best = gain([...grades.values()].filter(isRelevant).sort((a, b) => b - a));
  const found = Array.from(
    { length: Math.min(depth, ranking.length) },
    (_, at) => grades.get(ranking[at]!) ?? 0,
  );
  return best === 0 ? 0 : gain(found) / best;
}

/** Share of the relevant documents that is among the first `depth`; 0 where there is none. */
export function recall(ranking: ArrayLike<number>, grades: Grades, depth: number): number {
  let found = 0;
  for (let at = 0; at < Math.min(depth, ranking.length); at++)
    if (isRelevant(grades.get(ranking[at]!))) found++;
  const all = relevantCount(grades);
  return all === 0 ? 0 : found / all;
}

/** 1 ÷ rank of the first relevant document, 0 beyond `depth`. */
export function reciprocalRank(ranking: ArrayLike<number>, grades: Grades, depth: number): number {
  for (let at = 0; at < Math.min(depth, ranking.length); at++)
    if (isRelevant(grades.get(ranking[at]!))) return 1 / (at + 1);
  return 0;
}

/** Mean of the precision at each relevant document's rank; 0 where there is none. */
export function averagePrecision(ranking: ArrayLike<number>, grades: Grades): number {
  let found = 0;
  let sum = 0;
  for (let at = 0; at < ranking.length; at++) {
    if (!isRelevant(grades.get(ranking[at]!))) continue;
    found++;
    sum += found / (at + 1);
  }
  const all = relevantCount(grades);
  return all === 0 ? 0 : sum / all;
}
