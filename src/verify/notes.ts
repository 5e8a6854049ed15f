/** What the reader is told of a check. */
import type { QuantizeNote } from '../quantize/method/result.js';
import type { Verification } from '../terms/report.js';
import type { FedBackDecision } from './fed-back-decision.js';
import type { Trial } from './proof/trial-samples.js';
import type { Goal } from './repair/marks.js';

/** A note where a file could not be checked in full. */
export function notFullyVerified({ state, reason }: Pick<Verification, 'state' | 'reason'>): QuantizeNote[] {
  if (state === 'full') return [];
  return [
    {
      level: 'info',
      code: 'quantize.not-fully-verified',
      message: `The file was not fully checked: ${reason}.`,
    },
  ];
}

/** Of notes that weights were fitted to calibration data, what the check's figure is of. `int8-static` looks at the first samples of a pass only. */
const SEEN: ReadonlyMap<string, { one: string; several: string }> = new Map([
  ['quantize.weights-fitted', { one: 'one of the samples that they saw', several: 'samples that they saw' }],
  ['quantize.adaptive-rounding', { one: 'a calibration sample, too', several: 'calibration samples, too' }],
]);

/** Whether weights were fitted to calibration data, to an effect on the outputs. */
export function isFitted(notes: readonly QuantizeNote[]): boolean {
  return notes.some(({ code }) => SEEN.has(code));
}

/** The note that weights were fitted, with what the check's figure is worth then. */
export function withSeenSamples(
  note: QuantizeNote,
  { fitted, sqnr, samples }: Pick<Verification, 'fitted' | 'sqnr' | 'samples'>,
): QuantizeNote {
  const seen = SEEN.get(note.code);
  if (!fitted || sqnr === null || !seen) return note;
  const of = samples === 1 ? seen.one : `${samples} ${seen.several}`;
  return {
    ...note,
    message: `${note.message} The SQNR of the check, ${decibels(sqnr)}, is of ${of}: others may fare worse, the more so the fewer calibration samples there are.`,
  };
}

/** Fewer whole numbers than this share are told of. */
const LEAST_EQUAL = 0.9;

/** What a check found and a repair did.
 *  @param proof.cutShortAfter how many files a repair made that may make no more; null: it came to its end.
 *  @param proof.inParts what it left was not told apart layer by layer: the model may not be run any more often.
 *  @param inTwelveBits of how many layers that are left the weights are stored so.
 *  @param doubt what other samples may give by how these differ; default: the bound. Where weights were fitted to them it bounds nothing, and warns all the same. */
export function proofNotes(
  { state, reason, sqnr, bound, samples, equal, floor, worst, repaired: left }: Verification,
  {
    goal,
    trial,
    cutShortAfter,
    inParts,
    fedBack = null,
    inTwelveBits = 0,
    doubt = bound,
  }: {
    goal: Goal;
    trial: Trial;
    cutShortAfter: number | null;
    inParts: boolean;
    fedBack?: FedBackDecision | null;
    inTwelveBits?: number;
    doubt?: number | undefined;
  },
): QuantizeNote[] {
  const notes = notFullyVerified({ state, reason });
  if (left.length > 0) {
    notes.push({
      level: 'info',
      code: 'quantize.repaired',
      message: `${list(left)} lost most, or can't run in the reduced type, and stayed as ${left.length === 1 ? 'it was' : 'they were'}${sqnr === null ? '' : `: the outputs follow the original's with ${decibels(sqnr)}${bound === undefined ? '' : ` (on other samples like these with at least ${decibels(bound)})`}`}.${inParts ? ' Some are neighbours that were not told apart, within the limit for a model of this size: fewer may do.' : ''}${inTwelveBits > 0 ? ` ${inTwelveBits === 1 ? 'One of them holds its' : `${inTwelveBits} of them hold their`} weights in 12 bits, computed in float32.` : ''} Without this: repair: false, or --no-repair.`,
    });
  }
  if (equal !== undefined && equal < LEAST_EQUAL) {
    notes.push({
      level: trial.representative && equal === 0 ? 'warn' : 'info',
      code: 'quantize.low-fidelity',
      message: `${equal === 0 ? 'None' : `Only ${(100 * equal).toFixed(1)} %`} of the whole numbers in the outputs ${equal === 0 ? 'equals' : 'equal'} the original's${trial.representative ? '' : ' on made-up inputs'}.`,
    });
  }
  if (fedBack !== null && samples > 0) notes.push(fedBackNote(fedBack, { sqnr, equal, samples }));
  if (sqnr === null) return notes;
  const isLow = sqnr < goal.sqnr;
  const isDoubted = doubt !== undefined && decibels(doubt) !== decibels(goal.bound) && doubt < goal.bound;
  if (!isLow && !isDoubted) return notes;
  const where = isLow
    ? `with ${decibels(sqnr)} only (${decibels(goal.sqnr)} and more are usual)${trial.representative ? '' : ' on made-up inputs'}`
    : `with ${decibels(sqnr)} on ${samples} samples, which differ so much that others like them may give ${decibels(doubt!)} (${decibels(goal.bound)} and more are usual)`;
  notes.push({
    level: trial.representative && sqnr < (floor ?? goal.sqnr) ? 'warn' : 'info',
    code: 'quantize.low-fidelity',
    message: `The outputs follow the original's ${where}.${mostLost(worst)}${endOf(cutShortAfter)}`,
  });
  return notes;
}

function fedBackNote(
  { node, operator, loop }: FedBackDecision,
  { sqnr, equal, samples }: Pick<Verification, 'sqnr' | 'equal' | 'samples'>,
): QuantizeNote {
  const seen =
    sqnr !== null
      ? `The outputs follow the original's with ${decibels(sqnr)}`
      : `Of the whole numbers in the outputs ${(100 * (equal ?? 0)).toFixed(1)} % equal the original's`;
  const on = samples === 1 ? 'one sample' : `${samples} samples`;
  return {
    level: 'info',
    code: 'quantize.decision-fed-back',
    message: `${seen} on ${on}, and others may fare far worse: '${loop}' feeds back what ${operator} '${node}' chooses, and where two values are nearly equal the file may choose the other one, which changes all that follows.`,
  };
}

function mostLost(worst: Verification['worst']): string {
  const layers = worst
    .slice(0, 5)
    .map(({ node, operator, loss }) => `${operator} '${node}' (${loss.toFixed(0)} dB)`);
  return layers.length > 0 ? ` Most is lost in ${layers.join(', ')}.` : '';
}

function endOf(cutShortAfter: number | null): string {
  return cutShortAfter === null
    ? ''
    : ` The search for the layers to leave ended after ${cutShortAfter} files, its limit for a model of this size.`;
}

function decibels(value: number): string {
  return `${value.toFixed(1)} dB`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `'${name}'`);
  return names.length > 5 ? `${shown.join(', ')} and ${names.length - 5} more` : shown.join(', ');
}
