/** Name of the file in dist/ with the library's types. */
export const TYPES: string;

/** Writes dist/library.d.ts into `outdir` (default: dist/). */
export function buildTypes(outdir?: string): void;

/** The text of dist/library.d.ts. Throws where it would need another package's types, or two types of one name. */
export function libraryTypes(): string;

/** One file of the declarations that the entry at this path exports, and of those that they name. */
export function rollUp(entry: string): string;

/** The text of docs/api.md for the text of dist/library.d.ts. */
export function apiReport(types: string): string;
