import type { Plugin } from 'esbuild';

export const precompiledSchemas: Plugin;

/** Source of an ES module with the exports that callers of the schema-validator.ts at `path` use. */
export function validatorSource(path: string): Promise<string>;
