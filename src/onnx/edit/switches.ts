/** Switches in a graph: each run says by truth values which of two values is read. Where computes both: see branches.ts. */
import { makeNode } from '../build.js';
import type { Graph } from '../graph.js';

/** Where opset 9 brought Where, which switches are made of. */
export const SWITCH_OPSET = 9;

/** Adds a switch. @param by name of a truth value, or of one for each element. @param output name to give it. @returns that name. */
export function addSwitch(
  graph: Graph,
  by: string,
  { on, off, output }: { on: string; off: string; output: string },
): string {
  graph.addNode(makeNode('Where', [by, on, off], [output]));
  return output;
}
