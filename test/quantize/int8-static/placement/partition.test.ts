import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeNode } from '../../../../src/onnx/build.js';
import type { Costs } from '../../../../src/quantize/int8-static/placement/costs.js';
import { fusionRow } from '../../../../src/quantize/int8-static/placement/fusion-table.js';
import type { Group } from '../../../../src/quantize/int8-static/placement/group.js';
import { partitionGroups } from '../../../../src/quantize/int8-static/placement/partition.js';
import { floatValue, smallModel } from '../../small-models.js';

interface Network {
  groups: Group[];
  graph: ReturnType<typeof smallModel>['graph'];
  costs: Costs;
}

/** Groups 0…n−1, each an Add of two earlier values (input x is value 0), some of them read by float code too. */
function network(
  seeds: readonly { a: number; b: number; float: number; int8: number; read: boolean }[],
): Network {
  const names = ['x'];
  const nodes = seeds.map(({ a, b }, i) => {
    const inputs = [names[a % names.length]!, names[b % names.length]!];
    names.push(`v${i}`);
    return makeNode('Add', inputs, [`v${i}`], { name: `v${i}` });
  });
  const readers = seeds.flatMap(({ read }, i) => (read ? [makeNode('Neg', [`v${i}`], [`out${i}`])] : []));
  const model = smallModel({
    inputs: [floatValue('x', [4])],
    outputs: readers.map((node) => floatValue(node.output[0]!, [4])),
    nodes: [...nodes, ...readers],
  });
  const groups = nodes.map((node): Group => {
    const row = fusionRow(node)!;
    return {
      node,
      row,
      clamps: [],
      inputs: [...node.input],
      outputs: [...node.output],
      floatOutput: false,
      endsModel: false,
    };
  });
  return {
    groups,
    graph: model.graph,
    costs: {
      group: ({ node }) => seeds[nodes.indexOf(node)]!,
      quantize: () => 3,
      dequantize: () => 2,
    },
  };
}

/** Cost of a choice, counted directly: kernels, one quantization per float tensor read in 8 bits, one dequantization per 8-bit
 *  tensor read in float. */
function costOf({ groups, graph, costs }: Network, chosen: ReadonlySet<Group>): number {
  let cost = 0;
  const writer = new Map(groups.map((group) => [group.outputs[0]!, group]));
  const isChosenNode = new Set([...chosen].map(({ node }) => node));
  for (const group of groups) cost += chosen.has(group) ? costs.group(group).int8 : costs.group(group).float;
  for (const name of ['x', ...writer.keys()]) {
    const inEight = writer.has(name) && chosen.has(writer.get(name)!);
    const readers = graph.consumers(name);
    if (!inEight && readers.some((node) => isChosenNode.has(node))) cost += costs.quantize(name);
    if (inEight && readers.some((node) => !isChosenNode.has(node))) cost += costs.dequantize(name);
  }
  return cost;
}

describe('the plan', () => {
  it('is the cheapest of all choices', () => {
    const seed = fc.record({
      a: fc.nat(20),
      b: fc.nat(20),
      float: fc.integer({ min: 0, max: 12 }),
      int8: fc.integer({ min: 0, max: 12 }),
      read: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(seed, { minLength: 1, maxLength: 7 }), (seeds) => {
        const made = network(seeds);
        const plan = partitionGroups(made.groups, made.graph, made);
        let best = Number.POSITIVE_INFINITY;
        for (let choice = 0; choice < 2 ** made.groups.length; choice++) {
          best = Math.min(best, costOf(made, new Set(made.groups.filter((_, i) => (choice >> i) & 1))));
        }
        expect(costOf(made, new Set(plan.quantized))).toBeCloseTo(best, 6);
        expect(plan.estimate.planned).toBeCloseTo(best, 6);
      }),
      { numRuns: 300 },
    );
  });

  it('quantizes what it is forced to, whatever that costs', () => {
    const made = network([{ a: 0, b: 0, float: 1, int8: 100, read: true }]);
    expect(partitionGroups(made.groups, made.graph, made).quantized).toEqual([]);
    const forced = new Set(made.groups);
    expect(partitionGroups(made.groups, made.graph, { ...made, forced }).quantized).toEqual(made.groups);
  });
});
