/** Which of a candidate's operators lose most: the order in which the search gives them their float32 back. */
import type { Dataset, Sample } from '../../data/samples/dataset.js';
import { layerFidelity } from '../../measure/fidelity/layers.js';
import { readModel } from '../../onnx/file/read.js';
import type { Graph } from '../../onnx/graph.js';
import { nodeLabel } from '../../quantize/method/selection.js';
import type { RunContext } from '../../runtime/context.js';

export interface SensitivityRequest {
  /** The float model's file, and the candidate's. */
  original: string;
  candidate: string;
  /** Names of the operators that the candidate quantizes. */
  operators: readonly string[];
  samples: readonly Sample[];
  context: RunContext;
}

const SAMPLES = 4;

/** The operators, most sensitive first. An operator's sensitivity is the noise-to-signal ratio of what it writes less that of the worst thing
 *  it reads; of operators that are fused, the one that was quantized answers for all. */
export async function rankBySensitivity(request: SensitivityRequest): Promise<string[]> {
  const original = readModel(request.original);
  const layers = await layerFidelity({
    original,
    variant: readModel(request.candidate),
    dataset: inMemory(request.samples.slice(0, SAMPLES)),
    context: request.context,
    samples: SAMPLES,
  });
  const quantized = new Set(request.operators);
  const sensitivity = new Map(request.operators.map((name) => [name, 0]));
  for (const { tensor, sqnr, loss } of layers) {
    const owner = responsible(original.graph, tensor, quantized);
    if (!owner) continue;
    const noise = 10 ** (-sqnr / 10);
    const inherited = loss === null ? 0 : 10 ** (-(sqnr + loss) / 10);
    sensitivity.set(owner, Math.max(sensitivity.get(owner)!, noise - inherited));
  }
  return [...sensitivity].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
}

/** How far a fused chain reaches: Conv, BatchNorm, an activation and what it is spelled with. */
const LONGEST_CHAIN = 6;

/** The quantized operator that a tensor comes from, through operators fused into it. */
function responsible(graph: Graph, tensor: string, quantized: ReadonlySet<string>): string | null {
  let name = tensor;
  for (let step = 0; step < LONGEST_CHAIN; step++) {
    const node = graph.producer(name);
    if (!node) return null;
    if (quantized.has(nodeLabel(node))) return nodeLabel(node);
    const next = node.input.find((input) => graph.producer(input) && !graph.constant(input));
    if (!next) return null;
    name = next;
  }
  return null;
}

/** Samples that are at hand, as a Dataset. */
export function inMemory(samples: readonly Sample[]): Dataset {
  return {
    description: 'samples at hand',
    length: samples.length,
    labelled: samples.some(({ label }) => label !== null),
    classes: null,
    async *samples() {
      yield* samples;
    },
  };
}
