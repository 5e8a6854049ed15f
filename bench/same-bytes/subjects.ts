/** The models that are quantized, each with its calibration data. */

import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { zipSync } from 'fflate';
import type { InferenceSession } from 'onnxruntime-node';
import { elementCount } from '../../src/tensor/dims.js';
import { type Random, seededRandom } from '../../src/tensor/random.js';

export interface Subject {
  /** Where it stands below the path that was given: what it is called in the record. */
  label: string;
  model: string;
  /** null: none beside the model, and none could be made up. */
  calibration: string | null;
  /** The quantgate.yml beside the model, which names its own calibration data. */
  config: string | null;
  sizeBytes: number;
}

/** Samples made up where no data is given, and what their symbolic dimensions count. */
const SAMPLES = 8;
const ASSUMED = { image: 64, other: 32 };
/** Above any made-up index: the smallest vocabularies are larger. */
const INDICES = 64;

/** Models at `paths`, folders searched through, in alphabetical order. Made-up data goes to `scratch`.
 *  @throws Error when two would have one name, or a path holds no model. */
export async function findSubjects(
  paths: readonly string[],
  { scratch }: { scratch: string },
): Promise<Subject[]> {
  const subjects: Subject[] = [];
  for (const path of paths.map((one) => resolve(one))) {
    const models = statSync(path).isDirectory() ? modelsIn(path) : [path];
    if (models.length === 0) throw new Error(`${path} holds no .onnx file`);
    for (const model of models) {
      const label = relative(dirname(models[0] === path ? dirname(path) : path), model);
      if (subjects.some((other) => other.label === label)) throw new Error(`two models are called ${label}`);
      const config = join(dirname(model), 'quantgate.yml');
      subjects.push({
        label,
        model,
        calibration:
          calibrationBeside(model) ?? (await madeUpCalibration(model, join(scratch, 'data', label))),
        config: existsSync(config) ? config : null,
        sizeBytes: statSync(model).size,
      });
    }
  }
  return subjects;
}

function modelsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => extname(name) === '.onnx')
    .sort()
    .map((name) => join(folder, name));
}

function calibrationBeside(model: string): string | null {
  const names = [`${basename(model, '.onnx')}.npz`, 'c.npz', join('data', 'calibration.npz')];
  return names.map((name) => join(dirname(model), name)).find((file) => existsSync(file)) ?? null;
}

/** The same samples on every machine: normally distributed images and signals, small indices, masks of ones, types of zeros. */
async function madeUpCalibration(model: string, folder: string): Promise<string | null> {
  const { InferenceSession } = createRequire(import.meta.url)(
    'onnxruntime-node',
  ) as typeof import('onnxruntime-node');
  let session: InferenceSession;
  try {
    session = await InferenceSession.create(model, {
      graphOptimizationLevel: 'disabled',
      logSeverityLevel: 4,
    });
  } catch {
    return null;
  }
  const random = seededRandom(12);
  const arrays: Record<string, Uint8Array> = {};
  for (const input of session.inputMetadata) {
    const array = input.isTensor ? madeUpArray(input.name, input, random) : null;
    if (!array) return null;
    arrays[`${input.name}.npy`] = array;
  }
  await session.release();
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'made-up.npz');
  // The modification time has no bearing on the data; a fixed one keeps the file the same.
  writeFileSync(file, zipSync(arrays, { level: 0, mtime: '2000-01-01' }));
  return file;
}

function madeUpArray(
  name: string,
  { type, shape }: { type: string; shape: readonly (number | string)[] },
  random: Random,
): Uint8Array | null {
  const assumed = shape.length === 4 ? ASSUMED.image : ASSUMED.other;
  const dims = [
    SAMPLES,
    ...shape.slice(1).map((dim) => (typeof dim === 'number' && dim > 0 ? dim : assumed)),
  ];
  const count = elementCount(dims);
  const index = (): bigint => {
    if (/mask/i.test(name)) return 1n;
    return /type/i.test(name) ? 0n : BigInt(1 + random.below(INDICES - 1));
  };
  if (type === 'float32')
    return npy(
      '<f4',
      dims,
      Float32Array.from({ length: count }, () => normal(random)),
    );
  if (type === 'bool')
    return npy(
      '|b1',
      dims,
      Uint8Array.from({ length: count }, () => random.below(2)),
    );
  return type === 'int64' ? npy('<i8', dims, BigInt64Array.from({ length: count }, index)) : null;
}

/** A standard normal number (Box and Muller, 1958). */
function normal(random: Random): number {
  const uniform = () => (random.uint32() + 0.5) / 2 ** 32;
  return Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** NumPy's format, version 1.0: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
function npy(type: string, dims: readonly number[], data: ArrayBufferView): Uint8Array {
  const header = `{'descr': '${type}', 'fortran_order': False, 'shape': (${dims.join(', ')},), }`;
  const length = Math.ceil((10 + header.length + 1) / 64) * 64 - 10;
  const prefix = Buffer.from(`\x93NUMPY\x01\x00  ${header.padEnd(length - 1)}\n`, 'latin1');
  prefix.writeUInt16LE(length, 8);
  return Buffer.concat([prefix, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)]);
}
