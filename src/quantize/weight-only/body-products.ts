/**
 * Large products in bodies of If, Loop and Scan. A branch of an If is fitted like a model of its own, on the samples on which it runs. A weight that several
 * bodies hold (decoders whose branches are with and without a cache) is made once, by the body that shows it the most vectors. What each turn of a Loop or
 * Scan reads is not known: there the nearest codes stay.
 */
import { createHash } from 'node:crypto';
import type { GraphProto } from 'onnx-buf';
import { Interrupted, messageOf, UserError } from '../../errors.js';
import type { Graph } from '../../onnx/graph.js';
import { tensorBytes } from '../../onnx/tensor/tensor.js';
import { type BranchSamplesRequest, branchSamples } from '../calibrate/branch-samples.js';
import { countVectors } from '../gptq/count-vectors.js';
import { STAGE_SAMPLES } from '../gptq/fitting-time.js';
import type { FittedResult, LayerErrors } from '../gptq/staged-fit.js';
import type { BlockFormat } from '../integers/block-quantize.js';
import type { FittedWeight } from '../method/evidence.js';
import type { Decision, QuantizeNote, QuantizeRequest } from '../method/request.js';
import { type BodyPlace, editBodies } from '../prepare/edit-bodies.js';
import { hasBodies } from '../prepare/lifted-weights.js';
import type { PreparedModel } from '../prepare/prepare.js';
import { fitBlocks } from './fitted-weights.js';
import type { LargeWeight } from './large-weights.js';
import { emitWeight } from './matmul-nbits.js';
import { nearestBlocks } from './nearest-weights.js';
import { type Parts, productsOf } from './parts.js';

/** A weight of one body or more. */
export interface BodyProduct {
  key: string;
  weight: LargeWeight;
  /** The body's constants, the weight among them. */
  graph: Graph;
}

/** Visits every body with its large products. What `visit` changes in it is seen by the bodies within, and then forgotten. */
async function eachBody(
  prepared: PreparedModel,
  parts: Parts,
  visit: (body: PreparedModel, place: BodyPlace, products: readonly BodyProduct[]) => Promise<void> | void,
): Promise<void> {
  if (!hasBodies(prepared.model)) return;
  await editBodies(prepared, {
    ...parts.request,
    async edit(body, place) {
      await visit(body, place, productsOfBody(body, parts));
      return 0;
    },
  });
}

function productsOfBody(body: PreparedModel, parts: Parts): BodyProduct[] {
  const { graph } = body.model;
  return productsOf(body, parts).weights.map((weight) => ({ key: keyOf(graph, weight), weight, graph }));
}

/** What the weight is and what is made of it: equal ones are one, whatever they are called. */
export function keyOf(
  graph: Graph,
  { layers: [{ weight, transposed, alpha }], format }: LargeWeight,
): string {
  const tensor = graph.constant(weight)!;
  const hash = createHash('sha256').update(tensorBytes(tensor, graph.directory)).digest('hex');
  return JSON.stringify([hash, `${tensor.dims}`, transposed, alpha, format]);
}

/** Each weight once, in the order of the bodies. */
export async function bodyProducts(prepared: PreparedModel, parts: Parts): Promise<BodyProduct[]> {
  const known = new Map<string, BodyProduct>();
  await eachBody(prepared, parts, (_, __, products) => {
    for (const product of products) if (!known.has(product.key)) known.set(product.key, product);
  });
  return [...known.values()];
}

export interface FittedBodies {
  /** By key; without those that no sample reached. */
  made: Map<string, FittedWeight>;
  fitted: FittedResult;
  /** Weights whose bodies can't be watched. */
  unwatched: string[];
}

export interface FitBodiesOptions {
  dataset: NonNullable<QuantizeRequest['calibration']>;
  /** As FittedBlocksRequest has it. */
  finer?: (weight: LargeWeight) => BlockFormat | null;
  /** What has been fitted before. */
  made?: Map<string, FittedWeight>;
}

/** Fits the weights of all bodies. @param prepared its large products replaced already: the bodies see what their rounding makes of what they read. */
export async function fitBodies(
  prepared: PreparedModel,
  parts: Parts,
  { dataset, finer, made = new Map() }: FitBodiesOptions,
): Promise<FittedBodies> {
  const fitting: Fitting = {
    parts,
    owners: await ownersOf(prepared, parts, dataset),
    dataset,
    made,
    before: new Set(made.keys()),
    fitted: { layers: [], unseen: [], tooFew: [] },
    unwatched: new Map(),
    ...(finer && { finer }),
  };
  let refused: UserError | null = null;
  await eachBody(prepared, parts, async (body, place, products) => {
    if (products.length === 0 || refused) return;
    try {
      await fitBody(body, place, { products, fitting });
    } catch (error) {
      if (error instanceof Interrupted) throw error;
      if (error instanceof UserError) refused = error;
      parts.request.context.log.debug(`Weights in a body of '${place.node.name}': ${messageOf(error)}`);
      for (const { key, weight } of products)
        if (!made.has(key)) fitting.unwatched.set(key, weight.layers[0].weight);
    }
  });
  if (refused) throw refused;
  return { made, fitted: fitting.fitted, unwatched: [...fitting.unwatched.values()] };
}

interface Fitting
  extends Required<Pick<FitBodiesOptions, 'dataset' | 'made'>>,
    Pick<FitBodiesOptions, 'finer'> {
  parts: Parts;
  owners: ReadonlyMap<string, GraphProto>;
  /** Keys of what was fitted before. */
  before: ReadonlySet<string>;
  fitted: FittedResult;
  /** Names of weights by key. */
  unwatched: Map<string, string>;
}

/** Fits what the body owns, with what is made already in its place. */
async function fitBody(
  body: PreparedModel,
  place: BodyPlace,
  { products, fitting }: { products: readonly BodyProduct[]; fitting: Fitting },
): Promise<void> {
  const { parts, owners, dataset, made, before, fitted, unwatched, finer } = fitting;
  const { model } = body;
  const emit = (weight: LargeWeight, known: FittedWeight | null) => {
    const quantized = known?.own.blocks ?? nearestBlocks(model.graph, weight);
    emitWeight(model.graph, weight, { quantized, level: parts.level });
  };
  model.setOpset('com.microsoft', 1);
  const own = products.filter(({ key }) => !made.has(key) && owners.get(key) === place.body);
  for (const { key, weight } of products) {
    const known = made.get(key);
    if (!known) continue;
    emit(weight, known);
    if (before.has(key) && owners.get(key) === place.body)
      fitted.layers.push({ weight: weight.layers[0].weight, ...errorsOf(known) });
  }
  if (own.length === 0) return;
  const names = own.map(({ weight }) => weight.layers[0].weight);
  const samples = await branchSamples(body, place, requestOf(parts, dataset));
  if (samples === null) {
    for (const [index, { key }] of own.entries()) unwatched.set(key, names[index]!);
    return;
  }
  if (samples.length === 0) {
    fitted.unseen.push(...names);
    return;
  }
  const keys = new Map(own.map(({ key, weight }) => [weight, key]));
  const { layers, unseen, tooFew } = await fitBlocks({
    model,
    weights: own.map(({ weight }) => weight),
    dataset: samples,
    ...(finer && { finer }),
    context: parts.request.context,
    emit(weight, one) {
      if (one) made.set(keys.get(weight)!, one);
      emit(weight, one);
    },
  });
  fitted.layers.push(...layers);
  fitted.unseen.push(...unseen);
  fitted.tooFew.push(...tooFew);
}

function requestOf(
  { request: { context } }: Parts,
  dataset: FitBodiesOptions['dataset'],
): BranchSamplesRequest {
  return { dataset, samples: STAGE_SAMPLES, context };
}

function errorsOf({ own: { nearest, error } }: FittedWeight): LayerErrors {
  return { nearest, error };
}

/** The body that fits a weight: of those that hold it the one whose layers read the most vectors. */
async function ownersOf(
  prepared: PreparedModel,
  parts: Parts,
  dataset: FitBodiesOptions['dataset'],
): Promise<Map<string, GraphProto>> {
  const request = requestOf(parts, dataset);
  const owners = new Map<string, { body: GraphProto; vectors: number }>();
  await eachBody(prepared, parts, async (body, place, products) => {
    if (products.length === 0) return;
    const samples = await branchSamples(body, place, request);
    const vectors = samples?.length
      ? await countVectors(products[0]!.weight.layers[0], { ...request, model: body.model, dataset: samples })
      : 0;
    for (const { key } of products) {
      if (vectors > (owners.get(key)?.vectors ?? -1)) owners.set(key, { body: place.body, vectors });
    }
  });
  return new Map([...owners].map(([key, { body }]) => [key, body]));
}

/** What is told of the main graph's weights and of those in bodies together. */
export function withBodies(main: FittedResult | null, bodies: FittedBodies | null): FittedResult | null {
  if (main === null || bodies === null) return main;
  return {
    layers: [...main.layers, ...bodies.fitted.layers],
    unseen: [...main.unseen, ...bodies.fitted.unseen],
    tooFew: [...main.tooFew, ...bodies.fitted.tooFew],
  };
}

/** Replaces a body's large products by what `blocks` makes of each. */
export function emitBody(
  { model }: PreparedModel,
  weights: readonly LargeWeight[],
  { blocks, level }: { blocks: ReadonlyMap<string, FittedWeight>; level: number },
): Decision[] {
  if (weights.length > 0) model.setOpset('com.microsoft', 1);
  return weights.flatMap((weight) => {
    const { graph } = model;
    const quantized = blocks.get(keyOf(graph, weight))?.own.blocks ?? nearestBlocks(graph, weight);
    return emitWeight(graph, weight, { quantized, level });
  });
}

/** @param unwatched weights whose bodies can't be watched. */
export function unwatchedNotes(unwatched: readonly string[]): QuantizeNote[] {
  if (unwatched.length === 0) return [];
  const weights = unwatched.length === 1 ? 'One weight stands' : `${unwatched.length} weights stand`;
  const message = `${weights} in bodies of Loop or Scan, or in others whose values can't be observed: rounded to the nearest codes.`;
  return [{ level: 'info', code: 'quantize.subgraphs-unseen', message }];
}
