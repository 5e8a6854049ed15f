/** Small data sets written on the spot, and shorthands to open them. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { DataConfig, InputConfig } from '../../src/config/data-config.js';
import { DEFAULT_INPUT, defaultData } from '../../src/config/defaults.js';
import type { Dataset, Sample } from '../../src/data/samples/dataset.js';
import type { ElementType } from '../../src/tensor/tensor.js';
import type { ValueMeta } from '../../src/tensor/value-meta.js';

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'quantgate-data-'));
}

export function input(changes: Partial<InputConfig> = {}): InputConfig {
  return { ...DEFAULT_INPUT, ...changes };
}

export function dataConfig(path: string, changes: Partial<DataConfig> = {}): DataConfig {
  return defaultData(path, { path, ...changes });
}

export function meta(name: string, type: ElementType, shape: readonly (number | string)[]): ValueMeta {
  return { name, type, shape };
}

export async function collect(dataset: Dataset): Promise<Sample[]> {
  const samples: Sample[] = [];
  for await (const sample of dataset.samples()) samples.push(sample);
  return samples;
}

const DESCR = new Map<unknown, string>([
  [Uint8Array, '|u1'],
  [Int32Array, '<i4'],
  [BigInt64Array, '<i8'],
  [Float32Array, '<f4'],
  [Float64Array, '<f8'],
]);

/** Bytes of a .npy file. */
export function npy(
  data: ArrayBufferView,
  shape: readonly number[],
  changes: { header?: string } = {},
): Uint8Array {
  const descr = DESCR.get(data.constructor);
  const dims = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const header = changes.header ?? `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims}), }`;
  const padded = `${header.padEnd(117)}\n`;
  const bytes = new Uint8Array(10 + padded.length + data.byteLength);
  bytes.set([0x93, ...strToU8('NUMPY'), 1, 0, padded.length & 255, padded.length >> 8]);
  bytes.set(strToU8(padded), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + padded.length);
  return bytes;
}

/** Bytes of a .npz file; `level` 0 stores, above compresses. */
export function npz(arrays: Record<string, Uint8Array>, level: 0 | 6 = 0): Uint8Array {
  const members = Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes]));
  return zipSync(members, { level });
}
