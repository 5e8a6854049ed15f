/** Weights in branches are fitted to what the branches read. */
import { create } from '@bufbuild/protobuf';
import { GraphProtoSchema, type NodeProto } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../../src/data/samples/dataset.js';
import { SILENT } from '../../../src/log.js';
import { makeNode, makeValue } from '../../../src/onnx/build.js';
import { writeModel } from '../../../src/onnx/file/write.js';
import { DataType } from '../../../src/onnx/tensor/element-type.js';
import { type BodyMethod, contentOf, fitBodies } from '../../../src/quantize/gptq/fit-bodies.js';
import { type LinearLayer, linearLayer } from '../../../src/quantize/layers/linear-layer.js';
import { type PreparedModel, prepareModel } from '../../../src/quantize/prepare/prepare.js';
import type { Feeds } from '../../../src/tensor/tensor.js';
import { dataset, floatValue, runtime, scratch, smallModel, weight } from '../small-models.js';

const DEPTH = 8;

interface Weight {
  layers: [LinearLayer];
}

/** Fits nothing: of each weight it makes its name, and replaces its layers by zeros. Notes what readers are shown. */
class Noting implements BodyMethod<Weight, string> {
  readonly shown: Record<string, Feeds[]> = {};

  weightsOf({ model: { graph } }: PreparedModel): Weight[] {
    return graph.nodes.flatMap((node): Weight[] => {
      const layer = node.opType === 'MatMul' ? linearLayer(graph, node) : null;
      return layer && !('reason' in layer) ? [{ layers: [layer] }] : [];
    });
  }

  keyOf(graph: Parameters<typeof contentOf>[0], { layers: [layer] }: Weight): string {
    return JSON.stringify(contentOf(graph, layer));
  }

  async fit({ weights, readers, emit }: Parameters<BodyMethod<Weight, string>['fit']>[0]) {
    for (const one of weights) {
      const name = one.layers[0].weight;
      this.shown[name] = [];
      for (const { layersOf, dataset: own } of readers) {
        if (layersOf(one).length === 0) continue;
        for await (const { feeds } of own.samples()) this.shown[name].push(feeds);
      }
      emit(one, this.shown[name].length > 0 ? name : null);
    }
    return { layers: [], unseen: [], tooFew: [] };
  }

  emit({ model: { graph } }: PreparedModel, { layers: [{ node, input }] }: Weight): void {
    const [output] = node.output;
    graph.removeNode(node);
    graph.addNode(makeNode('Sub', [input, input], [output!], { name: `${output}_zeros` }));
  }

  errorsOf() {
    return { nearest: 1, error: 1 };
  }
}

const graph = (node: NodeProto[], output: string) =>
  create(GraphProtoSchema, { name: output, node, output: [makeValue(output)] });

const product = (input: string, by: string, output: string) =>
  makeNode('MatMul', [input, by], [output], { name: output });

function choice(name: string, then: NodeProto, other: NodeProto): NodeProto {
  return makeNode('If', ['flag'], [name], {
    name,
    attributes: {
      then_branch: { graph: graph([then], then.output[0]!) },
      else_branch: { graph: graph([other], other.output[0]!) },
    },
  });
}

/** Two Ifs, one after the other. */
async function twoChoices(place: { directory: string }): Promise<PreparedModel> {
  const model = smallModel({
    inputs: [floatValue('x', ['rows', DEPTH]), makeValue('flag', DataType.BOOL, [])],
    nodes: [
      choice('first', product('x', 'both', 'first_then'), product('x', 'both', 'first_else')),
      makeNode('Abs', ['first'], ['between'], { name: 'between' }),
      choice('y', product('between', 'w_then', 'second_then'), product('between', 'w_else', 'second_else')),
    ],
    initializers: [
      weight('both', [DEPTH, DEPTH], 3),
      weight('w_then', [DEPTH, DEPTH], 5),
      weight('w_else', [DEPTH, DEPTH], 7),
    ],
  });
  const path = `${place.directory}/model.onnx`;
  writeModel(model, path);
  return await prepareModel(path, { context: { runtime, log: SILENT } });
}

function flagged(flags: readonly number[]): Dataset {
  return dataset(
    flags.map((flag, at) => ({
      x: { type: 'float32', dims: [1, DEPTH], data: new Float32Array(DEPTH).fill(at + 1) },
      flag: { type: 'bool', dims: [], data: Uint8Array.of(flag) },
    })),
  );
}

const context = { runtime, log: SILENT };
const firstValues = (feeds: readonly Feeds[], name: string) =>
  feeds.map((each) => (each[name]!.data as Float32Array)[0]);

describe('fitBodies', () => {
  it('shows a weight of both branches what each reads, and one of a single branch what that reads', async () => {
    using place = scratch();
    const method = new Noting();
    const { made } = await fitBodies(await twoChoices(place), method, {
      dataset: flagged([1, 0, 1]),
      context,
    });
    expect(firstValues(method.shown.both!, 'x')).toEqual([1, 3, 2]);
    expect(method.shown.w_then).toHaveLength(2);
    expect(method.shown.w_else).toHaveLength(1);
    expect([...made.values()]).toEqual(['both', 'w_then', 'w_else']);
  });

  it('shows a later If what the rounding of an earlier one makes of its inputs, and leaves the model as it is', async () => {
    using place = scratch();
    const prepared = await twoChoices(place);
    const before = JSON.stringify(prepared.model.graph.nodes.map(({ opType }) => opType));
    const method = new Noting();
    await fitBodies(prepared, method, { dataset: flagged([1, 0]), context });
    expect(firstValues(method.shown.w_then!, 'between')).toEqual([0]);
    expect(firstValues(method.shown.w_else!, 'between')).toEqual([0]);
    expect(JSON.stringify(prepared.model.graph.nodes.map(({ opType }) => opType))).toBe(before);
    const again = new Noting();
    await fitBodies(prepared, again, { dataset: flagged([1]), context });
    expect(Object.keys(again.shown)).toEqual(['both', 'w_then', 'w_else']);
  });

  it('names what no sample reaches, and what can not be watched, once', async () => {
    using place = scratch();
    const unreached = await fitBodies(await twoChoices(place), new Noting(), {
      dataset: flagged([1]),
      context,
    });
    expect(unreached.unwatched).toEqual([]);
    expect([...unreached.made.values()]).toEqual(['both', 'w_then']);
    const failing = new Noting();
    failing.fit = async () => {
      throw new Error('no memory');
    };
    const failed = await fitBodies(await twoChoices(place), failing, { dataset: flagged([1]), context });
    expect(failed.unwatched).toEqual(['both', 'w_then', 'w_else']);
    expect(failed.fitted.unseen).toEqual([]);
  });

  it('reads what branches are shown once', async () => {
    using place = scratch();
    const prepared = await twoChoices(place);
    let read = 0;
    const counted = flagged([1, 0, 1]);
    await fitBodies(prepared, new Noting(), {
      dataset: {
        ...counted,
        async *samples() {
          read++;
          yield* counted.samples();
        },
      },
      context,
    });
    expect(read).toBe(2);
  });
});
