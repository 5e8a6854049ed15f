/** Bundles src/ into `outdir` (default: dist/), writing only what changed. */
export function build(outdir?: string): Promise<void>;
