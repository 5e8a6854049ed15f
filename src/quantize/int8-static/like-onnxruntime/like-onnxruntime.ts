/** The preset `onnxruntime`: its own road through the quantizer, because it reproduces the other tool's file, not our plan. */
import type { NodeProto } from 'onnx-buf';
import { UserError } from '../../../errors.js';
import { upgradeOpset } from '../../../onnx/convert/opset.js';
import { copyModel } from '../../../onnx/edit/copy-model.js';
import { readModel } from '../../../onnx/file/read.js';
import { writeModelUnlessInterrupted } from '../../../onnx/file/write.js';
import type { Model } from '../../../onnx/model.js';
import { calibrateRanges } from '../../calibrate/calibrate.js';
import { lacksCalibration } from '../../method/calibration-need.js';
import type { QuantizeRequest } from '../../method/request.js';
import { type Decision, type QuantizeNote, type QuantizeResult, resultOf } from '../../method/result.js';
import { makeSelection, nodeLabel } from '../../method/selection.js';
import { inferTypes } from '../../prepare/prepare.js';
import { keepIntegerShapes } from '../../prepare/write-prepared.js';
import type { Scheme } from '../placement/scheme.js';
import { type Marks, markLikeOnnxRuntime, tensorsToObserve } from './onnxruntime-marks.js';
import { insertLikeOnnxRuntime } from './onnxruntime-pairs.js';

/** First opset with QuantizeLinear: models below it are raised to the next, as `quantize_static` does. */
const QDQ_OPSET = 10;
const RAISED_OPSET = 11;

/** Quantizes the user's file as it is: no preparation, as `quantize_static` does. @throws UserError */
export async function quantizeLikeOnnxRuntime(
  request: QuantizeRequest,
  scheme: Scheme,
): Promise<QuantizeResult> {
  const { options, context, calibration } = request;
  if (!calibration) throw lacksCalibration('int8-static');
  const model = readModel(request.model);
  const { graph } = model;
  raise(model);
  const types = await inferTypes(model, { context });
  const selection = makeSelection(options);
  // Under the names they have now: some will write other tensors.
  const labels = graph.topologicalNodes().map((node) => [node, nodeLabel(node)] as const);
  // Marking takes out clamps; the float model that is calibrated keeps them.
  const float = copyModel(model);
  const marks = markLikeOnnxRuntime({ model, types }, (node) => selection.reasonToKeep(node) !== null);
  const observed = { model: float, types, tensors: tensorsToObserve(marks, graph), dataset: calibration };
  const ranges = await calibrateRanges(
    { ...request, ...observed, graphOptimizationLevel: 'disabled' },
    { ...options, calibrator: scheme.calibrator },
  );
  insertLikeOnnxRuntime(graph, marks, ranges);
  graph.prune();
  keepIntegerShapes(graph);
  await writeModelUnlessInterrupted(model, request.out, { signal: context.signal });
  return resultOf(request, {
    decisions: labels.map(([node, label]) => decisionOn(node, label, marks)),
    notes: [UNPLANNED],
    provenance: { scheme, calibrationSamples: calibration.length, runtime: context.runtime.version },
  });
}

const UNPLANNED: QuantizeNote = {
  level: 'warn',
  code: 'quantize.preset-unplanned',
  message:
    'The preset onnxruntime puts Q/DQ around operators that no 8-bit kernel runs: expect a slower model.',
};

function decisionOn(node: NodeProto, label: string, { nodes }: Marks): Decision {
  const isMarked = nodes.has(node);
  return {
    node: label,
    opType: node.opType,
    became: isMarked ? 'Q/DQ around it' : 'float',
    reason: isMarked ? null : 'onnxruntime does not quantize it',
  };
}

function raise(model: Model): void {
  if (model.opset() >= QDQ_OPSET) return;
  const { upgraded, blockers } = upgradeOpset(model, RAISED_OPSET);
  if (!upgraded)
    throw new UserError(
      'model.opset',
      `The model can't be raised to opset ${RAISED_OPSET}: ${blockers.join('; ')}.`,
    );
}
