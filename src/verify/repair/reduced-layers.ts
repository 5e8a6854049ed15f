/** What a repair can change at all. */
import type { Method } from '../../config/choices.js';
import { readModelOutline } from '../../onnx/file/read-outline.js';
import type { QuantizeRequest } from '../../quantize/method/request.js';
import { type Decision, isQuantized } from '../../quantize/method/result.js';
import { nodeLabel } from '../../quantize/method/selection.js';

const CHANGES_WEIGHTS_ONLY: ReadonlySet<Method> = new Set(['int8-weights', 'int4-weights', 'int8-dynamic']);

/** The layers whose weights a file holds in the reduced type, where a method changes nothing else; null: any layer may matter. */
export function reducedLayers(
  { model, options }: Pick<QuantizeRequest, 'model' | 'options'>,
  decisions: readonly Decision[],
  hidden: readonly string[],
): ReadonlySet<string> | null {
  if (!CHANGES_WEIGHTS_ONLY.has(options.method)) return null;
  const known = new Set([...readModelOutline(model).graph.nodes.map(nodeLabel), ...hidden]);
  const reduced = decisions.filter(isQuantized).map(({ node }) => node);
  // Preparation may have given other names.
  return reduced.every((name) => known.has(name)) ? new Set(reduced) : null;
}
