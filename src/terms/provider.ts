/** What the names of execution providers say about the machine. */

/** Whether a provider computes on the CPU: nothing is copied to a device, and its processes may be frozen. 'wasm' is onnxruntime-web in Node. */
export function runsOnCpu(provider: string): boolean {
  return provider === 'cpu' || provider === 'wasm';
}

/** Which CUDA is fetched for the providers that need it: the version that the system has or its driver serves, one of both, or none. */
export const CUDA_CHOICES = ['auto', '12', '13', 'skip'] as const;
export type CudaChoice = (typeof CUDA_CHOICES)[number];

/** Providers whose libraries need CUDA's. */
export const NEED_CUDA: ReadonlySet<string> = new Set(['cuda', 'tensorrt']);
