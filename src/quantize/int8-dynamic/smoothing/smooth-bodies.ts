/**
 * Smooths the activations of products in branches of an If, those of all branches by common factors: a weight that several read stays one. The model computes
 * what it did before: in front of each layer a Mul takes its factors back, until the layer is replaced. Loop and Scan are left alone: what each turn reads is not known.
 */
import type { NodeProto } from 'onnx-buf';
import type { Dataset } from '../../../data/samples/dataset.js';
import { Interrupted, messageOf, UserError } from '../../../errors.js';
import type { Graph } from '../../../onnx/graph.js';
import { inputOf, outputOf } from '../../../onnx/node.js';
import { sameBytes } from '../../../tensor/same-bytes.js';
import { contentOf } from '../../gptq/fit-bodies.js';
import { STAGE_SAMPLES } from '../../gptq/fitting-time.js';
import type { LinearLayer } from '../../layers/linear-layer.js';
import type { QuantizeRequest } from '../../method/request.js';
import { BranchSamples } from '../../observe/branch-samples.js';
import { editBodies, type OpenBody } from '../../prepare/edit-bodies.js';
import type { PreparedModel } from '../../prepare/prepare.js';
import {
  type SmoothedModel,
  type Smoothing,
  type SmoothingFactors,
  type SmoothRequest,
  smoothActivations,
} from './smooth-quant.js';
import { undoSmoothing } from './undo-smoothing.js';

/** Layers that read smoothed activations, and by what those are divided. */
export interface SmoothedLayers {
  layers: LinearLayer[];
  factors: SmoothingFactors;
}

export interface SmoothBodiesRequest {
  /** The layers of a body that will be quantized. */
  layersOf(body: PreparedModel): LinearLayer[];
  dataset: Dataset;
  /** Whether the samples are made up: what they don't suit is left alone. */
  madeUp: boolean;
  context: QuantizeRequest['context'];
  saturationSafe: boolean;
  servesTable: SmoothRequest['servesTable'];
}

export class SmoothedBodies {
  /** Names of the Muls that take factors back. */
  readonly #undone = new Set<string>();

  /** Smooths all bodies in place. */
  async smooth(prepared: PreparedModel, request: SmoothBodiesRequest): Promise<Smoothing['applied']> {
    const { context, dataset } = request;
    const samples = new BranchSamples({ dataset, samples: STAGE_SAMPLES, context });
    const applied: Smoothing['applied'] = [];
    const edits = new Map<PreparedModel, number>();
    await editBodies(prepared, {
      context,
      sharesConstants: false,
      before: async (opened) => {
        samples.enter(opened);
        try {
          applied.push(...(await this.#smoothBranches(opened, samples, { request, edits })));
        } catch (error) {
          // Statistics come before any edit: the branches are untouched, only not smoothed.
          if (error instanceof Interrupted || (error instanceof UserError && !request.madeUp)) throw error;
          context.log.debug(
            `Bodies of '${opened[0]!.place.node.name}' are not smoothed: ${messageOf(error)}`,
          );
        }
      },
      edit: (body) => edits.get(body) ?? 0,
    });
    return applied;
  }

  async #smoothBranches(
    opened: readonly OpenBody[],
    samples: BranchSamples,
    { request, edits }: { request: SmoothBodiesRequest; edits: Map<PreparedModel, number> },
  ): Promise<Smoothing['applied']> {
    const branches: (SmoothedModel & { body: PreparedModel })[] = [];
    for (const { body, place } of opened) {
      const layers = request.layersOf(body);
      if (layers.length === 0) continue;
      const dataset = await samples.of(place);
      if (dataset === null) return [];
      branches.push({ body, model: body.model, layers, dataset: dataset.length === 0 ? null : dataset });
    }
    const { factors, applied } = await smoothActivations({
      ...request,
      models: branches,
      weightOf: (graph, layer) => JSON.stringify(contentOf(graph, layer)),
    });
    for (const [at, { body, layers }] of branches.entries()) {
      const undone = undoSmoothing(body.model.graph, layers, factors[at]!);
      for (const { name } of undone.values()) this.#undone.add(name);
      edits.set(body, undone.size);
    }
    return applied;
  }

  /** Makes layers read the smoothed activations, before they are replaced. */
  smoothedLayers(graph: Graph, layers: readonly LinearLayer[]): SmoothedLayers {
    const factors: SmoothingFactors = new Map();
    const found = layers.map((layer) => {
      const undo = this.#undoBefore(graph, layer);
      if (!undo) return layer;
      const input = inputOf(undo, 0);
      const own = graph.floats(inputOf(undo, 1));
      // Of one family they are the same object.
      factors.set(input, [...factors.values()].find((known) => sameBytes(known, own)) ?? own);
      return { ...layer, input };
    });
    return { layers: found, factors };
  }

  #undoBefore(graph: Graph, { input }: LinearLayer): NodeProto | null {
    const producer = graph.producer(input);
    return producer && this.#undone.has(producer.name) && outputOf(producer) === input ? producer : null;
  }
}
