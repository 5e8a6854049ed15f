/** What every group costs on this machine: from profiles of the float model and of one in which every group runs in 8 bits.
 *
 *  ONNX Runtime keeps names through its optimizations: a fused 8-bit kernel is called after its node (with `_token_N` behind),
 *  a float kernel in the blocked layout after the tensor it writes (`…_nchwc`). Groups whose kernels can't be told apart keep the
 *  table's cost, scaled to this machine; so do crossings. */

import type { Costs, GroupCost } from '../../quantize/int8-static/placement/costs.js';
import type { Group } from '../../quantize/int8-static/placement/group.js';
import { nodeLabel } from '../../quantize/method/selection.js';
import type { RunContext } from '../../runtime/context.js';
import { parseProfile } from '../../runtime/profile.js';
import { openProfiled } from '../../runtime/profile-file.js';
import type { Feeds } from '../../tensor/tensor.js';

export interface MeasureCostsRequest {
  /** For what can't be told from the profiles. */
  table: Costs;
  groups: readonly Group[];
  /** The prepared model, and the same with every group quantized. */
  files: { float: string; int8: string };
  feeds: Feeds;
  context: RunContext;
}

/** Runs profiled per model; the median counts. */
const RUNS = 15;
const MICROSECONDS_PER_MS = 1000;

export interface MeasuredCosts {
  /** Of groups whose kernels can be told apart, by the label of their node. */
  groups: ReadonlyMap<string, GroupCost>;
  /** How many times the table's costs the others and the crossings take. */
  scale: number;
}

export async function measureCosts(request: MeasureCostsRequest): Promise<MeasuredCosts> {
  const { table, groups, files } = request;
  const float = await kernelTimes(files.float, request);
  const int8 = await kernelTimes(files.int8, request);
  const measured = new Map<string, GroupCost>();
  let [sum, tableSum] = [0, 0];
  for (const group of groups) {
    const cost = {
      float: float.get(group.node.name) ?? firstOf(float, tensorsOf(group)),
      int8: int8.get(group.node.name),
    };
    if (cost.float === undefined || cost.int8 === undefined) continue;
    measured.set(nodeLabel(group.node), { float: cost.float, int8: cost.int8 });
    const expected = table.group(group);
    sum += cost.float + cost.int8;
    tableSum += expected.float + expected.int8;
  }
  return { groups: measured, scale: tableSum > 0 ? sum / tableSum : 1 };
}

/** @param table of the model that was measured. */
export function measuredCosts({ groups, scale }: MeasuredCosts, table: Costs): Costs {
  return {
    group(group) {
      const known = groups.get(nodeLabel(group.node));
      if (known) return known;
      const expected = table.group(group);
      return { float: expected.float * scale, int8: expected.int8 * scale };
    },
    quantize: (tensor) => table.quantize(tensor) * scale,
    dequantize: (tensor) => table.dequantize(tensor) * scale,
  };
}

/** The tensor that a float kernel may be called after: whatever the group's operators write. */
function tensorsOf(group: Group): string[] {
  return [group.node, ...group.clamps].flatMap((node) => node.output);
}

function firstOf(times: ReadonlyMap<string, number>, names: readonly string[]): number | undefined {
  return names.map((name) => times.get(name)).find((time) => time !== undefined);
}

/** Median microseconds of every kernel, by the name of its node or of the tensor it writes. */
async function kernelTimes(
  file: string,
  { feeds, context: { runtime, threads } }: MeasureCostsRequest,
): Promise<Map<string, number>> {
  const { session, profile } = await openProfiled(async (options) => ({
    session: await runtime.open(file, { ...options, threads }),
  }));
  try {
    const prepared = session.prepare(feeds);
    for (let run = 0; run < RUNS; run++) await prepared.run();
    session.endProfiling();
  } finally {
    await session.release();
  }
  const times = new Map<string, number>();
  for (const { name, durationsMs } of parseProfile(profile.read())) {
    const sorted = durationsMs.toSorted((a, b) => a - b);
    const median = sorted[sorted.length >> 1]! * MICROSECONDS_PER_MS;
    times.set(name.replace(/_token_\d+$/, '').replace(/_nchwc$/, ''), median);
  }
  return times;
}
