/**
 * Weights in bodies of If, Loop and Scan. Branches of an If are fitted like models, each on the samples on which it runs: a weight that both hold (decoders
 * whose branches are with and without a cache) is fitted once, to what both read. Ifs come in the graph's order, and see what the rounding of earlier ones
 * makes of their inputs. What each turn of a Loop or Scan reads is not known: there the nearest codes stay.
 */
import { createHash } from 'node:crypto';
import { Interrupted, messageOf, UserError } from '../../errors.js';
import { copyModel } from '../../onnx/edit/copy-model.js';
import type { Graph } from '../../onnx/graph.js';
import { tensorBytes } from '../../onnx/tensor/tensor.js';
import type { LinearLayer } from '../layers/linear-layer.js';
import type { QuantizeRequest } from '../method/request.js';
import type { QuantizeNote } from '../method/result.js';
import { BranchSamples } from '../observe/branch-samples.js';
import { editBodies, type OpenBody } from '../prepare/edit-bodies.js';
import { hasBodies } from '../prepare/lifted-weights.js';
import type { PreparedModel } from '../prepare/prepare.js';
import { STAGE_SAMPLES } from './fitting-time.js';
import type { SharedWeight, WeightReader } from './shared-weight.js';
import type { FittedRequest, FittedResult, LayerErrors } from './staged-fit.js';

/** A weight of one body or more. */
export interface BodyWeight<W> {
  /** What it is and what is made of it: equal ones are one, whatever they are called. */
  key: string;
  weight: W;
  /** The body's constants, the weight among them. */
  graph: Graph;
}

/** What a method makes of weights in bodies. */
export interface BodyMethod<W extends SharedWeight, F> {
  /** The body's weights, in the graph's order. @param body whose constants are not changed. */
  weightsOf(body: PreparedModel): readonly W[];
  /** The same of equal weights of which the same is made. */
  keyOf(graph: Graph, weight: W): string;
  /** Fits weights. @param request as fitWeights takes it; who has the constants is told by `graphOf`. */
  fit(request: BodyFitRequest<W, F>): Promise<FittedResult>;
  /** Replaces the weight's layers in a body. @param made null: by the nearest codes. */
  emit(body: PreparedModel, weight: W, made: F | null): void;
  errorsOf(made: F): LayerErrors;
}

export type BodyFitRequest<W extends SharedWeight, F> = Pick<
  FittedRequest<W, F>,
  'weights' | 'readers' | 'context' | 'emit'
> & { graphOf: (weight: W) => Graph };

/** What a layer's weight is: equal ones have the same. */
export function contentOf(graph: Graph, { weight, transposed, alpha }: LinearLayer): unknown[] {
  const tensor = graph.constant(weight)!;
  const hash = createHash('sha256').update(tensorBytes(tensor, graph.directory)).digest('hex');
  return [hash, `${tensor.dims}`, transposed, alpha];
}

/** Each weight once, in the order of the bodies. */
export async function weightsInBodies<W extends SharedWeight>(
  prepared: PreparedModel,
  { weightsOf, keyOf }: Pick<BodyMethod<W, never>, 'weightsOf' | 'keyOf'>,
  context: QuantizeRequest['context'],
): Promise<BodyWeight<W>[]> {
  const known = new Map<string, BodyWeight<W>>();
  if (!hasBodies(prepared.model)) return [];
  await editBodies(prepared, {
    context,
    edit(body) {
      const { graph } = body.model;
      for (const weight of weightsOf(body)) {
        const key = keyOf(graph, weight);
        if (!known.has(key)) known.set(key, { key, weight, graph });
      }
      return 0;
    },
  });
  return [...known.values()];
}

export interface FittedBodies<F> {
  /** By key; without those that no sample reached. */
  made: Map<string, F>;
  fitted: FittedResult;
  /** Weights whose bodies can't be watched. */
  unwatched: string[];
}

export interface FitBodiesOptions<F> {
  dataset: NonNullable<QuantizeRequest['calibration']>;
  context: QuantizeRequest['context'];
  /** What has been fitted before; what is fitted now goes there, too. Default: nothing. */
  made?: Map<string, F>;
}

/** Fits the weights of all bodies; the model stays as it is. @param prepared its own weights rounded already: the bodies see what becomes of what they read. */
export async function fitBodies<W extends SharedWeight, F>(
  prepared: PreparedModel,
  method: BodyMethod<W, F>,
  { dataset, context, made = new Map() }: FitBodiesOptions<F>,
): Promise<FittedBodies<F>> {
  const bodies = new BodyFit(method, { dataset, context, made });
  if (!hasBodies(prepared.model)) return { made, ...bodies.result() };
  const copy = { ...prepared, model: copyModel(prepared.model) };
  await editBodies(copy, {
    context,
    before: async (opened) => bodies.fit(opened),
    // What was replaced is put in place: later bodies see it.
    edit: (body) => bodies.replaced.get(body) ?? 0,
  });
  return { made, ...bodies.result() };
}

/** A body with its weights. */
interface HeldWeights<W> extends OpenBody {
  weights: readonly { key: string; weight: W }[];
}

class BodyFit<W extends SharedWeight, F> {
  /** Weights that were replaced, by body. */
  readonly replaced = new Map<PreparedModel, number>();
  readonly #method: BodyMethod<W, F>;
  readonly #options: Required<FitBodiesOptions<F>>;
  readonly #samples: BranchSamples;
  /** Keys of what was fitted before, until it is told. */
  readonly #before: Set<string>;
  readonly #layers: FittedResult['layers'] = [];
  /** Names of weights by key: a later body may show more of them. */
  readonly #left = {
    unseen: new Map<string, string>(),
    tooFew: new Map<string, string>(),
    unwatched: new Map<string, string>(),
  };

  constructor(method: BodyMethod<W, F>, options: Required<FitBodiesOptions<F>>) {
    this.#method = method;
    this.#options = options;
    this.#samples = new BranchSamples({ ...options, samples: STAGE_SAMPLES });
    this.#before = new Set(options.made.keys());
  }

  result(): Omit<FittedBodies<F>, 'made'> {
    const { made } = this.#options;
    const [unseen, tooFew, unwatched] = [this.#left.unseen, this.#left.tooFew, this.#left.unwatched].map(
      (names) => [...names].filter(([key]) => !made.has(key)).map(([, name]) => name),
    ) as [string[], string[], string[]];
    return { fitted: { layers: this.#layers, unseen, tooFew }, unwatched };
  }

  /** Fits and replaces what the bodies of one node hold. Where that fails, they keep what they have for now. */
  async fit(opened: readonly OpenBody[]): Promise<void> {
    this.#samples.enter(opened);
    const open = new Map<string, BodyWeight<W>>();
    try {
      await this.#fitBodies(
        opened.map((one) => ({ ...one, weights: this.#weightsOf(one.body) })),
        open,
      );
    } catch (error) {
      if (error instanceof Interrupted || error instanceof UserError) throw error;
      this.#options.context.log.debug(
        `Weights in bodies of '${opened[0]!.place.node.name}': ${messageOf(error)}`,
      );
      for (const { body } of opened) this.replaced.delete(body);
      for (const { key, weight } of open.values()) this.#left.unwatched.set(key, nameOf(weight));
    }
  }

  /** @param open is told which weights are not fitted yet. */
  async #fitBodies(bodies: readonly HeldWeights<W>[], open: Map<string, BodyWeight<W>>): Promise<void> {
    const { made } = this.#options;
    for (const { body, weights } of bodies) {
      for (const { key, weight } of weights) {
        if (!made.has(key)) open.set(key, open.get(key) ?? { key, weight, graph: body.model.graph });
        else if (this.#before.delete(key))
          this.#layers.push({ weight: nameOf(weight), ...this.#method.errorsOf(made.get(key)!) });
      }
    }
    const waiting = new Set(bodies.flatMap(({ weights }) => weights.map(({ weight }) => weight)));
    const emit = (which: (key: string) => boolean) => {
      for (const { body, weights } of bodies) {
        for (const { key, weight } of weights) {
          if (!which(key) || !waiting.delete(weight)) continue;
          this.#method.emit(body, weight, made.get(key) ?? null);
          this.replaced.set(body, (this.replaced.get(body) ?? 0) + 1);
        }
      }
    };
    emit((key) => made.has(key));
    await this.#fitOpen(open, bodies, (key) => emit((each) => each === key));
    emit(() => true);
  }

  #weightsOf(body: PreparedModel): HeldWeights<W>['weights'] {
    const { graph } = body.model;
    return this.#method.weightsOf(body).map((weight) => ({ key: this.#method.keyOf(graph, weight), weight }));
  }

  async #fitOpen(
    open: ReadonlyMap<string, BodyWeight<W>>,
    bodies: readonly HeldWeights<W>[],
    emit: (key: string) => void,
  ): Promise<void> {
    if (open.size === 0) return;
    const names = new Map([...open].map(([key, { weight }]) => [key, nameOf(weight)]));
    const readers = await this.#readersOf(open, bodies);
    if (readers === null) {
      for (const [key, name] of names) this.#left.unwatched.set(key, name);
      return;
    }
    if (readers.length === 0) {
      for (const [key, name] of names) this.#left.unseen.set(key, name);
      return;
    }
    const { made, context } = this.#options;
    const keys = new Map([...open].map(([key, { weight }]) => [weight, key]));
    const missed: string[] = [];
    const weights = [...keys.keys()];
    const { layers, unseen } = await this.#method.fit({
      weights,
      readers,
      context,
      graphOf: (weight) => open.get(keys.get(weight)!)!.graph,
      emit: (weight, one) => {
        const key = keys.get(weight)!;
        if (one !== null) made.set(key, one);
        else missed.push(key);
        emit(key);
      },
    });
    this.#layers.push(...layers);
    for (const key of missed) {
      const name = names.get(key)!;
      this.#left[unseen.includes(name) ? 'unseen' : 'tooFew'].set(key, name);
    }
  }

  /** The bodies that a sample takes, as readers of the open weights; null: they can't be watched. */
  async #readersOf(
    open: ReadonlyMap<string, BodyWeight<W>>,
    bodies: readonly HeldWeights<W>[],
  ): Promise<WeightReader<W>[] | null> {
    const readers: WeightReader<W>[] = [];
    for (const { body, place, weights } of bodies) {
      if (!weights.some(({ key }) => open.has(key))) continue;
      const dataset = await this.#samples.of(place);
      if (dataset === null) return null;
      if (dataset.length === 0) continue;
      const own = new Map<W, LinearLayer[]>();
      for (const { key, weight } of weights) {
        const first = open.get(key)?.weight;
        if (first) own.set(first, [...(own.get(first) ?? []), ...weight.layers]);
      }
      readers.push({ model: body.model, dataset, layersOf: (weight) => own.get(weight) ?? [] });
    }
    return readers;
  }
}

function nameOf({ layers: [{ weight }] }: SharedWeight): string {
  return weight;
}

/** What is told of the main graph's weights and of those in bodies together. */
export function withBodies(
  main: FittedResult | null,
  bodies: Pick<FittedBodies<unknown>, 'fitted'> | null,
): FittedResult | null {
  if (main === null || bodies === null) return main;
  return {
    layers: [...main.layers, ...bodies.fitted.layers],
    unseen: [...main.unseen, ...bodies.fitted.unseen],
    tooFew: [...main.tooFew, ...bodies.fitted.tooFew],
  };
}

/** @param unwatched weights whose bodies can't be watched. */
export function unwatchedNotes(unwatched: readonly string[]): QuantizeNote[] {
  if (unwatched.length === 0) return [];
  const weights = unwatched.length === 1 ? 'One weight stands' : `${unwatched.length} weights stand`;
  const message = `${weights} in bodies of Loop or Scan, or in others whose values can't be observed: rounded to the nearest codes.`;
  return [{ level: 'info', code: 'quantize.subgraphs-unseen', message }];
}
