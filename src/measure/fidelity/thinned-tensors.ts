/** Inner tensors of a model on a sample, large ones thinned out inside the graph: what leaves the session is bounded per tensor, and the
 *  runtime forgets each tensor as soon as it has been looked at (observer.ts), where outputs of their own would all be held at once. */
import { makeNode, makeValue } from '../../onnx/build.js';
import type { Model } from '../../onnx/model.js';
import { DataType } from '../../onnx/tensor/element-type.js';
import { makeTensor } from '../../onnx/tensor/tensor.js';
import { type ObservedValue, type ObserverSession, openObserver } from '../../quantize/observe/observer.js';
import type { RunContext } from '../../runtime/context.js';
import { elementCount } from '../../tensor/dims.js';
import type { Feeds, Tensor } from '../../tensor/tensor.js';

/** A tensor of which only some values are at hand. */
export interface ThinnedTensor extends Tensor {
  /** Of the whole tensor. */
  dims: readonly number[];
  /** Every `stride`-th value, row-major. */
  data: Float32Array;
  stride: number;
}

/** Values of a tensor that are looked at; tensors up to twice this are looked at whole. */
const VALUES = 2 ** 14;

/** The names of what the session gives of a tensor, and of what it is given. */
interface Look {
  name: string;
  values: string;
  shape: string;
  /** Places in the flattened tensor. */
  places: string;
}

export class ThinnedTensors {
  readonly #session: ObserverSession;
  readonly #looks: readonly Look[];
  /** Dimensions of each tensor by those of what is fed. */
  readonly #dims = new Map<string, readonly (readonly number[])[]>();

  private constructor(session: ObserverSession, looks: readonly Look[]) {
    this.#session = session;
    this.#looks = looks;
  }

  /** @param names of floating-point tensors. @throws what the runtime throws at a model that it refuses. */
  static async open(
    model: Model,
    names: readonly string[],
    context: Pick<RunContext, 'runtime' | 'threads'>,
  ): Promise<ThinnedTensors> {
    const { graph } = model;
    const line = graph.freshName('quantgate_line');
    const looks = [...new Set(names)].map((name): Look => {
      const fresh = (what: string) => graph.freshName(`${name}_${what}`);
      return { name, values: fresh('thinned'), shape: fresh('dims'), places: fresh('places') };
    });
    const observer = {
      values: looks.flatMap((look) => observedValues(look, line)),
      initializers: [makeTensor(line, DataType.INT64, [1], BigInt64Array.of(-1n))],
      inputs: looks.map(({ places }) => makeValue(places, DataType.INT32, [`${places}_length`])),
    };
    // It runs a few times: optimizing thousands of nodes that look takes longer than they do.
    const options = { context, graphOptimizationLevel: 'disabled' as const };
    return new ThinnedTensors(await openObserver(model, [observer], options), looks);
  }

  /** By name. */
  async at(feeds: Feeds): Promise<Map<string, ThinnedTensor>> {
    const dims = await this.#dimsOf(feeds);
    const strides = dims.map((each) => strideOf(elementCount(each)));
    const values = await this.#run(
      feeds,
      dims.map((each, i) => placesIn(elementCount(each), strides[i]!)),
    );
    return new Map(
      this.#looks.map((look, i) => {
        const data = values.get(look.values)!;
        return [look.name, { type: 'float32', dims: dims[i]!, data, stride: strides[i]! }];
      }),
    );
  }

  async release(): Promise<void> {
    await this.#session.release();
  }

  async #dimsOf(feeds: Feeds): Promise<readonly (readonly number[])[]> {
    const key = Object.entries(feeds)
      .map(([name, { dims }]) => `${name} ${dims}`)
      .join();
    let known = this.#dims.get(key);
    if (!known) {
      const found = await this.#run(
        feeds,
        this.#looks.map(() => new Int32Array(0)),
      );
      known = this.#looks.map(({ shape }) => [...found.get(shape)!]);
      this.#dims.set(key, known);
    }
    return known;
  }

  async #run(feeds: Feeds, places: readonly Int32Array[]) {
    const own = Object.fromEntries(this.#session.inputs.map(({ name }) => [name, feeds[name]!]));
    const looked = this.#looks.map((look, i): [string, Tensor] => {
      const data = places[i]!;
      return [look.places, { type: 'int32', dims: [data.length], data }];
    });
    return await this.#session.run({ ...own, ...Object.fromEntries(looked) });
  }
}

function observedValues({ name, values, shape, places }: Look, line: string): ObservedValue[] {
  const toFloat = { attributes: { to: { int: DataType.FLOAT } } };
  const [flat, exact, counts] = [`${values}_line`, `${values}_exact`, `${shape}_counts`];
  return [
    {
      tensor: name,
      value: values,
      nodes: [
        makeNode('Reshape', [name, line], [flat]),
        makeNode('Gather', [flat, places], [exact], { attributes: { axis: { int: 0 } } }),
        makeNode('Cast', [exact], [values], toFloat),
      ],
    },
    {
      tensor: name,
      value: shape,
      nodes: [makeNode('Shape', [name], [counts]), makeNode('Cast', [counts], [shape], toFloat)],
    },
  ];
}

/** Odd, so that it shares no factor with the usual widths and channel counts. */
function strideOf(size: number): number {
  const stride = Math.floor(size / VALUES);
  return stride < 2 ? 1 : stride | 1;
}

function placesIn(size: number, stride: number): Int32Array {
  const places = new Int32Array(Math.ceil(size / stride));
  for (let i = 0; i < places.length; i++) places[i] = i * stride;
  return places;
}
