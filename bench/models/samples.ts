/** What the models are fed, and how it is written down for every quantizer alike. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toBinary } from '@bufbuild/protobuf';
import { TensorProtoSchema } from 'onnx-buf';
import { DataType } from '../../src/onnx/tensor/element-type.js';
import { makeTensor } from '../../src/onnx/tensor/tensor.js';
import type { Runtime, Session } from '../../src/runtime/runtime.js';
import { elementCount } from '../../src/tensor/dims.js';
import type { ElementType, Feeds, Tensor, TensorData } from '../../src/tensor/tensor.js';
import { packageFile } from './fetch.js';
import type { PackageName } from './packages.js';

export interface Preparation {
  cache: string;
  runtime: Runtime;
}

/** Samples in their own order, prepared as the model's package prepares them. */
export type MakeSamples = (preparation: Preparation) => AsyncIterable<Feeds>;

/** Of five samples two calibrate; the others judge. */
const [CALIBRATING, OF] = [2, 5];
/** More are left out, evenly. */
const MOST_SAMPLES = 40;

export function tensor(type: ElementType, dims: readonly number[], data: TensorData): Tensor {
  return { type, dims, data };
}

export const floats = (dims: readonly number[], data: Float32Array) => tensor('float32', dims, data);
export const zeros = (...dims: number[]) => floats(dims, new Float32Array(elementCount(dims)));

/** A model of a package in a session of this process: what it gives is what another model, or its own next step, is fed. */
export async function openModel(
  { cache, runtime }: Preparation,
  name: PackageName,
  member: string,
): Promise<Session> {
  return await runtime.open(await packageFile(name, member, cache), { threads: 1 });
}

/** 'ahead': the first samples calibrate, of which the last ones are no other views; 'among': some of every few, of what changes with time,
 *  as a recording that begins with silence. */
export type Split = 'ahead' | 'among';

export interface WrittenSamples {
  /** Folders of ONNX test sets. */
  calibration: string;
  evaluation: string;
  /** Counts of both. */
  counts: [number, number];
  /** What timing feeds. */
  first: Feeds;
}

/** Writes a model's samples below a folder as ONNX test sets. */
export async function writeSamples(
  { samples, split }: { samples: MakeSamples; split: Split },
  preparation: Preparation,
  folder: string,
): Promise<WrittenSamples> {
  const all: Feeds[] = [];
  for await (const feeds of samples(preparation)) all.push(feeds);
  const chosen =
    all.length <= MOST_SAMPLES
      ? all
      : Array.from({ length: MOST_SAMPLES }, (_, i) => all[Math.floor((i * all.length) / MOST_SAMPLES)]!);
  const calibrates = (index: number) =>
    split === 'ahead' ? index < (chosen.length * CALIBRATING) / OF : index % OF < CALIBRATING;
  const [calibration, evaluation] = [join(folder, 'calibration'), join(folder, 'evaluation')];
  for (const [index, feeds] of chosen.entries())
    writeTestSet(calibrates(index) ? calibration : evaluation, index, feeds);
  const calibrating = chosen.filter((_, index) => calibrates(index)).length;
  return {
    calibration,
    evaluation,
    counts: [calibrating, chosen.length - calibrating],
    first: chosen.find((_, index) => !calibrates(index))!,
  };
}

const DATA_TYPES: Partial<Record<ElementType, DataType>> = {
  float32: DataType.FLOAT,
  int64: DataType.INT64,
  int32: DataType.INT32,
  int16: DataType.INT16,
};

function writeTestSet(folder: string, index: number, feeds: Feeds): void {
  const set = join(folder, `test_data_set_${index}`);
  mkdirSync(set, { recursive: true });
  for (const [place, [name, { type, dims, data }]] of Object.entries(feeds).entries()) {
    const written = makeTensor(name, DATA_TYPES[type]!, dims, data as Float32Array);
    writeFileSync(join(set, `input_${place}.pb`), toBinary(TensorProtoSchema, written));
  }
}
