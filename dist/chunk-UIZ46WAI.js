import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);

// src/runtime/provider-error.ts
import { existsSync } from "node:fs";
import { join } from "node:path";
var PROVIDER_LIBRARIES = {
  cuda: ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_cuda.so"],
  tensorrt: ["libonnxruntime_providers_shared.so", "libonnxruntime_providers_tensorrt.so"]
};
function missingLibrary(text, place) {
  const folder = join(place.directory, "bin", "napi-v6", process.platform, process.arch);
  const installer = join(place.directory, "script", "install.js");
  const nextStep = existsSync(installer) ? `install ONNX Runtime's GPU libraries (node ${installer})` : "the action fetches ONNX Runtime's GPU libraries with `cuda: auto` where an NVIDIA driver is installed (Linux x64); or name an onnxruntime-node that has them with `onnxruntime-path`";
  const ownLibrary = (name2) => ` because ${name2} is missing from ${folder}: ${nextStep}`;
  const name = unopened(text);
  if (name?.startsWith("libonnxruntime_providers_")) return ownLibrary(name);
  const known = knownCause(text);
  if (known) return known;
  const absent = (PROVIDER_LIBRARIES[place.provider] ?? []).find((own) => !existsSync(join(folder, own)));
  return absent ? ownLibrary(absent) : "";
}
function knownCause(text) {
  const name = unopened(text);
  if (name) return ` because ${name} is missing: ${sourceOf(name)}`;
  const known = SAID.find(([pattern]) => pattern.test(text));
  return known ? ` because ${known[1]}` : "";
}
var unopened = (text) => /([\w.+-]+\.so[\d.]*): cannot open shared object file/.exec(text)?.[1];
var SAID = [
  [
    /driver version is insufficient|CUDA initialization failure with error: 35\b/i,
    "the NVIDIA driver is older than the CUDA runtime needs: update the driver (nvidia-smi shows which CUDA it supports)"
  ],
  [
    /no CUDA-capable device|CUDA failure 100\b|CUDA initialization failure with error: 100\b/i,
    "no CUDA device was found: check nvidia-smi, that the container was started with the GPU, and CUDA_VISIBLE_DEVICES"
  ],
  [
    /invalid device ordinal|CUDA failure 101\b|Cannot find (a )?CUDA device/i,
    "there is no GPU of that number: benchmark.device counts, from 0, those that CUDA_VISIBLE_DEVICES leaves"
  ],
  [
    /devices are busy or unavailable|CUDA failure 46\b/i,
    "another process holds the GPU for itself (nvidia-smi shows which, and its compute mode): wait for its end, or set the mode to default"
  ],
  [
    /no kernel image is available|CUDA failure 209\b/i,
    "this ONNX Runtime was not built for this GPU's compute capability: take a newer version for a newer GPU, an older one for an older"
  ],
  [
    /unsupported display driver|Driver\/library version mismatch|CUDA failure 80[34]\b/i,
    "the NVIDIA driver that runs is not the one that is installed: restart the machine, or reload the driver"
  ],
  [
    /WebGPU adapter/i,
    "no Vulkan device was found: install libvulkan1 and a driver for this GPU (VK_ICD_FILENAMES chooses one)"
  ],
  [/backend not found/i, "this build of onnxruntime-node does not have it"]
];
function sourceOf(library) {
  return ORIGIN.find(([pattern]) => pattern.test(library))?.[1] ?? "install the package that holds it";
}
var ORIGIN = [
  [/^libcudnn/, "install cuDNN 9 for the CUDA version that this ONNX Runtime needs"],
  [/^libnvinfer|^libnvonnxparser/, "install TensorRT 10 and put its lib folder on LD_LIBRARY_PATH"],
  [
    /^lib(cudart|cublas|cublasLt|cufft|curand|cusparse|nvrtc|nvJitLink)/,
    "install the CUDA toolkit of that major version and put its lib folder on LD_LIBRARY_PATH"
  ],
  [/^libcuda\.so/, "install the NVIDIA driver, or start the container with the GPU"],
  [/^libvulkan/, "install libvulkan1"]
];

export {
  missingLibrary,
  knownCause
};
