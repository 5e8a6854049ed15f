/** The sound files that damage is done to: a small classifier and data for it. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { zipSync } from 'fflate';
import {
  type ModelProto,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
} from 'onnx-buf';
import sharp from 'sharp';
import { npyHeader } from '../../src/data/formats/arrays/npy-header.js';
import { makeModel, makeNode, makeValue } from '../../src/onnx/build.js';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import { elementCount } from '../../src/tensor/dims.js';
import { seededRandom } from '../../src/tensor/random.js';

const CHANNELS = 3;
const SIDE = 8;
const CLASSES = 4;
const SAMPLES = 6;

/** Numbers around zero, the same every time. */
function numbers(length: number, seed: number): Float32Array {
  const random = seededRandom(seed);
  return Float32Array.from({ length }, () => random.uint32() / 2 ** 31 - 1);
}

const weight = (name: string, dims: readonly number[], seed: number) =>
  makeTensor(name, DataType.FLOAT, dims, numbers(elementCount(dims), seed));

/** Conv, Relu, GlobalAveragePool, Gemm: [N, 3, 8, 8] to [N, 4]. */
export function classifier(): ModelProto {
  return makeModel({
    inputs: [makeValue('x', DataType.FLOAT, ['N', CHANNELS, SIDE, SIDE])],
    outputs: [makeValue('y', DataType.FLOAT, ['N', CLASSES])],
    nodes: [
      makeNode('Conv', ['x', 'w', 'b'], ['c'], {
        name: 'conv',
        attributes: { pads: { ints: [1, 1, 1, 1] } },
      }),
      makeNode('Relu', ['c'], ['r'], { name: 'relu' }),
      makeNode('GlobalAveragePool', ['r'], ['p'], { name: 'pool' }),
      makeNode('Flatten', ['p'], ['f'], { name: 'flatten' }),
      makeNode('Gemm', ['f', 'g', 'h'], ['y'], { name: 'gemm' }),
    ],
    initializers: [
      weight('w', [32, CHANNELS, 3, 3], 1),
      weight('b', [32], 2),
      weight('g', [32, CLASSES], 3),
      weight('h', [CLASSES], 4),
    ],
  }).proto;
}

export function writeClassifier(folder: string, proto = classifier()): string {
  const path = join(folder, 'm.onnx');
  writeFileSync(path, toBinary(ModelProtoSchema, proto));
  return path;
}

/** The classifier with its weights in a file beside it; where they lie can be changed before it is written. */
export function withExternalData(folder: string): ModelProto {
  const proto = classifier();
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const tensor of proto.graph!.initializer) {
    const entry = (key: string, value: string) => create(StringStringEntryProtoSchema, { key, value });
    const { length } = tensor.rawData;
    parts.push(tensor.rawData);
    tensor.externalData = [
      entry('location', 'm.bin'),
      entry('offset', `${offset}`),
      entry('length', `${length}`),
    ];
    tensor.dataLocation = TensorProto_DataLocation.EXTERNAL;
    tensor.rawData = new Uint8Array();
    offset += length;
  }
  writeFileSync(join(folder, 'm.bin'), Buffer.concat(parts));
  return proto;
}

function npy(type: 'float32' | 'int64', dims: readonly number[], data: Uint8Array): Uint8Array {
  return Buffer.concat([npyHeader(type, dims), data]);
}

const bytesOf = (array: Float32Array | BigInt64Array) =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

export const images = (): Uint8Array =>
  npy('float32', [SAMPLES, CHANNELS, SIDE, SIDE], bytesOf(numbers(SAMPLES * CHANNELS * SIDE * SIDE, 5)));

export function npz(level: 0 | 6): Uint8Array {
  const labels = BigInt64Array.from({ length: SAMPLES }, (_, index) => BigInt(index % CLASSES));
  return zipSync({ 'x.npy': images(), 'labels.npy': npy('int64', [SAMPLES], bytesOf(labels)) }, { level });
}

/** Six samples of an input x whose first dimension is the batch. */
export function samplesNpz([, ...dims]: readonly number[]): Uint8Array {
  const size = elementCount(dims);
  return zipSync({ 'x.npy': npy('float32', [SAMPLES, ...dims], bytesOf(numbers(SAMPLES * size, 7))) });
}

/** Folders of classes with a photograph each, in the format of their ending. */
export async function imageFolder(folder: string, endings: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const [index, ending] of endings.entries()) {
    const place = join(folder, `class-${index % CLASSES}`);
    mkdirSync(place, { recursive: true });
    const data = Uint8Array.from(numbers(SIDE * SIDE * 3, 10 + index), (value) => (value + 1) * 127);
    const file = join(place, `${index}.${ending}`);
    await sharp(data, { raw: { width: SIDE, height: SIDE, channels: 3 } }).toFile(file);
    files.push(file);
  }
  return files;
}

export function jsonl(): string {
  const row = (index: number) =>
    JSON.stringify({
      x: Array.from({ length: CHANNELS }, (_, c) =>
        Array.from({ length: SIDE }, (_, y) => [...numbers(SIDE, index * 100 + c * 10 + y)]),
      ),
      label: index % CLASSES,
    });
  return `${Array.from({ length: SAMPLES }, (_, index) => row(index)).join('\n')}\n`;
}

/** IDX, as MNIST has it: 32-bit floats. */
export function idx(): Uint8Array {
  const header = new DataView(new ArrayBuffer(4 + 4 * 4));
  header.setUint32(0, 0x00000d04);
  for (const [index, size] of [SAMPLES, CHANNELS, SIDE, SIDE].entries())
    header.setUint32(4 + 4 * index, size);
  const values = new DataView(new ArrayBuffer(SAMPLES * CHANNELS * SIDE * SIDE * 4));
  for (const [index, value] of numbers(values.byteLength / 4, 6).entries())
    values.setFloat32(4 * index, value);
  return Buffer.concat([new Uint8Array(header.buffer), new Uint8Array(values.buffer)]);
}

export const csv = (files: readonly string[]): string =>
  `x,label\n${files.map((file, index) => `${file},${index % CLASSES}`).join('\n')}\n`;

/** A sample of a test set. */
export const testSetInput = (index: number): Uint8Array =>
  toBinary(
    TensorProtoSchema,
    makeTensor('x', DataType.FLOAT, [1, CHANNELS, SIDE, SIDE], numbers(CHANNELS * SIDE * SIDE, 20 + index)),
  );

/** Ids of tokens to a row of numbers: Gather, ReduceMean, MatMul. */
export function writeEmbedder(folder: string): void {
  const proto = makeModel({
    inputs: [makeValue('input_ids', DataType.INT64, ['N', 'length'])],
    outputs: [makeValue('y', DataType.FLOAT, ['N', CLASSES])],
    nodes: [
      makeNode('Gather', ['table', 'input_ids'], ['e'], { name: 'embedding' }),
      makeNode('ReduceMean', ['e'], ['m'], {
        name: 'mean',
        attributes: { axes: { ints: [1] }, keepdims: { int: 0 } },
      }),
      makeNode('MatMul', ['m', 'g'], ['y'], { name: 'product' }),
    ],
    initializers: [weight('table', [1000, 32], 8), weight('g', [32, CLASSES], 9)],
  }).proto;
  writeClassifier(folder, proto);
}

export const texts = (): string =>
  ['the quick brown fox', 'the dog', 'a fox, and: 12 dogs!', 'été — ñandú 東京', '', 'x'.repeat(300)]
    .map((text) => JSON.stringify({ text }))
    .join('\n');

const configOf = (data: string, method: string): string => `version: 1
models:
  - name: m
    path: m.onnx
    task: none
    data:
${data}
    variants:
      - { name: v, method: ${method} }
`;

export const tokenizerConfig = configOf(
  '      calibration: { path: d.jsonl, limit: 6 }\n      tokenizer: tokenizer.json',
  'int8-static, calibrator: minmax',
);

export const preprocessorConfig = configOf(
  '      calibration: { path: images, limit: 4, seed: 3 }\n      input: { preprocessor: preprocessor_config.json }',
  'int8-static, calibrator: minmax',
);

export const preprocessorText = `{
  "image_processor_type": "ViTImageProcessor",
  "do_resize": true,
  "size": {
    "height": 8,
    "width": 8
  },
  "resample": 2,
  "do_center_crop": true,
  "crop_size": { "height": 8, "width": 8 },
  "do_rescale": true,
  "rescale_factor": 0.00392156862745098,
  "do_normalize": true,
  "image_mean": [0.485, 0.456, 0.406],
  "image_std": [0.229, 0.224, 0.225]
}
`;

export const configText = `version: 1
models:
  - name: m
    path: m.onnx
    task: classification
    data:
      calibration: { path: images, limit: 4, seed: 3 }
      input: { resize: 8, crop: 8, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], layout: NCHW }
    variants:
      - { name: v, method: int8-static, exclude: ["/head/*"], overrides: { Conv: { activation: uint8 } } }
      - { name: f, method: float16 }
benchmark: { providers: [cpu], batch: [1, 2], threads: auto, budget: 20s }
confidence: 0.95
thresholds:
  size.file: { max-ratio: 0.30, where: { variant: v } }
  latency.p50:
    - { max-ratio: 0.80, max-regression: { ratio: 5%, slack: 0.1 ms } }
    - { max: 3 ms, level: warn }
  accuracy.top1: { max-drop: 0.5pp }
waivers:
  - { check: "size.file[0].max-ratio", reason: later, until: 2099-01-01 }
`;
