/** Nothing is called made that was not opened, run and compared: every method's file is proved before it takes its place, and one that loses
 *  too much is made again with the layers that lose most left as they are.
 *
 *  Presets, plans and `include` promise certain operators in the reduced type: they are warned about, never repaired. */
import { type AutoRequest, quantizeVariant } from '../auto/auto.js';
import { messageOf } from '../errors.js';
import { modelBytes } from '../onnx/weights.js';
import { Evidence } from '../quantize/method/evidence.js';
import type { Decision, QuantizeNote, QuantizeResult } from '../quantize/method/request.js';
import { isQuantized, leaveFloat, unmatchedNote } from '../quantize/method/result.js';
import { excludedBy } from '../quantize/method/selection.js';
import { inPlace } from '../quantize/quantize.js';
import type { Verification } from '../terms/report.js';
import { quantizeAroundPlugins } from './around-plugins.js';
import { hiddenLayers } from './hidden-layers.js';
import { type LosingLayers, losingLayers } from './losing-layers.js';
import { FLOOR_DB, goalOf, mostFiles } from './marks.js';
import { proofNotes } from './notes.js';
import { reducedLayers } from './reduced-layers.js';
import { type Candidate, type Repaired, repaired } from './repair.js';
import { type Trial, trialSamples } from './trial-samples.js';
import { FileFault, type VerifiedFile, verifyFile } from './verify-file.js';

export type VerifiedResult = QuantizeResult & { verification: Verification };

export interface VerifiedRequest extends AutoRequest {
  /** Leave the layers that lose most as they are when the file falls below the method's floor. */
  repair: boolean;
}

/** How many files of a method with a goal may be made to see whether fewer layers need be left. */
const REDUCTIONS = 6;

/** Any method, proved. @throws UserError when the file is not valid, and as the method itself. */
export async function quantizeVerified(request: VerifiedRequest): Promise<VerifiedResult> {
  return (await quantizeAroundPlugins(request, quantizeWhole)) ?? (await quantizeWhole(request));
}

async function quantizeWhole(request: VerifiedRequest): Promise<VerifiedResult> {
  if (!request.verify) {
    const result = await quantizeVariant(request);
    return { ...result, verification: { ...UNVERIFIED, floor: FLOOR_DB[request.options.method] } };
  }
  return await inPlace(
    request.out,
    ['.data', '.plan.yml'],
    async (out) => await provedIn({ ...request, out }),
  );
}

const UNVERIFIED: Omit<Verification, 'floor'> = {
  state: 'none',
  reason: 'not asked for (--no-verify)',
  levels: [],
  samples: 0,
  sqnr: null,
  worst: [],
  repaired: [],
};

async function provedIn(asked: VerifiedRequest): Promise<VerifiedResult> {
  const evidence = new Evidence();
  const request = { ...asked, evidence };
  let settled: Promise<Trial> | undefined;
  // Asked for when the method has run, which may have samples at hand.
  const trialOf: TrialOf = () => {
    settled ??= trialSamples(request);
    return settled;
  };
  const goal = goalOf(request.options.method, await modelBytes(request.model));
  let made = await attempt(request, { trialOf, goal });
  const trial = await trialOf();
  let cutShortAfter: number | null = null;
  if (isBelow(made.sqnr, goal) && trial.representative && mayRepair(request)) {
    const search = await repairedFrom(made, request, { trialOf, goal });
    made = search.file;
    if (search.isCutShort) cutShortAfter = search.made;
  }
  const worst = made.worst.map(({ node, operator, loss }) => ({ node, operator, loss }));
  const verification: Verification = { ...made.proof, worst, repaired: made.excluded };
  return {
    ...made.result,
    verification,
    notes: [...made.result.notes, ...proofNotes(verification, { goal, trial, cutShortAfter })],
  };
}

type TrialOf = () => Promise<Trial>;

interface Judged {
  trialOf: TrialOf;
  /** In dB: below it the layers that lose most are looked for. */
  goal: number;
}

interface Made extends Candidate {
  result: QuantizeResult;
  proof: VerifiedFile;
  excluded: string[];
  /** How many values all tensors of one sample have; 0: not known. */
  values: number;
}

/** Makes the file and proves it; what the runtime can't open or run in the reduced type is left as it is. */
async function attempt(request: VerifiedRequest, judged: Judged, excluded: string[] = []): Promise<Made> {
  try {
    return await attemptOnce(request, judged, excluded);
  } catch (error) {
    const node = error instanceof FileFault && mayRepair(request) ? error.node : null;
    if (node === null || excluded.includes(node) || excluded.length > MOST_LEFT) throw error;
    request.context.log.info(`${messageOf(error)} Trying with '${node}' as it is.`);
    return await attempt(request, judged, [...excluded, node]);
  }
}

async function repairedFrom(first: Made, request: VerifiedRequest, judged: Judged): Promise<Repaired<Made>> {
  const { method } = request.options;
  const floor = FLOOR_DB[method];
  return await repaired(first, {
    goal: judged.goal,
    floor,
    reductions: judged.goal > floor ? REDUCTIONS : 0,
    files: mostFiles(method, first.values),
    attempt: async (excluded) => await attempt(request, judged, [...excluded]),
    context: request.context,
  });
}

/** More layers than these are not left as they are one by one. */
const MOST_LEFT = 40;

function mayRepair(request: VerifiedRequest): boolean {
  return request.repair && !isPromised(request) && request.options.method !== 'auto';
}

async function attemptOnce(
  request: VerifiedRequest,
  { trialOf, goal }: Judged,
  excluded: string[],
): Promise<Made> {
  const { options, model, context, evidence } = request;
  const repaired = excluded.filter((name) => !options.exclude.includes(name));
  const exclude = [...options.exclude, ...repaired];
  const written = await quantizeVariant({ ...request, options: { ...options, exclude }, repaired });
  const result = await withoutGrowth(request, written);
  // What a repair names is the original's: some of it is folded away before the method sees it.
  const own = new Set(excluded.map((name) => unmatchedNote(name).message));
  result.notes = result.notes.filter(({ message }) => !own.has(message));
  result.decisions = withRepairs(result.decisions, repaired);
  const trial = await trialOf();
  const files = { original: model, file: request.out, samples: trial.samples };
  const proof = await verifyFile({
    ...files,
    representative: trial.representative,
    expected: trial.expected,
    ...(evidence && result === written ? { ranAt: evidence.ranAt } : {}),
    target: result.target,
    floor: FLOOR_DB[options.method],
    context,
  });
  const isLow = isBelow(proof.sqnr, goal);
  const { layers: worst, values } = isLow ? await losingLayers({ ...files, context }) : NOTHING_LOST;
  const hidden = isLow ? hiddenLayers(model, result.decisions) : [];
  const { quantized } = result.groups;
  const reduced = isLow ? reducedLayers(request, result.decisions, hidden) : null;
  return { result, proof, sqnr: proof.sqnr, worst, hidden, excluded, quantized, reduced, values };
}

/** What a repair left as it is was excluded by nobody. */
function withRepairs(decisions: readonly Decision[], repaired: readonly string[]): Decision[] {
  const own = new Set(repaired.map(excludedBy));
  return decisions.map((decision) =>
    decision.reason !== null && own.has(decision.reason) ? { ...decision, reason: REPAIRED } : decision,
  );
}

const REPAIRED = "it lost most, or can't run in the reduced type: the repair left it as it is";

const NOTHING_LOST: LosingLayers = { layers: [], values: 0 };

function isBelow(sqnr: number | null, mark: number): boolean {
  return sqnr !== null && sqnr < mark;
}

/** A file that is larger than the original has missed its purpose: the model is left as it was, unless its bytes were promised. */
async function withoutGrowth(request: VerifiedRequest, result: QuantizeResult): Promise<QuantizeResult> {
  const [before, after] = [await modelBytes(request.model), await modelBytes(request.out)];
  if (after <= before) return result;
  const keeps = isPromised(request) || result.groups.quantized === 0;
  if (!keeps) leaveFloat(request);
  const message = `The file is ${(after / before).toFixed(2)} times as large as the original${keeps ? '' : ': the model was left as it is'}.`;
  const left: Pick<QuantizeResult, 'groups' | 'decisions'> = keeps
    ? result
    : {
        groups: { quantized: 0, float: result.groups.float + result.groups.quantized },
        decisions: result.decisions.map((decision) =>
          isQuantized(decision) ? { ...decision, became: 'float', reason: GROWS } : decision,
        ),
      };
  const { groups, decisions } = left;
  // What is told of a conversion is not true of a model that was left as it is.
  const told = keeps
    ? result.notes
    : result.notes.filter(({ code }) => code === 'quantize.unmatched-pattern');
  const notes: QuantizeNote[] = [...told, { level: 'warn', code: 'quantize.larger', message }];
  return { ...result, groups, decisions, notes };
}

const GROWS = 'the file would be larger than the original';

/** Whether the options name what is to be in the reduced type: such a file is warned about, never changed. */
function isPromised({ options }: VerifiedRequest): boolean {
  return options.preset !== null || options.plan !== null || options.include !== null;
}
