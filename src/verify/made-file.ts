/** One file of a variant: made, proved, compared. */
import { type AutoRequest, quantizeVariant } from '../auto/auto.js';
import { messageOf } from '../errors.js';
import { layerBytes } from '../measure/weight-bytes.js';
import { readModelOutline } from '../onnx/file/read-outline.js';
import { modelBytes } from '../onnx/file/weights.js';
import type { Evidence } from '../quantize/method/evidence.js';
import { type Decision, isQuantized, type QuantizeResult, unmatchedNote } from '../quantize/method/result.js';
import { excludedBy, LEFT_BY_REPAIR } from '../quantize/method/selection.js';
import type { GraphOptimizationLevel } from '../runtime/runtime.js';
import type { Feeds } from '../tensor/tensor.js';
import type { Verification } from '../terms/report.js';
import { isPromised, withoutGrowth } from './growth.js';
import type { Trial } from './proof/trial-samples.js';
import { FileFault, LEVELS, type VerifiedFile, verifyFile } from './proof/verify-file.js';
import type { Candidate } from './repair/candidate.js';
import { hiddenLayers } from './repair/hidden-layers.js';
import { type LosingLayers, losingLayers } from './repair/losing-layers.js';
import { believed, type MarkedFor, type Marks, marksOf, TRY_MARGIN_DB } from './repair/marks.js';
import { reducedLayers } from './repair/reduced-layers.js';
import type { Effort } from './repair/search.js';

export interface VerifiedRequest extends AutoRequest {
  /** Leave the layers that lose most as they are when the file falls below the method's floor. */
  repair: boolean;
  /** Asked before another file is made for that. Default: there is time. */
  isLate?: () => boolean;
}

export type VerifiedResult = QuantizeResult & { verification: Verification };

export type ProvedRequest = VerifiedRequest & { evidence: Evidence };

export type TrialOf = () => Promise<Trial>;

export interface Judged {
  trialOf: TrialOf;
  about: MarkedFor;
  /** By what every file is judged: settled by the first. */
  marks: Marks | null;
  /** Operator types that the runtime can't open or run in the reduced type. */
  operators: Set<string>;
  /** Layers that the outputs don't bear with weights in half: where they are left, their weights stay float32. */
  exact: readonly string[];
}

export interface Made extends Candidate {
  result: QuantizeResult;
  proof: VerifiedFile;
  excluded: string[];
  marks: Marks;
  /** What was found out with `worst`. */
  losses(): Promise<LosingLayers>;
}

export interface AttemptOptions {
  excluded: string[];
  effort: Effort;
}

/** Makes the file and proves it; what the runtime can't open or run in the reduced type is left as it is. */
export async function attempt(
  request: ProvedRequest,
  judged: Judged,
  options: AttemptOptions = { excluded: [], effort: 'full' },
): Promise<Made> {
  const { excluded } = options;
  const { operators } = judged;
  try {
    return await attemptOnce(request, judged, options);
  } catch (error) {
    const blame = error instanceof FileFault && mayRepair(request) ? error.blame : null;
    if (blame === null || excluded.length + operators.size > MOST_LEFT) throw error;
    const isNamed = 'node' in blame;
    if (isNamed ? excluded.includes(blame.node) : operators.has(blame.operator)) throw error;
    const left = isNamed ? `'${blame.node}'` : `every ${blame.operator}`;
    request.context.log.info(`${messageOf(error)} Trying with ${left} left.`);
    if (!isNamed) operators.add(blame.operator);
    return await attempt(
      request,
      judged,
      isNamed ? { ...options, excluded: [...excluded, blame.node] } : options,
    );
  }
}

/** More layers than these are not left as they are one by one. */
const MOST_LEFT = 40;

export function mayRepair(request: VerifiedRequest): boolean {
  return request.repair && !isPromised(request) && request.options.method !== 'auto';
}

async function attemptOnce(
  request: ProvedRequest,
  judged: Judged,
  { excluded, effort }: AttemptOptions,
): Promise<Made> {
  const { options, model, context, evidence } = request;
  const { trialOf, operators, exact } = judged;
  // Only a method that can make its file again from what it knows has anything to leave out.
  const isTry = effort === 'try' && evidence.remake !== null;
  const written = await quantizeVariant({
    ...request,
    options: leaving(request, { excluded, operators, exact }),
    isTry,
  });
  const result = await withoutGrowth(request, written);
  // What the runtime calls an operator need not be in the original.
  const own = new Set([...operators].map((name) => unmatchedNote(name).message));
  result.notes = result.notes.filter(({ message }) => !own.has(message));
  result.decisions = withRepairs(result.decisions, operators);
  judged.marks ??= marksOf(options.method, result.decisions, judged.about);
  const { marks } = judged;
  const trial = await trialOf();
  const files = { original: model, file: request.out, samples: trial.samples };
  const proof = await verifyFile({
    ...files,
    representative: trial.representative,
    expected: trial.expected,
    onExpected: (outputs) => keepExpected(trial, outputs),
    ranAt: isTry ? UNASKED : result === written ? evidence.ranAt : undefined,
    target: result.target,
    floor: marks.floor,
    context,
  });
  const sqnr =
    proof.sqnr === null ? null : believed({ sqnr: proof.sqnr, bound: proof.bound ?? null }, marks.goal);
  const isLow = isBelow(sqnr, marks.goal.sqnr + (isTry ? TRY_MARGIN_DB : 0));
  const hidden = isLow ? hiddenLayers(model, result.decisions) : [];
  const { quantized } = result.groups;
  const reduced = isLow ? reducedLayers(request, result.decisions, hidden) : null;
  const estimate = result.provenance.estimate as { float: number; planned: number } | undefined;
  const cost = estimate?.planned ?? null;
  const saved = estimate ? estimate.float - estimate.planned : null;
  const size = (await modelBytes(request.out)) / (await modelBytes(model));
  const losses = once(async () =>
    isLow ? await losingLayers({ ...files, reduced, context }) : NOTHING_LOST,
  );
  return {
    ...{
      result,
      proof,
      sqnr,
      seen: proof.sqnr,
      hidden,
      excluded,
      marks,
      quantized,
      reducedBytes: reducedBytesOf(model, result.decisions),
      reduced,
      cost,
      saved,
      size,
      isTry,
    },
    worst: async () => (await losses()).layers,
    losses,
  };
}

/** Bytes that weights of layers in the reduced type have in the original. */
function reducedBytesOf(model: string, decisions: readonly Decision[]): number {
  const weights = layerBytes(readModelOutline(model));
  return decisions.filter(isQuantized).reduce((bytes, { node }) => bytes + (weights.get(node) ?? 0), 0);
}

/** Outputs of the original that are kept while a repair makes other files, in bytes: larger ones are computed for each. */
const MOST_KEPT_BYTES = 2 ** 25;

function keepExpected(trial: Trial, outputs: Feeds[]): void {
  const bytes = outputs
    .flatMap((sample) => Object.values(sample))
    .reduce((sum, { data }) => sum + (ArrayBuffer.isView(data) ? data.byteLength : MOST_KEPT_BYTES), 0);
  if (bytes <= MOST_KEPT_BYTES) trial.expected = outputs;
}

/** Of a file that is only tried: that it opens is proved of the one that is kept. */
const UNASKED: ReadonlySet<GraphOptimizationLevel> = new Set(LEVELS);

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}

/** The options with what a repair leaves: nodes by their own names, and operators that the runtime named only by their types. */
export function leaving(
  request: VerifiedRequest,
  {
    excluded,
    operators,
    exact,
  }: { excluded: readonly string[]; operators: ReadonlySet<string>; exact: readonly string[] },
): VerifiedRequest['options'] {
  const { options } = request;
  if (!mayRepair(request)) return options;
  const added = [...operators].filter((name) => !options.exclude.includes(name));
  return { ...options, exclude: [...options.exclude, ...added], leftNames: excluded, exactNames: exact };
}

/** What a repair left as it is was excluded by nobody. */
function withRepairs(decisions: readonly Decision[], operators: ReadonlySet<string>): Decision[] {
  const own = new Set([...operators].map(excludedBy));
  return decisions.map((decision) =>
    decision.reason !== null && own.has(decision.reason) ? { ...decision, reason: LEFT_BY_REPAIR } : decision,
  );
}

const NOTHING_LOST: LosingLayers = { layers: [], values: 0, tensors: [] };

export function isBelow(sqnr: number | null, mark: number): boolean {
  return sqnr !== null && sqnr < mark;
}
