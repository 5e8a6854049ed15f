/** Makes the file: the model prepared, rewritten and smoothed, its layers, tables and recurrent layers in 8 bits, what stays float stored in fewer. */
import type { Dataset } from '../../data/samples/dataset.js';
import { Interrupted, messageOf } from '../../errors.js';
import { chooseFitting, type FittingChoice, fittingNotes } from '../gptq/choose-fitting.js';
import { unwatchedNotes, withBodies } from '../gptq/fit-bodies.js';
import { type Unfitted, whyUnfitted } from '../gptq/why-unfitted.js';
import { quantizeEmbeddings } from '../layers/embeddings.js';
import { storeFinely } from '../layers/fine-weights.js';
import { foldWeights, isFoldableLayer } from '../layers/folded-weights.js';
import { HalfStorage } from '../layers/half-weights.js';
import type { LinearLayer } from '../layers/linear-layer.js';
import { foldTiedTables } from '../layers/tied-tables.js';
import { isCpu } from '../method/compare-speed.js';
import type { FittedIntegers } from '../method/evidence.js';
import type { QuantizeRequest } from '../method/request.js';
import {
  type Decision,
  isChanged,
  isQuantized,
  lastOf,
  type QuantizeNote,
  unmatchedNotes,
} from '../method/result.js';
import { makeSelection, type Selection, type SelectionOptions } from '../method/selection.js';
import { syntheticTokens } from '../observe/synthetic-tokens.js';
import { editBodies } from '../prepare/edit-bodies.js';
import { type PreparedModel, prepareModel } from '../prepare/prepare.js';
import { writePrepared } from '../prepare/write-prepared.js';
import { applyRewrites } from '../rewrite/rewrite.js';
import { quantizeAttention } from './attention.js';
import { BodyLayers } from './body-layers.js';
import { type DynamicOptions, decidesItself, dynamicLayers } from './choose-layers.js';
import { chooseRecurrent } from './choose-recurrent.js';
import { type DynamicLayerOptions, dynamicWeights, quantizeLayers } from './dynamic-layers.js';
import { fitLayers } from './fitted-layers.js';
import { mergeLayers } from './merge-layers.js';
import { quantizeRecurrent } from './recurrent.js';
import { type Smoothing, servesTable, smoothActivations } from './smoothing/smooth-quant.js';

export interface Written {
  decisions: Decision[];
  notes: QuantizeNote[];
  provenance: Record<string, unknown>;
  /** Samples of the user's, or made-up ones; null: there are none. */
  dataset: Dataset | null;
}

/** Writes the file if anything in it is quantized. */
export async function writeDynamic(request: QuantizeRequest, dynamic: DynamicOptions): Promise<Written> {
  const { options, target } = request;
  const { perChannel, saturationSafe, onlyWeights = false } = dynamic;
  const prepared = await prepareModel(request.model, {
    ...request,
    keepsSharing: true,
    narrowFloats: isCpu(target) ? 'float32' : 'kept',
  });
  const rewrites = await applyRewrites(prepared.model, prepared.types, { ...request.context, target });
  const selection = makeSelection(options, prepared.model.graph.nodes);
  const { layers, decisions: made } = dynamicLayers(prepared, selection, dynamic);
  const dataset = request.calibration ?? syntheticTokens(prepared.model);
  const recurrent = onlyWeights
    ? { layers: [], decisions: [] }
    : await chooseRecurrent({ prepared, selection, options: dynamic, dataset, request });
  made.push(...recurrent.decisions);
  const inBodies = new BodyLayers(request, selection, dynamic);
  const smoothed = await smooth(prepared, layers, { request, dataset, dynamic });
  const smoothedInside =
    options.smoothQuant === false || !dataset ? [] : await inBodies.smooth(prepared, dataset);
  // One scale for several weights would be coarser than one for each.
  const products = perChannel ? mergeLayers(prepared.model, layers) : layers;
  const rounded = await quantizeProducts(prepared, products, {
    request,
    options: { ...dynamic, factors: smoothed?.factors[0] ?? new Map() },
    inBodies,
    why: () => whyNotFitted(prepared, request, dynamic),
  });
  quantizeRecurrent(prepared.model, recurrent.layers, dynamic);
  made.push(...quantizeAttention(prepared.model, selection, dynamic));
  if (decidesItself(options)) made.push(...foldTiedTables(prepared, selection, isFoldableLayer));
  made.push(...quantizeEmbeddings(prepared, selection));
  // Of what a user lists, only what has a kernel.
  if (decidesItself(options))
    made.push(
      ...foldWeights(prepared, selection, isFoldableLayer).filter(isQuantized),
      ...storeFinely(prepared, options),
    );
  // What a repair leaves computes in float32, of weights that are stored in half all the same.
  const storage = new HalfStorage(options);
  const store = (graph: PreparedModel) => (decidesItself(options) ? storage.store(graph) : 0);
  await editBodies(prepared, {
    ...request,
    edit: (body) => {
      const inside = [
        ...inBodies.quantize(body, rounded.inBodies),
        ...quantizeBodyRest(body, selection, dynamic),
        ...(decidesItself(options) ? storeFinely(body, options) : []),
      ];
      made.push(...inside);
      return inside.filter(isQuantized).length;
    },
    after: store,
  });
  store(prepared);
  const decisions = storage.told(lastOf(made));
  if (decisions.some(isChanged)) {
    await writePrepared(prepared, request);
  }
  const smoothings = [...(smoothed?.applied ?? []), ...smoothedInside];
  const { rounding } = rounded;
  const provenance = { perChannel, saturationSafe, smoothed: smoothings, rounding, rewrites };
  return { decisions, notes: [...unmatchedNotes(selection), ...rounded.notes], provenance, dataset };
}

/** Replaces the products in the graph: rounded to the nearest, or fitted to the calibration data. Those in bodies are fitted, not replaced. */
async function quantizeProducts(
  prepared: PreparedModel,
  products: readonly LinearLayer[],
  {
    request,
    options,
    inBodies,
    why,
  }: {
    request: QuantizeRequest;
    options: DynamicLayerOptions;
    inBodies: BodyLayers;
    why: () => Promise<Unfitted>;
  },
): Promise<{
  rounding: FittingChoice['rounding'];
  notes: QuantizeNote[];
  inBodies: ReadonlyMap<string, FittedIntegers>;
}> {
  const { context, evidence } = request;
  const layers = dynamicWeights(products, options.factors);
  const inside = request.calibration ? await inBodies.weights(prepared) : [];
  const weights = [...layers, ...inside.map(({ weight }) => weight)];
  const choice = await chooseFitting(weights, request, { byDefault: 'adaptive', why });
  const { rounding } = choice;
  if (rounding === 'nearest') {
    quantizeLayers(prepared, products, options);
    return { rounding, notes: fittingNotes(choice, null), inBodies: new Map() };
  }
  const fitted = await fitLayers(prepared, {
    layers,
    options,
    rounding,
    dataset: choice.dataset,
    context,
    ...(evidence && { known: evidence.fitted }),
  });
  const bodies = inside.length > 0 ? await inBodies.fit(prepared, choice) : null;
  return {
    rounding,
    notes: [...fittingNotes(choice, withBodies(fitted, bodies)), ...unwatchedNotes(bodies?.unwatched ?? [])],
    inBodies: bodies?.made ?? new Map(),
  };
}

async function whyNotFitted(
  prepared: PreparedModel,
  request: QuantizeRequest,
  dynamic: DynamicOptions,
): Promise<Unfitted> {
  const { options } = request;
  const all = { ...dynamic, onlyWeights: false };
  const isAny = async (selected: SelectionOptions) => {
    const selection = makeSelection(selected);
    if (dynamicLayers(prepared, selection, all).layers.length > 0) return true;
    return (await new BodyLayers(request, selection, all).weights(prepared)).length > 0;
  };
  return dynamic.onlyWeights && (await isAny(options)) ? 'slower' : await whyUnfitted(options, isAny);
}

/** What is no product in the body of an If, a Loop or a Scan. */
function quantizeBodyRest(body: PreparedModel, selection: Selection, dynamic: DynamicOptions): Decision[] {
  const decisions = quantizeAttention(body.model, selection, dynamic);
  decisions.push(...quantizeEmbeddings(body, selection));
  if (dynamic.onlyPaying)
    decisions.push(...foldWeights(body, selection, isFoldableLayer).filter(isQuantized));
  return decisions;
}

/** Smooths by calibration data, or by made-up tokens. */
async function smooth(
  prepared: PreparedModel,
  layers: readonly LinearLayer[],
  {
    request,
    dataset,
    dynamic,
  }: { request: QuantizeRequest; dataset: Dataset | null; dynamic: DynamicOptions },
): Promise<Smoothing | null> {
  if (request.options.smoothQuant === false || layers.length === 0 || !dataset) return null;
  try {
    return await smoothActivations({
      models: [{ model: prepared.model, layers, dataset }],
      weightOf: (_, { weight, transposed }) => `${transposed} ${weight}`,
      context: request.context,
      saturationSafe: dynamic.saturationSafe,
      servesTable: servesTable(dynamic),
    });
  } catch (error) {
    if (request.calibration || error instanceof Interrupted) throw error;
    // Statistics come before any edit: the model is untouched, only not smoothed.
    request.context.log.debug(
      `Made-up tokens don't suit this model (${messageOf(error)}): its activations are not smoothed.`,
    );
    return null;
  }
}
