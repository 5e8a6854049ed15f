/** Which int8 arithmetic this CPU really does, asked of ONNX Runtime's own kernels with a tiny model. */
import { readFileSync } from 'node:fs';
import { makeModel, makeNode, makeValue } from '../onnx/build.js';
import { encodeModel } from '../onnx/file/write.js';
import { DataType } from '../onnx/tensor/element-type.js';
import { makeTensor } from '../onnx/tensor/tensor.js';
import type { Runtime } from '../runtime/runtime.js';

/** Columns of the probe: enough for every vector width's main loop. */
const SIZE = 64;

/** Two products of 255 · 127 exceed 2¹⁵ − 1: kernels that add pairs in 16 bits saturate there. */
const ACTIVATION = 255;
const WEIGHT = 127;

/**
 * Whether u8 × s8 products saturate in 16 bits on this CPU: true without VNNI (AVX2, AVX-512BW), false with it and on arm64. Such a
 * CPU computes wrong results from full-range weights.
 */
export async function saturates(runtime: Runtime): Promise<boolean> {
  const session = await runtime.open(probeModel(), { threads: 1 });
  try {
    const data = new Uint8Array(SIZE * SIZE).fill(ACTIVATION);
    const { y } = await session.run({ x: { type: 'uint8', dims: [SIZE, SIZE], data } });
    return (y!.data as Int32Array).some((value) => value !== SIZE * ACTIVATION * WEIGHT);
  } finally {
    await session.release();
  }
}

/** MatMulInteger of u8 activations and constant s8 weights, all at their largest. */
function probeModel(): Uint8Array {
  const weights = new Int8Array(SIZE * SIZE).fill(WEIGHT);
  return encodeModel(
    makeModel({
      inputs: [makeValue('x', DataType.UINT8, [SIZE, SIZE])],
      outputs: [makeValue('y', DataType.INT32, [SIZE, SIZE])],
      nodes: [makeNode('MatMulInteger', ['x', 'w'], ['y'])],
      initializers: [makeTensor('w', DataType.INT8, [SIZE, SIZE], weights)],
    }),
  );
}

/** Flags of /proc/cpuinfo (x86 'flags', arm64 'Features') that matter, under the names that reports use. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  avx2: ['avx2'],
  avx512: ['avx512f'],
  vnni: ['avx512_vnni', 'avx_vnni'],
  amx: ['amx_int8'],
  'avx512-fp16': ['avx512_fp16'],
  'neon-dot': ['asimddp'],
  i8mm: ['i8mm'],
  'neon-fp16': ['asimdhp'],
  sve: ['sve'],
};

/** Features by the operating system's word; [] where it says none. */
export function declaredFeatures(cpuinfo: string | null = readCpuinfo()): string[] {
  const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(cpuinfo ?? '')?.[1];
  const flags = new Set(line?.split(/\s+/));
  return Object.keys(FLAGS).filter((name) => FLAGS[name]!.some((flag) => flags.has(flag)));
}

/**
 * Features that decide int8 speed and bits. Where the probe contradicts the operating system (an emulator, a hypervisor that hides or
 * invents flags), the probe wins: `vnni` is dropped when the kernels saturate. `saturating-int8` says that they do.
 */
export async function cpuFeatures(runtime: Runtime): Promise<string[]> {
  const declared = declaredFeatures();
  const saturating = await saturates(runtime);
  return saturating
    ? [...declared.filter((name) => name !== 'vnni' && name !== 'amx'), 'saturating-int8']
    : declared;
}

function readCpuinfo(): string | null {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return null;
  }
}
