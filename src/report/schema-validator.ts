/** quantgate-report.schema.json as a function. The build replaces this file with the code that Ajv makes of the schema
 *  (scripts/precompiled-schemas.mjs). */
import { Ajv, type ValidateFunction } from 'ajv';
import schema from '../../quantgate-report.schema.json' with { type: 'json' };
import type { Report } from '../terms/report.js';

export const ajv = new Ajv({
  allowUnionTypes: true,
  strictTypes: false,
  verbose: true,
  code: { source: true, esm: true },
});

let compiled: ValidateFunction<Report> | undefined;

export function schemaValidator(): ValidateFunction<Report> {
  compiled ??= ajv.compile<Report>(schema);
  return compiled;
}
