/** Nothing is called made that was not opened, run and compared: every method's file is proved before it takes its place, and one that loses
 *  too much is made again with the layers that lose most left as they are.
 *
 *  Presets, plans and `include` promise certain operators in the reduced type: they are warned about, never repaired. */
import { quantizeVariant } from '../auto/auto.js';
import type { PlainRequest } from '../auto/candidates/plain-method.js';
import { readModelOutline } from '../onnx/file/read-outline.js';
import { modelBytes } from '../onnx/file/weights.js';
import { FINE } from '../quantize/layers/fine-weights.js';
import { Evidence } from '../quantize/method/evidence.js';
import { neededRuntime } from '../quantize/method/needed-runtime.js';
import { isChanged } from '../quantize/method/result.js';
import { inPlace } from '../quantize/quantize.js';
import type { Verification } from '../terms/report.js';
import { quantizeAroundPlugins } from './around-plugins.js';
import { fedBackDecision } from './fed-back-decision.js';
import { COMPANIONS } from './kept-file.js';
import {
  attempt,
  isBelow,
  type Judged,
  mayRepair,
  type ProvedRequest,
  type TrialOf,
  type VerifiedRequest,
  type VerifiedResult,
} from './made-file.js';
import { isFitted, proofNotes, withSeenSamples } from './notes.js';
import { type Trial, trialSamples } from './proof/trial-samples.js';
import { unlikeLengthsNotes } from './proof/unlike-lengths.js';
import { FLOOR_DB } from './repair/marks.js';
import { repairedFrom } from './repaired-file.js';
import { quantizeWithHeldLengths } from './with-held-lengths.js';

/** Any method, proved. @throws UserError when the file is not valid, and as the method itself. */
export async function quantizeVerified(request: VerifiedRequest): Promise<VerifiedResult> {
  const result =
    (await quantizeAroundPlugins(request, quantizeWhole)) ??
    (await quantizeWithHeldLengths(request, quantizeWhole)) ??
    (await quantizeWhole(request));
  const runtime = neededRuntime(result.file);
  if (runtime === null) return result;
  return { ...result, provenance: { ...result.provenance, neededRuntime: runtime } };
}

async function quantizeWhole(request: VerifiedRequest): Promise<VerifiedResult> {
  if (!request.verify) {
    const result = await quantizeVariant(request);
    return { ...result, verification: { ...UNVERIFIED, floor: FLOOR_DB[request.options.method] } };
  }
  return await inPlace(request.out, COMPANIONS, async (out) => {
    const result = await provedIn({ ...request, out });
    const reason = result.verification.reason?.replaceAll(out, request.out) ?? null;
    return { ...result, verification: { ...result.verification, reason } };
  });
}

/** A candidate of method auto, as the method's users get it. */
async function quantizePlain(request: PlainRequest): Promise<VerifiedResult> {
  return await quantizeWhole({ ...request, verify: true, repair: true });
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
  const evidence = asked.evidence ?? new Evidence();
  try {
    return await proved({ ...asked, evidence, makePlain: quantizePlain });
  } finally {
    if (!asked.evidence) evidence.close();
  }
}

async function proved(request: ProvedRequest): Promise<VerifiedResult> {
  let settled: Promise<Trial> | undefined;
  // Asked for when the method has run, which may have samples at hand.
  const trialOf: TrialOf = () => {
    settled ??= trialSamples(request);
    return settled;
  };
  const about = { bytes: await modelBytes(request.model), samples: request.calibration?.length ?? null };
  const judged: Judged = { trialOf, about, marks: null, operators: new Set(), exact: [] };
  let made = await attempt(request, judged);
  const { goal } = made.marks;
  const trial = await trialOf();
  let [cutShortAfter, inParts]: [number | null, boolean] = [null, false];
  const mayMend = trial.representative && mayRepair(request) && !request.isLate?.();
  if (isBelow(made.sqnr, goal.sqnr) && mayMend) {
    const search = await repairedFrom(made, request, judged);
    made = search.file;
    if (search.isCutShort) cutShortAfter = search.made;
    inParts = search.inParts;
  }
  const worst = (await made.worst()).map(({ node, operator, loss }) => ({ node, operator, loss }));
  const repaired = [...made.excluded, ...judged.operators];
  const inTwelveBits = made.result.decisions.filter(({ became }) => became === FINE).length;
  const fedBack = made.result.decisions.some(isChanged)
    ? fedBackDecision(readModelOutline(request.model).graph.nodes)
    : null;
  const { noise: _, bound, ...proof } = made.proof;
  // Of what a rare choice changes, the samples' own spread says nothing.
  const fitted = trial.heldOut !== true && isFitted(made.result.notes);
  const others = bound === undefined || fedBack !== null || fitted ? {} : { bound };
  const files = { original: request.model, file: request.out, context: request.context };
  const unlike = trial.representative || proof.state !== 'full' ? [] : await unlikeLengthsNotes(files);
  const verification: Verification = { ...proof, ...others, ...(fitted && { fitted }), worst, repaired };
  return {
    ...made.result,
    verification,
    notes: [
      ...made.result.notes.map((note) => withSeenSamples(note, verification)),
      ...unlike,
      ...proofNotes(verification, {
        ...{ goal, trial, cutShortAfter, inParts, fedBack, inTwelveBits },
        doubt: fedBack === null ? bound : undefined,
      }),
    ],
  };
}
