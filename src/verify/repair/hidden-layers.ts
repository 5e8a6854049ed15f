/** Layers in the bodies of If, Loop and Scan: their tensors can't be compared one by one. */
import { readModelOutline } from '../../onnx/file/read-outline.js';
import { type Decision, isQuantized } from '../../quantize/method/result.js';
import { nodeLabel } from '../../quantize/method/selection.js';
import { hasBodies } from '../../quantize/prepare/lifted-weights.js';

/** Names of the layers that a method changed and the main graph of the original doesn't have; none where there are no bodies.
 *  @param model path of the original. */
export function hiddenLayers(model: string, decisions: readonly Decision[]): string[] {
  const outline = readModelOutline(model);
  if (!hasBodies(outline)) return [];
  const main = new Set(outline.graph.nodes.map(nodeLabel));
  return decisions
    .filter((decision) => isQuantized(decision) && !main.has(decision.node))
    .map(({ node }) => node);
}
