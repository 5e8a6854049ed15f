/** How much of the output's error each group alone would cause, in 8 bits.
 *
 *  One session of the float model in which every group has a switch: a boolean input that chooses between its tensors and weights as
 *  they are and the same after rounding; a run computes only the side that is read. Turning one switch at a time, noise at the model's
 *  output follows without a single file being written. Noises of different groups are nearly uncorrelated, so that those of a plan add up. */

import type { NodeProto } from 'onnx-buf';
import type { Sample } from '../../data/samples/dataset.js';
import { throwIfInterrupted } from '../../errors.js';
import { makeNode, makeValue } from '../../onnx/build.js';
import { computeReadSide } from '../../onnx/edit/branches.js';
import { copyModel } from '../../onnx/edit/copy-model.js';
import { addSwitch, SWITCH_OPSET } from '../../onnx/edit/switches.js';
import { encodeModel } from '../../onnx/file/write.js';
import type { Graph } from '../../onnx/graph.js';
import { readWeighted } from '../../onnx/query/weighted.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { calibrateMinMax, type TensorRange } from '../../quantize/calibrate/minmax.js';
import type { Group } from '../../quantize/int8-static/placement/group.js';
import { computeScale } from '../../quantize/integers/scale.js';
import { quantizeWeight } from '../../quantize/integers/weights.js';
import type { PreparedModel } from '../../quantize/prepare/prepare.js';
import type { RunContext } from '../../runtime/context.js';
import { NEVER_SPIN, type Session } from '../../runtime/runtime.js';
import { elementCount } from '../../tensor/dims.js';
import { numbersOf } from '../../tensor/elements.js';
import { SignalAndNoise } from '../../tensor/sqnr.js';
import type { Feeds, Tensor } from '../../tensor/tensor.js';
import { inMemory } from './operator-sensitivity.js';

export interface GroupSensitivityRequest {
  prepared: PreparedModel;
  groups: readonly Group[];
  samples: readonly Sample[];
  /** The output that is judged. */
  output: string;
  context: RunContext;
  /** Time for all of it; fewer samples are used to keep it. */
  budgetMs: number;
}

const MAX_SAMPLES = 8;

/** Noise ÷ signal at the output, by group; null when the model's opset has no switches. */
export async function measureSensitivity(asked: GroupSensitivityRequest): Promise<Map<Group, number> | null> {
  const { prepared, groups, samples, output, context } = asked;
  if (prepared.model.opset() < SWITCH_OPSET) return null;
  const produced = new Set(groups.flatMap((group) => group.outputs));
  const ranges = await calibrateMinMax({
    context,
    model: prepared.model,
    tensors: [...new Set(groups.flatMap((group) => [...group.inputs, ...group.outputs]))],
    dataset: inMemory(samples.slice(0, 4 * MAX_SAMPLES)),
  });
  const session = await openSwitched(asked, { ranges, produced });
  try {
    return await turnSwitches(session, { ...asked, samples: samples.slice(0, MAX_SAMPLES), output });
  } finally {
    await session.release();
  }
}

async function turnSwitches(
  session: Session,
  { groups, samples, output, context, budgetMs }: GroupSensitivityRequest,
): Promise<Map<Group, number>> {
  const off = Object.fromEntries(groups.map((_, index) => [switchName(index), flag(false)]));
  const run = async (feeds: Feeds, on?: number): Promise<Tensor> => {
    const switches = on === undefined ? off : { ...off, [switchName(on)]: flag(true) };
    return (await session.run({ ...feeds, ...switches }, [output]))[output]!;
  };
  const errors = groups.map(() => new SignalAndNoise());
  const started = performance.now();
  for (const [done, { feeds }] of samples.entries()) {
    // Another sample only when there is time for a whole round.
    const perSample = done > 0 ? (performance.now() - started) / done : 0;
    if (done > 0 && performance.now() - started + perSample > budgetMs) break;
    const reference = await run(feeds);
    for (const index of groups.keys()) {
      throwIfInterrupted(context.signal);
      errors[index]!.add(numbersOf(reference), numbersOf(await run(feeds, index)));
    }
  }
  return new Map(
    groups.map((group, index) => {
      const { noise, signal } = errors[index]!;
      return [group, noise / Math.max(signal, Number.MIN_VALUE)];
    }),
  );
}

interface SwitchContext {
  ranges: ReadonlyMap<string, TensorRange>;
  /** Tensors that some group writes: rounded by that group's switch. */
  produced: ReadonlySet<string>;
}

async function openSwitched(
  { prepared, groups, context, output }: GroupSensitivityRequest,
  { ranges, produced }: SwitchContext,
): Promise<Session> {
  const copy = copyModel(prepared.model);
  const { graph } = copy;
  copy.setOpset('com.microsoft', 1);
  const switches = new Switches(graph);
  const originals = prepared.model.graph.topologicalNodes();
  const copies = new Map(graph.nodes.map((node, index) => [originals[index]!, node]));
  for (const [index, group] of groups.entries()) {
    graph.addInput(makeValue(switchName(index), DataType.BOOL, []));
    const node = copies.get(group.node)!;
    switches.roundWeight(node, switchName(index));
    for (const name of group.inputs) {
      if (produced.has(name)) continue;
      const rounded = switches.roundTensor(name, { range: ranges.get(name)!, by: switchName(index) });
      if (rounded) graph.replaceUses(name, rounded, new Set([node]));
    }
    if (group.floatOutput) continue;
    for (const name of group.outputs) {
      const readers = new Set(graph.consumers(name));
      const rounded = switches.roundTensor(name, { range: ranges.get(name)!, by: switchName(index) });
      if (rounded) graph.replaceUses(name, rounded, readers);
    }
  }
  graph.removeOutputs(({ name }) => name !== output);
  graph.prune();
  computeReadSide(graph, switches.outputs);
  return await context.runtime.open(encodeModel(copy), {
    graphOptimizationLevel: 'basic',
    threads: context.threads,
    configEntries: NEVER_SPIN,
  });
}

/** The switches of a graph: each chooses between a value rounded and as it is. */
class Switches {
  /** Names of the values that they give. */
  readonly outputs = new Set<string>();
  readonly #graph: Graph;

  constructor(graph: Graph) {
    this.#graph = graph;
  }

  /** @param by name of the truth value. @returns name of what is read instead; undefined when the range can't be rounded to. */
  roundTensor(name: string, { range, by }: { range: TensorRange; by: string }): string | undefined {
    if (!Number.isFinite(range.min) || !Number.isFinite(range.max)) return undefined;
    const graph = this.#graph;
    const { scale, zeroPoint } = computeScale(range.min, range.max, { type: 'uint8' });
    const scaleName = graph.addConstant(`${name}_scale`, DataType.FLOAT, [], Float32Array.of(scale));
    const zeroName = graph.addConstant(`${name}_zero`, DataType.UINT8, [], Uint8Array.of(zeroPoint));
    const codes = graph.freshName(`${name}_codes`);
    const rounded = graph.freshName(`${name}_rounded`);
    const domain = 'com.microsoft';
    graph.addNode(makeNode('QuantizeLinear', [name, scaleName, zeroName], [codes], { domain }));
    graph.addNode(makeNode('DequantizeLinear', [codes, scaleName, zeroName], [rounded], { domain }));
    return this.#add(by, { on: rounded, off: name });
  }

  /** As int8-static rounds weights: one scale per output channel. */
  roundWeight(node: NodeProto, by: string): void {
    const graph = this.#graph;
    const weighted = readWeighted(graph, node);
    if (!weighted || weighted.opType === 'ConvTranspose' || !graph.isFloats(weighted.weight)) return;
    const { weight: name, dims, outputAxis: axis } = weighted;
    const values = graph.floats(name);
    const { data, scale } = quantizeWeight(values, dims, { type: 'int8', axis, symmetric: true });
    const inner = elementCount(dims.slice(axis + 1));
    const rounded = values.map((_, i) => data[i]! * scale[Math.floor(i / inner) % dims[axis]!]!);
    const roundedName = graph.addConstant(`${name}_rounded`, DataType.FLOAT, dims, rounded);
    graph.setInput(node, 1, this.#add(by, { on: roundedName, off: name }));
  }

  #add(by: string, { on, off }: { on: string; off: string }): string {
    const output = addSwitch(this.#graph, by, { on, off, output: this.#graph.freshName(`${off}_chosen`) });
    this.outputs.add(output);
    return output;
  }
}

function switchName(index: number): string {
  return `quantgate_switch_${index}`;
}

function flag(on: boolean): Tensor {
  return { type: 'bool', dims: [], data: Uint8Array.of(on ? 1 : 0) };
}
