/** What a method answers, and what the methods have in common at their end: the result, its notes, and the model that is left as it was. */
import type { Method, Target } from '../../config/choices.js';
import { readModel } from '../../onnx/file/read.js';
import { writeModelUnlessInterrupted } from '../../onnx/file/write.js';
import type { Note } from '../../terms/measurement.js';
import type { AutoCandidate } from '../../terms/report.js';
import type { FileRequest } from './file-request.js';
import type { Selection } from './selection.js';

/** What one operator became. */
export interface Decision {
  /** Node name, or its first output where it has none. */
  node: string;
  opType: string;
  /** What the runtime will run: 'QLinearConv', 'MatMulNBits', 'float16', 'float', … */
  became: string;
  /** Why it stayed float; null when it didn't. */
  reason: string | null;
}

/** What the reader of the result should know; the report says of which model and variant. */
export type QuantizeNote = Pick<Note, 'level' | 'code' | 'message'>;

export interface QuantizeResult {
  file: string;
  method: Method;
  target: Target;
  groups: { quantized: number; float: number };
  decisions: Decision[];
  notes: QuantizeNote[];
  /** Everything needed to make the same file again. */
  provenance: Record<string, unknown>;
  /** What method auto tried; absent for others. */
  candidates?: AutoCandidate[];
}

export interface ResultParts {
  decisions: Decision[];
  notes: QuantizeNote[];
  provenance: Record<string, unknown>;
  /** Groups that run in the reduced type, where a group is more than one operator; default: every operator that isn't float. */
  quantized?: number;
  /** Default: the one that the options name. */
  method?: Method;
}

/** The result of a request whose file has been written. */
export function resultOf(request: FileRequest, parts: ResultParts): QuantizeResult {
  const { decisions, notes, provenance, method = request.options.method } = parts;
  const float = decisions.filter((decision) => !isQuantized(decision)).length;
  return {
    file: request.out,
    method,
    target: request.target,
    groups: { quantized: parts.quantized ?? decisions.length - float, float },
    decisions,
    notes,
    provenance,
  };
}

/** What an operator became that computes in float32 as before, of weights that are stored in half (layers/half-weights.ts). */
export const HALF_STORED = 'float, weights stored in half';

/** Whether an operator is in the reduced type, or its weights are. */
export function isQuantized(decision: Decision): boolean {
  return isChanged(decision) && decision.became !== HALF_STORED;
}

/** Whether an operator became anything but what it was: there is something to write. */
export function isChanged({ became }: Decision): boolean {
  return became !== 'float';
}

/** Writes the model as it was: nothing in it pays. @throws Interrupted */
export async function leaveFloat({
  model,
  out,
  context,
}: Pick<FileRequest, 'model' | 'out' | 'context'>): Promise<void> {
  await writeModelUnlessInterrupted(readModel(model), out, { signal: context.signal });
}

/** A note for each pattern of the options that names no operator. */
export function unmatchedNotes(selection: Selection): QuantizeNote[] {
  return selection.unmatched().map(unmatchedNote);
}

/** What is said of a pattern that names no operator. */
export function unmatchedNote(pattern: string): QuantizeNote {
  return {
    level: 'warn',
    code: 'quantize.unmatched-pattern',
    message: `No operator is called '${pattern}'.`,
  };
}

/** The last of what was said of each operator: what an earlier step left alone, a later one may have taken. What was taken stays so: where an
 *  operator in a body reads the compressed weight of the graph around it, its own body holds no constant any more. */
export function lastOf(made: readonly Decision[]): Decision[] {
  const last = new Map<string, Decision>();
  for (const decision of made) {
    const before = last.get(decision.node);
    if (!before || !isQuantized(before) || isQuantized(decision)) last.set(decision.node, decision);
  }
  return [...last.values()];
}
