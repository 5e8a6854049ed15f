/** Which groups int8-static should take on this machine, by measured costs instead of the table's, and within a noise budget. */

import { join } from 'node:path';
import type { Dataset, Sample } from '../../data/samples/dataset.js';
import { writeModelUnlessInterrupted } from '../../onnx/file/write.js';
import { firstSample } from '../../quantize/int8-static/calibration.js';
import type { Costs } from '../../quantize/int8-static/placement/costs.js';
import type { Group } from '../../quantize/int8-static/placement/group.js';
import { partitionGroups } from '../../quantize/int8-static/placement/partition.js';
import { type Prologue, staticPrologue } from '../../quantize/int8-static/prologue.js';
import type { QuantizeRequest } from '../../quantize/method/request.js';
import { nodeLabel } from '../../quantize/method/selection.js';
import { quantizeModel } from '../../quantize/quantize.js';
import { firstOf } from '../judging/held-out.js';
import { measureSensitivity } from './group-sensitivity.js';
import { type MeasuredCosts, measureCosts, measuredCosts } from './measured-costs.js';

/** Halvings of the price of noise: more than enough for a handful of plans. */
const PRICE_STEPS = 40;

export interface StaticPlannerOptions {
  request: QuantizeRequest & { calibration: Dataset };
  samples: readonly Sample[];
  /** For the files that are profiled. */
  directory: string;
}

/** Plans int8-static's groups from what was measured; made once, asked many times. It holds the model's weights. */
export class StaticPlanner {
  readonly #prologue: Prologue;
  readonly #groups: readonly Group[];
  readonly #options: StaticPlannerOptions;
  #costs: Costs;
  #sensitivity: Map<Group, number> | null = null;

  private constructor(prologue: Prologue, options: StaticPlannerOptions) {
    this.#prologue = prologue;
    this.#groups = prologue.draft.candidates;
    this.#options = options;
    this.#costs = prologue.costs;
  }

  /** @param measured what was found out before; default: the table counts until costs are measured. */
  static async make(options: StaticPlannerOptions, measured?: MeasuredCosts): Promise<StaticPlanner> {
    const { request } = options;
    // As int8-static itself begins, so that the model need not be prepared anew.
    const sample = await firstSample(request.calibration);
    const inputShapes = new Map(Object.entries(sample).map(([name, { dims }]) => [name, dims]));
    const planner = new StaticPlanner(await staticPrologue({ ...request, inputShapes, sample }), options);
    if (measured) planner.#costs = measuredCosts(measured, planner.#prologue.costs);
    return planner;
  }

  /** Profiles the float model and one with every group in 8 bits; from here on plans go by what was seen. */
  async measureCosts(): Promise<MeasuredCosts> {
    const { request, samples, directory } = this.#options;
    if (this.#groups.length === 0) return { groups: new Map(), scale: 1 };
    const files = { float: join(directory, 'prepared.onnx'), int8: join(directory, 'all-groups.onnx') };
    await writeModelUnlessInterrupted(this.#prologue.model, files.float, {
      durable: false,
      signal: request.context.signal,
    });
    const include = this.#groups.map((group) => nodeLabel(group.node));
    await quantizeModel({
      ...request,
      out: files.int8,
      verify: false,
      // It is only timed: ranges of next to nothing do.
      calibration: firstOf(request.calibration, 1),
      options: {
        ...request.options,
        method: 'int8-static',
        include,
        includeNames: true,
        rounding: 'nearest',
        biasCorrection: false,
        equalization: false,
      },
    });
    const measured = await measureCosts({
      table: this.#prologue.costs,
      groups: this.#groups,
      files,
      feeds: samples[0]!.feeds,
      context: request.context,
    });
    this.#costs = measuredCosts(measured, this.#prologue.costs);
    return measured;
  }

  /** Finds out what each group does to `output`. @returns whether it could be. */
  async measureSensitivity(output: string, budgetMs: number): Promise<boolean> {
    const { request, samples } = this.#options;
    this.#sensitivity = await measureSensitivity({
      prepared: this.#prologue,
      groups: this.#groups,
      samples,
      output,
      context: request.context,
      budgetMs,
    });
    return this.#sensitivity !== null;
  }

  /** Names of the operators of the fastest plan. */
  fastest(): string[] {
    return this.#plan(0).map((group) => nodeLabel(group.node));
  }

  /** The fastest plan whose noise is at most `share` of that of the fastest plan of all. The groups' noises add up, so that a price on
   *  noise, added to every group's cost, trades it for time; the price is found by bisection. */
  quieter(share: number): string[] {
    const allowed = share * this.#noise(this.#plan(0));
    let [low, high] = [0, 1];
    while (this.#noise(this.#plan(high)) > allowed && high < Number.MAX_SAFE_INTEGER ** 2) high *= 8;
    for (let step = 0; step < PRICE_STEPS; step++) {
      const price = (low + high) / 2;
      if (this.#noise(this.#plan(price)) > allowed) low = price;
      else high = price;
    }
    return this.#plan(high).map((group) => nodeLabel(group.node));
  }

  /** @param price microseconds per unit of noise ÷ signal. */
  #plan(price: number): Group[] {
    const costs = {
      ...this.#costs,
      group: (group: Group) => {
        const { float, int8 } = this.#costs.group(group);
        return { float, int8: int8 + price * (this.#sensitivity?.get(group) ?? 0) };
      },
    };
    return partitionGroups(this.#groups, this.#prologue.model.graph, { costs }).quantized;
  }

  #noise(groups: readonly Group[]): number {
    return groups.reduce((sum, group) => sum + (this.#sensitivity?.get(group) ?? 0), 0);
  }
}
