/** A browser as a report names it. */

/** The one that a provider ran in. */
export interface BrowserOfRun {
  provider: string;
  /** `Chrome/156.0.8078.108` */
  product: string;
  sandboxed: boolean;
  /** What WebGPU computes on; null: the provider doesn't use it. */
  adapter: { name: string; software: boolean; float16: boolean } | null;
}

/** Product, sandbox and adapter in words. */
export function browserText({ product, sandboxed, adapter }: BrowserOfRun): string {
  const parts = [
    product,
    ...(sandboxed ? [] : ['without its sandbox, for quantgate runs as root']),
    ...(adapter ? [`WebGPU on ${adapter.name}${adapter.software ? ' (software)' : ''}`] : []),
  ];
  return parts.join(', ');
}
