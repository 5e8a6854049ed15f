/** Vulkan devices that WebGPU opens here, for tests: a GPU's own, or one in software (docs/gpu.md). Asked once, when a test imports this. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { makeModel, makeNode, makeValue } from '../src/onnx/build.js';
import { encodeModel } from '../src/onnx/file/write.js';
import { DataType } from '../src/onnx/tensor/element-type.js';
import { loadRuntime } from '../src/runtime/load.js';
import { startWorker } from '../src/runtime/worker/worker.js';

const INSTALLED = '/usr/share/vulkan/icd.d';

/** Manifests of drivers: the one that the tester names, Debian chromium's SwiftShader, Mesa's lavapipe. */
const manifests = [
  process.env.VK_ICD_FILENAMES,
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  ...(existsSync(INSTALLED) ? readdirSync(INSTALLED) : [])
    .filter((name) => name.startsWith('lvp'))
    .map((name) => join(INSTALLED, name)),
].filter((path) => path !== undefined && existsSync(path)) as string[];

/** Runs `work` with this driver in the environment, which workers inherit. */
export async function onDevice<T>(manifest: string, work: () => Promise<T>): Promise<T> {
  const before = process.env.VK_ICD_FILENAMES;
  process.env.VK_ICD_FILENAMES = manifest;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env.VK_ICD_FILENAMES;
    else process.env.VK_ICD_FILENAMES = before;
  }
}

/** Whether a Relu of this type computes on WebGPU with this driver. */
async function computes(manifest: string, type: DataType): Promise<boolean> {
  const model = makeModel({
    inputs: [makeValue('x', DataType.FLOAT, [1])],
    outputs: [makeValue('y', DataType.FLOAT, [1])],
    nodes: [
      makeNode('Cast', ['x'], ['a'], { attributes: { to: { int: type } } }),
      makeNode('Relu', ['a'], ['b']),
      makeNode('Cast', ['b'], ['y'], { attributes: { to: { int: DataType.FLOAT } } }),
    ],
  });
  try {
    return await onDevice(manifest, async () => {
      const worker = await startWorker({
        model: encodeModel(model),
        session: { provider: 'webgpu' },
        runtime: await loadRuntime(),
        deadlineMs: 20_000,
      });
      const x = { type: 'float32', dims: [1], data: Float32Array.of(2) } as const;
      const { outputs } = await worker.call('run', { feeds: { x }, outputs: null });
      await worker.kill();
      return (outputs.y!.data as Float32Array)[0] === 2;
    });
  } catch {
    return false;
  }
}

async function first(type: DataType): Promise<string | null> {
  for (const manifest of manifests) if (await computes(manifest, type)) return manifest;
  return null;
}

/** The manifest of a driver that WebGPU opens; null: there is none. */
export const webgpuDevice: string | null = await first(DataType.FLOAT);

/** Of one with shader-f16. */
export const float16Device: string | null = webgpuDevice && (await first(DataType.FLOAT16));
