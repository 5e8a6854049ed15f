/** Weights, and who reads them. */
import type { Dataset } from '../../data/samples/dataset.js';
import type { Model } from '../../onnx/model.js';
import type { LinearLayer } from '../layers/linear-layer.js';

/** One weight, and all layers that read it in the same way. */
export interface SharedWeight {
  layers: readonly [LinearLayer, ...LinearLayer[]];
}

/** A graph whose layers read weights: a model, or a branch of an If that is taken for one. */
export interface WeightReader<W> {
  model: Model;
  /** What it is shown. */
  dataset: Dataset;
  /** The weight's layers in it; none: it does not read that. */
  layersOf: (weight: W) => readonly LinearLayer[];
}
