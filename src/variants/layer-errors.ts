/** SQNR along the graph of a variant's file, for the report: taken where that is cheap. */
import type { Target } from '../config/choices.js';
import type { Dataset, Sample } from '../data/samples/dataset.js';
import { Interrupted, messageOf } from '../errors.js';
import { type LayerFidelity, layerFidelity } from '../measure/fidelity/layers.js';
import { readModel } from '../onnx/file/read.js';
import { modelBytes } from '../onnx/file/weights.js';
import { isCpu } from '../quantize/method/compare-speed.js';
import type { Decision } from '../quantize/method/result.js';
import type { RunContext } from '../runtime/context.js';
import type { Feeds } from '../tensor/tensor.js';
import type { LayerError, LayerErrors } from '../terms/report.js';
import { trialSamples } from '../verify/proof/trial-samples.js';

export interface LayerErrorsRequest {
  /** Paths. */
  original: string;
  file: string;
  target: Target | null;
  calibration: Dataset | null;
  /** What the method decided; empty: not known. */
  decisions: readonly Decision[];
  context: RunContext;
}

/** Larger models are left out: both are held twice, and every tensor of them is computed without fusions. */
const LARGEST_BYTES = 64e6;
const SAMPLES = 4;
/** Tensors reported: so many that lose most, and so many along the graph. */
const WORST = 16;
const ALONG = 60;
/** Error below this is that of float32's own rounding. */
const QUIET_DB = 80;
/** JSON knows no infinity. */
const SAME_DB = 200;

/** undefined: not taken, for the model is large, made for elsewhere, or has no tensors that can be compared. @throws Interrupted */
export async function layerErrors(request: LayerErrorsRequest): Promise<LayerErrors | undefined> {
  const { original, file, target, calibration, context } = request;
  if (target !== null && !isCpu(target)) return undefined;
  try {
    if ((await modelBytes(original)) > LARGEST_BYTES) return undefined;
    const trial = await trialSamples({ model: original, calibration, context });
    const samples = trial.samples.slice(0, SAMPLES);
    if (samples.length === 0) return undefined;
    const layers = await layerFidelity({
      original: readModel(original),
      variant: readModel(file),
      dataset: datasetOf(samples),
      context,
      samples: SAMPLES,
    });
    const became = new Map(request.decisions.map((decision) => [decision.node, decision.became]));
    const known = layers.filter(({ sqnr }) => !Number.isNaN(sqnr));
    if (known.length === 0) return undefined;
    return {
      samples: samples.length,
      madeUp: !trial.representative,
      compared: known.length,
      tensors: chosen(known.map((layer, at) => errorOf(layer, at, became))),
    };
  } catch (error) {
    if (error instanceof Interrupted || context.signal?.aborted) throw error;
    context.log.debug(`Layers of ${file} could not be compared: ${messageOf(error)}`);
    return undefined;
  }
}

function errorOf(
  { tensor, node, operator, sqnr, loss }: LayerFidelity,
  at: number,
  became: ReadonlyMap<string, string>,
): LayerError {
  const label = node || tensor;
  return {
    at,
    node: label,
    operator,
    sqnr: decibels(sqnr),
    loss: loss === null ? null : decibels(audibleLoss(sqnr, loss)),
    became: became.get(label) ?? null,
  };
}

/** What lies above QUIET_DB counts as that: a tensor without any error must not make the next one the greatest loss. */
function audibleLoss(sqnr: number, loss: number): number {
  const before = Number.isNaN(loss) || loss === Number.POSITIVE_INFINITY ? QUIET_DB : sqnr + loss;
  return Math.min(QUIET_DB, before) - Math.min(QUIET_DB, sqnr);
}

function decibels(value: number): number {
  return Math.round(Math.max(-SAME_DB, Math.min(SAME_DB, value)) * 10) / 10;
}

/** Those that lose most, and evenly of all. */
function chosen(tensors: readonly LayerError[]): LayerError[] {
  const worst = tensors.toSorted((a, b) => (b.loss ?? 0) - (a.loss ?? 0)).slice(0, WORST);
  const step = Math.max(1, (tensors.length - 1) / (ALONG - 1));
  const places = new Set(worst.map(({ at }) => at));
  for (let place = 0; place <= tensors.length - 1; place += step) places.add(Math.round(place));
  return tensors.filter(({ at }) => places.has(at));
}

function datasetOf(samples: readonly Feeds[]): Dataset {
  return {
    description: 'samples of the check',
    length: samples.length,
    labelled: false,
    classes: null,
    async *samples(): AsyncGenerator<Sample> {
      for (const [index, feeds] of samples.entries()) yield { id: String(index), feeds, label: null };
    },
  };
}
