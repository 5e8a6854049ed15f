/** Activations that shared weights tie together: what one of them is divided by, the weight is multiplied by, and so all the others. */
import type { ChannelStatistics } from '../calibrate/channels.js';
import type { LinearLayer } from '../layers/linear-layer.js';

/** The layers that read each activation, by its name. */
export type ActivationFamily = Map<string, LinearLayer[]>;

/** One family for all activations that are linked by weights which layers of both multiply by; in the order of the layers. */
export function activationFamilies(layers: readonly LinearLayer[]): ActivationFamily[] {
  const familyOf = new Map<string, ActivationFamily>();
  for (const layer of layers) {
    const keys = [`activation ${layer.input}`, weightKey(layer)];
    const known = new Set(keys.flatMap((key) => familyOf.get(key) ?? []));
    const [family = new Map<string, LinearLayer[]>(), ...others] = known;
    for (const other of others) {
      for (const [name, reading] of other) family.set(name, reading);
      for (const [key, value] of familyOf) if (value === other) familyOf.set(key, family);
    }
    family.set(layer.input, [...(family.get(layer.input) ?? []), layer]);
    for (const key of keys) familyOf.set(key, family);
  }
  return [...new Set(familyOf.values())];
}

/** One layer for each weight of a family. */
export function distinctWeights(family: ActivationFamily): LinearLayer[] {
  const seen = new Set<string>();
  return [...family.values()].flat().filter((layer) => {
    const key = weightKey(layer);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function weightKey({ weight, transposed }: LinearLayer): string {
  return `weight ${transposed} ${weight}`;
}

/** What is true of every one of them: the widest range, and the mean of the powers. null where none was observed. */
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
