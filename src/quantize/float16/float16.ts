/** Half precision: weights and activations as float16, the model's inputs and outputs as they were.
 *
 *  Every node is either half or stays float32 (safety.ts says which and why), those in the bodies of If, Loop and Scan too
 *  (scopes.ts); convert.ts carries it out. Constants are rounded to nearest even; those beyond the half range are clamped
 *  to it and counted.
 *
 *  Layers with large weights in double precision become half, too, between Casts (rewrite/double-layers.ts); layers that ONNX Runtime's
 *  optimizer has fused are taken apart (rewrite/unfuse.ts).
 *
 *  With calibration data, operators whose values come near the end of the half range stay float32 too. */

import { writeModelUnlessInterrupted } from '../../onnx/file/write.js';
import { ONLY_HALVES } from '../layers/half-weights.js';
import type { QuantizeRequest } from '../method/request.js';
import {
  isQuantized,
  leaveFloat,
  type QuantizeNote,
  type QuantizeResult,
  resultOf,
  unmatchedNotes,
} from '../method/result.js';
import { makeSelection, nodeLabel } from '../method/selection.js';
import { type PreparedModel, prepareModel } from '../prepare/prepare.js';
import { computesInBfloat16 } from '../prepare/runnable-original.js';
import { restoreTransposes } from '../prepare/shared-transposes.js';
import { keepIntegerShapes } from '../prepare/write-prepared.js';
import { doubleLayers } from '../rewrite/layers/double-layers.js';
import { unfuse } from '../rewrite/layers/unfuse.js';
import { loopConstants } from '../rewrite/loop-constants.js';
import type { RewriteContext } from '../rewrite/matching/context.js';
import { halve, observedRanges } from './halve.js';
import { conversionNotes } from './notes.js';

export async function float16(request: QuantizeRequest): Promise<QuantizeResult> {
  const { options, calibration } = request;
  const notes: QuantizeNote[] = [];
  const prepared = await prepareModel(request.model, {
    ...request,
    keepsSharing: true,
    // Half parts stay half; few devices compute in bfloat16, and the CPU that looks at its values does not.
    narrowFloats: computesInBfloat16(request.model) ? 'float32' : 'kept',
  });
  restoreTransposes(prepared.model.graph, request.model);
  rewriteLayers(prepared, request);
  const ranges = await observedRanges(prepared, request, notes);
  const selection = makeSelection(options, prepared.model.graph.nodes);
  const { decisions, scope, converted } = await halve(prepared, request, { selection, ranges });
  if (converted) {
    keepIntegerShapes(prepared.model.graph);
    await writeModelUnlessInterrupted(prepared.model, request.out, { signal: request.context.signal });
    notes.push(
      ...(decisions.some(isQuantized) ? conversionNotes(request, { scope, converted }) : [ONLY_HALVES]),
    );
  } else {
    await leaveFloat(request);
    notes.push(NOTHING_TO_HALVE);
  }
  notes.push(...unmatchedNotes(selection));
  return resultOf(request, {
    decisions,
    notes,
    provenance: { calibrated: calibration?.description ?? null },
  });
}

/** Layers in double precision become float32, which `halve` then makes half: what is double around them stays so. Fused layers that have no half
 *  kernel are taken apart, and weights that a Loop carries are read from outside it. */
function rewriteLayers({ model, types }: PreparedModel, { context: { log } }: QuantizeRequest): void {
  const context: RewriteContext = {
    types,
    frozen: new Set(),
    decline: (node, reason) => log.debug(`${node.opType} '${nodeLabel(node)}' stays as it is: ${reason}.`),
  };
  const rewrites = [loopConstants, unfuse, doubleLayers].map((rewrite) => rewrite(model, context));
  if (rewrites.some((changes) => changes > 0)) model.graph.prune();
}

const NOTHING_TO_HALVE: QuantizeNote = {
  level: 'info',
  code: 'quantize.nothing-pays',
  message:
    'No operator of this model computes in float32 and can do so in float16: the model was left as it is.',
};
