/** Which samples a guess is tried on: the first ones, or queries with the documents that answer them. */
import type { Sample, StoredDataset } from '../data/samples/dataset.js';
import type { Task } from '../terms/metrics.js';

/** Samples of a trial, at most. A query has several. */
const MOST_SAMPLES = 64;
const MOST_TEXTS = 160;
/** Queries that a trial asks, at most. */
const MOST_QUERIES = 40;

/** In the order in which they are worth most where time is short. */
export async function* trialSamples(
  dataset: Pick<StoredDataset, 'samples'>,
  task: Task,
): AsyncGenerator<Sample> {
  if (task === 'retrieval') {
    yield* await queriesWithAnswers(dataset);
    return;
  }
  let read = 0;
  for await (const sample of dataset.samples()) {
    yield sample;
    if (++read >= MOST_SAMPLES) return;
  }
}

/**
 * Each query is followed by the documents that answer it and by one that is in its way: among texts drawn at random few queries would have their answer, and
 * every model would look as if it found none.
 */
async function queriesWithAnswers({ samples }: Pick<StoredDataset, 'samples'>): Promise<Sample[]> {
  const queries: { id: string; answers: number[] }[] = [];
  const documents: number[] = [];
  for await (const { id, annotation } of samples()) {
    if (annotation?.kind === 'document') documents.push(annotation.index);
    if (annotation?.kind !== 'query' || queries.length >= MOST_QUERIES) continue;
    const answers = annotation.relevant.flatMap(([document, grade]) => (grade > 0 ? [document] : []));
    if (answers.length > 0) queries.push({ id, answers });
  }
  const places = new Map<string | number, number>();
  const take = (text: string | number) => {
    if (!places.has(text)) places.set(text, places.size);
  };
  const others = documents.values();
  for (const { id, answers } of queries) {
    if (places.size + answers.length + 2 > MOST_TEXTS) break;
    take(id);
    answers.forEach(take);
    const { value, done } = others.next();
    if (!done) take(value);
  }
  const chosen: Sample[] = [];
  for await (const sample of samples()) {
    const { id, annotation } = sample;
    const place =
      annotation?.kind === 'query'
        ? places.get(id)
        : annotation?.kind === 'document'
          ? places.get(annotation.index)
          : undefined;
    if (place !== undefined) chosen[place] = sample;
  }
  return chosen.filter((sample) => sample !== undefined);
}
