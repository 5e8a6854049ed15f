/** What the names of execution providers say about the machine. */

/** Whether a provider computes on the CPU: nothing is copied to a device. 'wasm' is onnxruntime-web in Node, 'browser-wasm' in Chromium. */
export function runsOnCpu(provider: string): boolean {
  return provider === 'cpu' || provider === 'wasm' || provider === 'browser-wasm';
}

/** Whether a provider is onnxruntime-web: its memory is WebAssembly's heap, which ends at 4 GB. */
export function inWebAssembly(provider: string): boolean {
  return provider === 'wasm' || inBrowser(provider);
}

/** Whether a provider runs in a page of a browser. */
export function inBrowser(provider: string): boolean {
  return provider === 'browser-wasm' || provider === 'browser-webgpu';
}

/** Which CUDA is fetched for the providers that need it: the version that the system has or its driver serves, one of both, or none. */
export const CUDA_CHOICES = ['auto', '12', '13', 'skip'] as const;
export type CudaChoice = (typeof CUDA_CHOICES)[number];

/** Providers whose libraries need CUDA's. */
export const NEED_CUDA: ReadonlySet<string> = new Set(['cuda', 'tensorrt']);

/** What is fetched at first use, in the order in which `quantgate fetch` does it: ONNX Runtime, what decodes images, ONNX Runtime for
 *  WebAssembly, CUDA. */
export const FETCHED = ['runtime', 'images', 'wasm', 'cuda'] as const;
export type Fetched = (typeof FETCHED)[number];
