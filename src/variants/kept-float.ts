/** What a method left float, for the report: by operator and reason, with the weights that stay as large as they were. */
import { type Decision, HALF_STORED } from '../quantize/method/result.js';
import type { KeptFloat } from '../terms/report.js';

/** Kinds reported, and names of each. */
const MOST_KINDS = 40;
const EXAMPLES = 5;

/** What is added to the reason of layers that only compute in float32. */
const STORED = '; its weights are stored in half';

/** @param bytes of the weights of the original's layers, by name. */
export function keptFloat(decisions: readonly Decision[], bytes: ReadonlyMap<string, number>): KeptFloat[] {
  const kinds = new Map<string, KeptFloat>();
  for (const { node, opType, became, reason } of decisions) {
    if (became !== 'float' && became !== HALF_STORED) continue;
    const key = JSON.stringify([opType, became, reason]);
    const kind = kinds.get(key) ?? {
      operator: opType,
      reason: `${reason ?? 'no reason is known'}${became === HALF_STORED ? STORED : ''}`,
      nodes: 0,
      examples: [],
      weightBytes: 0,
    };
    kind.nodes++;
    kind.weightBytes += bytes.get(node) ?? 0;
    if (kind.examples.length < EXAMPLES) kind.examples.push(node);
    kinds.set(key, kind);
  }
  return [...kinds.values()]
    .sort((a, b) => b.weightBytes - a.weightBytes || b.nodes - a.nodes)
    .slice(0, MOST_KINDS);
}
