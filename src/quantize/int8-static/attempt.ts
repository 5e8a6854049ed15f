/** One attempt at a static INT8 file: written, then proved; what fails a proof is taken back, and the file written anew.
 *
 *  What outlives a single file belongs to the attempt: what weights became, what the original gives on the samples, which recovery is
 *  still in use, and what the runtime made of each group. */
import { messageOf } from '../../errors.js';
import { modelOutputs } from '../../onnx/interface.js';
import { isFloatType } from '../../tensor/elements.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import type { TensorRange } from '../calibrate/minmax.js';
import { isCpu, runsHere, type Slowdown, slowdownText, sureSlowdown } from '../method/compare-speed.js';
import type { Decision, QuantizeRequest } from '../method/request.js';
import { makeSelection, nodeLabel } from '../method/selection.js';
import type { CalibrationSamples, Observed } from './calibration.js';
import { choosePercentile } from './choose-percentile.js';
import { WeightCache } from './edit/weight-cache.js';
import { foldRest } from './fold-rest.js';
import type { Group } from './placement/group.js';
import type { Prologue } from './prologue.js';
import { OutputErrors } from './recover/output-error.js';
import { checkFusion, type FusionCheck } from './verify.js';
import { worseRecovery } from './worse-recovery.js';
import { type QuantizedParts, type Recovery, writeQuantized } from './write-quantized.js';

/** How much slower 8 bits are taken to be, each time that a file turns out slower than its original; then it is given up. */
const DISTRUST = [1.5, 2.5];
const GIVE_UP = 1e9;

export interface AttemptParts {
  samples: CalibrationSamples;
  observed: Observed;
  /** Path of the original in a form that runs here: what files are compared with. */
  reference: string;
}

export class Attempt {
  readonly #request: QuantizeRequest;
  readonly #prologue: Prologue;
  readonly #reference: string;
  readonly #samples: CalibrationSamples;
  readonly #candidates: Observed['candidates'];
  readonly #folds: Observed['folds'];
  readonly #weights = new WeightCache();
  readonly #errors: OutputErrors;
  #ranges: ReadonlyMap<string, TensorRange>;
  #recovery: Recovery;
  #checks: FusionCheck[] = [];
  /** Of the ranges in use; 100: the extremes. */
  percentile = 100;
  /** How much nearer the outputs are for adaptive rounding, in dB; null: it is not in use, or was not tried. */
  roundingGain: number | null = null;

  constructor(request: QuantizeRequest, prologue: Prologue, { samples, observed, reference }: AttemptParts) {
    this.#request = request;
    this.#prologue = prologue;
    this.#samples = samples;
    this.#candidates = observed.candidates;
    this.#ranges = observed.candidates.get(this.percentile)!;
    this.#recovery = observed.recovery;
    this.#folds = observed.folds;
    this.#reference = reference;
    const { context, evidence } = request;
    const [fold] = observed.folds;
    this.#errors = new OutputErrors({
      reference,
      dataset: samples.dataset,
      ...(fold && fold.samples.length > 0 ? { samples: fold.samples } : {}),
      ...(evidence && onlyFloat32(modelOutputs(prologue.model)) ? { known: evidence.originals } : {}),
      context,
    });
  }

  /** Whether anything is left to run in 8 bits. */
  get hasGroups(): boolean {
    return this.#prologue.draft.partition.quantized.length > 0;
  }

  get recovery(): Readonly<Recovery> {
    return this.#recovery;
  }

  /** What the runtime made of each group of the last file that was checked. */
  get became(): ReadonlyMap<Group, string> {
    return new Map(this.#checks.map(({ group, became }) => [group, became]));
  }

  /** Takes the ranges of the calibrator that does best on samples which it has not seen. */
  async chooseRanges(): Promise<void> {
    if (this.#candidates.size === 1 || !this.hasGroups) return;
    this.percentile = await choosePercentile(this.#folds, {
      // Which ranges are best doesn't depend on how weights are rounded.
      parts: { ...this.#parts(), recovery: { ...this.#recovery, moments: null } },
      errors: this.#errors,
    });
    this.#ranges = this.#candidates.get(this.percentile)!;
  }

  /** Writes the file and proves it. If it doesn't stand, what made it fail has been taken back: at least one group, or a step of
   *  recovery, so that attempts end. */
  async writeAndProve(): Promise<boolean> {
    const { out, verify, context, evidence } = this.#request;
    await this.#roundWeights();
    const quantizedOutputs = writeQuantized(out, this.#parts());
    evidence?.ranAt.clear();
    if (!verify) return true;
    if (this.#prologue.scheme.placement !== 'fused') {
      // Another provider's fusions can't be seen on this one's dump; that the file is valid can.
      await (await context.runtime.open(out, { graphOptimizationLevel: 'disabled', threads: 1 })).release();
      return true;
    }
    return (await this.#isFused(quantizedOutputs)) && (await this.#recoveryHelps()) && (await this.#pays());
  }

  /** Compresses the weights of what stays float in the file that stands, unless the options say what becomes of what. */
  async foldRest(): Promise<Decision[]> {
    const { options, out, target, verify, evidence, context, repaired = [] } = this.#request;
    const { scheme } = this.#prologue;
    const exclude = options.exclude.filter((name) => !repaired.includes(name));
    const selection = makeSelection({ ...options, exclude });
    const listed = options.include !== null || options.preset !== null || scheme.placement !== 'fused';
    if (listed || !isCpu(target)) return [];
    const folded = await foldRest(out, { selection, errors: verify ? this.#errors : null, context });
    if (folded.length > 0) evidence?.ranAt.clear();
    return folded;
  }

  /** Rounds what takes long, once: it is known to all files from then on. */
  async #roundWeights(): Promise<void> {
    const { out, context } = this.#request;
    if (this.#recovery.moments === null) return;
    const trial = () => writeQuantized(out, this.#parts(), { durable: false });
    await this.#weights.roundAhead(trial, context);
  }

  #parts(): QuantizedParts {
    const { model, scheme, selection, draft } = this.#prologue;
    return {
      model,
      scheme,
      selection,
      groups: draft.partition.quantized,
      ranges: this.#ranges,
      recovery: this.#recovery,
      weights: this.#weights,
    };
  }

  async #isFused(quantizedOutputs: ReadonlyMap<string, string>): Promise<boolean> {
    const { draft, notes } = this.#prologue;
    const { out, context, evidence } = this.#request;
    const { runtime } = context;
    const sample = evidence ? this.#errors.firstSample : undefined;
    this.#checks = await checkFusion(out, draft.partition.quantized, { runtime, quantizedOutputs, sample });
    if (sample) evidence?.ranAt.add('extended');
    const unfused = this.#checks.filter((check) => !check.fused);
    if (unfused.length === 0) return true;
    draft.refuse(
      unfused.map(({ group, became }) => [group, `the runtime did not fuse it (it ran ${became})`]),
    );
    notes.push({ level: 'warn', code: 'quantize.not-fused', message: unfusedMessage(unfused) });
    return false;
  }

  async #recoveryHelps(): Promise<boolean> {
    const { worse, roundingGain } = await worseRecovery(this.#request.out, this.#parts(), this.#errors);
    this.roundingGain = roundingGain;
    if (worse === null) return true;
    this.#recovery = { ...this.#recovery, [worse]: null };
    return false;
  }

  /** Whether the file is no slower than the original on this machine; if it is, more stays float. Models with a fixed batch above 1
   *  don't take a single sample and are believed. */
  async #pays(): Promise<boolean> {
    const { target, context } = this.#request;
    const { scheme, draft, notes } = this.#prologue;
    if (!runsHere(target)) return true;
    const slowdown = await this.#slowdown();
    if (slowdown === null) return true;
    const seen = `The quantized model ${slowdownText(slowdown)}`;
    if (scheme.everything) {
      const message = `${seen}; without \`include\` and presets only what pays is quantized.`;
      notes.push({ level: 'warn', code: 'quantize.slower', message });
      return true;
    }
    context.log.debug(`${seen}: more stays float.`);
    notes.push({
      level: 'info',
      code: 'quantize.slower-in-8-bits',
      message: `With ${draft.partition.quantized.length} groups in 8 bits: ${seen.charAt(0).toLowerCase()}${seen.slice(1)}. More stays in float.`,
    });
    draft.distrust(DISTRUST[draft.distrusted++] ?? GIVE_UP);
    return false;
  }

  /** By how much the file is slower than the original on the first sample, for sure; null where they can't be compared, too. */
  async #slowdown(): Promise<Slowdown | null> {
    const { out, context } = this.#request;
    try {
      return await sureSlowdown(this.#reference, out, { context, feeds: this.#samples.first });
    } catch (error) {
      context.log.debug(`The quantized model's speed was not compared: ${messageOf(error)}`);
      return null;
    }
  }
}

/** Only such outputs are compared here. */
function onlyFloat32(outputs: readonly ValueMeta[]): boolean {
  return outputs.every(({ type }) => type === null || !isFloatType(type) || type === 'float32');
}

function unfusedMessage(unfused: readonly FusionCheck[]): string {
  const named = unfused.slice(0, 5).map(({ group }) => `${group.node.opType} '${nodeLabel(group.node)}'`);
  const more = unfused.length > named.length ? ` and ${unfused.length - named.length} more` : '';
  return `The runtime did not fuse ${named.join(', ')}${more}: kept in float.`;
}
