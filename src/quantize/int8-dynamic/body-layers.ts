/** Dynamically quantized products in bodies of If, Loop and Scan: smoothed nowhere, but fitted to what branches read (gptq/fit-bodies.ts). */
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
import type { Decision, QuantizeRequest } from '../method/request.js';
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

/** The products of one model's bodies. */
export class BodyLayers {
  readonly #request: QuantizeRequest;
  readonly #selection: Selection;
  readonly #dynamic: DynamicOptions;
  readonly #options: DynamicLayerOptions;
  readonly #keys: Pick<BodyMethod<DynamicWeight, never>, 'weightsOf' | 'keyOf'>;

  constructor(request: QuantizeRequest, selection: Selection, dynamic: DynamicOptions) {
    this.#request = request;
    this.#selection = selection;
    this.#dynamic = dynamic;
    this.#options = { ...dynamic, factors: new Map() };
    this.#keys = {
      weightsOf: (body) => dynamicWeights(dynamicLayers(body, selection, dynamic).layers, new Map()),
      keyOf: (graph, { layers: [layer] }) =>
        JSON.stringify([...contentOf(graph, layer), dynamic.perChannel, dynamic.saturationSafe]),
    };
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
    const options = this.#options;
    const emitters = new Map<PreparedModel, DynamicEmitter>();
    const method: BodyMethod<DynamicWeight, FittedIntegers> = {
      ...this.#keys,
      fit: async ({ graphOf, ...request }) =>
        await fitWeights<DynamicWeight, FittedIntegers>({
          ...request,
          activations: 'dynamic-int8',
          async fit(weight, under) {
            const made = await fittedIntegers(graphOf(weight), weight.layers[0], {
              options,
              rounding,
              ...under,
            });
            return { made, errors: made.errors };
          },
        }),
      emit(body, { layers }, made) {
        const emitter = emitters.get(body) ?? new DynamicEmitter(body.model, options);
        emitters.set(body, emitter);
        emitter.emit(layers, made?.weight ?? null);
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
    const { layers, decisions } = dynamicLayers(body, this.#selection, this.#dynamic);
    const { graph } = body.model;
    const emitter = new DynamicEmitter(body.model, this.#options);
    for (const weight of dynamicWeights(layers, this.#options.factors))
      emitter.emit(weight.layers, made.get(this.#keys.keyOf(graph, weight))?.weight ?? null);
    return decisions;
  }
}
