/** What the names of execution providers say about the machine. */

/** Whether a provider computes on the CPU: nothing is copied to a device, and its processes may be frozen. 'wasm' is onnxruntime-web in Node. */
export function runsOnCpu(provider: string): boolean {
  return provider === 'cpu' || provider === 'wasm';
}
