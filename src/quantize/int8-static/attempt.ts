/** One attempt at a static INT8 file: written, then proved; what fails a proof is taken back, and the file written anew.
 *
 *  What outlives a single file belongs to the attempt: what weights became, what the original gives on the samples, which recovery is
 *  still in use, and what the runtime made of each group. */
import type { Dataset } from '../../data/samples/dataset.js';
import { messageOf } from '../../errors.js';
import { writeModelUnlessInterrupted } from '../../onnx/file/write.js';
import { modelOutputs } from '../../onnx/query/interface.js';
import { isFloatType } from '../../tensor/elements.js';
import type { ValueMeta } from '../../tensor/value-meta.js';
import type { TensorRange } from '../calibrate/minmax.js';
import { EXTREMES, type RangeChoice } from '../calibrate/range-choice.js';
import { isCpu, runsHere, type Slowdown, slowdownText, sureSlowdown } from '../method/compare-speed.js';
import type { QuantizeRequest } from '../method/request.js';
import type { Decision } from '../method/result.js';
import { halfSelection, makeSelection, nodeLabel } from '../method/selection.js';
import { type CalibrationSamples, type Observed, rangesOf } from './calibration.js';
import { chooseCalibrator } from './choose-calibrator.js';
import { WeightCache } from './edit/weight-cache.js';
import { foldRest, storeRest } from './fold-rest.js';
import type { Group } from './placement/group.js';
import type { Prologue } from './prologue.js';
import { sureDrifts } from './recover/output-drift.js';
import { OutputErrors } from './recover/output-error.js';
import { checkFusion, type FusionCheck } from './verify.js';
import { worseRecovery } from './worse-recovery.js';
import {
  type QuantizedModel,
  type QuantizedParts,
  quantizedModel,
  type Recovery,
} from './write-quantized.js';

/** How much slower 8 bits are taken to be, each time that a file turns out slower than its original; then it is given up. */
const DISTRUST = [1.5, 2.5];
const GIVE_UP = 1e9;

const GROWS = 'in 8 bits the file would be larger than the original';

export interface AttemptParts {
  samples: CalibrationSamples;
  observed: Observed;
  /** Path of the original in a form that runs here: what files are compared with. */
  reference: string;
}

export class Attempt {
  readonly #request: QuantizeRequest;
  readonly prologue: Prologue;
  readonly parts: AttemptParts;
  #weights = new WeightCache();
  #errors: OutputErrors;
  #ranges: ReadonlyMap<string, TensorRange>;
  #recovery: Recovery;
  #checks: FusionCheck[] = [];
  /** Of the ranges in use. */
  rangeChoice: RangeChoice = EXTREMES;
  /** How much nearer the outputs are for adaptive rounding, in dB; null: it is not in use, or was not tried. */
  roundingGain: number | null = null;
  /** By how many bytes the file would be larger than the original in 8 bits, and so is not; null: it would not. */
  growth: number | null = null;

  constructor(request: QuantizeRequest, prologue: Prologue, parts: AttemptParts) {
    const { samples, observed, reference } = parts;
    this.#request = request;
    this.prologue = prologue;
    this.parts = parts;
    this.#ranges = observed.candidates.get(this.rangeChoice)!;
    this.#recovery = observed.recovery;
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

  /** The same with other layers left as they are: what the samples told of the model, and what weights became, is told of it, too.
   *  @param request names them, and the file. */
  again(request: QuantizeRequest): Attempt {
    const { model, draft, notes } = this.prologue;
    const selection = makeSelection(request.options, model.graph.nodes);
    const prologue = { ...this.prologue, selection, draft: draft.reselected(selection), notes: [...notes] };
    const other = new Attempt(request, prologue, this.parts);
    other.rangeChoice = this.rangeChoice;
    other.roundingGain = this.roundingGain;
    other.growth = this.growth;
    other.#ranges = this.#ranges;
    other.#recovery = this.#recovery;
    other.#weights = this.#weights;
    other.#errors = this.#errors;
    return other;
  }

  /** Time that the file would take by the table, made by `again` with these options. */
  plannedCost(options: QuantizeRequest['options']): number {
    const { model, draft } = this.prologue;
    return draft.reselected(makeSelection(options, model.graph.nodes)).partition.estimate.planned;
  }

  /** Whether anything is left to run in 8 bits. */
  get hasGroups(): boolean {
    return this.prologue.draft.partition.quantized.length > 0;
  }

  /** Leaves every group in float, because the file with them is larger than the original. */
  leaveAll(growth: number): void {
    const { draft } = this.prologue;
    this.growth = growth;
    draft.refuse(draft.partition.quantized.map((group) => [group, GROWS]));
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
    const { candidates, folds } = this.parts.observed;
    const [first, ...others] = folds;
    if (!first || !this.hasGroups) return;
    this.rangeChoice = await chooseCalibrator([first, ...others], {
      // Which ranges are best doesn't depend on how weights are rounded.
      parts: { ...this.#quantizedParts(), recovery: { ...this.#recovery, moments: null } },
      errors: this.#errors,
    });
    this.#errors.forgetOthers();
    this.#ranges = candidates.get(this.rangeChoice)!;
  }

  /** Takes the ranges of other samples, found in the same way; what recovers accuracy stays. */
  async takeRangesOf(dataset: Dataset): Promise<void> {
    const { observed } = this.parts;
    const choice = observed.candidates.size > 1 ? this.rangeChoice : null;
    const { prologue } = this;
    this.#ranges = await rangesOf(dataset, { request: this.#request, prologue, observed, choice });
  }

  /** Writes the file and proves it. If it doesn't stand, what made it fail has been taken back: at least one group, or a step of
   *  recovery, so that attempts end. */
  async writeAndProve(): Promise<boolean> {
    const { out, verify, context, isTry } = this.#request;
    // Those of a file with other layers.
    this.#recovery = { ...this.#recovery, drifts: null };
    const quantizedOutputs = await this.#write();
    if (!verify) return true;
    if (this.prologue.scheme.placement !== 'fused') {
      // Another provider's fusions can't be seen on this one's dump; that the file is valid can.
      await (await context.runtime.open(out, { graphOptimizationLevel: 'disabled', threads: 1 })).release();
      return true;
    }
    if (!(await this.#isFused(quantizedOutputs))) return false;
    if (isTry === true) return true;
    if (!(await this.#recoveryHelps())) return false;
    await this.#takeUpDrifts();
    return await this.#pays();
  }

  /** Writes the file again with the mean of what its outputs were off by in the bias of the layers that give them. */
  async #takeUpDrifts(): Promise<void> {
    const { parts, prologue } = this;
    if (parts.observed.recovery.means === null) return;
    const [error] = await this.#errors.of([this.#request.out]);
    const { graph } = prologue.model;
    const quantized = new Set(prologue.draft.partition.quantized.map(({ node }) => node));
    // MatMul has no bias.
    const drifts = sureDrifts(error!, (output) => {
      const node = graph.producer(output)!;
      return quantized.has(node) && node.opType === 'Gemm';
    });
    if (drifts.size === 0) return;
    this.#recovery = { ...this.#recovery, drifts };
    await this.#write();
  }

  /** Compresses the weights of what stays float in the file that stands, unless the options say what becomes of what: in half, which costs hardly anything,
   *  where the file is only tried. */
  async foldRest(): Promise<Decision[]> {
    const { options, out, target, verify, evidence, context, isTry } = this.#request;
    const { scheme } = this.prologue;
    // What a repair leaves computes in float, of weights that may be stored smaller where nothing is lost by it.
    const selection = makeSelection({ ...options, leftNames: [] });
    const listed = options.include !== null || options.preset !== null || scheme.placement !== 'fused';
    if (listed || !isCpu(target)) return [];
    // Others fold what they try themselves.
    if (isTry && !verify) return [];
    const halves = halfSelection(options);
    const errors = verify ? this.#errors : null;
    const folded = isTry
      ? await storeRest(out, { selection: halves, context })
      : await foldRest(out, { selection, errors, halves, context });
    if (folded.length > 0) evidence?.ranAt.clear();
    return folded;
  }

  /** Writes the file; what takes long to round is rounded once, and known to all files from then on. */
  async #write(): Promise<QuantizedModel['quantized']> {
    const { out, context, evidence } = this.#request;
    const make = () => quantizedModel(this.#quantizedParts());
    const { model, quantized } =
      this.#recovery.moments === null ? make() : await this.#weights.rounded(make, context);
    await writeModelUnlessInterrupted(model, out, { signal: context.signal });
    evidence?.ranAt.clear();
    return quantized;
  }

  #quantizedParts(): QuantizedParts {
    const { model, scheme, selection, draft } = this.prologue;
    return {
      model,
      scheme,
      selection,
      groups: draft.partition.quantized,
      ranges: this.#ranges,
      recovery: this.#recovery,
      weights: this.#weights,
      context: this.#request.context,
    };
  }

  async #isFused(quantizedOutputs: ReadonlyMap<string, string>): Promise<boolean> {
    const { draft, notes } = this.prologue;
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
    const { worse, roundingGain } = await worseRecovery(
      this.#request.out,
      this.#quantizedParts(),
      this.#errors,
    );
    this.roundingGain = roundingGain;
    if (worse === null) return true;
    this.#recovery = { ...this.#recovery, [worse]: null };
    return false;
  }

  /** Whether the file is no slower than the original on this machine; if it is, more stays float. Models with a fixed batch above 1
   *  don't take a single sample and are believed. */
  async #pays(): Promise<boolean> {
    const { target, context } = this.#request;
    const { scheme, draft, notes } = this.prologue;
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
      const { reference, samples } = this.parts;
      return await sureSlowdown(reference, out, { context, feeds: samples.first });
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
