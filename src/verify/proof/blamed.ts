/** Whom the runtime blames for a file that it can't open or run. */
import { messageOf } from '../../errors.js';

/** One node by its name; where the runtime gives none, all of its operator type. */
export type Blame = { node: string } | { operator: string };

const NAMES = [/\bnode \(([^)]+)\)/i, /\bName:\s*'([^']+)'/, /\bnode with name '([^']+)'/];
/** How it speaks of a node without a name. */
const OPERATORS = [/\brunning (\w+) node\b/, /\bimplementation for (\w+)\(/];

/** null: nobody. */
export function blamed(error: unknown): Blame | null {
  const node = firstGroup(NAMES, messageOf(error));
  if (node !== null) return { node };
  const operator = firstGroup(OPERATORS, messageOf(error));
  return operator === null ? null : { operator };
}

function firstGroup(patterns: readonly RegExp[], text: string): string | null {
  for (const pattern of patterns) {
    const found = pattern.exec(text)?.[1];
    if (found) return found;
  }
  return null;
}
