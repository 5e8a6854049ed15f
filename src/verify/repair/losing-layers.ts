/** Where a file loses most: the layers behind which the error jumps. */
import type { NodeProto } from 'onnx-buf';
import type { Sample } from '../../data/samples/dataset.js';
import { messageOf } from '../../errors.js';
import { layerFidelity } from '../../measure/fidelity/layers.js';
import { readModel } from '../../onnx/file/read.js';
import type { Graph } from '../../onnx/graph.js';
import { outputOf } from '../../onnx/node.js';
import { nodeLabel } from '../../quantize/method/selection.js';
import type { RunContext } from '../../runtime/context.js';
import type { Feeds } from '../../tensor/tensor.js';

export interface LosingLayer {
  /** Name of the node, or of its output where it has none. */
  node: string;
  operator: string;
  /** What is lost in it, in dB. */
  loss: number;
  /** The layers that it reads, those that these read, and so on: what it can't bear may be their rounding. */
  sources: string[][];
  /** All layers before an amplifier that reads what comes of this one; none where there is no such operator. */
  amplified?: readonly string[];
}

export interface LosingLayersRequest {
  original: string;
  file: string;
  samples: readonly Feeds[];
  /** Names of the layers that the file changes; null: any may lose. A model of thousands of operators takes minutes to look at whole. */
  reduced?: ReadonlySet<string> | null;
  context: RunContext;
}

export interface LosingLayers {
  /** Worst first; empty where the tensors of both can't be compared. */
  layers: LosingLayer[];
  /** How many values all tensors of one sample have. */
  values: number;
  /** Names of those of the original that the file computes, too, but for its rounding. */
  tensors: string[];
}

/** Operators whose outcome depends on the smallest values as much as on the largest: what rounds these before them is amplified. */
export const AMPLIFIERS: ReadonlySet<string> = new Set(['Log']);
/** Less than this, in dB, is no loss of one layer's own. */
const LEAST_LOSS = 1;
/** From here on, in dB, a tensor is as good as the original's: what the first layer behind an exact tensor rounds is no loss of hundreds. */
const CLEAN_DB = 60;
/** Samples that are compared layer by layer, and how many of them where all tensors of one have so many values. */
const [SAMPLES, LARGE_SAMPLES] = [4, 2];
const LARGE_VALUES = 5e6;

/** The layers of a file that lose most. */
export async function losingLayers(request: LosingLayersRequest): Promise<LosingLayers> {
  const { original, file, samples, reduced = null, context } = request;
  let [values, compared] = [0, 0];
  const dataset = {
    description: 'samples of the check',
    length: samples.length,
    labelled: false,
    classes: null,
    async *samples(): AsyncGenerator<Sample> {
      for (const [index, feeds] of samples.entries()) {
        if (compared >= (values > LARGE_VALUES * compared ? LARGE_SAMPLES : SAMPLES)) return;
        compared++;
        yield { id: String(index), feeds, label: null };
      }
    },
  };
  try {
    const document = readModel(original);
    const layers = await layerFidelity({
      original: document,
      variant: readModel(file),
      dataset,
      context,
      samples: SAMPLES,
      nodes: reduced,
      onCompared: (count) => {
        values += count;
      },
    });
    const { graph } = document;
    const spectra = spectraOf(graph);
    const losing = layers
      .map(({ tensor, node, operator, loss, sqnr }, index) => ({
        node: node || tensor,
        tensor,
        operator,
        // The first layers have nothing before them: what they lose is theirs.
        loss: Math.min(loss ?? (index === 0 ? CLEAN_DB - sqnr : 0), CLEAN_DB - sqnr),
      }))
      .filter(({ loss }) => loss >= LEAST_LOSS)
      .toSorted((a, b) => b.loss - a.loss)
      .map(({ tensor, ...layer }) => ({
        ...layer,
        sources: sourcesOf(tensor, graph),
        amplified: [...new Set(spectra.filter((before) => before.includes(layer.node)).flat())],
      }));
    const tensors = layers.filter(({ rescaled }) => !rescaled).map(({ tensor }) => tensor);
    return { layers: losing, values: values / compared, tensors };
  } catch (error) {
    context.log.debug(`Layers could not be compared: ${messageOf(error)}`);
    return { layers: [], values, tensors: [] };
  }
}

/** What is before each amplifier of a graph: of a logarithm, mostly a spectrum. */
function spectraOf(graph: Graph): string[][] {
  return graph.nodes
    .filter(({ opType, domain }) => AMPLIFIERS.has(opType) && domain === '')
    .map((node) => sourcesOf(outputOf(node), graph).flat());
}

function sourcesOf(tensor: string, graph: Graph): string[][] {
  const found: string[][] = [];
  const seen = new Set<NodeProto>();
  for (let last = [tensor]; ; ) {
    const nodes = new Set(
      last
        .flatMap((name) => graph.producer(name)?.input ?? [])
        .flatMap((name) => graph.producer(name) ?? [])
        .filter((node) => !seen.has(node)),
    );
    if (nodes.size === 0) return found;
    for (const node of nodes) seen.add(node);
    found.push([...new Set([...nodes].map(nodeLabel))]);
    last = [...nodes].flatMap(({ output }) => output[0] ?? []);
  }
}
