/** Which library is missing when an execution provider doesn't open, from ONNX Runtime's text and what lies in its package. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Providers whose code lies in libraries of their own, beside onnxruntime-node's binary. */
const PROVIDER_LIBRARIES: Record<string, string[]> = {
  cuda: ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_cuda.so'],
  tensorrt: ['libonnxruntime_providers_shared.so', 'libonnxruntime_providers_tensorrt.so'],
};

/**
 * ` because …`, naming the library and the next step, or '' when the text says nothing about one.
 * `text` is ONNX Runtime's message, with its native log when that could be captured (the message alone names no library).
 */
export function missingLibrary(text: string, place: { provider: string; directory: string }): string {
  const folder = join(place.directory, 'bin', 'napi-v6', process.platform, process.arch);
  const installer = join(place.directory, 'script', 'install.js');
  // What quantgate unpacks of the package for a machine without a GPU has no installer.
  const nextStep = existsSync(installer)
    ? `install ONNX Runtime's GPU libraries (node ${installer})`
    : "quantgate fetches ONNX Runtime's GPU libraries where an NVIDIA driver is installed (Linux x64; `cuda: skip` forbids it); or name an onnxruntime-node that has them with `onnxruntime-path`";
  const ownLibrary = (name: string) => ` because ${name} is missing from ${folder}: ${nextStep}`;
  const name = unopened(text);
  if (name?.startsWith('libonnxruntime_providers_')) return ownLibrary(name);
  const known = knownCause(text);
  if (known) return known;
  const absent = (PROVIDER_LIBRARIES[place.provider] ?? []).find((own) => !existsSync(join(folder, own)));
  return absent ? ownLibrary(absent) : '';
}

/** ` because …` for a library that the loader misses or a text of CUDA, TensorRT or Dawn that is known; '' for any other. */
export function knownCause(text: string): string {
  const name = unopened(text);
  if (name) return ` because ${name} is missing: ${sourceOf(name)}`;
  const known = SAID.find(([pattern]) => pattern.test(text));
  return known ? ` because ${known[1]}` : '';
}

/** The library that the dynamic loader names. */
const unopened = (text: string): string | undefined =>
  /([\w.+-]+\.so[\d.]*): cannot open shared object file/.exec(text)?.[1];

/** What ONNX Runtime, CUDA and Dawn say, and what it means for the reader. */
const SAID: [RegExp, string][] = [
  [
    /driver version is insufficient|CUDA initialization failure with error: 35\b/i,
    'the NVIDIA driver is older than the CUDA runtime needs: update the driver (nvidia-smi shows which CUDA it supports)',
  ],
  [
    /no CUDA-capable device|CUDA failure 100\b|CUDA initialization failure with error: 100\b/i,
    'no CUDA device was found: check nvidia-smi, that the container was started with the GPU, and CUDA_VISIBLE_DEVICES',
  ],
  [
    /invalid device ordinal|CUDA failure 101\b|Cannot find (a )?CUDA device/i,
    'there is no GPU of that number: benchmark.device counts, from 0, those that CUDA_VISIBLE_DEVICES leaves',
  ],
  [
    /devices are busy or unavailable|CUDA failure 46\b/i,
    'another process holds the GPU for itself (nvidia-smi shows which, and its compute mode): wait for its end, or set the mode to default',
  ],
  [
    /no kernel image is available|CUDA failure 209\b/i,
    "this ONNX Runtime was not built for this GPU's compute capability: take a newer version for a newer GPU, an older one for an older",
  ],
  [
    /unsupported display driver|Driver\/library version mismatch|CUDA failure 80[34]\b/i,
    'the NVIDIA driver that runs is not the one that is installed: restart the machine, or reload the driver',
  ],
  [
    /WebGPU adapter/i,
    'no Vulkan device was found: install libvulkan1 and a driver for this GPU (VK_ICD_FILENAMES chooses one)',
  ],
  [/backend not found/i, 'this build of onnxruntime-node does not have it'],
];

function sourceOf(library: string): string {
  return ORIGIN.find(([pattern]) => pattern.test(library))?.[1] ?? 'install the package that holds it';
}

const ORIGIN: [RegExp, string][] = [
  [/^libcudnn/, 'install cuDNN 9 for the CUDA version that this ONNX Runtime needs'],
  [/^libnvinfer|^libnvonnxparser/, 'install TensorRT 10 and put its lib folder on LD_LIBRARY_PATH'],
  [
    /^lib(cudart|cublas|cublasLt|cufft|curand|cusparse|nvrtc|nvJitLink)/,
    'install the CUDA toolkit of that major version and put its lib folder on LD_LIBRARY_PATH',
  ],
  [/^libcuda\.so/, 'install the NVIDIA driver, or start the container with the GPU'],
  [/^libvulkan/, 'install libvulkan1'],
];
