/** A model with operators that ONNX Runtime doesn't know is quantized, and proved, up to them: they and what depends on them stay as they are. */

import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PLAN_SUFFIX } from '../auto/plan/plan.js';
import { UserError } from '../errors.js';
import { makeValue } from '../onnx/build.js';
import { type Cut, cutBefore, joined, pluginNodes } from '../onnx/convert/plugins.js';
import { readModel } from '../onnx/file/read.js';
import { readModelOutline } from '../onnx/file/read-outline.js';
import { writeModelUnlessInterrupted } from '../onnx/file/write.js';
import type { Model } from '../onnx/model.js';
import { isChanged, leaveFloat } from '../quantize/method/result.js';
import { nodeLabel } from '../quantize/method/selection.js';
import { inferTypes } from '../quantize/prepare/prepare.js';
import { inPlace } from '../quantize/quantize.js';
import { scratchFolder } from '../system/files/scratch.js';
import type { Verification } from '../terms/report.js';
import { COMPANIONS } from './kept-file.js';
import type { VerifiedRequest, VerifiedResult } from './made-file.js';
import { notFullyVerified } from './notes.js';

/** Quantizes by `quantize` what is before the plugins; null: the model has none. */
export async function quantizeAroundPlugins(
  request: VerifiedRequest,
  quantize: (request: VerifiedRequest) => Promise<VerifiedResult>,
): Promise<VerifiedResult | null> {
  if (!hasPlugins(request.model)) return null;
  const model = readModel(request.model);
  const plugins = pluginNodes(model);
  const cut = cutBefore(model, plugins);
  const named = `${plugins[0]!.opType}${plugins[0]!.domain === '' ? '' : ` (domain '${plugins[0]!.domain}')`}`;
  if (cut.front.graph.nodes.length === 0)
    throw new UserError(
      'model.unknown-operators',
      `ONNX Runtime refuses ${request.model}: it doesn't know ${named}, and every operator depends on it.`,
    );
  const directory = scratchFolder('cut');
  try {
    const files = { before: join(directory, 'front.onnx'), after: join(directory, 'quantized.onnx') };
    await typeOutputs(cut, request);
    const { signal } = request.context;
    await writeModelUnlessInterrupted(cut.front, files.before, { durable: false, signal });
    const result = await quantize({ ...request, model: files.before, out: files.after });
    return await inPlace(request.out, COMPANIONS, async (out) => {
      if (existsSync(files.after + PLAN_SUFFIX)) copyFileSync(files.after + PLAN_SUFFIX, out + PLAN_SUFFIX);
      if (!result.decisions.some(isChanged)) await leaveFloat({ ...request, out });
      else await writeModelUnlessInterrupted(whole(model, cut, readModel(files.after)), out, { signal });
      return { ...result, file: out, ...told(result, { cut, named, plugins: plugins.length }) };
    });
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** A file that is no model is told of by whoever reads it next. */
function hasPlugins(file: string): boolean {
  let outline: Model;
  try {
    outline = readModelOutline(file);
  } catch {
    return false;
  }
  return pluginNodes(outline).length > 0;
}

function whole(model: Model, cut: Cut, front: Model): Model {
  const made = joined(model, cut, front);
  if (made) return made;
  throw new UserError(
    'model.opset',
    `The model's opset ${model.opset()} has no form for this method, and operators that depend on ones that ONNX Runtime doesn't know can't be ` +
      `raised with the others: export the model with opset ${front.opset()}.`,
  );
}

/** What stays as it is, and how much of the file was proved. */
function told(
  result: VerifiedResult,
  { cut, named, plugins }: { cut: Cut; named: string; plugins: number },
): Pick<VerifiedResult, 'decisions' | 'groups' | 'notes' | 'verification'> {
  const more = plugins > 1 ? ` and ${plugins - 1} more` : '';
  const reason = `ONNX Runtime doesn't know ${named}${more}: what is before was checked, the rest is as it was`;
  const kept = [...cut.rest].map((node) => ({
    node: nodeLabel(node),
    opType: node.opType,
    became: 'float',
    reason: "it is, or depends on, an operator that ONNX Runtime doesn't know",
  }));
  const verification: Verification =
    result.verification.state === 'full'
      ? { ...result.verification, state: 'partly', reason }
      : result.verification;
  return {
    decisions: [...result.decisions, ...kept],
    groups: { ...result.groups, float: result.groups.float + kept.length },
    notes: [
      ...result.notes.filter(({ code }) => code !== 'quantize.not-fully-verified'),
      ...notFullyVerified(verification),
    ],
    verification,
  };
}

/** Says of which types the cut's outputs are: methods keep them. */
async function typeOutputs({ front }: Cut, { context }: VerifiedRequest): Promise<void> {
  const types = await inferTypes(front, { context });
  front.proto.graph!.output = front.graph.outputs.map((value) => {
    const type = value.type ? undefined : types.get(value.name);
    return type ? makeValue(value.name, type.dataType, type.shape ?? undefined) : value;
  });
}
