/** What a branch of an If is shown on samples: what it reads of the graphs around it, on those samples on which it runs. */
import type { Dataset, Sample } from '../../data/samples/dataset.js';
import { makeValue } from '../../onnx/build.js';
import type { RunContext } from '../../runtime/context.js';
import { numbersOf } from '../../tensor/elements.js';
import type { Feeds } from '../../tensor/tensor.js';
import type { BodyPlace } from '../prepare/edit-bodies.js';
import type { PreparedModel } from '../prepare/prepare.js';
import { batches } from './batches.js';
import { openObserved } from './observed-model.js';
import { refusedSample } from './refused-sample.js';

export interface BranchSamplesRequest {
  /** What the model is shown. */
  dataset: Dataset;
  /** Samples read at most. */
  samples: number;
  context: RunContext;
}

/**
 * The branch's samples. Each reading runs what they need of the graphs around it again. null: the body is none of an If, or stands in one that is none:
 * what each turn of a Loop reads is not known.
 * @param body taken for a model (editBodies).
 */
export async function branchSamples(
  body: PreparedModel,
  place: BodyPlace,
  request: BranchSamplesRequest,
): Promise<Dataset | null> {
  const { node, outer } = place;
  if (node.opType !== 'If') return null;
  const dataset = outer === null ? request.dataset : await branchSamples(place.around, outer, request);
  if (dataset === null) return null;
  const own = { ...request, dataset };
  const condition = node.input[0]!;
  const runs = isThenBranch(place);
  const taken: boolean[] = [];
  for await (const { feeds } of seen(place, [condition], own))
    taken.push((numbersOf(feeds[condition]!)[0] !== 0) === runs);
  const names = body.model.graph.inputs.map(({ name }) => name);
  return {
    description: dataset.description,
    length: taken.filter(Boolean).length,
    labelled: false,
    classes: null,
    async *samples(): AsyncGenerator<Sample> {
      if (!taken.includes(true)) return;
      for await (const { index, feeds } of seen(place, names, own))
        if (taken[index]) yield { id: String(index), feeds, label: null };
    },
  };
}

function isThenBranch({ node, body }: BodyPlace): boolean {
  return node.attribute.some(({ name, g }) => name === 'then_branch' && g === body);
}

/** Values that a body reads of the graph around it, sample by sample. */
async function* seen(
  { around: { model } }: BodyPlace,
  names: readonly string[],
  { dataset, samples, context }: BranchSamplesRequest,
): AsyncGenerator<{ index: number; feeds: Feeds }> {
  const { graph } = model;
  const given = names.filter((name) => graph.isInput(name));
  const made = names.filter((name) => !graph.isInput(name));
  const outputs = made.map((name) => makeValue(name));
  const session =
    made.length === 0
      ? null
      : await openObserved(model, { nodes: [], initializers: [], outputs }, { context });
  try {
    let index = 0;
    for await (const shown of session ? batches(dataset, session.inputs, context.signal) : feedsOf(dataset)) {
      const results: Feeds = session
        ? await session.run(shown).catch((error: unknown) => {
            throw refusedSample(error, dataset, shown);
          })
        : {};
      const entries = given.map((name) => [name, shown[name]!] as const);
      yield { index, feeds: { ...results, ...Object.fromEntries(entries) } };
      if (++index >= samples) break;
    }
  } finally {
    await session?.release();
  }
}

async function* feedsOf(dataset: Dataset): AsyncGenerator<Feeds> {
  for await (const { feeds } of dataset.samples()) yield feeds;
}
