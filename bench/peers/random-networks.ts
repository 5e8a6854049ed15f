/** ResNet50 and MobileNetV2 with weights out of a seed: their arithmetic is the real one, so that latency, memory and rounding
 *  noise can be compared without anybody's trained weights.
 *
 *  Convolutions are initialised after He et al. ("Delving Deep into Rectifiers", 2015). Every BatchNormalization then takes the
 *  mean and variance that its input has on a batch of seeded images, as training would have left them: without that the
 *  activations of fifty layers grow, or become the same for every image. */

import type { NodeProto, TensorProto } from 'onnx-buf';
import type { AttributeValue } from '../../src/onnx/attributes.js';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { encodeModel } from '../../src/onnx/file/write.js';
import type { Model } from '../../src/onnx/model.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import type { Runtime } from '../../src/runtime/runtime.js';
import { elementCount } from '../../src/tensor/dims.js';
import { seededImage, seededNormal } from './seeded-images.js';

export type Architecture = 'resnet50' | 'mobilenetv2';

const CLASSES = 1000;
const SIDE = 224;
/** Images whose statistics the normalizations take. */
const BATCH = 8;
const EPSILON = 1e-5;
/** Seed of the first image of that batch: none of those that calibrate or judge. */
const BATCH_SEED = 1_000_000;

interface Statistics {
  mean: Float32Array;
  variance: Float32Array;
}

/** The network with input `input` [batch,3,224,224] and output `logits` [batch,1000], the same for the same seed. */
export async function buildRandomNetwork(
  architecture: Architecture,
  { seed, runtime }: { seed: number; runtime: Runtime },
): Promise<Model> {
  const statistics = await observeStatistics(new NetworkBuilder(seed, null).build(architecture), runtime);
  return new NetworkBuilder(seed, statistics).build(architecture).model;
}

interface Built {
  model: Model;
  /** By normalization: the outputs that hold its batch's mean and variance. */
  observed: Map<string, { mean: string; variance: string }>;
}

async function observeStatistics(
  { model, observed }: Built,
  runtime: Runtime,
): Promise<Map<string, Statistics>> {
  const images = Array.from({ length: BATCH }, (_, i) => seededImage(BATCH_SEED + i, SIDE).data);
  const batch = new Float32Array(BATCH * images[0]!.length);
  images.forEach((image, i) => {
    batch.set(image, i * image.length);
  });
  const session = await runtime.open(encodeModel(model), { threads: 2 });
  const results = await session.run({
    input: { type: 'float32', dims: [BATCH, 3, SIDE, SIDE], data: batch },
  });
  await session.release();
  const values = (name: string): Float32Array => (results[name]!.data as Float32Array).slice();
  return new Map(
    [...observed].map(([name, { mean, variance }]) => [
      name,
      { mean: values(mean), variance: values(variance) },
    ]),
  );
}

interface ConvOptions {
  /** Output channels. */
  channels: number;
  kernel: number;
  stride?: number;
  depthwise?: boolean;
}

/** A value of the graph and its channels. */
interface Feature {
  name: string;
  channels: number;
}

class NetworkBuilder {
  readonly #normal: () => number;
  /** null while they are observed: each normalization then normalizes by its own batch. */
  readonly #statistics: ReadonlyMap<string, Statistics> | null;
  readonly #nodes: NodeProto[] = [];
  readonly #initializers: TensorProto[] = [];
  readonly #observed: Built['observed'] = new Map();
  #count = 0;

  constructor(seed: number, statistics: ReadonlyMap<string, Statistics> | null) {
    this.#normal = seededNormal(seed);
    this.#statistics = statistics;
  }

  build(architecture: Architecture): Built {
    const image = { name: 'input', channels: 3 };
    const feature = architecture === 'resnet50' ? this.#resNet50(image) : this.#mobileNetV2(image);
    const pooled = this.#node('GlobalAveragePool', [feature.name]);
    const flat = this.#node('Flatten', [pooled]);
    const weight = this.#weights('fc.weight', [CLASSES, feature.channels], feature.channels);
    const bias = this.#constant('fc.bias', [CLASSES], new Float32Array(CLASSES));
    this.#nodes.push(
      makeNode('Gemm', [flat, weight, bias], ['logits'], {
        name: 'fc',
        attributes: { transB: { int: 1 } },
      }),
    );
    const statistics = [...this.#observed.values()].flatMap(({ mean, variance }) => [mean, variance]);
    const model = makeModel({
      inputs: [makeValue('input', DataType.FLOAT, ['batch', 3, SIDE, SIDE])],
      outputs: [
        makeValue('logits', DataType.FLOAT, ['batch', CLASSES]),
        ...statistics.map((name) => makeValue(name)),
      ],
      nodes: this.#nodes,
      initializers: this.#initializers,
    });
    return { model, observed: this.#observed };
  }

  /** He et al., "Deep Residual Learning for Image Recognition", 2016, table 1; the stride in the 3×3 convolution. */
  #resNet50(image: Feature): Feature {
    let x = this.#activated(image, { channels: 64, kernel: 7, stride: 2 }, 'Relu');
    x = { ...x, name: this.#node('MaxPool', [x.name], window(3, 2)) };
    for (const [width, blocks, firstStride] of RESNET50_STAGES) {
      for (let block = 0; block < blocks; block++) {
        const stride = block === 0 ? firstStride : 1;
        const channels = 4 * width;
        let y = this.#activated(x, { channels: width, kernel: 1 }, 'Relu');
        y = this.#activated(y, { channels: width, kernel: 3, stride }, 'Relu');
        y = this.#convolved(y, { channels, kernel: 1 });
        const shortcut = block === 0 ? this.#convolved(x, { channels, kernel: 1, stride }) : x;
        const sum = this.#node('Add', [y.name, shortcut.name]);
        x = { name: this.#node('Relu', [sum]), channels };
      }
    }
    return x;
  }

  /** Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018, table 2. */
  #mobileNetV2(image: Feature): Feature {
    let x = this.#activated(image, { channels: 32, kernel: 3, stride: 2 }, 'Clip');
    for (const [expansion, channels, blocks, firstStride] of MOBILENETV2_STAGES) {
      for (let block = 0; block < blocks; block++) {
        const stride = block === 0 ? firstStride : 1;
        const inner = x.channels * expansion;
        let y = expansion === 1 ? x : this.#activated(x, { channels: inner, kernel: 1 }, 'Clip');
        y = this.#activated(y, { channels: inner, kernel: 3, stride, depthwise: true }, 'Clip');
        y = this.#convolved(y, { channels, kernel: 1 });
        const isResidual = stride === 1 && x.channels === channels;
        x = isResidual ? { name: this.#node('Add', [x.name, y.name]), channels } : y;
      }
    }
    return this.#activated(x, { channels: 1280, kernel: 1 }, 'Clip');
  }

  #activated(x: Feature, options: ConvOptions, activation: 'Relu' | 'Clip'): Feature {
    const y = this.#convolved(x, options);
    const limits =
      activation === 'Clip'
        ? [this.#constant('zero', [], Float32Array.of(0)), this.#constant('six', [], Float32Array.of(6))]
        : [];
    return { ...y, name: this.#node(activation, [y.name, ...limits]) };
  }

  /** Convolution without bias, then normalization. */
  #convolved(x: Feature, { channels, kernel, stride = 1, depthwise = false }: ConvOptions): Feature {
    const columns = depthwise ? 1 : x.channels;
    const name = `conv${++this.#count}`;
    const weight = this.#weights(
      `${name}.weight`,
      [channels, columns, kernel, kernel],
      columns * kernel ** 2,
    );
    const y = this.#node('Conv', [x.name, weight], {
      ...window(kernel, stride),
      group: { int: depthwise ? x.channels : 1 },
    });
    return { name: this.#normalized(y, channels, name), channels };
  }

  #normalized(x: string, channels: number, layer: string): string {
    const name = `${layer}.norm`;
    const vector = (part: string, value: () => number) =>
      this.#constant(`${name}.${part}`, [channels], Float32Array.from({ length: channels }, value));
    // Trained scales and shifts scatter about as much.
    const scale = vector('scale', () => Math.exp(0.3 * this.#normal()));
    const shift = vector('shift', () => 0.3 * this.#normal());
    const statistics = this.#statistics?.get(name);
    if (statistics) {
      const mean = this.#constant(`${name}.mean`, [channels], statistics.mean);
      const variance = this.#constant(`${name}.variance`, [channels], statistics.variance);
      return this.#node('BatchNormalization', [x, scale, shift, mean, variance], {
        epsilon: { float: EPSILON },
      });
    }
    const axes = { axes: { ints: [0, 2, 3] } };
    const mean = this.#node('ReduceMean', [x], axes);
    const centred = this.#node('Sub', [x, mean]);
    const squared = this.#node('Mul', [centred, centred]);
    const variance = this.#node('ReduceMean', [squared], axes);
    this.#observed.set(name, { mean, variance });
    const deviation = this.#node('Sqrt', [
      this.#node('Add', [variance, this.#constant('epsilon', [], Float32Array.of(EPSILON))]),
    ]);
    const shape = this.#shape(`${name}.shape`, [1, channels, 1, 1]);
    const [gamma, beta] = [scale, shift].map((vectorName) => this.#node('Reshape', [vectorName, shape]));
    const normalized = this.#node('Div', [centred, deviation]);
    return this.#node('Add', [this.#node('Mul', [normalized, gamma!]), beta!]);
  }

  #node(opType: string, inputs: string[], attributes: Record<string, AttributeValue> = {}): string {
    const output = `${opType.toLowerCase()}_${this.#nodes.length}`;
    this.#nodes.push(makeNode(opType, inputs, [output], { name: output, attributes }));
    return output;
  }

  #weights(name: string, dims: number[], fanIn: number): string {
    const length = elementCount(dims);
    const deviation = Math.sqrt(2 / fanIn);
    return this.#constant(
      name,
      dims,
      Float32Array.from({ length }, () => deviation * this.#normal()),
    );
  }

  #constant(name: string, dims: number[], values: Float32Array): string {
    if (!this.#initializers.some((tensor) => tensor.name === name)) {
      this.#initializers.push(makeTensor(name, DataType.FLOAT, dims, values));
    }
    return name;
  }

  #shape(name: string, dims: number[]): string {
    this.#initializers.push(
      makeTensor(name, DataType.INT64, [dims.length], BigInt64Array.from(dims, BigInt)),
    );
    return name;
  }
}

/** Width of the 3×3 convolution, blocks, stride of the first. */
const RESNET50_STAGES = [
  [64, 3, 1],
  [128, 4, 2],
  [256, 6, 2],
  [512, 3, 2],
] as const;

/** Expansion, output channels, blocks, stride of the first. */
const MOBILENETV2_STAGES = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

function window(kernel: number, stride: number): Record<string, AttributeValue> {
  const pad = (kernel - 1) / 2;
  return {
    kernel_shape: { ints: [kernel, kernel] },
    strides: { ints: [stride, stride] },
    pads: { ints: [pad, pad, pad, pad] },
  };
}
