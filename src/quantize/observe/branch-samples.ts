/** What branches of an If are shown on samples: what they read of the graphs around them, each on those samples on which it runs. */
import type { GraphProto, NodeProto } from 'onnx-buf';
import type { Dataset, Sample } from '../../data/samples/dataset.js';
import { makeValue } from '../../onnx/build.js';
import type { RunContext } from '../../runtime/context.js';
import { numbersOf } from '../../tensor/elements.js';
import type { Feeds } from '../../tensor/tensor.js';
import type { BodyPlace, OpenBody } from '../prepare/edit-bodies.js';
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

/** What bodies read that takes no more is kept in memory; more is computed anew each time. */
const MOST_KEPT_BYTES = 64 * 2 ** 20;

/** The samples of all branches of a model. What an If's branches read is read once, when the first of them is asked for. */
export class BranchSamples {
  readonly #request: BranchSamplesRequest;
  readonly #bodies = new Map<NodeProto, readonly OpenBody[]>();
  readonly #samples = new Map<NodeProto, Promise<ReadonlyMap<GraphProto, Dataset> | null>>();

  constructor(request: BranchSamplesRequest) {
    this.#request = request;
  }

  /** Makes the bodies of one node known, before they or those within them are asked for. */
  enter(bodies: readonly OpenBody[]): void {
    const [{ place }] = bodies as [OpenBody];
    if (place.outer === null) {
      this.#bodies.clear();
      this.#samples.clear();
    }
    this.#bodies.set(place.node, bodies);
  }

  /** null: the body is none of an If, or stands in one that is none: what each turn of a Loop reads is not known. */
  async of({ node, body }: BodyPlace): Promise<Dataset | null> {
    let samples = this.#samples.get(node);
    if (!samples) {
      samples = this.#read(node);
      this.#samples.set(node, samples);
    }
    return (await samples)?.get(body) ?? null;
  }

  async #read(node: NodeProto): Promise<ReadonlyMap<GraphProto, Dataset> | null> {
    const bodies = this.#bodies.get(node) ?? [];
    const place = bodies[0]?.place;
    if (node.opType !== 'If' || !place) return null;
    const dataset = place.outer === null ? this.#request.dataset : await this.of(place.outer);
    return dataset && (await readBranches(bodies, { ...this.#request, dataset }));
  }
}

/** @param bodies of one If. @param request with what the graph around them is shown. */
async function readBranches(
  bodies: readonly OpenBody[],
  request: BranchSamplesRequest,
): Promise<ReadonlyMap<GraphProto, Dataset>> {
  const [{ place }] = bodies as [OpenBody];
  const condition = place.node.input[0]!;
  const all = [...new Set([condition, ...bodies.flatMap(namesOf)])];
  const taken: boolean[] = [];
  let kept: Feeds[] | null = [];
  let bytes = 0;
  for await (const { feeds } of seen(place, all, request)) {
    const branch = numbersOf(feeds[condition]!)[0] !== 0;
    taken.push(branch);
    const names = bodies.filter((one) => isThenBranch(one.place) === branch).flatMap(namesOf);
    bytes += names.reduce((sum, name) => sum + bytesOf(feeds[name]!), 0);
    if (bytes > MOST_KEPT_BYTES) kept = null;
    kept?.push(picked(feeds, names));
  }
  return new Map(
    bodies.map((one) => {
      const names = namesOf(one);
      const own = isThenBranch(one.place);
      const values = async function* (): AsyncGenerator<{ index: number; feeds: Feeds }> {
        if (kept) yield* kept.map((feeds, index) => ({ index, feeds }));
        else if (taken.includes(own)) yield* seen(one.place, names, request);
      };
      const samples = async function* (): AsyncGenerator<Sample> {
        for await (const { index, feeds } of values())
          if (taken[index] === own) yield { id: String(index), feeds: picked(feeds, names), label: null };
      };
      const length = taken.filter((branch) => branch === own).length;
      const { description } = request.dataset;
      return [one.place.body, { description, length, labelled: false, classes: null, samples }];
    }),
  );
}

function isThenBranch({ node, body }: BodyPlace): boolean {
  return node.attribute.some(({ name, g }) => name === 'then_branch' && g === body);
}

const namesOf = ({ body }: OpenBody): string[] => body.model.graph.inputs.map(({ name }) => name);

function picked(feeds: Feeds, names: readonly string[]): Feeds {
  return Object.fromEntries(names.map((name) => [name, feeds[name]!]));
}

/** Of strings the elements are counted. */
function bytesOf({ data }: Feeds[string]): number {
  return 'byteLength' in data ? data.byteLength : data.length;
}

/** Values that bodies read of the graph around them, sample by sample. */
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
      yield { index, feeds: { ...results, ...picked(shown, given) } };
      if (++index >= samples) break;
    }
  } finally {
    await session?.release();
  }
}

async function* feedsOf(dataset: Dataset): AsyncGenerator<Feeds> {
  for await (const { feeds } of dataset.samples()) yield feeds;
}
