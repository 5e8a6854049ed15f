/** What the report says of a model and its variants besides their figures. */
import type { StoredDataset } from '../data/samples/dataset.js';
import { weightBytes } from '../measure/weight-bytes.js';
import { readModelOutline } from '../onnx/file/read-outline.js';
import { countOperators } from '../onnx/query/operator-count.js';
import { sha256OfFile } from '../system/files/file-hash.js';
import { shownPath } from '../system/files/shown-path.js';
import { ORIGINAL } from '../terms/measurement.js';
import type { ModelReport } from '../terms/report.js';
import type { Variant } from '../terms/variant.js';
import type { OpenModel } from './open-models.js';

/** The model's part of the report; `parameters` are those of the original. */
export async function describeModel(
  { config, document, calibration, evaluation }: OpenModel,
  parts: { variants: Variant[]; parameters: number },
): Promise<ModelReport> {
  const sha256 = await sha256OfFile(config.path);
  const weights = weightBytes(document);
  const largest = new Set(weights.layers.map(({ node }) => node));
  const made = parts.variants.map(({ report, file }) =>
    file === null ? report : { ...report, weights: weightBytes(readModelOutline(file), largest) },
  );
  const describe = (data: StoredDataset | null) =>
    data && { description: data.description, samples: data.length };
  return {
    name: config.name,
    path: shownPath(config.path),
    task: config.task,
    sha256,
    opset: document.opset() || null,
    operators: countOperators(document),
    parameters: parts.parameters,
    evaluation: describe(evaluation),
    calibration: describe(calibration),
    variants: [{ ...originalReport(sha256), weights }, ...made],
  };
}

function originalReport(sha256: string): ModelReport['variants'][number] {
  return {
    name: ORIGINAL,
    method: ORIGINAL,
    preset: null,
    target: null,
    file: null,
    sha256,
    status: 'ok',
    reason: null,
    groups: null,
    provenance: {},
  };
}
