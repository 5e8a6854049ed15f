/** The partition in the making: which groups may run in 8 bits, which of them do, which have been refused since, and why. */

import type { NodeProto } from 'onnx-buf';
import type { Graph } from '../../../onnx/graph.js';
import { readWeighted } from '../../../onnx/query/weighted.js';
import type { TensorRange } from '../../calibrate/minmax.js';
import { keptForOthers } from '../../layers/shared-weights.js';
import type { Decision } from '../../method/result.js';
import { nodeLabel, type Selection } from '../../method/selection.js';
import type { PreparedModel } from '../../prepare/prepare.js';
import type { Costs } from './costs.js';
import type { Group } from './group.js';
import { findGroups } from './groups.js';
import { type Partition, partitionGroups } from './partition.js';
import type { Scheme } from './scheme.js';
import { findTensorRtGroups } from './weighted-inputs.js';

export interface DraftOptions {
  scheme: Scheme;
  selection: Selection;
  costs: Costs;
  /** Types without the dimensions of a sample; default: as prepared. */
  declared?: PreparedModel['types'];
  /** Why nothing runs in 8 bits on the target; null: what pays does. */
  keepsFloat?: string | null;
}

export class Draft {
  readonly #prepared: PreparedModel;
  readonly #options: DraftOptions;
  readonly #scheme: Scheme;
  readonly #costs: Costs;
  readonly #groups: Group[];
  readonly #reasons: Map<NodeProto, string>;
  readonly #refused = new Map<Group, string>();
  #distrust = 1;
  /** Microseconds of what other options left in float (`reselected`). */
  #leftTime = 0;
  /** How often measuring has disproved the costs. */
  distrusted = 0;
  partition: Partition = { quantized: [], float: [], estimate: { float: 0, planned: 0 } };

  constructor(prepared: PreparedModel, options: DraftOptions) {
    const { scheme, selection, costs, declared, keepsFloat = null } = options;
    this.#prepared = prepared;
    this.#options = options;
    this.#scheme = scheme;
    this.#costs = costs;
    const { model, types } = prepared;
    const find = scheme.placement === 'weighted-inputs' ? findTensorRtGroups : findGroups;
    const { groups, reasons } = find(
      {
        graph: model.graph,
        types,
        declared,
        opset: model.opset(),
        composites:
          scheme.placement === 'fused' &&
          scheme.activation.type === 'uint8' &&
          scheme.activation.symmetry === 'affine',
      },
      {
        excluded: (node) =>
          keepsFloat ??
          selection.reasonToKeep(node) ??
          (isFloatOverride(selection, node) ? 'an override keeps it in float' : null) ??
          heldWeight(model.graph, node, selection),
      },
    );
    this.#groups = groups;
    this.#reasons = reasons;
  }

  /** The same with other options of the user: of the groups that run in 8 bits here, those that still may and still pay. Others would
   *  read tensors without ranges. */
  reselected(selection: Selection): Draft {
    const other = new Draft(this.#prepared, { ...this.#options, selection });
    const calibrated = new Map(this.partition.quantized.map((group) => [group.node, group]));
    for (const group of other.#groups) {
      const here = calibrated.get(group.node);
      if (!here || !sameTensors(group, here))
        other.#refused.set(group, this.#reasonFor(group.node) ?? SLOWER);
    }
    const kept = new Set(other.#groups.map(({ node }) => node));
    other.#leftTime = this.#leftTime + this.#floatTime(this.#groups.filter(({ node }) => !kept.has(node)));
    other.#distrust = this.#distrust;
    other.distrusted = this.distrusted;
    other.update();
    return other;
  }

  #floatTime(groups: readonly Group[]): number {
    return groups.reduce((sum, group) => sum + this.#costs.group(group).float, 0);
  }

  #reasonFor(node: NodeProto): string | undefined {
    return [...this.#refused].find(([group]) => group.node === node)?.[1];
  }

  /** What may run in 8 bits, whether it pays or not. */
  get candidates(): readonly Group[] {
    return this.#groups;
  }

  /** Counts 8-bit kernels and crossings as slower than the table says: measuring has shown it to be too hopeful here. */
  distrust(factor: number): void {
    this.#distrust = factor;
    this.#shrink();
  }

  update(): void {
    const candidates = this.#groups.filter((group) => !this.#refused.has(group));
    const partition = partitionGroups(candidates, this.#prepared.model.graph, {
      costs: slower(this.#costs, this.#distrust),
      forced: this.#scheme.everything ? new Set(candidates) : undefined,
    });
    // What is refused takes its time, too: else a file with more of it would seem faster.
    const refused = this.#floatTime([...this.#refused.keys()]) + this.#leftTime;
    const { float, planned } = partition.estimate;
    this.partition = { ...partition, estimate: { float: float + refused, planned: planned + refused } };
  }

  /** Microseconds by which the file takes longer at least without a group in 8 bits, by the label of its node: all crossings around it may fall away with it. */
  leastCosts(): Map<string, number> {
    const costs = slower(this.#costs, this.#distrust);
    const sum = (tensors: readonly string[], costOf: (tensor: string) => number) =>
      tensors.reduce((all, tensor) => all + costOf(tensor), 0);
    const leastOf = (group: Group) => {
      const { float, int8 } = costs.group(group);
      const crossings = sum(group.inputs, costs.quantize) + sum(group.outputs, costs.dequantize);
      return float - int8 - crossings;
    };
    return new Map(this.partition.quantized.map((group) => [nodeLabel(group.node), leastOf(group)]));
  }

  /** Takes groups back for a reason, and those that no longer pay without them. */
  refuse(groups: readonly (readonly [Group, string])[]): void {
    for (const [group, reason] of groups) this.#refused.set(group, reason);
    this.#shrink();
  }

  #shrink(): void {
    const before = new Set(this.partition.quantized);
    this.update();
    // Only calibrated tensors have ranges: the groups in 8 bits may get fewer, never others.
    this.partition.quantized = this.partition.quantized.filter((group) => before.has(group));
  }

  /** @param rangeOf a tensor's range, observed or derived. */
  refuseUnboundedRanges(rangeOf: (name: string) => TensorRange | undefined): void {
    const unbounded = (name: string): boolean => {
      const range = rangeOf(name);
      return range !== undefined && !(Number.isFinite(range.min) && Number.isFinite(range.max));
    };
    const refused = this.partition.quantized.filter((group) =>
      [...group.inputs, ...group.outputs].some(unbounded),
    );
    if (refused.length > 0) {
      this.refuse(refused.map((group) => [group, 'its values are not finite on the calibration data']));
    }
  }

  decisions(became: ReadonlyMap<Group, string>): Decision[] {
    const verdicts = new Map<NodeProto, Pick<Decision, 'became' | 'reason'>>();
    for (const [node, reason] of this.#reasons) verdicts.set(node, { became: 'float', reason });
    const chosen = new Set(this.partition.quantized);
    for (const group of this.#groups) {
      const quantized = chosen.has(group);
      const reason = this.#refused.get(group) ?? SLOWER;
      const operator = became.get(group) ?? group.row.fused;
      verdicts.set(group.node, quantized ? { became: operator, reason: null } : { became: 'float', reason });
      for (const clamp of group.clamps) {
        verdicts.set(
          clamp,
          quantized ? { became: `part of ${operator}`, reason: null } : { became: 'float', reason },
        );
      }
    }
    return this.#prepared.model.graph.topologicalNodes().map((node) => ({
      node: nodeLabel(node),
      opType: node.opType,
      ...(verdicts.get(node) ?? { became: 'float', reason: 'it is outside of every group' }),
    }));
  }
}

const SLOWER = 'float is faster here, crossings included';

function sameTensors(a: Group, b: Group): boolean {
  return a.inputs.join() === b.inputs.join() && a.outputs.join() === b.outputs.join();
}

function slower(costs: Costs, factor: number): Costs {
  return {
    group: (group) => {
      const { float, int8 } = costs.group(group);
      return { float, int8: int8 * factor };
    },
    quantize: (tensor) => costs.quantize(tensor) * factor,
    dequantize: (tensor) => costs.dequantize(tensor) * factor,
  };
}

/** Why the node's weight stays float for other readers; null: it needn't. What stays float of them is stored in 8 bits in the end
 *  (fold-rest.ts). */
function heldWeight(graph: Graph, node: NodeProto, selection: Selection): string | null {
  const weighted = readWeighted(graph, node);
  return weighted && keptForOthers(graph, weighted.weight, selection);
}

function isFloatOverride(selection: Selection, node: NodeProto): boolean {
  const override = selection.override(node);
  return override?.activation?.startsWith('float') === true || override?.weight?.startsWith('float') === true;
}
