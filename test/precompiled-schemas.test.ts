/** The build carries the schemas as code: it must say, error by error, what Ajv says of the schemas themselves. */
import type { ErrorObject, ValidateFunction } from 'ajv';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { precompiledSchemas } from '../scripts/precompiled-schemas.mjs';
import { schemaValidator as configValidator } from '../src/config/file/schema-validator.js';
import { schemaValidator as reportValidator } from '../src/report/schema-validator.js';

const model = { path: 'm.onnx' };
const CONFIGS: unknown[] = [
  null,
  [],
  { version: 1, models: [model] },
  { version: 2, models: [] },
  { version: 1, models: [{ ...model, variants: ['int9', { method: 'int8-static', percentile: 'x' }] }] },
  { version: 1, models: [{ ...model, data: { input: { resize: 0, mean: [] } }, evaluator: 5 }] },
  { version: 1, models: [model], benchmark: { batch: 0, budget: 5, threads: ['many'] }, unknown: {} },
  {
    version: 1,
    models: [model],
    thresholds: { 'size.file': { maxRatio: 1 }, 'latency.p50': [{ max: 'x' }, {}] },
  },
  { version: 1, models: [model], waivers: [{ check: '' }], confidence: 3 },
];
const REPORTS: unknown[] = [
  null,
  {},
  { schemaVersion: 1, verdict: 'fine' },
  { schemaVersion: 1, models: [5], checks: {} },
];

async function precompiled(path: string): Promise<ValidateFunction> {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    plugins: [precompiledSchemas],
  });
  const code = Buffer.from(outputFiles[0]!.contents).toString('base64');
  return (await import(`data:text/javascript;base64,${code}`)).schemaValidator();
}

const errorsOf = (validate: ValidateFunction, value: unknown): ErrorObject[] | null => {
  validate(value);
  return validate.errors ?? null;
};

describe('the schemas as the build carries them', () => {
  it.each([
    ['src/config/file/schema-validator.ts', configValidator, CONFIGS],
    ['src/report/schema-validator.ts', reportValidator, REPORTS],
  ] as const)('%s', async (path, validator, values) => {
    const [built, own] = [await precompiled(path), validator()];
    const errors = values.map((value) => errorsOf(own, value));
    expect(errors.flat().filter(Boolean).length).toBeGreaterThan(values.length / 2);
    values.forEach((value, i) => {
      expect(errorsOf(built, value)).toEqual(errors[i]);
    });
  });
});
