/** Activations that shared weights tie together: what one of them is divided by, the weight is multiplied by, and so all the others. */
import type { Graph } from '../../../onnx/graph.js';
import type { ChannelStatistics } from '../../calibrate/channels.js';
import type { LinearLayer } from '../../layers/linear-layer.js';

/** A graph, and layers in it. */
export interface LayersOfGraph {
  graph: Graph;
  layers: readonly LinearLayer[];
}

export interface ActivationFamily<G extends LayersOfGraph> {
  members: { of: G; name: string; reading: LinearLayer[] }[];
  /** Each weight once. */
  weights: { graph: Graph; layer: LinearLayer }[];
}

/** One family for all activations that are linked by weights which layers of both multiply by; in the order of the layers. @param weightOf the same of one weight. */
export function activationFamilies<G extends LayersOfGraph>(
  graphs: readonly G[],
  weightOf: (graph: Graph, layer: LinearLayer) => string,
): ActivationFamily<G>[] {
  const families = new Families<G>();
  for (const [index, of] of graphs.entries()) {
    for (const layer of of.layers) {
      const [activation, weight] = [
        `activation ${index} ${layer.input}`,
        `weight ${weightOf(of.graph, layer)}`,
      ];
      const family = families.of(activation, weight);
      const known = family.members.find((member) => member.of === of && member.name === layer.input);
      if (known) known.reading.push(layer);
      else family.members.push({ of, name: layer.input, reading: [layer] });
      if (families.isNew(weight)) family.weights.push({ graph: of.graph, layer });
    }
  }
  return families.all();
}

/** Families by the keys of their activations and weights. */
class Families<G extends LayersOfGraph> {
  readonly #byKey = new Map<string, ActivationFamily<G>>();
  readonly #seen = new Set<string>();

  /** The one that has any of the keys: those of which two are known become one. */
  of(...keys: readonly string[]): ActivationFamily<G> {
    const known = new Set(keys.flatMap((key) => this.#byKey.get(key) ?? []));
    const [family = { members: [], weights: [] }, ...others] = known;
    for (const other of others) {
      family.members.push(...other.members);
      family.weights.push(...other.weights);
      for (const [key, value] of this.#byKey) if (value === other) this.#byKey.set(key, family);
    }
    for (const key of keys) this.#byKey.set(key, family);
    return family;
  }

  /** Whether a key is asked about for the first time. */
  isNew(key: string): boolean {
    const before = this.#seen.size;
    return this.#seen.add(key).size > before;
  }

  all(): ActivationFamily<G>[] {
    return [...new Set(this.#byKey.values())];
  }
}

/** What is true of every one of them: the widest range, and the mean of the powers. null where one was not observed, or there is none. */
export function pooledStatistics(all: readonly (ChannelStatistics | undefined)[]): ChannelStatistics | null {
  const observed = all.filter((one) => one !== undefined);
  const [first, ...others] = observed;
  if (!first || observed.length < all.length) return null;
  if (others.length === 0) return first;
  return {
    min: first.min.map((value, j) => others.reduce((least, { min }) => Math.min(least, min[j]!), value)),
    max: first.max.map((value, j) => others.reduce((most, { max }) => Math.max(most, max[j]!), value)),
    meanSquare: first.meanSquare.map(
      (value, j) => others.reduce((sum, { meanSquare }) => sum + meanSquare[j]!, value) / observed.length,
    ),
  };
}
