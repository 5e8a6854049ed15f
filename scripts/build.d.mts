/** Name of the file in dist/ with the bundled packages' licenses. */
export const LICENSES: string;

/** Bundles src/ into `outdir` (default: dist/), writing only what changed. */
export function build(outdir?: string): Promise<void>;

/** Name, version, license and its text of each package that one of `inputs` belongs to. Throws for a package without. */
export function licensesOf(inputs: readonly string[]): string;
