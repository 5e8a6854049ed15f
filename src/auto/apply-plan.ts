/** Plan → file: its stages one after the other, each on what the one before wrote. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { readModel } from '../onnx/read.js';
import { writeModel } from '../onnx/write.js';
import { foldWeights } from '../quantize/layers/folded-weights.js';
import type { Decision, QuantizeNote, QuantizeRequest } from '../quantize/method/request.js';
import { makeSelection } from '../quantize/method/selection.js';
import { quantizeModel } from '../quantize/quantize.js';
import { scratchFolder } from '../system/scratch.js';
import type { PlanStage } from './plan.js';

export interface AppliedPlan {
  /** What became of each operator that a stage looked at; a later stage has the last word. */
  decisions: Decision[];
  notes: QuantizeNote[];
}

/** Writes `request.out`. `request.options` gives what stages don't say. */
export async function applyStages(
  request: QuantizeRequest,
  stages: readonly PlanStage[],
): Promise<AppliedPlan> {
  const directory = scratchFolder('plan');
  const decisions = new Map<string, Decision>();
  const notes: QuantizeNote[] = [];
  try {
    let model = request.model;
    for (const [index, stage] of stages.entries()) {
      const out = index === stages.length - 1 ? request.out : join(directory, `${index}.onnx`);
      const result = await applyStage({ ...request, model, out }, stage);
      for (const decision of result.decisions) {
        if (decision.became !== 'float' || !decisions.has(decision.node))
          decisions.set(decision.node, decision);
      }
      notes.push(...result.notes);
      model = out;
    }
    if (stages.length === 0) writeModel(readModel(request.model), request.out);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return { decisions: [...decisions.values()], notes };
}

async function applyStage(request: QuantizeRequest, stage: PlanStage): Promise<AppliedPlan> {
  const { method, operators, calibrator, percentile } = stage;
  if (method === 'folded-weights') {
    const model = readModel(request.model);
    const selection = makeSelection({ ...request.options, include: operators, includeNames: true });
    const decisions = foldWeights(model.graph, selection);
    model.graph.prune();
    writeModel(model, request.out);
    return { decisions: decisions.filter((decision) => decision.became !== 'float'), notes: [] };
  }
  return await quantizeModel({
    ...request,
    options: {
      ...request.options,
      method,
      include: operators,
      includeNames: true,
      exclude: [],
      plan: null,
      calibrator: calibrator ?? request.options.calibrator,
      percentile: percentile ?? request.options.percentile,
    },
  });
}
