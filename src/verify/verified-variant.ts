/** Nothing is called made that was not opened, run and compared: every method's file is proved before it takes its place, and one that loses
 *  too much is made again with the layers that lose most left as they are.
 *
 *  Presets, plans and `include` promise certain operators in the reduced type: they are warned about, never repaired. */
import { type AutoRequest, quantizeVariant } from '../auto/auto.js';
import type { Method } from '../config/config.js';
import { messageOf, throwIfInterrupted } from '../errors.js';
import { modelBytes } from '../onnx/weights.js';
import { Evidence } from '../quantize/method/evidence.js';
import type { QuantizeNote, QuantizeResult } from '../quantize/method/request.js';
import { leaveFloat } from '../quantize/method/result.js';
import { inPlace } from '../quantize/quantize.js';
import type { Verification } from '../terms/report.js';
import { quantizeAroundPlugins } from './around-plugins.js';
import { type LosingLayer, losingLayers } from './losing-layers.js';
import { notFullyVerified } from './notes.js';
import { type Trial, trialSamples } from './trial-samples.js';
import { FileFault, type VerifiedFile, verifyFile } from './verify-file.js';

export type VerifiedResult = QuantizeResult & { verification: Verification };

export interface VerifiedRequest extends AutoRequest {
  /** Leave the layers that lose most as they are when the file falls below the method's floor. */
  repair: boolean;
}

/** SQNR of the outputs in dB below which a file is told of. What a method usually reaches lies far above: these are the marks of a file that
 *  went wrong. */
const FLOOR_DB: Record<Method, number> = {
  float16: 30,
  'int8-static': 15,
  'int8-dynamic': 15,
  'int8-weights': 15,
  'int4-weights': 8,
  auto: 8,
};

/** The rounds of a repair: how many of the worst layers are left as they are, and how far what they read is too. */
const REPAIR_ROUNDS = [
  { layers: 1, depth: 0 },
  { layers: 1, depth: 2 },
  { layers: 4, depth: 0 },
  { layers: 4, depth: 2 },
  { layers: 12, depth: 3 },
] as const;

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
  let made = await attempt(request, trialOf);
  const trial = await trialOf();
  if (isBelow(made.proof) && trial.representative) made = await repaired(request, trialOf, made);
  const worst = (isBelow(made.proof) ? made.worst : []).map(({ node, operator, loss }) => ({
    node,
    operator,
    loss,
  }));
  const verification: Verification = { ...made.proof, worst, repaired: made.excluded };
  return {
    ...made.result,
    verification,
    notes: [...made.result.notes, ...proofNotes(verification, trial)],
  };
}

type TrialOf = () => Promise<Trial>;

interface Made {
  result: QuantizeResult;
  proof: VerifiedFile;
  /** Layers that lose most; looked for below the floor only. */
  worst: LosingLayer[];
  /** Layers left as they are. */
  excluded: string[];
}

/** Makes the file and proves it; what the runtime can't open or run in the reduced type is left as it is. */
async function attempt(request: VerifiedRequest, trialOf: TrialOf, excluded: string[] = []): Promise<Made> {
  try {
    return await attemptOnce(request, trialOf, excluded);
  } catch (error) {
    const node = error instanceof FileFault && mayRepair(request) ? error.node : null;
    if (node === null || excluded.includes(node) || excluded.length > MOST_LEFT) throw error;
    request.context.log.info(`${messageOf(error)} Trying with '${node}' as it is.`);
    return await attempt(request, trialOf, [...excluded, node]);
  }
}

/** More layers than these are not left as they are one by one. */
const MOST_LEFT = 40;

function mayRepair(request: VerifiedRequest): boolean {
  return request.repair && !isPromised(request) && request.options.method !== 'auto';
}

async function attemptOnce(request: VerifiedRequest, trialOf: TrialOf, excluded: string[]): Promise<Made> {
  const { options, model, context, evidence } = request;
  const exclude = [...options.exclude, ...excluded];
  const written = await quantizeVariant({ ...request, options: { ...options, exclude } });
  const result = await withoutGrowth(request, written);
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
  const worst = isBelow(proof) ? await losingLayers({ ...files, context }) : [];
  return { result, proof, worst, excluded };
}

function isBelow({ sqnr, floor }: Pick<Verification, 'sqnr' | 'floor'>): boolean {
  return sqnr !== null && floor !== null && sqnr < floor;
}

/** The file with the fewest layers left as they are that reaches the floor; the best one where none does. */
async function repaired(request: VerifiedRequest, trialOf: TrialOf, first: Made): Promise<Made> {
  const { log, signal } = request.context;
  if (!mayRepair(request)) return first;
  let [best, last] = [first, first];
  for (const round of REPAIR_ROUNDS) {
    throwIfInterrupted(signal);
    const excluded = [...new Set([...first.excluded, ...leftAsTheyAre(first.worst, round)])];
    if (excluded.length <= last.excluded.length) continue;
    log.info(`${decibels(last.proof.sqnr!)}: trying with ${excluded.length} layers as they are`);
    last = await attempt(request, trialOf, excluded);
    if ((last.proof.sqnr ?? 0) > (best.proof.sqnr ?? 0)) best = last;
    if (!isBelow(last.proof)) return last;
  }
  // The file of the last round lies there: the best is made again.
  return best === last ? best : await attempt(request, trialOf, best.excluded);
}

function leftAsTheyAre(worst: readonly LosingLayer[], round: (typeof REPAIR_ROUNDS)[number]): string[] {
  return [
    ...new Set(
      worst
        .slice(0, round.layers)
        .flatMap(({ node, sources }) => [node, ...sources.slice(0, round.depth).flat()]),
    ),
  ];
}

function proofNotes(
  { state, reason, sqnr, floor, worst, repaired: left }: Verification,
  trial: Trial,
): QuantizeNote[] {
  const notes = notFullyVerified({ state, reason });
  if (left.length > 0) {
    notes.push({
      level: 'info',
      code: 'repaired',
      message: `${list(left)} lost most, or can't run in the reduced type, and stayed as ${left.length === 1 ? 'it was' : 'they were'}: ${sqnr === null ? '' : `the outputs follow the original's with ${decibels(sqnr)}. `} Without this: repair: false, or --no-repair.`,
    });
  }
  if (sqnr !== null && floor !== null && sqnr < floor) {
    const layers = worst
      .slice(0, 5)
      .map(({ node, operator, loss }) => `${operator} '${node}' (${loss.toFixed(0)} dB)`);
    const where = layers.length > 0 ? ` Most is lost in ${layers.join(', ')}.` : '';
    notes.push({
      level: trial.representative ? 'warn' : 'info',
      code: 'low-fidelity',
      message: `The outputs follow the original's with ${decibels(sqnr)} only (${decibels(floor)} and more are usual)${trial.representative ? '' : ' on made-up inputs'}.${where}`,
    });
  }
  return notes;
}

/** A file that is larger than the original has missed its purpose: the model is left as it was, unless its bytes were promised. */
async function withoutGrowth(request: VerifiedRequest, result: QuantizeResult): Promise<QuantizeResult> {
  const [before, after] = [await modelBytes(request.model), await modelBytes(request.out)];
  if (after <= before) return result;
  const keeps = isPromised(request) || result.groups.quantized === 0;
  if (!keeps) leaveFloat(request);
  const message = `The file is ${(after / before).toFixed(2)} times as large as the original${keeps ? '' : ': the model was left as it is'}.`;
  const groups = keeps
    ? result.groups
    : { quantized: 0, float: result.groups.float + result.groups.quantized };
  return { ...result, groups, notes: [...result.notes, { level: 'warn', code: 'larger', message }] };
}

/** Whether the options name what is to be in the reduced type: such a file is warned about, never changed. */
function isPromised({ options }: VerifiedRequest): boolean {
  return options.preset !== null || options.plan !== null || options.include !== null;
}

function decibels(value: number): string {
  return `${value.toFixed(1)} dB`;
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `'${name}'`);
  return names.length > 5 ? `${shown.join(', ')} and ${names.length - 5} more` : shown.join(', ');
}
