/** Weights that are another one's times a factor for each output channel: what becomes of a shared convolution where each reader has a
 *  BatchNormalization of its own. */
import type { Graph } from '../../onnx/graph.js';

/** What the factors may be off by, relative to a channel's largest value: both weights are float32. */
const TOLERANCE = 2e-6;

/** b over a for each channel of two weights with their output channels first; null where they aren't multiples of each other. */
export function factorsByChannel(a: Float32Array, b: Float32Array, channels: number): Float64Array | null {
  const factors = new Float64Array(channels);
  const stride = a.length / channels;
  for (let channel = 0; channel < channels; channel++) {
    const [from, to] = [channel * stride, (channel + 1) * stride];
    let largest = from;
    for (let i = from; i < to; i++) if (Math.abs(a[i]!) > Math.abs(a[largest]!)) largest = i;
    const factor = a[largest] === 0 ? 1 : b[largest]! / a[largest]!;
    if (!Number.isFinite(factor)) return null;
    const tolerance = Math.abs(b[largest]!) * TOLERANCE;
    for (let i = from; i < to; i++) if (!(Math.abs(a[i]! * factor - b[i]!) <= tolerance)) return null;
    factors[channel] = factor;
  }
  return factors;
}

/** The weights of convolutions that have such a twin, by their names. */
export function scaledTwins(graph: Graph): ReadonlySet<string> {
  const twins = new Set<string>();
  const byShape = new Map<string, string[]>();
  for (const { opType, domain, input } of graph.nodes) {
    const name = input[1];
    if (opType !== 'Conv' || domain !== '' || name === undefined || !graph.isFloats(name)) continue;
    const shape = graph.dims(name).join();
    const others = byShape.get(shape) ?? [];
    if (others.includes(name)) continue;
    byShape.set(shape, [...others, name]);
    const twin = others.find((other) =>
      factorsByChannel(graph.floats(other), graph.floats(name), graph.dims(name)[0] ?? 1),
    );
    if (twin !== undefined) twins.add(twin).add(name);
  }
  return twins;
}
