/** Queries and documents as embeddings: how well the documents that answer a query rank by cosine. */
import type { Sample } from '../../../data/samples/dataset.js';
import { tokenRoles } from '../../../data/samples/token-inputs.js';
import { UserError } from '../../../errors.js';
import type { Statistic } from '../../../statistics/bootstrap.js';
import { numbersOf } from '../../../tensor/elements.js';
import type { Feeds, Tensor } from '../../../tensor/tensor.js';
import { averagePrecision, type Grades, ndcg, ranked, recall, reciprocalRank } from '../decode/ranking.js';
import type { StatisticMetric } from './metric.js';
import type { TaskOptions } from './task-options.js';

/** Every query is compared with every document. */
const MAX_SAMPLES = 50_000;
const [QUERY, DOCUMENT] = [0, 1];

type Figure = (ranking: Uint32Array, grades: Grades) => number;

const FIGURES: readonly (readonly [name: string, figure: Figure])[] = [
  ['accuracy.ndcg10', (ranking, grades) => ndcg(ranking, grades, 10)],
  ['accuracy.recall5', (ranking, grades) => recall(ranking, grades, 5)],
  ['accuracy.recall100', (ranking, grades) => recall(ranking, grades, 100)],
  ['accuracy.mrr10', (ranking, grades) => reciprocalRank(ranking, grades, 10)],
  ['accuracy.retrieval-map', (ranking, grades) => averagePrecision(ranking, grades)],
];

/**
 * Means over the queries; their intervals draw queries, the documents stay. A row is its kind, of a document its index, of a query the documents that
 * answer it, and the embedding.
 */
export function retrievalMetrics(options: Pick<TaskOptions, 'decoder'>): StatisticMetric[] {
  const last = { output: null as Tensor | null, row: null as Float32Array | null };
  const scored = new WeakMap<object, readonly Float64Array[]>();
  const keep = (sample: Sample, output: Tensor) => {
    // Five metrics keep the same of each sample: once.
    if (last.output !== output) Object.assign(last, { output, row: rowOf(sample, output, options) });
    return last.row!;
  };
  const figuresOf = (kept: readonly ArrayLike<number>[]) => {
    const [first] = kept as readonly [ArrayLike<number>];
    const known = scored.get(first) ?? figuresOfQueries(kept as readonly Float32Array[]);
    scored.set(first, known);
    return known;
  };
  return FIGURES.map(([name], place) => ({
    name,
    kind: 'statistic',
    undefinedReason: 'there are no queries',
    keep,
    figuresOfSamples: (kept) => figuresOf(kept)[place]!,
    statistic: (kept) => (kept.length === 0 ? () => Number.NaN : meanOver(figuresOf(kept)[place]!)),
  }));
}

/** Samples that are no query have NaN. */
function meanOver(figures: Float64Array): Statistic {
  return (weights) => {
    let sum = 0;
    let queries = 0;
    figures.forEach((figure, at) => {
      if (Number.isNaN(figure)) return;
      const weight = weights === null ? 1 : weights[at]!;
      sum += weight * figure;
      queries += weight;
    });
    return sum / queries;
  };
}

function rowOf(
  { id, annotation, feeds }: Sample,
  output: Tensor,
  { decoder }: Pick<TaskOptions, 'decoder'>,
): Float32Array {
  if (annotation?.kind !== 'query' && annotation?.kind !== 'document') {
    throw new UserError(
      'accuracy.wrong-data',
      `Sample ${id} is neither a query nor a document: retrieval reads BEIR's folder or pairs of texts, with a tokenizer.`,
    );
  }
  const embedding = pooled(output, { decoder: decoder ?? null, id, feeds });
  const relevant = annotation.kind === 'query' ? annotation.relevant.flat() : [];
  const head =
    annotation.kind === 'query' ? [QUERY, relevant.length, ...relevant] : [DOCUMENT, 0, annotation.index];
  const row = new Float32Array(head.length + embedding.length);
  row.set(head);
  row.set(embedding, head.length);
  return row;
}

interface Pooling {
  decoder: string | null;
  /** Names the sample. */
  id: string;
  feeds: Feeds;
}

/** Of length 1. One vector per token is pooled as `decoder` says: the mean of those that the mask counts, or the first of them. */
function pooled(output: Tensor, { decoder, id, feeds }: Pooling): Float32Array {
  const values = numbersOf(output);
  const width = output.dims.at(-1) ?? 0;
  const vectors = width === 0 ? 0 : values.length / width;
  if (vectors !== 1 && decoder !== 'mean' && decoder !== 'cls') {
    throw new UserError(
      'accuracy.output-shape',
      `Sample ${id}: the scored output [${output.dims.join(', ')}] holds ${vectors} vectors; retrieval compares one per text. Choose a pooled \`output\`, or pool with \`decoder: mean\` or \`decoder: cls\`.`,
    );
  }
  const counted = countedTokens(feeds, vectors);
  const vector = new Float32Array(width);
  for (const at of decoder === 'mean' ? counted : counted.slice(0, 1))
    for (let column = 0; column < width; column++) vector[column]! += values[at * width + column]!;
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

/** Positions that are no padding: a model of fixed length gets rows that are filled up. */
function countedTokens(feeds: Feeds, vectors: number): number[] {
  const all = Array.from({ length: vectors }, (_, at) => at);
  const inputs = Object.entries(feeds).map(([name, { type }]) => ({ name, type }));
  const mask = [...tokenRoles(inputs)].find(([, role]) => role === 'mask')?.[0];
  const kept = mask === undefined ? null : numbersOf(feeds[mask]!);
  if (kept?.length !== vectors) return all;
  return all.filter((at) => kept[at] !== 0);
}

/** By metric, then by sample. */
function figuresOfQueries(kept: readonly Float32Array[]): Float64Array[] {
  if (kept.length > MAX_SAMPLES) {
    throw new UserError(
      'accuracy.too-many-samples',
      `Retrieval compares every query with every document; ${kept.length} texts are too many. Keep to ${MAX_SAMPLES}.`,
    );
  }
  const documents = kept.flatMap((row) =>
    row[0] === DOCUMENT ? [{ index: row[2]!, vector: row.subarray(3) }] : [],
  );
  const places = new Map(documents.map(({ index }, place) => [index, place]));
  const figures = FIGURES.map(() => new Float64Array(kept.length).fill(Number.NaN));
  kept.forEach((row, at) => {
    if (row[0] !== QUERY) return;
    const end = 2 + row[1]!;
    const grades = new Map<number, number>();
    // A document that isn't among the samples is never found, and counts all the same.
    for (let place = 2; place < end; place += 2)
      grades.set(places.get(row[place]!) ?? -1 - row[place]!, row[place + 1]!);
    const vector = row.subarray(end);
    const ranking = ranked(documents.map((document) => dot(vector, document.vector)));
    FIGURES.forEach(([, figure], place) => {
      figures[place]![at] = figure(ranking, grades);
    });
  });
  return figures;
}

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!;
  return sum;
}
