/** Which groups int8-static should take on this machine, by measured costs instead of the table's. */
import { join } from 'node:path';
import { upgradeOpset } from '../onnx/opset.js';
import { writeModel } from '../onnx/write.js';
import { findGroups } from '../quantize/groups.js';
import { planGroups } from '../quantize/plan.js';
import { prepareModel } from '../quantize/prepare.js';
import { type QuantizeRequest, quantizeModel } from '../quantize/quantize.js';
import { applyRewrites } from '../quantize/rewrite/rewrite.js';
import { makeSelection, nodeLabel } from '../quantize/selection.js';
import type { Feeds } from '../runtime/tensor.js';
import { measuredCosts } from './measured-costs.js';

/** First opset whose Q/DQ have an axis. */
const QDQ_OPSET = 13;

/** Names of the operators to quantize. @param directory for the files that are profiled. */
export async function measuredStaticOperators(
  request: QuantizeRequest,
  { feeds, directory }: { feeds: Feeds; directory: string },
): Promise<string[]> {
  const { runtime, log, threads } = request;
  const prepared = await prepareModel(request.model, {
    runtime,
    log,
    inputShapes: new Map(Object.entries(feeds).map(([name, tensor]) => [name, tensor.dims])),
  });
  const { model, types } = prepared;
  applyRewrites(model, types);
  upgradeOpset(model, QDQ_OPSET, { types });
  const selection = makeSelection(request.options);
  const { groups } = findGroups(
    { graph: model.graph, types, opset: model.opset() },
    { excluded: (node) => selection.reasonToKeep(node) },
  );
  if (groups.length === 0) return [];
  const files = { float: join(directory, 'prepared.onnx'), int8: join(directory, 'all-groups.onnx') };
  writeModel(model, files.float);
  await quantizeModel({
    ...request,
    out: files.int8,
    verify: false,
    options: {
      ...request.options,
      method: 'int8-static',
      include: groups.map((group) => nodeLabel(group.node)),
    },
  });
  const costs = await measuredCosts({
    prepared,
    groups,
    files,
    feeds,
    runtime,
    ...(threads === undefined ? {} : { threads }),
  });
  return planGroups(groups, model.graph, { costs }).quantized.map((group) => nodeLabel(group.node));
}
