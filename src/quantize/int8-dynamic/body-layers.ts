/** Dynamically quantized products in bodies of If, Loop and Scan: smoothed (smooth-bodies.ts) and fitted (gptq/fit-bodies.ts) by what branches read. */
import type { Dataset } from '../../data/samples/dataset.js';
import type { Graph } from '../../onnx/graph.js';
import type { FittingChoice } from '../gptq/choose-fitting.js';
import {
  type BodyMethod,
  type BodyWeight,
  contentOf,
  type FittedBodies,
  fitBodies,
  weightsInBodies,
} from '../gptq/fit-bodies.js';
import { fitWeights } from '../gptq/staged-fit.js';
import type { FittedIntegers } from '../method/evidence.js';
import type { QuantizeRequest } from '../method/request.js';
import type { Decision } from '../method/result.js';
import type { Selection } from '../method/selection.js';
import type { PreparedModel } from '../prepare/prepare.js';
import { type DynamicOptions, dynamicLayers } from './choose-layers.js';
import {
  DynamicEmitter,
  type DynamicLayerOptions,
  type DynamicWeight,
  dynamicWeights,
} from './dynamic-layers.js';
import { fittedIntegers } from './fitted-layers.js';
import { SmoothedBodies } from './smoothing/smooth-bodies.js';
import { type Smoothing, servesTable } from './smoothing/smooth-quant.js';

/** The products of one model's bodies. */
export class BodyLayers {
  readonly #request: QuantizeRequest;
  readonly #selection: Selection;
  readonly #dynamic: DynamicOptions;
  readonly #smoothed = new SmoothedBodies();
  /** How each weight is made. */
  readonly #optionsOf = new WeakMap<DynamicWeight, DynamicLayerOptions>();
  readonly #keys: Pick<BodyMethod<DynamicWeight, never>, 'weightsOf' | 'keyOf'>;

  constructor(request: QuantizeRequest, selection: Selection, dynamic: DynamicOptions) {
    this.#request = request;
    this.#selection = selection;
    this.#dynamic = dynamic;
    this.#keys = {
      weightsOf: (body) => this.#layersOf(body).weights,
      keyOf: (graph, weight) => this.#keyOf(graph, weight),
    };
  }

  /** A body's weights, and what becomes of every product. */
  #layersOf(body: PreparedModel): { weights: DynamicWeight[]; decisions: Decision[] } {
    const { layers, decisions } = dynamicLayers(body, this.#selection, this.#dynamic);
    const { layers: smoothed, factors } = this.#smoothed.smoothedLayers(body.model.graph, layers);
    const weights = dynamicWeights(smoothed, factors);
    for (const weight of weights) this.#optionsOf.set(weight, { ...this.#dynamic, factors });
    return { weights, decisions };
  }

  #keyOf(graph: Graph, weight: DynamicWeight): string {
    const { layers } = weight;
    const { factors, perChannel, saturationSafe } = this.#optionsOf.get(weight)!;
    const own = factors.get(layers[0].input);
    return JSON.stringify([
      ...contentOf(graph, layers[0]),
      perChannel,
      saturationSafe,
      own ? [...own] : null,
    ]);
  }

  /** Smooths in place what branches of Ifs read. @param dataset the user's samples, or made-up ones. */
  async smooth(prepared: PreparedModel, dataset: Dataset): Promise<Smoothing['applied']> {
    const { calibration, context } = this.#request;
    return await this.#smoothed.smooth(prepared, {
      layersOf: (body) => dynamicLayers(body, this.#selection, this.#dynamic).layers,
      dataset,
      madeUp: !calibration,
      context,
      saturationSafe: this.#dynamic.saturationSafe,
      servesTable: servesTable(this.#dynamic),
    });
  }

  /** Each weight once, in the order of the bodies. */
  async weights(prepared: PreparedModel): Promise<BodyWeight<DynamicWeight>[]> {
    return await weightsInBodies(prepared, this.#keys, this.#request.context);
  }

  /** Fits all weights. @param prepared its own products replaced already. */
  async fit(
    prepared: PreparedModel,
    { rounding, dataset }: Exclude<FittingChoice, { rounding: 'nearest' }>,
  ): Promise<FittedBodies<FittedIntegers>> {
    const optionsOf = (weight: DynamicWeight) => this.#optionsOf.get(weight)!;
    const emitters = new Map<PreparedModel, DynamicEmitter>();
    const method: BodyMethod<DynamicWeight, FittedIntegers> = {
      ...this.#keys,
      fit: async ({ graphOf, ...request }) =>
        await fitWeights<DynamicWeight, FittedIntegers>({
          ...request,
          activations: 'dynamic-int8',
          async fit(weight, under) {
            const made = await fittedIntegers(graphOf(weight), weight.layers[0], {
              options: optionsOf(weight),
              rounding,
              ...under,
            });
            return { made, errors: made.errors };
          },
        }),
      emit(body, weight, made) {
        const emitter = emitters.get(body) ?? new DynamicEmitter(body.model, optionsOf(weight));
        emitters.set(body, emitter);
        emitter.emit(weight.layers, made?.weight ?? null);
      },
      errorsOf: ({ errors }) => errors,
    };
    const { context, evidence } = this.#request;
    return await fitBodies(prepared, method, {
      dataset,
      context,
      ...(evidence && { made: evidence.fittedIntegersInBodies }),
    });
  }

  /** Replaces a body's products. @param made by key; others are rounded to the nearest. */
  quantize(body: PreparedModel, made: ReadonlyMap<string, FittedIntegers>): Decision[] {
    const { weights, decisions } = this.#layersOf(body);
    const { graph } = body.model;
    let emitter: DynamicEmitter | null = null;
    for (const weight of weights) {
      emitter ??= new DynamicEmitter(body.model, this.#optionsOf.get(weight)!);
      emitter.emit(weight.layers, made.get(this.#keyOf(graph, weight))?.weight ?? null);
    }
    return decisions;
  }
}
